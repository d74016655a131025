"""The batch size is found during the work."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from eagle_nb.models.huggingface.batching import BatchSize, ran_out_of_memory


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
