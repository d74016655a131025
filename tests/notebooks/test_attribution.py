"""The notebook 01_attribution on scenes, files and invalid parameters."""

from __future__ import annotations

import papermill as pm
import pytest

import eagle_nb as eagle

from .running import ROOT, run, text_of

pytestmark = pytest.mark.notebooks


def test_attribution_of_a_scene(tmp_path):
    text = text_of(run("01_attribution", tmp_path, image=2, regions=16))
    assert "answer: a small red circle on brick." in text
    assert "Ground truth of the scene" in text
    page = tmp_path / "runs" / "attribution.html"
    assert page.stat().st_size > 20_000
    assert "<script" in page.read_text(encoding="utf-8")
    explanation = eagle.load(tmp_path / "runs" / "attribution.npz")
    assert explanation.regions.n == 16
    assert explanation.response.text == "a small red circle on brick."
    assert explanation.tokens == list(range(len(explanation.response)))


def test_attribution_of_a_file_and_a_phrase_with_another_folder(tmp_path):
    eagle.scenes.draw(2).image.save(tmp_path / "photo.png")
    run(
        "01_attribution",
        tmp_path,
        model=str(ROOT / "eagle_nb" / "scenes" / "model"),
        image="photo.png",
        tokens="red circle",
        regions=9,
        fill="mean",
        output_folder="elsewhere",
    )
    explanation = eagle.load(tmp_path / "elsewhere" / "attribution.npz")
    assert explanation.selected_text == "red circle"
    assert explanation.fill == "mean"


def test_a_phrase_that_is_not_in_the_answer_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="not in the answer"):
        run("01_attribution", tmp_path, image=2, tokens="zebra")


def test_an_invalid_number_of_regions_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="the parameter regions is a whole number of at least 2"):
        run("01_attribution", tmp_path, regions="many")
