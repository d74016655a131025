"""Configuration of the documentation; build with ``sphinx-build -W -n -c docs . docs/_build/html`` in the root of the repository.

The root is the source folder: README, notebooks and benchmark tables are pages in their own places, and relative links work both
in the repository and in the built pages. Neither building nor reading the pages needs a network.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

sys.path.insert(0, str(Path(__file__).parents[1]))

project = "eagle_nb"
author = "The eagle_nb authors"
copyright = author

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = [
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**", "notebooks/*.ipynb", "benchmarks/*.md",
    "eagle_nb/scenes/model/README.md", "eagle_nb/scenes/clip_model/README.md",
]  # fmt: skip
exclude_patterns = [
    ".*",
    "**/.*",
    "artifacts",
    "build",
    "dist",
    "docs/_build",
    "runs",
    "tests",
    "widgets",
    "**/node_modules",
]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"

autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False
default_role = "py:obj"
# A name in backticks can also be a parameter, or belong to another library; types of aliases belong to other libraries.
nitpick_ignore_regex = [("py:(obj|class)", r"(?!eagle_nb\.).*")]

html_theme = "furo"
html_title = "eagle_nb"
html_extra_path = ["redirect"]
html_math_renderer = "mathml"


def _formula(translator: Any, node: Any, block: bool) -> None:
    """Write a formula as MathML."""
    text = node.astext().replace(r"\dots", r"\ldots")
    try:
        made = tex2mathml(text, as_block=block)
    except MathError as error:
        logging.getLogger(__name__).warning("formula: %s", error, location=node)
        made = f"<code>{html.escape(text)}</code>"
    translator.body.append(f"<p>{made}</p>\n" if block else made)
    raise SkipNode


def _inline(translator: Any, node: Any) -> None:
    _formula(translator, node, block=False)


def _block(translator: Any, node: Any) -> None:
    _formula(translator, node, block=True)


def setup(app: Any) -> None:
    """Register the renderer of formulas: MathML, which browsers show without a script.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application.
    """
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
