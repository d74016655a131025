"""The batch size: how many coalitions are scored at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import psutil
import torch
from accelerate.utils.memory import should_reduce_batch_size

START = 8
"""The first batch size."""

MAX_BATCH = {"cuda": 512, "cpu": 64}
"""The maximum batch size by type of device."""


class BatchSize:
    """Find the batch size during the work.

    It starts at 8 and doubles as long as that makes a forward pass cheaper and the free memory holds twice as much. It halves
    whenever memory runs out, and does not grow after that. A fixed size changes only when memory runs out.

    Parameters
    ----------
    device : torch.device
        The device of the network.
    fixed : int, optional
        A fixed size.

    Attributes
    ----------
    size : int
        The current batch size.
    """

    def __init__(self, device: torch.device, fixed: int | None = None) -> None:
        self.device = device
        self.size = fixed or START
        self.most = fixed or MAX_BATCH.get(device.type, 64)
        self.pace: dict[int, float] = {}

    def run(self, work: Callable[[np.ndarray], np.ndarray], rows: np.ndarray, out: np.ndarray) -> None:
        """Compute ``out[k] = work(rows[k])`` in batches; when memory runs out, finished batches are not repeated.

        Parameters
        ----------
        work : callable
            Function of a batch of rows.
        rows : ndarray, (M, ...)
            Rows to work on.
        out : ndarray, (M, ...)
            Receives the results.
        """
        done = 0
        while done < len(rows):
            left = len(rows) - done
            take = -(-left // -(-left // self.size))  # equal batches instead of full ones and a small rest
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
            if failed:  # outside the handler, which holds the tensors of the failed pass
                self.size = self.most = max(1, take // 2)
                if self.device.type == "cuda":
                    torch.cuda.empty_cache()
                continue
            done += take
            if self.size < self.most and take == self.size:
                self._grow((time.perf_counter() - start) / take, before)

    def _grow(self, seconds: float, before: float) -> None:
        """Double the batch size if the last batch suggests it."""
        self.pace[self.size] = min(seconds, self.pace.get(self.size, seconds))
        smaller = self.pace.get(self.size // 2)
        if smaller is not None and self.pace[self.size] > 0.97 * smaller:
            self.most = self.size = self.size if self.pace[self.size] <= smaller else self.size // 2
        elif self._left() > 3 * max(self._memory() - before, 0):
            self.size = min(2 * self.size, self.most)
        else:
            self.most = self.size

    def _memory(self) -> float:
        """Return the bytes in use: the peak since the last call on CUDA, elsewhere the resident memory of the process."""
        if self.device.type == "cuda":
            peak = float(torch.cuda.max_memory_allocated(self.device))
            torch.cuda.reset_peak_memory_stats(self.device)
            return peak
        return float(psutil.Process().memory_info().rss)

    def _left(self) -> float:
        """Return the bytes of memory left."""
        if self.device.type == "cuda":
            return float(torch.cuda.mem_get_info(self.device)[0])
        return float(psutil.virtual_memory().available)


def ran_out_of_memory(error: BaseException) -> bool:
    """Return whether an error means that memory ran out, on any device.

    Parameters
    ----------
    error : BaseException
        The error.

    Returns
    -------
    bool
        True if a smaller batch may help.
    """
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or should_reduce_batch_size(error)  # type: ignore[arg-type]
