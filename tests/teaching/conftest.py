"""Fixtures of the lesson's tests."""

from __future__ import annotations

import pytest

from eagle_nb import teaching

from .known import known_lesson


@pytest.fixture(scope="session")
def lesson():
    """A lesson whose every probability is known."""
    return known_lesson()


@pytest.fixture(scope="session")
def bundled_lesson():
    """The lesson with the bundled model."""
    return teaching.lesson()
