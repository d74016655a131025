"""Running a notebook: its parameters, its execution by papermill, the page that it writes."""

from __future__ import annotations

import json
import logging
import sys
import webbrowser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .notebooks import short_name


def read_value(text: str) -> Any:
    """Read the value of a parameter.

    Parameters
    ----------
    text : str
        The value as it was typed.

    Returns
    -------
    object
        What JSON makes of it; the text itself if it is not JSON. A word like ``no`` therefore stays a text.

    Examples
    --------
    >>> read_value("25"), read_value("[16, 36]"), read_value("red circle"), read_value("no"), read_value("NaN")
    (25, [16, 36], 'red circle', 'no', 'NaN')
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is a text")


def collect_parameters(
    notebook: Path, named: Mapping[str, str | None], pairs: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Return the parameters for a notebook, checked against its ``parameters`` cell.

    Parameters
    ----------
    notebook : pathlib.Path
        The notebook.
    named : mapping
        Parameters that have an option of their own, as texts; None if the option is absent.
    pairs : iterable of (str, str)
        Other parameters and their values, which may be JSON.

    Returns
    -------
    dict
        Value by name.

    Raises
    ------
    ValueError
        If the notebook has no such parameter, or one is given twice.
    FileNotFoundError
        If the image is neither a file nor the number of a scene.
    """
    import papermill

    parameters: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    for name, text in pairs:
        if name in parameters:
            raise ValueError(f"the parameter {name!r} is given twice; give it once")
        parameters[name] = read_value(text)
    available = list(papermill.inspect_notebook(str(notebook)))
    for name in parameters:
        if name not in available:
            raise ValueError(
                f"the notebook {short_name(notebook)!r} has no parameter {name!r}; it has: {', '.join(available)}"
            )
    image = parameters.get("image")
    if isinstance(image, str) and image:
        if image.isdecimal():
            parameters["image"] = int(image)
        elif not Path(image).is_file():
            raise FileNotFoundError(f"no image file {image!r}; name a file, or a number for a drawn scene")
    return parameters


def executed_path(notebook: Path, folder: Path) -> Path:
    """Return the path of an executed notebook.

    Parameters
    ----------
    notebook : pathlib.Path
        The notebook.
    folder : pathlib.Path
        The folder of the results.

    Returns
    -------
    pathlib.Path
        The path, which has no number.

    Examples
    --------
    >>> executed_path(Path("01_attribution.ipynb"), Path("runs")).as_posix()
    'runs/attribution.ipynb'
    """
    return folder / f"{short_name(notebook)}.ipynb"


def run_notebook(notebook: Path, parameters: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Run a notebook with papermill.

    Parameters
    ----------
    notebook : pathlib.Path
        The notebook.
    parameters : mapping
        Value by name. If the notebook has the parameter ``output_folder``, it is set to ``folder``, unless it is given.
    folder : pathlib.Path
        Folder for the executed notebook and the page; it is made if it does not exist.

    Returns
    -------
    executed : pathlib.Path
        The notebook with its outputs.
    page : pathlib.Path
        The page of the same name that the notebook has written; if it writes none, the executed notebook as a page.

    Raises
    ------
    papermill.exceptions.PapermillExecutionError
        If a cell fails. The notebook with the outputs up to there is written all the same.
    """
    import papermill

    executed = executed_path(notebook, folder)
    values = {**parameters, "PAPERMILL_OUTPUT_PATH": str(executed)}  # with which the notebook links to its files
    if "output_folder" in papermill.inspect_notebook(str(notebook)):
        values.setdefault("output_folder", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    page = Path(values.get("output_folder", folder)) / f"{short_name(notebook)}.html"
    page.unlink(missing_ok=True)  # a page of an earlier run must not pass for this one's
    logging.getLogger("papermill").setLevel(logging.ERROR)  # it warns of the path, which no parameters cell declares
    papermill.execute_notebook(
        str(notebook), str(executed), parameters=values, progress_bar=sys.stderr.isatty(), log_output=False
    )
    return executed, page if page.is_file() else export_page(executed)


def export_page(executed: Path) -> Path:
    """Write an executed notebook as a page beside it.

    Parameters
    ----------
    executed : pathlib.Path
        A notebook with outputs.

    Returns
    -------
    pathlib.Path
        The page.
    """
    from nbconvert import HTMLExporter

    text, _ = HTMLExporter(template_name="lab").from_filename(str(executed))
    page = executed.with_suffix(".html")
    page.write_text(text, encoding="utf-8")
    return page


def open_page(page: Path) -> bool:
    """Open a page in the browser.

    Parameters
    ----------
    page : pathlib.Path
        The page.

    Returns
    -------
    bool
        Whether a browser was found.
    """
    return webbrowser.open(page.resolve().as_uri())
