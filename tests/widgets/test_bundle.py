"""The browser half, and whether someone can see it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from eagle_nb.widgets.bundle import BUNDLE, interactive


def test_the_bundle_is_part_of_the_package():
    assert "function mount(" in BUNDLE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kernel", "expected"), [({"_allow_stdin": True}, True), ({"_allow_stdin": False}, False), ({}, False)]
)
def test_a_front_end_can_answer_input(monkeypatch, kernel, expected):
    assert not interactive()  # no kernel
    shell = SimpleNamespace(kernel=SimpleNamespace(**kernel))
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    assert interactive() == expected
