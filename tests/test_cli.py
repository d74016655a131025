"""The command line: the report and the exit status."""

from __future__ import annotations

import json

import pytest

import eagle_nb as eagle
from eagle_nb.cli import main

from .evaluation.models import IMAGE, AdditiveModel


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
    for arguments in ([], ["paint"], ["check"], ["check", "bundled", "--regions", "many"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2


def test_the_command_is_installed_with_the_package():
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(eagle.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"eagle-nb": "eagle_nb.cli:main"}
