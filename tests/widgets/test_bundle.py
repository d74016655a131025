"""The browser half."""

from __future__ import annotations

from eagle_nb.widgets.bundle import BUNDLE


def test_the_bundle_is_part_of_the_package():
    assert "function mount(" in BUNDLE.read_text(encoding="utf-8")
