"""Sheets for papers: matplotlib figures of an exact width, with real fonts and text that stays text.

Figures are made without pyplot: no window opens, no backend is chosen, and the user's settings of matplotlib neither change nor matter.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from .palette import INTERFACE

MM = 25.4
"""Millimetres per inch."""

SIZE, SMALL = 8.0, 7.0
"""Sizes of text and of small text, in points."""

LINE = 3.9
"""Height of a line of text, in millimetres."""

MARGIN = 0.6
"""Space around a figure, in millimetres."""

INK = INTERFACE["fallback"]["ink"]
"""Colour of text."""

FONT_FAMILIES = (
    "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans",
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo",
    "Microsoft YaHei", "Yu Gothic", "Malgun Gothic",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Nirmala UI", "Kohinoor Devanagari",
    "Noto Sans Thai", "Leelawadee UI", "Thonburi", "Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro", "Noto Sans Hebrew",
    "Noto Emoji", "Segoe UI Symbol", "Noto Sans Symbols 2", "Noto Sans Symbols", "Apple Symbols", "Arial Unicode MS",
)  # fmt: skip
"""Families in the order in which a glyph is looked for; those that are not installed are skipped."""

_SETTINGS: dict[str, Any] = {
    "pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "none", "savefig.bbox": None, "savefig.dpi": 300,
    "savefig.facecolor": "white", "text.parse_math": False, "text.usetex": False, "text.hinting": "no_hinting", "font.size": SIZE, "text.color": INK,
    "axes.labelcolor": INK, "axes.labelsize": SIZE, "axes.edgecolor": INK, "axes.linewidth": 0.6, "axes.spines.top": False,
    "axes.spines.right": False, "xtick.color": INK, "ytick.color": INK, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.5, "ytick.major.size": 2.5,
    "legend.fontsize": SIZE, "legend.frameon": False, "lines.linewidth": 1.5, "figure.facecolor": "white",
}  # fmt: skip
_PREVIEW_DPI, _PREVIEW_SCALE = 220, 1.5
_MEASURE_DPI = 720


class PaperFigure(Figure):
    """A matplotlib figure whose files have its exact size and, as PDF or SVG, text that can be selected and edited.

    It shows itself in a notebook.

    Parameters
    ----------
    figsize : (float, float)
        Width and height in inches.
    **kwargs
        As of `matplotlib.figure.Figure`.
    """

    def __init__(self, figsize: tuple[float, float], **kwargs: Any) -> None:
        super().__init__(figsize=figsize, **kwargs)

    def savefig(self, fname: Any, **kwargs: Any) -> None:
        """Write the figure to a file.

        Parameters
        ----------
        fname : path or file
            Where to; the suffix chooses the format.
        **kwargs
            As of `matplotlib.figure.Figure.savefig`; 300 dots per inch by default.
        """
        with paper_settings():
            super().savefig(fname, **kwargs)

    def draw(self, renderer: Any) -> None:
        """Draw the figure.

        Parameters
        ----------
        renderer : matplotlib.backend_bases.RendererBase
            Where to.
        """
        with paper_settings():
            super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=_PREVIEW_DPI)
        width, height = (round(96 * _PREVIEW_SCALE * side) for side in self.get_size_inches())
        return buffer.getvalue(), {"width": width, "height": height}


class Sheet(NamedTuple):
    """A figure in which places are millimetres from its upper left corner.

    Attributes
    ----------
    figure : PaperFigure
        The figure.
    width, height : float
        Its size in millimetres.
    """

    figure: PaperFigure
    width: float
    height: float

    @property
    def transform(self) -> Any:
        """From millimetres to the display."""
        return Affine2D().scale(1 / MM, -1 / MM).translate(0, self.height / MM) + self.figure.dpi_scale_trans

    def axes(self, left: float, top: float, width: float, height: float, **settings: Any) -> Axes:
        """Add axes.

        Parameters
        ----------
        left, top, width, height : float
            Their place in millimetres.
        **settings
            As of `matplotlib.figure.Figure.add_axes`.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        place = (
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        )
        return self.figure.add_axes(place, **settings)

    def write(self, left: float, top: float, text: str, size: float = SIZE, **style: Any) -> Text:
        """Write one line of text; nothing in it is interpreted.

        Parameters
        ----------
        left, top : float
            Where its line starts, in millimetres.
        text : str
            What is written.
        size : float
            In points.
        **style
            As of `matplotlib.text.Text`.

        Returns
        -------
        matplotlib.text.Text
            The text.
        """
        style = {"va": "baseline", "color": INK, **style}
        baseline = top + 0.72 * LINE * size / SIZE
        return self.figure.text(
            left, baseline, text, fontsize=size, family=families(text), parse_math=False, transform=self.transform, **style
        )  # fmt: skip


