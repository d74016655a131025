"""The batch size: how many coalitions are scored at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
import torch
from accelerate.utils.memory import should_reduce_batch_size

START = 8
"""The first batch size."""

MAX_BATCH = {"cuda": 512, "cpu": 64}
"""The maximum batch size by type of device."""


SHARE = 0.8
"""The share of the free memory that a forward pass may be expected to take."""


class BatchSize:
    """Find the batch size during the work.

    It starts at 8 and doubles as long as that makes a forward pass cheaper and the free memory holds twice as much. It halves
    whenever memory runs out, and does not grow after that. A fixed size changes only when memory runs out.

    The memory of a pass is expected before it runs, from its size and what the largest pass so far took at its peak. A pass that
    would take more than `SHARE` of the free memory is made smaller: a system that runs out of memory kills the process, without an
    error that could be caught.

    Parameters
    ----------
    device : torch.device
        The device of the network.
    fixed : int, optional
        A fixed size.
    row_bytes : float
        What one row of a batch is expected to take before anything was measured.

    Attributes
    ----------
    size : int
        The current batch size.
    row_bytes : float
        What one row of a batch takes.
    """

    def __init__(self, device: torch.device, fixed: int | None = None, row_bytes: float = 0.0) -> None:
        self.device = device
        self.size = fixed or START
        self.most = fixed or MAX_BATCH.get(device.type, 64)
        self.pace: dict[int, float] = {}
        self.row_bytes = row_bytes
        self._measured = 0
        self._meter = MemoryMeter(device)

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
            take = min(left, self.size)
            if (
                self.size >= self.most
            ):  # a batch that may still grow is filled; others are equal instead of full with a small rest
                take = -(-left // -(-left // self.size))
            take = min(take, self._room())
            start = time.perf_counter()
            try:
                if take > self._measured:
                    with self._meter:
                        out[done : done + take] = work(rows[done : done + take])
                    self._measured, self.row_bytes = take, self._meter.taken / take or self.row_bytes
                else:
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
                self._grow((time.perf_counter() - start) / take)

    def _grow(self, seconds: float) -> None:
        """Double the batch size if the last batch suggests it."""
        self.pace[self.size] = min(seconds, self.pace.get(self.size, seconds))
        smaller = self.pace.get(self.size // 2)
        if smaller is not None and self.pace[self.size] > 0.97 * smaller:
            self.most = self.size = self.size if self.pace[self.size] <= smaller else self.size // 2
        elif self._room() >= 2 * self.size:
            self.size = min(2 * self.size, self.most)
        else:
            self.most = self.size

    def _room(self) -> int:
        """Return the number of rows that the free memory is expected to hold, at least 1."""
        if self.row_bytes <= 0:
            return 2 * max(self.size, self.most)
        return max(1, int(SHARE * self._meter.free() / self.row_bytes))


class MemoryMeter:
    """Measure what a block of code takes at its peak, beyond the least that was in use before any block.

    Parameters
    ----------
    device : torch.device
        The device: CUDA reports its peaks, elsewhere the resident memory of the process is sampled.

    Attributes
    ----------
    taken : float
        Bytes of the last block.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.taken = 0.0
        self._floor = float("inf")
        self._peak = 0.0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> MemoryMeter:
        self._floor = min(self._floor, self._used())
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self.device)
            return self
        self._peak = self._used()
        self._done.clear()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.device.type == "cuda":
            self._peak = float(torch.cuda.max_memory_allocated(self.device))
        elif self._thread is not None:
            self._done.set()
            self._thread.join()
            self._peak = max(self._peak, self._used())
        self.taken = max(0.0, self._peak - self._floor)

    def free(self) -> float:
        """Return the bytes of free memory.

        Returns
        -------
        float
            Bytes.
        """
        if self.device.type == "cuda":
            unused = torch.cuda.memory_reserved(self.device) - torch.cuda.memory_allocated(self.device)
            return float(torch.cuda.mem_get_info(self.device)[0] + unused)
        return float(psutil.virtual_memory().available)

    def _watch(self) -> None:
        """Sample the memory in use until the block ends."""
        while not self._done.wait(0.002):
            self._peak = max(self._peak, self._used())

    def _used(self) -> float:
        """Return the bytes in use."""
        if self.device.type == "cuda":
            return float(torch.cuda.memory_allocated(self.device))
        return float(psutil.Process().memory_info().rss)


def expected_row_bytes(config: Any, length: int, positions: int, vocabulary: int, item: int) -> float:
    """Return roughly what one image takes in a forward pass beyond the weights, before anything is measured.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration of the network.
    length : int
        Positions of the language model's input.
    positions : int
        Positions whose logits are computed.
    vocabulary : int
        Size of the vocabulary.
    item : int
        Bytes of a number.

    Returns
    -------
    float
        Bytes: of one layer, and of an eighth of the logits in two copies.
    """
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    width = 8 * int(getattr(text, "hidden_size", 0) or 0)
    inner = getattr(text, "intermediate_size", 0)
    width += 3 * inner if isinstance(inner, int) else 0
    return float(length * width * item + max(1, positions // 8) * vocabulary * (4 + item))


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
