"""Whether a front end that can answer shows the outputs of this process."""

from __future__ import annotations

import os
from typing import Any

LIVE = "EAGLE_NB_LIVE"
"""Environment variable that overrides the detection: "1" for a live front end, "0" for none."""


def in_kernel() -> bool:
    """Return whether this process is a Jupyter kernel.

    Returns
    -------
    bool
        False in scripts, terminals and tests.
    """
    return _kernel() is not None


def live_front_end() -> bool:
    """Return whether outputs reach a front end that sends messages back, such as JupyterLab, VS Code or Voila.

    papermill and ``nbconvert --execute`` only record outputs. They send their requests with ``allow_stdin`` false (a field of Jupyter's
    protocol), because nobody could answer ``input()``. Voila executes notebooks in the same way, but shows them with a kernel; it is recognised by
    the variable ``SERVER_SOFTWARE`` that it sets. The environment variable ``EAGLE_NB_LIVE`` ("1" or "0") overrides the detection.

    Returns
    -------
    bool
        False outside a kernel.

    Raises
    ------
    ValueError
        If ``EAGLE_NB_LIVE`` is neither "0" nor "1".
    """
    setting = os.environ.get(LIVE, "")
    if setting not in ("", "0", "1"):
        raise ValueError(f"the environment variable {LIVE} is '1' (live front end) or '0' (none), got {setting!r}")
    kernel = _kernel()
    if kernel is None or setting:
        return kernel is not None and setting == "1"
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila/"):
        return True
    request = kernel.get_parent("shell") or {}
    if request.get("header", {}).get("msg_type", "").startswith("comm_"):
        return True  # only a front end sends messages of widgets
    return bool(request.get("content", {}).get("allow_stdin", False))


def user_variable(name: str) -> Any:
    """Return a variable of the notebook that runs in this process.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    object
        Its value; None outside a notebook or without such a variable.
    """
    return getattr(_shell(), "user_ns", {}).get(name)


def _kernel() -> Any:
    """Return the kernel that runs this process, or None."""
    return getattr(_shell(), "kernel", None)


def _shell() -> Any:
    """Return the interactive shell of this process, or None."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()
