"""How many coalitions to score at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import psutil
import torch
from accelerate.utils.memory import should_reduce_batch_size

START = 8
MOST = {"cuda": 512, "cpu": 64}


class BatchSize:
    """Finds the batch size while work is done.

    It starts at 8 and doubles while a pass still gets cheaper by it and the memory that is left would hold the double;
    it halves whenever memory runs out, and then grows no more. A given size is where it stays, but for memory.

    Parameters
    ----------
    device : torch.device
    fixed : int, optional

    Attributes
    ----------
    size : int
    """

    def __init__(self, device: torch.device, fixed: int | None = None) -> None:
        self.device = device
        self.size = fixed or START
        self.most = fixed or MOST.get(device.type, 64)
        self.pace: dict[int, float] = {}

    def run(self, work: Callable[[np.ndarray], np.ndarray], rows: np.ndarray, out: np.ndarray) -> None:
        """Do ``out[k] = work(rows[k])`` in batches; what is finished stays finished when memory runs out."""
        done = 0
        while done < len(rows):
            left = len(rows) - done
            take = -(-left // -(-left // self.size))  # equal batches rather than full ones and a small rest
            before = self._memory()
            start = time.perf_counter()
            try:
                out[done : done + take] = work(rows[done : done + take])
            except Exception as error:
                if take == 1 or not ran_out_of_memory(error):
                    raise
                failed = True
            else:
                failed = False
            if failed:  # outside the handler, so that the failed pass's tensors are released
                self.size = self.most = max(1, take // 2)
                if self.device.type == "cuda":
                    torch.cuda.empty_cache()
                continue
            done += take
            if self.size < self.most and take == self.size:
                self._grow((time.perf_counter() - start) / take, before)

    def _grow(self, seconds: float, before: float) -> None:
        self.pace[self.size] = min(seconds, self.pace.get(self.size, seconds))
        smaller = self.pace.get(self.size // 2)
        if smaller is not None and self.pace[self.size] > 0.97 * smaller:
            self.most = self.size = self.size if self.pace[self.size] <= smaller else self.size // 2
        elif self._left() > 3 * max(self._memory() - before, 0):
            self.size = min(2 * self.size, self.most)
        else:
            self.most = self.size

    def _memory(self) -> float:
        """Bytes in use: the peak since the last call on CUDA, this process's resident memory elsewhere."""
        if self.device.type == "cuda":
            peak = float(torch.cuda.max_memory_allocated(self.device))
            torch.cuda.reset_peak_memory_stats(self.device)
            return peak
        return float(psutil.Process().memory_info().rss)

    def _left(self) -> float:
        if self.device.type == "cuda":
            return float(torch.cuda.mem_get_info(self.device)[0])
        return float(psutil.virtual_memory().available)


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on any device."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or should_reduce_batch_size(error)  # type: ignore[arg-type]
