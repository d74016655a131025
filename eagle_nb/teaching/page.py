"""The walkthrough as one HTML page: executed once, then read and played without a kernel and without a network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from ..widgets.base import VIEW

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
    """Execute a notebook with papermill and write it as one HTML page beside the executed copy.

    Parameters
    ----------
    notebook : path
        Such as "notebooks/00_walkthrough.ipynb".
    folder : path
        Where the executed notebook and the page go; also the working folder of the notebook.
    **parameters
        Of the notebook; its "output_folder" is `folder` unless given.

    Returns
    -------
    pathlib.Path
        The page, "walkthrough.html" for "00_walkthrough.ipynb".

    Raises
    ------
    ValueError
        If there is no such notebook, or it has no such parameter.
    """
    import papermill

    source, target = Path(notebook), Path(folder)
    if not source.is_file():
        raise ValueError(f"there is no notebook {str(source)!r}; check the path (working folder: {Path.cwd()})")
    known = papermill.inspect_notebook(str(source))
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise ValueError(f"{source.name} has no parameter {unknown[0]!r}; it has {', '.join(known)}")
    if "output_folder" in known:
        parameters = {"output_folder": ".", **parameters}
    target.mkdir(parents=True, exist_ok=True)
    executed = target / source.name
    papermill.execute_notebook(
        str(source), str(executed), parameters=parameters, cwd=str(target), progress_bar=False, log_output=False
    )
    return write_page(executed, target / f"{re.sub(r'^[0-9]+_', '', source.stem)}.html")


def write_page(notebook: str | os.PathLike[str], page: str | os.PathLike[str]) -> Path:
    """Write an executed notebook as one HTML page that asks for nothing from anywhere.

    Widgets replay, formulas are MathML, and colours follow the reader's light or dark theme.

    Returns
    -------
    pathlib.Path
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
            for kind, set_as in (("text/markdown", "text/markdown"), ("text/latex", "text/html")):
                if kind in data:
                    data[set_as] = with_mathml(data.pop(kind))
    executed.metadata.setdefault("title", _title(executed))
    executed.metadata.pop("widgets", None)
    body, _ = HTMLExporter(raw_template=_TEMPLATE, exclude_anchor_links=True).from_notebook_node(executed)
    target = Path(page)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(body, encoding="utf-8")
    return target


def with_mathml(text: str) -> str:
    """Markdown with its formulas, ``$…$`` and ``$$…$$``, as MathML, which browsers set by themselves.

    Examples
    --------
    >>> with_mathml("`$x$` costs $x$")[:30]
    '`$x$` costs <math xmlns="http:'
    """
    from latex2mathml.converter import convert

    def one(found: re.Match[str]) -> str:
        if found["code"]:
            return found["code"]
        display = "block" if found["block"] else "inline"
        return str(convert((found["block"] or found["inline"]).strip(), display=display))

    return _FORMULA.sub(one, text)


def _needs_kernel(output: Any) -> bool:
    """Whether an output tells nothing without a kernel: a progress bar."""
    data = output.get("data", {})
    return output.get("name") == "stderr" or (VIEW in data and "text/html" not in data)


def _title(notebook: Any) -> str:
    heads = (re.search(r"^# (.+)$", c.source, re.MULTILINE) for c in notebook.cells if c.cell_type == "markdown")
    return next((head[1] for head in heads if head), "Walkthrough")
