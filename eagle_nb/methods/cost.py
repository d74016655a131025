"""What a computation costs: its duration and its peak memory."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_SAMPLING = 0.005


class Cost:
    """Duration and peak memory of a computation; see `measure_cost`.

    Attributes
    ----------
    seconds : float
        Duration.
    peak_bytes : int
        Peak memory beyond what was allocated at the start, which includes the loaded model. On CUDA, the maximum that torch
        allocated on all devices (`torch.cuda.max_memory_allocated`). Otherwise the resident memory of the process, sampled every
        5 ms; free memory of the C library is returned to the system first, where it is glibc.
    """

    def __init__(self) -> None:
        self.seconds, self.peak_bytes = 0.0, 0

    def __repr__(self) -> str:
        return f"Cost({self.seconds:.3f} s, {self.peak_bytes / 2**20:.0f} MiB)"


@contextmanager
def measure_cost() -> Iterator[Cost]:
    """Measure the duration and peak memory of a block.

    Torch's memory is measured only if torch is imported already.

    Yields
    ------
    Cost
        Its values are set when the block ends.

    Examples
    --------
    >>> with measure_cost() as cost:
    ...     _ = sum(range(1000))
    >>> cost.seconds > 0
    True
    """
    cuda = _cuda()
    cost = Cost()
    _release_memory(cuda)
    watch = _CudaMemory(cuda) if cuda is not None else _ResidentMemory()
    began = time.perf_counter()
    try:
        yield cost
        if cuda is not None:
            cuda.synchronize()
    finally:
        cost.seconds = time.perf_counter() - began
        cost.peak_bytes = watch.stop()


class _CudaMemory:
    """The peak of torch's allocator, over all devices."""

    def __init__(self, cuda: Any) -> None:
        self._cuda, self._devices = cuda, range(cuda.device_count())
        for device in self._devices:
            cuda.reset_peak_memory_stats(device)
        self._before = sum(int(cuda.memory_allocated(device)) for device in self._devices)

    def stop(self) -> int:
        return max(0, sum(int(self._cuda.max_memory_allocated(device)) for device in self._devices) - self._before)


class _ResidentMemory:
    """The peak of the process's resident memory, sampled by a thread."""

    def __init__(self) -> None:
        import psutil

        self._process, self._ended, self._peak = psutil.Process(), threading.Event(), 0
        self._before = int(self._process.memory_info().rss)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(_SAMPLING):
            self._sample()

    def _sample(self) -> None:
        self._peak = max(self._peak, int(self._process.memory_info().rss) - self._before)

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        self._sample()
        return self._peak


def _cuda() -> Any:
    """Return `torch.cuda`, initialised, if torch is imported and there is a device; else None."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    torch.cuda.init()
    return torch.cuda


def _release_memory(cuda: Any) -> None:
    """Return unused memory to the device and the operating system."""
    gc.collect()
    if cuda is not None:
        cuda.empty_cache()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
