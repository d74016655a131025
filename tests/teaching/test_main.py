"""The command that makes the page."""

from __future__ import annotations

from eagle_nb.teaching import __main__ as command


def test_parameters_are_passed_on(monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(
        command, "export", lambda *paths, **parameters: calls.append((paths, parameters)) or "page.html"
    )
    command.main(["a.ipynb", "class", "-p", "regions", "9", "-p", "output_folder", "here"])
    assert calls == [(("a.ipynb", "class"), {"regions": 9, "output_folder": "here"})]
    assert capsys.readouterr().out == "page.html\n"
