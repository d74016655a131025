"""The browser half of the widgets."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder of the bundle."""

BUNDLE = STATIC / "eagle_nb.js"
"""The bundle of the browser half."""

VIEW = "application/vnd.jupyter.widget-view+json"
"""Media type of a live widget."""
