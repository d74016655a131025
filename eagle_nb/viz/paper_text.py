"""Sentences of papers: an answer in lines, with words boxed or coloured, cut around what matters.

Lines break where Unicode allows it, in every script. Letters are shaped by matplotlib; the order of right-to-left and left-to-right words
within a line follows the answer's first strong letter and is decided word by word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import regex
from icu4py.breakers import LineBreaker
from matplotlib.patches import FancyBboxPatch

from ..inputs.text import printable
from .palette import ink_color
from .paper_style import INK, LINE, SIZE, Block, Sheet, drawable, text_width

Color = tuple[int, int, int]

_SURROGATE = regex.compile("[\ud800-\udfff]")
_PAD = 0.5  # millimetres around a marked word


class Mark(NamedTuple):
    """A part of a sentence that stands out.

    Attributes
    ----------
    start, end : int
        Characters of the text.
    fill : (int, int, int) or None
        Colour behind it.
    boxed : bool
        Whether it has a frame.
    """

    start: int
    end: int
    fill: Color | None = None
    boxed: bool = False


class Piece(NamedTuple):
    """A part of a line that has one mark, or none.

    Attributes
    ----------
    text : str
        What is drawn.
    mark : int or None
        Index of its mark.
    space : bool
        Whether a space follows.
    """

    text: str
    mark: int | None
    space: bool


Atom = list[Piece]  # what no line break divides


def sentence_block(
    text: str, marks: Sequence[Mark], width: float, lines: int = 4, size: float = SIZE, weight: str = "normal"
) -> Block:
    """Lay out a sentence.

    Parameters
    ----------
    text : str
        The sentence.
    marks : sequence of Mark
        Parts that stand out, ascending and disjoint.
    width : float
        In millimetres.
    lines : int
        Maximum number of lines; a longer text is cut around its first mark, with ellipses.
    size : float
        Of the text, in points.
    weight : str
        "normal" or "bold".

    Returns
    -------
    Block
        The sentence.
    """
    atoms = [part for atom in _atoms(text, marks) for part in _narrow(atom, width, size, weight)]
    shown = _cut(atoms, width, lines, size, weight)
    broken = _break(shown, width, size, weight)
    right_to_left = _direction(text) == "R"
    step = LINE * size / SIZE + (0.7 if marks else 0.0)

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for k, line in enumerate(broken):
            _draw_line(
                sheet, _visual(line, right_to_left), marks, left, top + k * step, width, right_to_left, size, weight
            )

    return Block(width, step * len(broken), draw)


def _atoms(text: str, marks: Sequence[Mark]) -> list[Atom]:
    """Divide a text where lines may break and where marks start and end."""
    text = _SURROGATE.sub("\ufffd", text)
    owner: list[int | None] = [None] * len(text)
    for k, mark in enumerate(marks):
        for at in range(mark.start, mark.end):
            owner[at] = k
    atoms, start = [], 0
    for segment in LineBreaker(text, "en"):
        end = start + len(segment)
        atom: Atom = []
        for mark, group in groupby(range(start, end), key=lambda at: owner[at]):
            part = "".join(text[at] for at in group)
            shown = part.rstrip("\r\n") + ("↵ " if part.endswith(("\n", "\r")) else "")
            visible = drawable(printable(shown.replace("\t", " ")))
            if atom and visible[:1] in ("", " "):
                atom[-1] = atom[-1]._replace(space=True)
            if not visible.strip() and atom:
                continue
            atom.append(Piece(visible.strip(), mark, visible.endswith(" ")))
        atoms.append([piece for piece in atom if piece.text or piece.space])
        start = end
    return [atom for atom in atoms if atom]


def _narrow(atom: Atom, width: float, size: float, weight: str) -> list[Atom]:
    """Divide an atom that is wider than a line between its characters."""
    if _width(atom, size, weight) <= width:
        return [atom]
    parts: list[Atom] = []
    for piece in atom:
        row = ""
        for character in regex.findall(r"\X", piece.text):
            if row and text_width(row + character, size, weight) > width - 4 * _PAD:
                parts.append([Piece(row, piece.mark, False)])
                row = ""
            row += character
        parts.append([Piece(row, piece.mark, piece.space)])
    return parts


def _cut(atoms: list[Atom], width: float, lines: int, size: float, weight: str) -> list[Atom]:
    """Return as many atoms around the first mark as the lines hold, with ellipses where some are left out."""
    if len(_break(atoms, width, size, weight)) <= lines:
        return atoms
    marked = [k for k, atom in enumerate(atoms) if any(piece.mark is not None for piece in atom)]
    start = end = marked[0] if marked else 0

    def shown(first: int, last: int) -> list[Atom]:
        dots = [Piece("…", None, True)]
        return [*([dots] if first else []), *atoms[first:last], *([dots] if last < len(atoms) else [])]

    growing = [True, True]
    while any(growing):
        for side in (1, 0):
            first, last = (start, end + 1) if side else (start - 1, end)
            growing[side] &= (
                first >= 0 and last <= len(atoms) and len(_break(shown(first, last), width, size, weight)) <= lines
            )
            if growing[side]:
                start, end = first, last
    return shown(start, end)


def _break(atoms: list[Atom], width: float, size: float, weight: str) -> list[list[Piece]]:
    """Fill lines with atoms."""
    lines: list[list[Piece]] = []
    used = 0.0
    for atom in atoms:
        needed = _width(atom, size, weight)
        if not lines or used + needed > width:
            lines.append([])
            used = 0.0
        lines[-1] += atom
        used += needed + (_space(size) if atom[-1].space else 0.0)
    return lines


def _width(atom: Atom, size: float, weight: str) -> float:
    """Return the width of an atom without the space after it."""
    spaces = sum(piece.space for piece in atom[:-1])
    marked = sum(piece.mark is not None for piece in atom)
    return sum(text_width(p.text, size, weight) for p in atom) + spaces * _space(size) + 2 * _PAD * marked


def _space(size: float) -> float:
    """Return the width of a space."""
    return text_width("a a", size) - text_width("aa", size)


def _visual(line: list[Piece], right_to_left: bool) -> list[Piece]:
    """Join pieces of one mark and direction, and put them in the order in which they are drawn from left to right."""
    base = "R" if right_to_left else "L"
    directions = [_direction(piece.text) for piece in line]
    for k, direction in enumerate(directions):
        if direction is None:
            following = next((d for d in directions[k + 1 :] if d), base)
            before = directions[k - 1] if k else base
            directions[k] = before if before == following else base
    runs: list[tuple[str | None, list[Piece]]] = []
    for piece, direction in zip(line, directions, strict=True):
        if not runs or runs[-1][0] != direction:
            runs.append((direction, []))
        pieces = runs[-1][1]
        if pieces and pieces[-1].mark == piece.mark:
            gap = " " if pieces[-1].space else ""
            pieces[-1] = Piece(pieces[-1].text + gap + piece.text, piece.mark, piece.space)
        else:
            pieces.append(piece)
    drawn: list[Piece] = []
    for direction, pieces in reversed(runs) if right_to_left else runs:
        drawn += pieces if direction == "L" else _mirrored(pieces)
    return drawn


def _mirrored(pieces: list[Piece]) -> list[Piece]:
    """Return pieces from right to left: the space after a piece stands on its left, after its neighbour."""
    spaces = [piece.space for piece in pieces]
    shifted = [*spaces[:-1][::-1], spaces[-1]]
    return [piece._replace(space=space) for piece, space in zip(reversed(pieces), shifted, strict=True)]


def _draw_line(
    sheet: Sheet, line: list[Piece], marks: Sequence[Mark], left: float, top: float, width: float, right_to_left: bool,
    size: float, weight: str,
) -> None:  # fmt: skip
    """Draw the pieces of a line."""
    total = _width(line, size, weight)
    x = left + (width - total if right_to_left else 0.0)
    height = LINE * size / SIZE
    for piece in line:
        extent, color = text_width(piece.text, size, weight), INK
        if piece.mark is not None:
            mark = marks[piece.mark]
            fill = "none" if mark.fill is None else tuple(value / 255 for value in mark.fill)
            color = INK if mark.fill is None else ink_color(mark.fill)
            box = FancyBboxPatch(
                (x + 0.1, top + 0.05), extent + 2 * _PAD - 0.2, height - 0.15, boxstyle="round,pad=0,rounding_size=0.6",
                facecolor=fill, edgecolor=INK if mark.boxed else "none", linewidth=0.9, transform=sheet.transform,
            )  # fmt: skip
            sheet.figure.add_artist(box)
            x += _PAD
        sheet.write(x, top, piece.text, size, weight=weight, color=color)
        x += extent + (_PAD if piece.mark is not None else 0.0) + (_space(size) if piece.space else 0.0)


def _direction(text: str) -> str | None:
    """Return "L" or "R", the direction of the first strong letter, or None."""
    strong = next((d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), None)
    return None if strong is None else "L" if strong == "L" else "R"
