"""The batch size is found during the work."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from eagle_nb.models.huggingface.batching import BatchSize, MemoryMeter, expected_row_bytes, ran_out_of_memory


def test_what_counts_as_out_of_memory():
    assert ran_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert ran_out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"))
    assert not ran_out_of_memory(RuntimeError("shapes do not match"))
    batch = BatchSize(torch.device("cpu"), 4)
    out = np.zeros(1)
    with pytest.raises(RuntimeError, match="shapes"):
        batch.run(lambda rows: (_ for _ in ()).throw(RuntimeError("shapes")), np.zeros((1, 2)), out)
    with pytest.raises(MemoryError):
        batch.run(lambda rows: (_ for _ in ()).throw(MemoryError()), np.zeros((1, 2)), out)


def test_the_batch_grows_while_passes_get_cheaper(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("eagle_nb.models.huggingface.batching.time.perf_counter", lambda: clock.now)

    def work(rows):
        clock.now += 1 + 0.01 * len(rows)
        return rows[:, 0]

    batch, out = BatchSize(torch.device("cpu")), np.zeros(600)
    batch.run(work, np.arange(600.0)[:, None], out)
    assert batch.size == 64
    assert np.array_equal(out, np.arange(600.0))


def counted(batch, sizes):
    """Return work that records the sizes of its batches."""

    def work(rows):
        sizes.append(len(rows))
        return rows[:, 0]

    return work


def run(batch, number):
    sizes, out = [], np.zeros(number)
    batch.run(counted(batch, sizes), np.arange(float(number))[:, None], out)
    assert np.array_equal(out, np.arange(float(number)))
    return sizes


def test_a_pass_is_made_smaller_before_it_would_take_more_than_the_free_memory(monkeypatch):
    """The memory of a pass is known from an estimate first, and then from what the largest pass took."""
    free, each = 1000.0, 10.0
    monkeypatch.setattr(MemoryMeter, "free", lambda self: free)
    batch = BatchSize(torch.device("cpu"), 64, row_bytes=40.0)
    taken = []

    def leave(self, *_):
        self.taken = each * taken[-1]

    monkeypatch.setattr(MemoryMeter, "__enter__", lambda self: self)
    monkeypatch.setattr(MemoryMeter, "__exit__", leave)
    out = np.zeros(150)
    batch.run(lambda rows: taken.append(len(rows)) or rows[:, 0], np.arange(150.0)[:, None], out)
    assert taken[0] == 20  # 20 · 40 = 80 % of the memory that is free
    assert taken[1:] == [44, 43, 43]  # equal batches of at most 64, which take 640
    free, taken[:] = 100.0, []
    batch.run(lambda rows: taken.append(len(rows)) or rows[:, 0], np.arange(20.0)[:, None], np.zeros(20))
    assert set(taken) <= {8, 4} and max(taken) == 8


def test_memory_stops_growth(monkeypatch):
    monkeypatch.setattr(MemoryMeter, "free", lambda self: 1000.0)
    monkeypatch.setattr(MemoryMeter, "__exit__", lambda self, *_: setattr(self, "taken", 0.0))
    batch = BatchSize(torch.device("cpu"))
    batch.row_bytes = 60.0  # two batches of 8 would take 960
    assert max(run(batch, 100)) == 8


@pytest.mark.parametrize("number", [36, 40, 60])
def test_a_rest_does_not_stop_growth(number, monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("eagle_nb.models.huggingface.batching.time.perf_counter", lambda: clock.now)
    batch, sizes = BatchSize(torch.device("cpu")), []

    def work(rows):
        sizes.append(len(rows))
        clock.now += 1 + 0.01 * len(rows)
        return rows[:, 0]

    batch.run(work, np.arange(float(number))[:, None], np.zeros(number))
    assert sizes[:2] == [8, 16] and batch.size >= 32
    batch.run(work, np.arange(100.0)[:, None], np.zeros(100))
    assert batch.size == 64


def test_the_peak_of_a_pass_is_measured_while_it_runs():
    """The memory is free again when the pass is over."""
    meter = MemoryMeter(torch.device("cpu"))
    with meter:
        block = np.ones(2**23)  # 64 MiB
        total = sum(float(block.sum()) for _ in range(20))
        del block
    assert total == 20 * 2**23
    assert 50 * 2**20 < meter.taken < 500 * 2**20


def test_the_memory_of_a_row_is_estimated_from_the_configuration():
    config = SimpleNamespace(hidden_size=10, intermediate_size=20)
    assert expected_row_bytes(config, 100, 16, 1000, 4) == 100 * 140 * 4 + 2 * 1000 * 8
