"""Samples: skipped rows, slices, and random selections."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import Sample, Samples
from eagle_nb.datasets.collection import collect

PICTURE = Image.new("RGB", (4, 4))


def build(k, row):
    if row < 0:
        raise ValueError(f"{row} is negative")
    return [Sample(f"s{row}", PICTURE, "what?")]


@pytest.fixture
def samples():
    return Samples([Sample(f"s{k}", PICTURE, "what?") for k in range(10)], [(3, "broken")], "a list")


def test_rows_that_fail_are_counted_and_the_others_are_read():
    with pytest.warns(UserWarning, match=r"2 read, 2 rows skipped \(row 1: -1 is negative, …\)"):
        samples = collect([5, -1, 7, -2], build, "numbers")
    assert [s.id for s in samples] == ["s5", "s7"]
    assert samples.skipped == [(1, "-1 is negative"), (3, "-2 is negative")]
    assert repr(samples) == "Samples from numbers: 2 read, 2 rows skipped (row 1: -1 is negative, …)"


def test_an_id_that_repeats_is_a_skipped_row():
    with pytest.warns(UserWarning, match="skipped"):
        samples = collect([5, 6, 5], build, "numbers")
    assert [s.id for s in samples] == ["s5", "s6"]
    assert samples.skipped == [(2, "row 0 has the same id 's5'; ids must differ")]


def test_there_is_no_warning_if_no_row_is_skipped(recwarn):
    assert repr(collect([1], build, "numbers")) == "Samples from numbers: 1 read"
    assert not recwarn.list


def test_a_file_that_cannot_be_opened_is_a_skipped_row():
    with pytest.warns(UserWarning, match="skipped"):
        samples = collect(["x" * 300, "."], lambda _, row: [Sample(row, Path(row).read_bytes(), "what?")], "files")
    assert [(row, reason[:10]) for row, reason in samples.skipped] == [(0, "[Errno 36]"), (1, "[Errno 21]")]


def test_an_error_of_another_kind_is_not_hidden():
    with pytest.raises(TypeError):
        collect(["a"], build, "texts")


def test_slices_keep_the_skipped_rows(samples):
    part = samples[2:8:3]
    assert [s.id for s in part] == ["s2", "s5"]
    assert part.skipped == samples.skipped
    assert samples[-1].id == "s9"
    with pytest.raises(IndexError):
        samples[10]


def test_a_random_selection(samples):
    chosen = [s.id for s in samples.sample(4, rng=1)]
    assert chosen == [s.id for s in samples.sample(4, rng=1)] == sorted(set(chosen))
    assert len(chosen) == 4
    assert len({tuple(s.id for s in samples.sample(4, rng=k)) for k in range(20)}) > 15
    assert [s.id for s in samples.sample(10, rng=3)] == [s.id for s in samples]
    assert samples.sample(2).skipped == samples.skipped
    assert [s.id for s in samples.sample(4, rng=np.random.default_rng(1))] == chosen
    assert len(samples.sample(0)) == 0
    with pytest.raises(ValueError, match=r"choose 11 of 10"):
        samples.sample(11)


def test_every_sample_is_as_likely(samples):
    counts = np.zeros(10)
    for seed in range(1000):
        counts[[int(s.id[1:]) for s in samples.sample(3, seed)]] += 1
    assert np.abs(counts - 300).max() < 5 * np.sqrt(1000 * 0.3 * 0.7)
