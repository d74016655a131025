import io
import json

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.attribution.explanation import Explanation

from ..conftest import ToyModel, make_response


@pytest.fixture
def explanation(toy, response) -> Explanation:
    return eagle.explain(toy, response, tokens="red triangle", regions=6, progress=False)


def test_known_carrier_comes_first():
    """One region carries everything: it is first, its pixels are the maximum, the curves are steps."""
    response = make_response(["a", " red", " cup"])
    regions = eagle.Regions.grid(response.image, 4)
    weights = np.zeros((4, 3))
    weights[2] = 1.0
    e = eagle.explain(ToyModel(weights), response, regions=regions, progress=False)
    assert e.order[0] == 2
    np.testing.assert_array_equal(e.insertion, np.repeat([[0.0], [1], [1], [1], [1]], 3, 1))
    np.testing.assert_array_equal(e.deletion, np.repeat([[1.0], [0], [0], [0], [0]], 3, 1))
    # trapezoids over quarters: 0.125 + 0.75, and 0.125
    assert e.insertion_auc == pytest.approx(0.875)
    assert e.deletion_auc == pytest.approx(0.125)
    assert e.highest_score == 1.0
    # reliance: mean of (0, 1, 1, 1, 1)
    assert e.reliance.score == pytest.approx([0.8] * 3)
    # every region after the first changes nothing, so all share the reference rule's value: a flat map
    assert (e.saliency("order") == 0).all()
    # by their gains and by the evidence, nothing but the carrier matters
    assert e.region_scores("gain").tolist() == [0, 0, 1, 0]
    assert e.region_scores()[2] == 1
    assert (e.region_scores()[[0, 1, 3]] < 0.02).all()
    assert e.evidence == pytest.approx([0, 0, 1, 0], abs=0.02)


