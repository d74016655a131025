"""Long runs on disk: what a kill leaves behind is gone on from."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from eagle_nb.scoring.checkpoint import Checkpoint
from eagle_nb.search import order
from eagle_nb.scoring.checkpoint import PROBES

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
    order(again, search=search, checkpoint=Checkpoint(path, 10))
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


class Telling(TableScorer):
    """Tells its model, so that nothing need be asked again."""

    def __init__(self, n, tokens=1):
        super().__init__(n, tokens)
        self.n_tokens, self.identity = tokens, {"model": "m", "image": "a"}


def test_a_scorer_that_tells_nothing_is_asked_again(tmp_path):
    path = tmp_path / "scores"
    first = order(TableScorer(6, tokens=3), checkpoint=path)
    same = TableScorer(6, tokens=3)
    kept = Checkpoint.of(same, path)
    assert sum(map(len, same.calls)) == 2 + PROBES
    assert order(same, checkpoint=kept).order.tolist() == first.order.tolist()
    assert sum(map(len, same.calls)) == 2 + PROBES
    with pytest.raises(ValueError, match=r"another model: asked again about 3 of its .* off by up to 0\.\d\d"):
        Checkpoint.of(TableScorer(6, tokens=3, seed=1), path)


def test_the_number_of_tokens_is_always_compared(tmp_path):
    path = tmp_path / "scores"
    order(TableScorer(4, tokens=3), checkpoint=path)
    with pytest.raises(ValueError, match=r"another number of tokens \('3', not '2'\)"):
        Checkpoint.of(TableScorer(4, tokens=2), path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="another number of tokens"):
        Checkpoint(path, 4).add({b"\x10": np.zeros(2, np.float32)})
    assert path.read_bytes() == before

    told = tmp_path / "told"
    Checkpoint.of(Telling(4, tokens=3), told).add({b"\x10": np.zeros(3, np.float32)})
    silent = Telling(4, tokens=2)
    with pytest.raises(ValueError, match="another number of tokens"):
        Checkpoint.of(silent, told)
    assert silent.calls == []


def test_what_is_known_and_what_the_scorer_tells_both_count(tmp_path):
    path, scorer = tmp_path / "scores", Telling(4)
    known = {"image": "a", "prompt": "what?"}
    Checkpoint.of(scorer, path, known).add({b"\x10": np.zeros(1, np.float32)})
    assert len(Checkpoint.of(scorer, path, known).scores) == 1
    assert scorer.calls == []
    with pytest.raises(ValueError, match=r"another image \('a', not 'b / a'\)"):
        Checkpoint.of(scorer, path, known | {"image": "b"})
    with pytest.raises(ValueError, match=r"another fill \(the file tells none, not 'black'\)"):
        Checkpoint.of(scorer, path, known | {"fill": "black"})
    with pytest.raises(ValueError, match=r"another prompt \('what\?', here untold\)"):
        Checkpoint.of(scorer, path)
    with pytest.raises(TypeError, match="n_regions"):
        Checkpoint.of(lambda shown: shown, path)
