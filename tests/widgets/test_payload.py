"""What is sent to the browser, and at which size."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from eagle_nb.inputs.regions import Regions
from eagle_nb.widgets import payload
from eagle_nb.widgets.picture_data import run_lengths

from .answers import make_explanation, make_response


@pytest.mark.parametrize("size", [(7, 5), (300, 260)])
def test_run_lengths_hold_the_map(size):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 400, (size[1], size[0]))
    regions = Regions.from_labels(labels)
    pairs = np.frombuffer(run_lengths(regions, regions.layout), "<u2").reshape(-1, 2)
    assert np.array_equal(np.repeat(pairs[:, 0], pairs[:, 1]).reshape(regions.shape), regions.labels)
    one = Regions.from_labels(np.zeros((300, 300), int))
    pairs = np.frombuffer(run_lengths(one, one.layout), "<u2").reshape(-1, 2)
    assert pairs[:, 1].sum() == 90000


def test_a_large_photograph_is_sent_at_the_screen_s_size():
    labels = np.arange(3000)[:, None] // 1500 * 2 + np.arange(4000) // 2000
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (3000, 4000, 3), dtype=np.uint8))
    e = make_explanation(["a", " cat"], Regions.from_labels(labels), image, selected=[1])
    search = payload.explanation_payload(e)["search"]
    assert (search["width"], search["height"]) == (1024, 768)
    assert search["imageType"] == "image/jpeg"
    pairs = np.frombuffer(search["labels"], "<u2").reshape(-1, 2)
    sent = np.repeat(pairs[:, 0], pairs[:, 1]).reshape(768, 1024)
    assert np.bincount(sent.ravel()).tolist() == [768 * 1024 // 4] * 4


def test_curves_and_candidates_are_sent_exactly(explanation):
    search = payload.explanation_payload(explanation)["search"]
    for name in ("insertion", "deletion"):
        curve = np.frombuffer(search[name], "<f4").reshape(17, 13)
        np.testing.assert_array_equal(curve, getattr(explanation, name))
    candidates = np.frombuffer(search["candidates"], "<f4").reshape(16, 16)
    np.testing.assert_array_equal(candidates, explanation.trace.candidates.astype(np.float32))
    assert search["area"] == explanation.area.tolist()


def test_views_without_pictures_hold_none(explanation):
    search = payload.explanation_payload(explanation, pictures=False)["search"]
    assert (search["image"], search["fill"]) == (b"", b"")
    assert search["labels"]


def test_the_target_is_sent_as_it_was_measured(explanation):
    search = payload.explanation_payload(explanation)["search"]
    assert search["targetInsertion"] == explanation.target_insertion.tolist()
    assert search["headline"] == explanation.headline
    assert search["evidence"] == explanation.evidence.tolist()
    reliance = explanation.target_reliance
    assert search["reliance"] == {
        "paper": reliance.score,
        "area": reliance.score_area,
        "difference": reliance.difference,
        "full": reliance.p_full,
        "blank": reliance.p_blank,
    }


def test_the_note_holds_prompt_and_settings(explanation):
    assert payload.note(explanation) == (
        f"Prompt: “What is in the image?” · explained: “large red circle” · 16 slic regions · fill black · search fast, "
        f"{explanation.forward_passes} forward passes · insertion AUC {explanation.insertion_auc:.3f}, "
        f"deletion AUC {explanation.deletion_auc:.3f} · model made by hand"
    )
    assert payload.prompt_line(make_response(["a"], prompt="  ")) == ""


def test_control_characters_are_visible_in_the_browser():
    """A terminal's escape sequence, a backspace and an override of the writing direction appear as characters."""
    sent = payload.explanation_payload(make_explanation(["a", " \x1b[1mred", "\b", " \u202ecup"], 4, selected=[1]))
    assert sent["tokens"] == ["a", " ␛[1mred", "␈", " \\u202ecup"]
    assert sent["search"]["targets"] == sent["tokens"]
    assert sent["search"]["name"] == "␛[1mred"
    assert "“␛[1mred”" in sent["search"]["headline"]
    assert "\x1b" not in sent["search"]["note"]
