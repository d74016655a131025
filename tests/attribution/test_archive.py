"""Files that hold explanations and more."""

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.attribution.archive import read_archive, write_archive
from eagle_nb.attribution.formats import BOARD, ROBUSTNESS
from eagle_nb.attribution.npz import pack_response, unpack_response

from ..conftest import ToyModel, make_response

FORMAT = f"{ROBUSTNESS} 1"


@pytest.fixture
def explanation():
    response = make_response(["a", " red", " cup"])
    return eagle.explain(ToyModel(), response, " cup", eagle.Regions.grid(response.image, 4), progress=False)


def test_numbers_come_back_as_numbers_and_nan_as_nan(tmp_path, explanation):
    facts = {
        "count": np.int64(3),
        "share": np.float32(0.5),
        "right": np.bool_(True),
        "none": np.nan,
        "list": (np.int8(1),),
    }
    arrays = {"whole": np.arange(3), "part": np.array([np.nan, 1], np.float32), "bits": np.array([[True, False]])}
    path = write_archive(tmp_path / "a", FORMAT, facts, arrays, [explanation])
    archive = read_archive(path, FORMAT)
    assert path.name == "a.npz"
    assert [type(archive.facts[name]) for name in ("count", "share", "right")] == [int, float, bool]
    assert archive.facts["list"] == [1] and np.isnan(archive.facts["none"])
    for name, values in arrays.items():
        assert archive.arrays[name].dtype == values.dtype
        np.testing.assert_array_equal(archive.arrays[name], values)
    assert archive.explanations[0].order.tolist() == explanation.order.tolist()
    assert repr(archive.explanations[0]) == repr(explanation)


def test_a_response_comes_back(explanation):
    response = explanation.response
    facts, arrays = pack_response(response, "response.0")
    again = unpack_response(facts, arrays, "response.0")
    assert (again.text, again.tokens, again.spans) == (response.text, response.tokens, response.spans)
    assert np.array_equal(np.asarray(again.image), np.asarray(response.image))


def test_files_of_another_kind_name_what_reads_them(tmp_path, explanation):
    report = write_archive(tmp_path / "report", FORMAT, {}, {}, [])
    board = write_archive(tmp_path / "board", f"{BOARD} 1", {}, {}, [])
    single = explanation.save(tmp_path / "explanation")
    with pytest.raises(ValueError, match=r"which eagle_nb\.RobustnessReport\.load reads"):
        eagle.load(report)
    with pytest.raises(ValueError, match=r"which eagle_nb\.hallucination\.Board\.load reads"):
        eagle.RobustnessReport.load(board)
    with pytest.raises(ValueError, match=r"which eagle_nb\.load reads"):
        eagle.hallucination.Board.load(single)
    older = write_archive(tmp_path / "older", f"{ROBUSTNESS} 0", {}, {}, [])
    with pytest.raises(ValueError, match="robustness report 0', this version reads 'eagle_nb robustness report 1'"):
        eagle.RobustnessReport.load(older)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04", None])
def test_broken_files(tmp_path, explanation, content):
    path = tmp_path / "broken.npz"
    if content is None:
        content = write_archive(tmp_path / "whole", FORMAT, {}, {}, [explanation]).read_bytes()[:-200]
    path.write_bytes(content)
    for load in (eagle.RobustnessReport.load, eagle.hallucination.Board.load):
        with pytest.raises(ValueError, match=r"broken\.npz' is not a .* saved by eagle_nb, or it is truncated"):
            load(path)
        with pytest.raises(ValueError, match="there is no file"):
            load(tmp_path / "none.npz")


def test_facts_that_do_not_describe_a_report(tmp_path, explanation):
    path = write_archive(tmp_path / "a", FORMAT, {"variations": {}, "share": None}, {}, [explanation])
    with pytest.raises(ValueError, match="is not a robustness report saved by eagle_nb"):
        eagle.RobustnessReport.load(path)
    path = write_archive(tmp_path / "b", f"{BOARD} 1", {"samples": 3}, {}, [])
    with pytest.raises(ValueError, match="is not a board saved by eagle_nb"):
        eagle.hallucination.Board.load(path)
