"""The notebook 01_attribution on scenes, files and invalid parameters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from urllib.parse import unquote

import nbformat
import numpy as np
import papermill as pm
import pytest
from PIL import Image

import eagle_nb as eagle

from ..widgets.answers import page_data
from .running import FOLDER, ROOT, html_outputs, run, text_of

pytestmark = pytest.mark.notebooks


def links(notebook):
    """The links in the outputs of a notebook."""
    return re.findall(r"\]\(([^)]+)\)", text_of(notebook))


def test_every_word_of_a_scene_is_explained(tmp_path):
    notebook = run("01_attribution", tmp_path, image=2, regions=9)
    text = text_of(notebook)
    assert "answer: a small red circle on brick." in text
    assert "Ground truth of the scene" in text
    words = eagle.load(tmp_path / "runs" / "attribution.npz")
    assert list(words) == ["a", "small", "red", "circle", "on", "brick"]
    assert words.regions.n == 9
    assert words[words.most_reliant].headline in text
    _, data = page_data(tmp_path / "runs" / "attribution.html")
    assert [word["name"] for word in data["_data"]["each"]] == list(words)
    (fragment,) = html_outputs(notebook, "data-eagle-nb")
    assert "Trust this notebook to explore" in fragment


def test_a_phrase_of_a_file_is_explained_together(tmp_path):
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


def test_links_lead_from_the_notebook_to_the_files(tmp_path):
    (tmp_path / "results").mkdir()
    source, out = str(FOLDER / "01_attribution.ipynb"), tmp_path / "results" / "out.ipynb"
    command = ["papermill", source, "results/out.ipynb", "-k", "python3", "--no-progress-bar", "-p", "regions", "4"]
    subprocess.run(
        [sys.executable, "-m", *command, "-p", "image", "2", "-p", "tokens", "red", "-p", "output_folder", "my pages"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True,
    )  # fmt: skip
    found = links(nbformat.read(out, as_version=4))
    assert found == ["../my%20pages/attribution.html", "../my%20pages/attribution.npz"]
    assert all((out.parent / unquote(link)).is_file() for link in found)


def test_a_large_photograph_gives_a_small_notebook(tmp_path):
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (150, 200, 3), dtype=np.uint8)).resize(
        (4000, 3000), Image.Resampling.BICUBIC
    )
    noise = rng.normal(0, 8, (3000, 4000, 1))
    Image.fromarray(np.clip(coarse + noise, 0, 255).astype(np.uint8)).save(tmp_path / "photo.jpg", quality=90)
    run("01_attribution", tmp_path, image="photo.jpg", regions=4, max_new_tokens=12)
    assert (tmp_path / "01_attribution.ipynb").stat().st_size < 3e6


def test_a_phrase_that_is_not_in_the_answer_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="not in the answer"):
        run("01_attribution", tmp_path, image=2, tokens="zebra")


def test_an_invalid_number_of_regions_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="the parameter regions is a whole number of at least 2"):
        run("01_attribution", tmp_path, regions="many")
