"""Long runs on disk: what a kill leaves behind is gone on from."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from eagle_nb.search import Checkpoint, order

from .functions import TableScorer

PROGRAM = """
    import sys, time
    from eagle_nb.search import order
    from tests.search.functions import TableScorer

    class Slow(TableScorer):
        def __call__(self, shown):
            time.sleep(0.01 * len(shown))
            return super().__call__(shown)

    order(Slow(10, tokens=2, seed=3), search=sys.argv[2], checkpoint=sys.argv[1])
    print("whole")
"""


@pytest.mark.parametrize("search", ["greedy", "fast"])
def test_a_killed_search_goes_on_and_ends_the_same(tmp_path, search):
    path = tmp_path / "scores"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(path), search], stdout=subprocess.PIPE
    )
    deadline = time.time() + 60
    while not path.exists() or path.stat().st_size < 400:
        assert time.time() < deadline, "the search did not begin"
        assert process.poll() is None, "the search ended before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert b"whole" not in process.communicate()[0]
    with path.open("ab") as file:  # and the last record was cut short
        file.write(b"\x01\x02\x03")

    resumed = TableScorer(10, tokens=2, seed=3)
    trace = order(resumed, search=search, checkpoint=path)
    fresh = TableScorer(10, tokens=2, seed=3)
    whole = order(fresh, search=search)
    assert 0 < sum(map(len, resumed.calls)) < sum(map(len, fresh.calls))
    for name in ("order", "insertion", "deletion", "objective", "candidates", "decided", "coalitions", "rounds"):
        np.testing.assert_array_equal(getattr(trace, name), getattr(whole, name))
    assert trace.forward_passes == whole.forward_passes

    again = TableScorer(10, tokens=2, seed=3)
    order(again, search=search, checkpoint=path)
    assert again.calls == []


def test_a_checkpoint_of_something_else_is_refused_by_name(tmp_path):
    class Named(TableScorer):
        def __init__(self, n):
            super().__init__(n)
            self.identity = {"image": "a", "prompt": "what is it?"}

    order(Named(5), checkpoint=tmp_path / "scores")
    order(Named(5), checkpoint=tmp_path / "scores")
    other = Named(5)
    other.identity = {"image": "b", "prompt": "what is it?"}
    with pytest.raises(ValueError, match=r"made with another image \('a', not 'b'\)"):
        order(other, checkpoint=tmp_path / "scores")
    with pytest.raises(ValueError, match="another number of regions"):
        order(Named(6), checkpoint=tmp_path / "scores")
    with pytest.raises(ValueError, match="another image"):
        order(TableScorer(5), checkpoint=tmp_path / "scores")


def test_what_is_no_checkpoint_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("do not lose me\nplease")
    with pytest.raises(ValueError, match="no checkpoint"):
        order(TableScorer(5), checkpoint=path)
    path.write_text("no line end")
    with pytest.raises(ValueError, match="no checkpoint"):
        order(TableScorer(5), checkpoint=path)
    assert path.read_text() == "no line end"


def test_a_header_cut_short_is_begun_anew(tmp_path):
    path = tmp_path / "scores"
    order(TableScorer(5), checkpoint=path)
    path.write_bytes(path.read_bytes()[:40])
    assert Checkpoint(path, 5).scores == {}
    order(TableScorer(5), checkpoint=path)
    assert len(Checkpoint(path, 5).scores) > 20
    assert os.path.getsize(path) > 100
