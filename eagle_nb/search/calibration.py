"""What a search loses against exhaustive greedy, as measured on bundled scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .trace import SearchTrace


def expected_loss(trace: SearchTrace) -> dict[str, float] | None:
    """Later."""
    return None