class Block(NamedTuple):
    """A part of a sheet.

    Attributes
    ----------
    width, height : float
        In millimetres.
    draw : callable
        ``draw(sheet, left, top)`` draws it there.
    """

    width: float
    height: float
    draw: Callable[[Sheet, float, float], None]


def make_sheet(block: Block, margin: float = MARGIN) -> PaperFigure:
    """Draw a block on a sheet of its own.

    Parameters
    ----------
    block : Block
        What to draw.
    margin : float
        Space around it, in millimetres.

    Returns
    -------
    PaperFigure
        The figure.
    """
    width, height = block.width + 2 * margin, block.height + 2 * margin
    figure = PaperFigure(figsize=(width / MM, height / MM), facecolor="white")
    FigureCanvasAgg(figure)
    block.draw(Sheet(figure, width, height), margin, margin)
    return figure


def stacked(blocks: list[Block], gap: float = 2.0) -> Block:
    """Put blocks one below the other.

    Parameters
    ----------
    blocks : list of Block
        The blocks.
    gap : float
        Space between them, in millimetres.

    Returns
    -------
    Block
        All of them.
    """

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for block in blocks:
            block.draw(sheet, left, top)
            top += block.height + gap

    height = sum(block.height for block in blocks) + gap * (len(blocks) - 1)
    return Block(max(block.width for block in blocks), height, draw)


def beside(blocks: list[Block], gap: float = 5.0) -> Block:
    """Put blocks side by side.

    Parameters
    ----------
    blocks : list of Block
        The blocks.
    gap : float
        Space between them, in millimetres.

    Returns
    -------
    Block
        All of them.
    """

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for block in blocks:
            block.draw(sheet, left, top)
            left += block.width + gap

    width = sum(block.width for block in blocks) + gap * (len(blocks) - 1)
    return Block(width, max(block.height for block in blocks), draw)


@contextmanager
def paper_settings() -> Iterator[None]:
    """Use the settings of papers instead of the user's, until the block ends.

    Yields
    ------
    None
        Nothing.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        settings: Any = {**_SETTINGS, "font.family": list(installed_families())}
        mpl.rcParams.update(settings)
        yield


@cache
def installed_families() -> tuple[str, ...]:
    """Return those of `FONT_FAMILIES` that are installed.

    Returns
    -------
    tuple of str
        Always with DejaVu Sans, which comes with matplotlib.
    """
    names = set(font_manager.fontManager.get_font_names())
    return tuple(name for name in FONT_FAMILIES if name in names)


def drawable(text: str) -> str:
    """Return a text without control pictures that no installed font has.

    Parameters
    ----------
    text : str
        From `eagle_nb.inputs.text.printable`.

    Returns
    -------
    str
        Such a picture is written as the escape of its control character.
    """
    return "".join(
        repr(chr(0x7F if c == "\u2421" else ord(c) - 0x2400))[1:-1]
        if "\u2400" <= c <= "\u2421" and not _family_with(c)
        else c
        for c in text
    )


def families(text: str) -> list[str]:
    """Return the fonts for a text: the first of `FONT_FAMILIES`, then for each character that lacks there one that has it.

    Parameters
    ----------
    text : str
        What is written.

    Returns
    -------
    list of str
        Families. A character that no installed font has is drawn as a box.
    """
    found = (_family_with(c) for c in dict.fromkeys(text) if ord(c) > 0x7F)
    return list(dict.fromkeys([installed_families()[0], *(name for name in found if name)]))


@lru_cache(maxsize=4096)
def _family_with(character: str) -> str | None:
    """Return the first family that has a character, the usual ones first."""
    for name in installed_families():
        if _has(font_manager.findfont(name), character):
            return name
    entries = font_manager.fontManager.ttflist
    return next((e.name for e in entries if "lastresort" not in e.fname.lower() and _has(e.fname, character)), None)


def _has(path: str, character: str) -> bool:
    """Whether the font in a file has an outline of a character."""
    try:
        font = font_manager.get_font(path)
        return bool(font.scalable and font.get_char_index(ord(character)))
    except (OSError, RuntimeError):  # a font that FreeType cannot read
        return False


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float = SIZE, weight: str = "normal") -> float:
    """Return the width of a line of text.

    Parameters
    ----------
    text : str
        What is written.
    size : float
        In points.
    weight : str
        "normal" or "bold".

    Returns
    -------
    float
        In millimetres.
    """
    properties = font_manager.FontProperties(family=families(text), size=size, weight=weight)
    width, _, _ = _renderer().get_text_width_height_descent(text, properties, ismath=False)
    return float(width) * MM / _MEASURE_DPI


@cache
def _renderer() -> RendererAgg:
    """Return a renderer that measures."""
    return RendererAgg(8, 8, _MEASURE_DPI)
