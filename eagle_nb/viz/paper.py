"""Figures of explanations for papers (matplotlib): 85 or 175 mm wide, light, with vector text.

Widths are those of one and of two columns of most journals. Text of a model appears as its characters: nothing is typeset as mathematics.
A character is drawn in the first family of `eagle_nb.viz.paper_style.FONT_FAMILIES` that has it, else in any installed font that has it;
matplotlib draws emoji without colours. An SVG holds its text as text and relies on the fonts of its viewer; a PDF embeds its fonts.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from ..attribution.display import PlotKind
from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..inputs.files import replacing
from ..inputs.text import shortened
from .palette import RELIANCE_STOPS
from .paper_panels import color_bar_block, curves_block, filmstrip_block, map_block, map_key, picture_size
from .paper_pictures import pictures_block
from .paper_style import (
    LINE,
    MARGIN,
    SIZE,
    SMALL,
    Block,
    PaperFigure,
    Sheet,
    beside,
    make_sheet,
    paper_settings,
    stacked,
    text_width,
)
from .paper_text import Mark, sentence_block
from .sentences import reliance_end, score_color

WIDTHS = {1: 85.0, 2: 175.0}
"""Millimetres of one and of two columns."""

_FORMATS = (".pdf", ".svg", ".png", ".eps")
_PAGE = 225.0  # millimetres: the height that a grid keeps to if it can


_NOTE = (
    "Each map shows regions in their own colours where their evidence for the word is highest, and in dark grey where they have none. "
    "Outlined: the regions that are enough for the word or, if these are fewer, without which it is lost."
)


def explanation_plot(
    explanation: Explanation, kind: PlotKind = "map", columns: int = 1, path: str | os.PathLike[str] | None = None
) -> PaperFigure:
    """Plot an explanation for a paper.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    kind : {"map", "filmstrip", "curves", "summary"}
        "map": the image lit by the evidence; of several, a panel for each, in at most two rows. "filmstrip": what the model saw at some steps, with the probability. "curves": insertion and
        deletion. "summary": map and curves. All start with the headline and with the sentence, the explained words boxed; a long answer
        is cut around them.
    columns : {1, 2}
        Width: 85 or 175 mm.
    path : path, optional
        Also write a file there: ".pdf", ".svg", ".png" or ".eps".

    Returns
    -------
    matplotlib.figure.Figure
        The figure; ``figure.savefig`` writes it, with text as text.

    Raises
    ------
    ValueError
        If the kind, the number of columns or the suffix of the path is unknown.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> figure = explanation_plot(explanation, "curves")
    >>> round(float(25.4 * figure.get_figwidth()), 3)
    85.0
    """
    kinds = get_args(PlotKind)
    if kind not in kinds:
        raise ValueError(f"kind must be one of {', '.join(map(repr, kinds))}, got {kind!r}")
    width, target = _width(columns), _target(path)
    with paper_settings():
        head = _head(explanation, width)
        if kind == "map":
            parts = [_maps(explanation, width, min(width, 110.0)), map_key(explanation, width)]
        elif kind == "curves":
            parts = [curves_block(explanation, width, 52 if columns == 1 else 62)]
        elif kind == "filmstrip":
            parts = [filmstrip_block(explanation, width, 4 if columns == 1 else 7)]
        elif columns == 1:
            map_height = width
            parts = [
                _maps(explanation, width, map_height), map_key(explanation, width), curves_block(explanation, width, 48)
            ]  # fmt: skip
        else:
            half = (width - 5) / 2
            picture = stacked([_maps(explanation, half, 70.0), map_key(explanation, half)])
            parts = [beside([picture, curves_block(explanation, half, max(50.0, picture.height))])]
        figure = make_sheet(stacked([*head, *parts], 2.0))
    return _written(figure, target)


def words_plot(words: ExplanationSet, columns: int = 2, path: str | os.PathLike[str] | None = None) -> PaperFigure:
    """Plot the words of an answer for a paper: the sentence coloured by reliance, and one map per word.

    Parameters
    ----------
    words : ExplanationSet
        The explanations.
    columns : {1, 2}
        Width: 85 or 175 mm.
    path : path, optional
        Also write a file there: ".pdf", ".svg", ".png" or ".eps".

    Returns
    -------
    matplotlib.figure.Figure
        The figure. Over each map stands its word with its own reliance. Maps are as large as a page allows; beyond about 80 words in two
        columns the figure is higher than a page.

    Raises
    ------
    ValueError
        If the number of columns or the suffix of the path is unknown.
    """
    width, target = _width(columns), _target(path)
    with paper_settings():
        scores = np.array([explanation.target_reliance.score for explanation in words.values()])
        end = reliance_end(scores)
        marks = [Mark(w.start, w.end, score_color(float(s), end)) for w, s in zip(words.words, scores, strict=True)]
        sentence = sentence_block(words.response.text, marks, width, 12)
        stops = [tuple(value / 255 for value in rgb) for rgb in RELIANCE_STOPS]
        colors = LinearSegmentedColormap.from_list("reliance", stops)
        ticks = [(0.0, "0"), (0.5, f"{end / 2:.2f}"), (1.0, f"{end:.2f}")]
        scale = color_bar_block("reliance: from language (0) to vision", colors, ticks, min(width, 50.0))
        note = sentence_block(_NOTE, [], width if columns == 1 else width - 60, 4, SMALL)
        key = stacked([scale, note]) if columns == 1 else beside([scale, note], 10.0)
        fewest = 2 if columns == 1 else 3
        choices = range(max(fewest, min(len(words), fewest + 2)), 2 * fewest + 3)
        grid = _grid(words, width, _PAGE - sentence.height - key.height, choices)
        figure = make_sheet(stacked([sentence, key, grid], 2.5))
    return _written(figure, target)


def _grid(words: ExplanationSet, width: float, height: float, choices: Sequence[int]) -> Block:
    """Arrange one map per word in the fewest columns that fit the height."""
    gap, title = 2.0, 2 * LINE * SMALL / SIZE + 0.6
    for count in choices:
        each = (width - gap * (count - 1)) / count
        _, high = picture_size(words.image, each, 1.3 * each)
        rows = -(-len(words) // count)
        if rows * (title + high + gap) <= height:
            break
    blocks = [_titled(name, explanation, each) for name, explanation in words.items()]
    lines = [beside(blocks[k : k + count], gap) for k in range(0, len(blocks), count)]
    return stacked(lines, gap)._replace(width=width)


def _titled(name: str, explanation: Explanation, width: float) -> Block:
    """Put a word and its reliance over its map."""
    score = explanation.target_reliance.score
    number = f"reliance {score:.2f}" if np.isfinite(score) else "not measured"
    word = name
    while len(word) > 1 and text_width(word, SMALL) > width:
        word = shortened(name, len(word) - 1) if len(word) <= len(name) else word[:-1]
    title = sentence_block(word, [], width, 1, SMALL)
    picture = map_block(explanation, width, 1.3 * width, size=SIZE * min(1.0, width / 60))
    line = LINE * SMALL / SIZE

    def draw(sheet: Sheet, left: float, top: float) -> None:
        title.draw(sheet, left, top)
        sheet.write(left, top + line, number, SMALL)
        picture.draw(sheet, left, top + 2 * line + 0.6)

    return Block(width, 2 * line + 0.6 + picture.height, draw)


def _maps(explanation: Explanation, width: float, height: float) -> Block:
    """Return the map, or those of several pictures."""
    several = len(explanation.regions.layout) > 1
    return pictures_block(explanation, width, height) if several else map_block(explanation, width, height)


def _head(explanation: Explanation, width: float) -> list[Block]:
    """Return the headline and the sentence with the explained words boxed."""
    response = explanation.response
    marks: list[Mark] = []
    for k in explanation.tokens:
        start, end = response.spans[k]
        part = response.text[start:end]
        start, end = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        if marks and not response.text[marks[-1].end : start].strip():
            marks[-1] = Mark(marks[-1].start, max(marks[-1].end, end), boxed=True)
        elif start < end:
            marks.append(Mark(start, end, boxed=True))
    headline = sentence_block(explanation.headline.replace(" %", "\u00a0%"), [], width, 6)
    return [headline, sentence_block(response.text, marks, width, 4)]


def _width(columns: int) -> float:
    """Return the width inside the margins, in millimetres."""
    if columns not in WIDTHS or isinstance(columns, bool):
        raise ValueError(f"columns must be 1 (85 mm) or 2 (175 mm), got {columns!r}")
    return WIDTHS[columns] - 2 * MARGIN


def _target(path: str | os.PathLike[str] | None) -> Path | None:
    """Return the file to write."""
    if path is None:
        return None
    target = Path(path)
    if target.suffix.lower() not in _FORMATS:
        raise ValueError(f"path must end in {', '.join(_FORMATS)}, got {str(path)!r}")
    return target


def _written(figure: PaperFigure, target: Path | None) -> PaperFigure:
    """Write the file, if there is one, and return the figure."""
    if target is not None:
        with replacing(target) as temporary:
            buffer = io.BytesIO()  # EPS would record the name of the temporary file
            figure.savefig(buffer, format=target.suffix[1:].lower())
            temporary.write_bytes(buffer.getvalue())
    return figure
