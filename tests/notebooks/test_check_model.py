"""The notebook 05_check_model on the bundled model."""

from __future__ import annotations

import json

import papermill as pm
import pytest

from .running import html_outputs, run, text_of

pytestmark = pytest.mark.notebooks


def test_the_bundled_model_passes(tmp_path):
    notebook = run("05_check_model", tmp_path, regions=[9])
    assert "bundled: all 8 checks passed." in text_of(notebook)
    (table,) = html_outputs(notebook, "two coalitions score the same alone and in a batch of three")
    assert "FAILED" not in table
    report = json.loads((tmp_path / "runs" / "model.json").read_text(encoding="utf-8"))
    assert report["passed"] is True
    assert report["expected"][0]["forward_passes"] == 54


def test_a_missing_image_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match=r"nowhere\.png"):
        run("05_check_model", tmp_path, image="nowhere.png")
