"""A llama.cpp server on a free port, in a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SERVE = """
import sys
import xllamacpp as x

parameters = x.CommonParams()
parameters.model.path, parameters.mmproj.path = sys.argv[1:3]  # "": without a vision tower
parameters.port, parameters.n_parallel, parameters.n_ctx = 0, int(sys.argv[3]), int(sys.argv[4])
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
parameters.cache_type_k = parameters.cache_type_v = x.ggml_type.GGML_TYPE_F32
parameters.flash_attn_type = x.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
parameters.n_gpu_layers, parameters.warmup, parameters.fit_params = 0, False, False
parameters.reasoning_format = x.common_reasoning_format.COMMON_REASONING_FORMAT_NONE
server = x.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()  # until the parent closes it or ends
"""


@contextlib.contextmanager
def serve(model: Path, projector: Path | None, slots: int = 2, context: int = 512) -> Iterator[str]:
    """Start a server, yield its address and end it; the server ends with this process too.

    Parameters
    ----------
    model, projector : Path
        The GGUF files of the language model and of the vision tower; None for a server without one.
    slots : int, default 2
        Number of requests that are answered at the same time.
    context : int, default 512
        Number of tokens per slot.

    Yields
    ------
    str
        The address without the path ``/v1``.
    """
    command = [sys.executable, "-c", SERVE, str(model), str(projector or ""), str(slots), str(slots * context)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            for line in process.stdout or []:
                if line.startswith("http"):
                    yield line.strip()
                    return
            errors.seek(0)
            raise RuntimeError(f"llama.cpp did not start: {errors.read()[-2000:]}")
        finally:
            process.kill()
