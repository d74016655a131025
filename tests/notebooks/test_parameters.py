"""The second cell of each notebook reads parameters as YAML gives them, or refuses them by name before a model is loaded."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
import yaml

import eagle_nb as eagle

from .running import FOLDER


def checked(monkeypatch, folder, name, parameters):
    """The variables after the first two code cells of a notebook, with parameters in YAML. No model may be loaded."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(eagle, "load_model", lambda *args, **kwargs: pytest.fail("a model was loaded"))
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    first, second = [cell.source for cell in notebook.cells if cell.cell_type == "code"][:2]
    variables = {}
    exec(first, variables)
    given = yaml.safe_load(parameters) or {}
    assert set(given) <= set(variables)
    variables.update(given)
    exec(second, variables)
    return variables


@pytest.mark.parametrize(
    ("name", "parameters", "variable", "value"),
    [
        ("01_attribution", "tokens: no", "tokens", "no"),
        ("01_attribution", "tokens: 0", "tokens", 0),
        ("01_attribution", "tokens: [1, 2]", "tokens", [1, 2]),
        ("01_attribution", "tokens: '[1, 2]'", "tokens", [1, 2]),
        ("01_attribution", "tokens: ''", "tokens", None),
        ("01_attribution", "tokens: red circle", "tokens", "red circle"),
        ("01_attribution", "regions: 36.0", "regions", 36),
        ("01_attribution", "regions: '36'", "regions", 36),
        ("01_attribution", "output_folder: 20241105", "folder", Path("20241105")),
        ("01_attribution", "output_folder: 2024-11-05", "folder", Path("2024-11-05")),
        ("01_attribution", "output_folder: no", "folder", Path("no")),
        ("01_attribution", "tokens: yes", "tokens", "yes"),
        ("01_attribution", "tokens: 2.0", "tokens", 2),
        ("01_attribution", "model: ''", "model", None),
        ("02_hallucination", "{question: 'is there a cup?', truth: no}", "truth", "no"),
        ("02_hallucination", "{question: 'is there a cup?', truth: yes}", "truth", "yes"),
        ("02_hallucination", "languages: no", "languages", ["no"]),
        ("02_hallucination", "languages: [en, no]", "languages", ["en", "no"]),
        ("02_hallucination", "languages: '[en, de]'", "languages", ["en", "de"]),
        ("02_hallucination", "sample: 7", "sample", "7"),
        ("02_hallucination", "controls: 0", "controls", 0),
        ("03_ablations", "region_numbers: '[9, 16]'", "region_numbers", [9, 16]),
        ("03_ablations", "region_numbers: [9.0, '16']", "region_numbers", [9, 16]),
        ("03_ablations", "searches: fast", "searches", ["fast"]),
        ("03_ablations", "seed: 0", "seed", 0),
        ("04_methods", 'methods: \'["fast", "occlusion"]\'', "methods", ["fast", "occlusion"]),
        ("04_methods", 'options: \'{"rise": {"masks": 200}}\'', "options", {"rise": {"masks": 200}}),
        ("04_methods", "batch_size: 8.0", "batch_size", 8),
        ("05_check_model", "regions: '36, 64'", "regions", [36, 64]),
        ("05_check_model", "image: ''", "image", None),
        ("06_video", "as_images: 'yes'", "as_images", True),
        ("06_video", "num_frames: ''", "num_frames", None),
        ("06_video", "video: '22005'", "is_clip", True),
    ],
)
def test_each_value_means_what_its_writer_meant(monkeypatch, tmp_path, name, parameters, variable, value):
    made = checked(monkeypatch, tmp_path, name, parameters)[variable]
    assert made == value
    assert type(made) is type(value)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("00_walkthrough", "regions: many"),
        ("00_walkthrough", "first_seed: -1"),
        ("01_attribution", "tokens: 1.5"),
        ("01_attribution", "tokens: [red, 3]"),
        ("01_attribution", "tokens: []"),
        ("01_attribution", "tokens: {a: 1}"),
        ("01_attribution", "output_folder: [a]"),
        ("01_attribution", "output_folder: .nan"),
        ("01_attribution", "regions: 36.5"),
        ("01_attribution", "regions: no"),
        ("01_attribution", "max_new_tokens: 0"),
        ("01_attribution", "output_folder: ''"),
        ("02_hallucination", "samples: ''"),
        ("02_hallucination", "languages: []"),
        ("02_hallucination", "regions: .nan"),
        ("03_ablations", "budgets: [80, no]"),
        ("03_ablations", "searches: 3"),
        ("03_ablations", "few: 1"),
        ("04_methods", "options: rise"),
        ("04_methods", "shown: -1"),
        ("04_methods", "batch_size: .inf"),
        ("05_check_model", "regions: [1]"),
        ("05_check_model", "prompt: ''"),
        ("06_video", "num_frames: 0"),
        ("06_video", "regions: 1"),
    ],
)
def test_others_are_refused_by_name_before_a_model_is_loaded(monkeypatch, tmp_path, name, parameters):
    (parameter,) = yaml.safe_load(parameters)
    with pytest.raises((ValueError, TypeError), match=parameter):
        checked(monkeypatch, tmp_path, name, parameters)


@pytest.mark.parametrize(
    "name", ["00_walkthrough", "01_attribution", "03_ablations", "04_methods", "05_check_model", "06_video"]
)
def test_a_folder_that_cannot_be_written_is_refused_before_a_model_is_loaded(monkeypatch, tmp_path, name):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises((ValueError, OSError), match="output_folder"):
        checked(monkeypatch, tmp_path, name, "output_folder: taken/folder")
