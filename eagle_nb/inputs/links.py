"""Links from a notebook to the files that it has written."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import psutil

from .frontend import live_front_end, user_variable


def file_link(path: str | os.PathLike[str]) -> str:
    """Return a file as Markdown: a link that works from the notebook's folder, and the size.

    A link in an output is resolved against the folder of the notebook that holds it. Where that folder is unknown, the absolute path stands
    instead of a link: papermill reveals it on its command line and with ``--inject-output-path``, but not through its Python functions.

    Parameters
    ----------
    path : path
        A file that exists.

    Returns
    -------
    str
        Markdown.
    """
    target, folder = Path(path).resolve(), notebook_folder()
    size = f"{target.stat().st_size / 1024:,.0f} KB"
    if folder is None:
        return f"`{target}`, {size}"
    address = Path(os.path.relpath(target, folder)).as_posix()
    return f"[{address}]({quote(address)}), {size}"


def notebook_folder() -> Path | None:
    """Return the folder of the notebook whose outputs this process writes.

    Returns
    -------
    pathlib.Path or None
        None if it is unknown.
    """
    injected = user_variable("PAPERMILL_OUTPUT_PATH")
    if injected:
        return Path(str(injected)).resolve().parent
    if live_front_end():
        session = Path(os.environ.get("JPY_SESSION_NAME", ""))  # set by Jupyter Server: the path of the notebook
        return session.parent if session.is_absolute() and session.is_file() else Path.cwd()
    return _papermill_folder()


def _papermill_folder() -> Path | None:
    """Return the folder of the output notebook, if a papermill command started this kernel."""
    try:
        parent = psutil.Process().parent()
        if parent is None:
            return None
        arguments, start = parent.cmdline(), Path(parent.cwd())
    except psutil.Error:
        return None
    names = [
        k for k, a in enumerate(arguments[:4]) if Path(a).stem == "papermill" or Path(a).parent.name == "papermill"
    ]
    notebooks = [start / a for a in arguments[names[0] + 1 :] if a.endswith(".ipynb")] if names else []
    return notebooks[1].resolve().parent if len(notebooks) > 1 and notebooks[1].is_file() else None
