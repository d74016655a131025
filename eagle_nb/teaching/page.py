"""Write a notebook as one HTML page that is interactive without a kernel and without a network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from ..inputs.files import missing, replacing
from ..widgets.bundle import VIEW

_TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
{{ resources.include_css("static/theme-dark.css") | replace('<style type="text/css">', '<style media="screen and (prefers-color-scheme: dark)">') }}
<style>
:root { color-scheme: light dark; }
main { max-width: 62rem; margin: 0 auto; }
math[display="block"] { margin: 0.8em 0; }
</style>
{%- endblock -%}
"""
_FORMULA = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)|\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>[^$\n]+?)\$", re.DOTALL
)


def export(notebook: str | os.PathLike[str], folder: str | os.PathLike[str] = "runs", **parameters: Any) -> Path:
    """Execute a notebook with papermill, and write it as one HTML page beside the executed copy.

    Parameters
    ----------
    notebook : path
        The notebook, such as "notebooks/00_walkthrough.ipynb".
    folder : path
        Where the executed notebook and the page are written; also the working folder of the notebook.
    **parameters
        Parameters of the notebook. By default, its "output_folder" is `folder`.

    Returns
    -------
    pathlib.Path
        The page: "walkthrough.html" for "00_walkthrough.ipynb".

    Raises
    ------
    ValueError
        If there is no such notebook, or it has no such parameter.
    """
    import papermill

    source, target = Path(notebook), Path(folder)
    if not source.is_file():
        raise missing(source, "notebook")
    accepted = papermill.inspect_notebook(str(source))
    unknown = sorted(set(parameters) - set(accepted))
    if unknown:
        raise ValueError(f"{source.name} has no parameter {unknown[0]!r}; it has {', '.join(accepted)}")
    if "output_folder" in accepted:
        parameters = {"output_folder": ".", **parameters}
    target.mkdir(parents=True, exist_ok=True)
    executed = target / source.name
    papermill.execute_notebook(
        str(source), str(executed), parameters=parameters, cwd=str(target), progress_bar=False, log_output=False
    )
    return write_page(executed, target / f"{re.sub(r'^[0-9]+_', '', source.stem)}.html")


def write_page(notebook: str | os.PathLike[str], page: str | os.PathLike[str]) -> Path:
    """Write an executed notebook as one HTML page that makes no requests.

    Widgets replay what was recorded, formulas are MathML, and colours follow the reader's light or dark theme.

    Parameters
    ----------
    notebook : path
        The executed notebook.
    page : path
        The page to write.

    Returns
    -------
    pathlib.Path
        The page.
    """
    import nbformat
    from nbconvert import HTMLExporter

    executed = nbformat.read(Path(notebook), as_version=4)
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            cell.source = with_mathml(cell.source)
        if "outputs" in cell:
            cell.outputs = [o for o in cell.outputs if not _needs_kernel(o)]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(VIEW, None)
            for kind, written in (("text/markdown", "text/markdown"), ("text/latex", "text/html")):
                if kind in data:
                    data[written] = with_mathml(data.pop(kind))
    executed.metadata.setdefault("title", _title(executed))
    executed.metadata.pop("widgets", None)
    body, _ = HTMLExporter(raw_template=_TEMPLATE, exclude_anchor_links=True).from_notebook_node(executed)
    with replacing(page) as temporary:
        temporary.write_text(body, encoding="utf-8")
    return Path(page)


def with_mathml(text: str) -> str:
    """Replace the formulas of a Markdown text by MathML, which browsers render themselves.

    Parameters
    ----------
    text : str
        Markdown with formulas as ``$…$`` and ``$$…$$``; those in code are left as they are.

    Returns
    -------
    str
        Markdown with MathML.

    Examples
    --------
    >>> with_mathml("`$x$` costs $x$")[:30]
    '`$x$` costs <math xmlns="http:'
    """
    from latex2mathml.converter import convert

    def convert_match(match: re.Match[str]) -> str:
        """Convert one formula; code is left as it is."""
        if match["code"]:
            return match["code"]
        display = "block" if match["block"] else "inline"
        return str(convert((match["block"] or match["inline"]).strip(), display=display))

    return _FORMULA.sub(convert_match, text)


def _needs_kernel(output: Any) -> bool:
    """Return whether an output shows nothing without a kernel, as a progress bar does."""
    data = output.get("data", {})
    return output.get("name") == "stderr" or (VIEW in data and "text/html" not in data)


def _title(notebook: Any) -> str:
    """Return the first heading of a notebook."""
    headings = (re.search(r"^# (.+)$", c.source, re.MULTILINE) for c in notebook.cells if c.cell_type == "markdown")
    return next((heading[1] for heading in headings if heading), "Walkthrough")