def test_saliency_by_the_references_rule():
    """Weights 4, 3, 1 of one token: F = 2 p - 1 + 1 over prefixes 0, 4/8, 7/8, 1, by hand."""
    response = make_response(["x"], size=(3, 1))
    regions = eagle.Regions.grid(response.image, 3)
    e = eagle.explain(ToyModel(np.array([[3.0], [1.0], [4.0]])), response, regions=regions, progress=False)
    assert e.order.tolist() == [2, 0, 1]
    np.testing.assert_allclose(e.trace.objective, [0.0, 1.0, 1.75, 2.0], atol=1e-6)
    # fallen: -1, -1.75, -2 -> normalised 1, 0.25, 0
    np.testing.assert_allclose(e.region_scores("order"), [0.25, 0.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(e.region_scores("gain"), [0.75, 0.25, 1.0], atol=1e-6)
    np.testing.assert_allclose(e.saliency("order"), [[0.25, 0.0, 1.0]], atol=1e-6)


def test_area_runs_with_the_order(explanation):
    steps = np.concatenate([[0], np.cumsum(explanation.regions.area[explanation.order])])
    np.testing.assert_allclose(explanation.area, steps)
    assert explanation.area[-1] == 1.0


def test_the_curves_belong_to_the_selected_tokens(explanation):
    assert explanation.tokens == [1, 2, 3]
    curve = explanation.insertion[:, 1:4].mean(1)
    assert explanation.insertion_auc == pytest.approx(np.trapezoid(curve, explanation.area), abs=1e-6)
    assert explanation.selected_text == "red triangle"
    assert "red triangle" in repr(explanation)
    assert "\n" not in repr(explanation)


def test_counterfactual_targets_are_followed(toy, response):
    seen = {}
    scorer = toy.scorer

    def spy(response, regions, fill, target_ids=None):
        seen.update(target_ids)
        return scorer(response, regions, fill, target_ids)

    toy.scorer = spy
    e = eagle.explain(toy, response, target_ids={2: 40}, regions=4, progress=False)
    assert seen == {2: 40}
    assert e.tokens == [2]
    assert e.target_ids.tolist() == [1, 2, 40, 4, 5, 6, 7, 8]
    assert e.target_tokens[2] == " <40>"
    assert e.provenance["target_ids"] == {"2": 40}


def test_save_and_load_give_the_same(explanation, tmp_path):
    path = explanation.save(tmp_path / "folder" / "x")
    assert path.name == "x.npz"
    again = eagle.load(path)
    for name in ("order", "insertion", "deletion", "area", "target_ids"):
        np.testing.assert_array_equal(getattr(again, name), getattr(explanation, name))
    for name in ("objective", "candidates", "coalitions", "rounds", "decided"):
        np.testing.assert_array_equal(getattr(again.trace, name), getattr(explanation.trace, name))
    np.testing.assert_array_equal(np.asarray(again.response.image), np.asarray(explanation.response.image))
    np.testing.assert_array_equal(again.saliency(), explanation.saliency())
    assert again.response.find("triangle") == [2, 3]
    assert repr(again) == repr(explanation)
    assert again.provenance == json.loads(json.dumps(explanation.provenance))
    assert again.provenance["regions"]["segmenter"] == "slic"
    assert {"torch", "transformers", "eagle_nb"} <= set(again.provenance["versions"])


def test_an_explanation_set_is_saved_as_it_is(toy, response, tmp_path):
    words = eagle.explain_each(toy, response, regions=6, progress=False)
    again = eagle.load(words.save(tmp_path / "words.npz"))
    assert isinstance(again, eagle.ExplanationSet)
    assert again.words == words.words
    assert list(again) == list(words)
    for name, e in words.items():
        np.testing.assert_array_equal(again[name].order, e.order)
        np.testing.assert_array_equal(again[name].insertion, e.insertion)
        assert again[name].tokens == e.tokens
        assert again[name].provenance == json.loads(json.dumps(e.provenance))
    assert again.forward_passes == words.forward_passes


def test_the_regions_as_a_table(explanation):
    frame = explanation.regions_frame()
    assert frame["region"].tolist() == explanation.order.tolist()
    assert frame["rank"].tolist() == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(frame["gain"], np.diff(explanation.trace.objective))
    for region, (left, top, right, bottom) in zip(frame["region"], frame["box"], strict=True):
        y, x = np.nonzero(explanation.regions.labels == region)
        assert (left, top, right, bottom) == (x.min(), y.min(), x.max() + 1, y.max() + 1)


def test_nothing_is_pickled(explanation, tmp_path):
    with np.load(explanation.save(tmp_path / "x.npz"), allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def _foreign() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.arange(3))
    return buffer.getvalue()


def _pickled() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, text=np.array([{"a": 1}], dtype=object))
    return buffer.getvalue()


@pytest.mark.parametrize("damage", ["half", "last", "empty", "text", "foreign", "pickled", "npy"])
def test_a_broken_file_is_refused(explanation, tmp_path, damage):
    path = explanation.save(tmp_path / "x.npz")
    whole = path.read_bytes()
    npy = io.BytesIO()
    np.save(npy, np.arange(4))
    path.write_bytes(
        {
            "half": whole[: len(whole) // 2],
            "last": whole[:-1],
            "empty": b"",
            "text": b"hello",
            "foreign": _foreign(),
            "pickled": _pickled(),
            "npy": npy.getvalue(),
        }[damage]
    )
    with pytest.raises(ValueError, match=r"x\.npz.*is not an explanation"):
        eagle.load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        eagle.load(tmp_path / "none.npz")


def test_it_checks_itself(explanation):
    from dataclasses import replace

    with pytest.raises(ValueError, match="permutation"):
        replace(explanation, trace=replace(explanation.trace, order=np.zeros(6, int)))
    with pytest.raises(ValueError, match=r"insertion has shape \(6, 8\), expected \(7, 8\)"):
        replace(explanation, trace=replace(explanation.trace, insertion=explanation.insertion[1:]))
    with pytest.raises(ValueError, match="not probabilities"):
        replace(explanation, trace=replace(explanation.trace, deletion=explanation.deletion + 1))
    with pytest.raises(ValueError, match="target_ids"):
        replace(explanation, target_ids=np.arange(3))


def test_to_frame(explanation):
    frame = explanation.to_frame()
    assert frame["token"].tolist() == explanation.response.tokens
    assert frame["selected"].sum() == 3
    np.testing.assert_allclose(frame["reliance"], explanation.reliance.score)


def test_figure_escapes_what_the_model_says(toy):
    response = make_response(["<img", " src=x onerror=alert(1)>", " red"])
    e = eagle.explain(toy, response, regions=3, progress=False)
    assert "<img" not in e.figure().to_json().replace("\\u003cimg", "<img")
