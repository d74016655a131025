"""The browser half of the widgets, and whether a live front end shows it."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder of the bundle."""

BUNDLE = STATIC / "eagle_nb.js"
"""The bundle of the browser half."""

VIEW = "application/vnd.jupyter.widget-view+json"
"""Media type of a live widget."""


def interactive() -> bool:
    """Return whether a live front end shows the outputs.

    A client that cannot answer ``input()`` is not one: papermill and ``nbconvert --execute`` run cells that way.

    Returns
    -------
    bool
        True in JupyterLab and similar front ends.
    """
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))
