"""The command line: the report and the exit status."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import eagle_nb as eagle
from eagle_nb.cli import main

from ..evaluation.models import IMAGE, AdditiveModel


@pytest.fixture
def model(monkeypatch):
    made = AdditiveModel()
    monkeypatch.setattr("eagle_nb.models.huggingface.loading.load_model", lambda name, **options: made)
    return made


@pytest.fixture
def photo(tmp_path):
    IMAGE.save(tmp_path / "photo.png")
    return str(tmp_path / "photo.png")


def test_a_model_that_passes_gives_status_0(model, photo, capsys):
    assert main(["check", "toy", "--image", photo, "--prompt", "what?", "--regions", "4"]) == 0
    assert "additive: all 5 checks passed." in capsys.readouterr().out


def test_the_report_as_json(model, photo, capsys):
    assert main(["check", "toy", "--image", photo, "--json", "--regions", "4", "9"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["passed"] is True and [cost["regions"] for cost in content["expected"]] == [4, 9]


def test_a_failed_check_gives_status_1(model, photo, capsys, monkeypatch):
    monkeypatch.setattr(model, "scorer", lambda *args: 1 / 0)
    assert main(["check", "toy", "--image", photo, "--regions", "4"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_what_cannot_be_used_gives_status_2(capsys, tmp_path):
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert "there is no model folder" in capsys.readouterr().err
    assert main(["check", "bundled", "--image", str(tmp_path / "nowhere.png")]) == 2
    assert "nowhere.png" in capsys.readouterr().err
    for arguments in ([], ["paint"], ["check"], ["check", "bundled", "--regions", "many"], ["notebooks"], ["run"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0 and capsys.readouterr().out.strip() == eagle.__version__


def test_the_command_is_installed_with_the_package():
    project = tomllib.loads((Path(eagle.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"eagle-nb": "eagle_nb.cli:main"}


def test_notebooks_are_copied_and_never_overwritten_silently(tmp_path, capsys):
    folder = tmp_path / "mine" / "notebooks"
    assert main(["notebooks", str(folder)]) == 0
    copies = sorted(folder.iterdir())
    assert capsys.readouterr().out.split() == [str(copy) for copy in copies]
    assert copies[1].name == "01_attribution.ipynb"
    copies[1].write_text("changed", encoding="utf-8")
    copies[2].unlink()
    assert main(["notebooks", str(folder)]) == 2
    assert "already holds 00_walkthrough.ipynb, 01_attribution.ipynb" in capsys.readouterr().err
    assert copies[1].read_text(encoding="utf-8") == "changed" and not copies[2].exists()
    assert main(["notebooks", str(folder), "--force"]) == 0
    assert copies[1].read_text(encoding="utf-8") != "changed" and copies[2].exists()


def test_a_file_is_no_folder_for_notebooks(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["notebooks", str(tmp_path / "file")]) == 2
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["attributions"], "no notebook 'attributions'; the notebooks are: walkthrough, attribution"),
        (["hallucination", "--image", "7"], "'hallucination' has no parameter 'image'; it has: model, dataset"),
        (["attribution", "-p", "region", "9"], "no parameter 'region'; it has: model, image"),
        (["attribution", "--image", "nowhere.jpg"], "no image file 'nowhere.jpg'"),
        (["attribution", "--image", "7", "-p", "image", "8"], "'image' is given twice"),
    ],
)
def test_a_run_refuses_what_the_notebook_does_not_take(arguments, message, capsys, tmp_path):
    assert main(["run", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.notebooks
def test_a_run_writes_the_notebook_and_opens_its_page(tmp_path, capsys, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    eagle.scenes.draw(2).image.save(tmp_path / "photo.png")
    out = tmp_path / "out"
    arguments = ["run", "attribution", "--image", str(tmp_path / "photo.png"), "--tokens", "red circle"]
    assert main([*arguments, "-p", "regions", "9", "--out", str(out)]) == 0
    assert capsys.readouterr().out.split() == [str(out / "attribution.ipynb"), str(out / "attribution.html")]
    assert opened == [(out / "attribution.html").as_uri()]
    explanation = eagle.load(out / "attribution.npz")
    assert (explanation.selected_text, explanation.regions.n) == ("red circle", 9)
    assert "](attribution.html)" in (out / "attribution.ipynb").read_text(encoding="utf-8")


@pytest.mark.notebooks
def test_a_cell_that_fails_gives_status_1_and_leaves_the_notebook(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail("no page to open"))
    assert main(["run", "attribution", "-p", "regions", "1", "--out", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert "ValueError" in message and "regions" in message and str(tmp_path / "attribution.ipynb") in message
    assert (tmp_path / "attribution.ipynb").is_file() and not (tmp_path / "attribution.html").exists()
