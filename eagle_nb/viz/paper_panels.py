"""Panels of figures for papers: maps, colour bars, curves and filmstrips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from PIL import Image

from ..attribution.explanation import Explanation
from ..attribution.places import explained_subject
from .contact import lit_sheet
from .outlined import outlined_mask, outlined_meaning, outlined_step
from .palette import DELETION, INSERTION, NEUTRAL, OUTLINES
from .paper_style import INK, LINE, MM, SIZE, SMALL, Block, Sheet, text_width
from .pictures import at_size, map_greys, mask_outlines

_DPI = 300  # of pictures
_BAR = 2.2  # millimetres: height of a colour bar


def picture_size(image: Image.Image, width: float, height: float) -> tuple[float, float]:
    """Return the size of a picture in a space.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture.
    width, height : float
        The space.

    Returns
    -------
    (float, float)
        Width and height with the ratio of the picture.
    """
    factor = min(width / image.width, height / image.height)
    return image.width * factor, image.height * factor


def map_block(explanation: Explanation, width: float, height: float, outline: bool = True, size: float = SIZE) -> Block:
    """Draw the image lit by the evidence, with the regions of the headline outlined.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    width, height : float
        The space in millimetres; the picture is on the left.
    outline : bool
        Whether the regions of the headline are outlined.
    size : float
        Scales the outline.

    Returns
    -------
    Block
        The map.
    """
    image = explanation.response.canvas
    extent = picture_size(image, width, height)
    pixels = picture_pixels(image, extent)
    lit = lit_sheet(explanation, max(pixels))

    def draw(sheet: Sheet, left: float, top: float) -> None:
        axes = show_picture(sheet, lit, image, left, top, extent)
        if outline:
            for line in mask_outlines(outlined_mask(explanation), pixels):
                for color, thickness in (("black", 2.0), (OUTLINES["added"]["line"], 1.1)):
                    axes.plot(
                        *line.T, color=color, linewidth=thickness * size / SIZE, solid_joinstyle="round", clip_on=False
                    )

    return Block(width, extent[1], draw)


def map_key(explanation: Explanation, width: float) -> Block:
    """Draw the colour bar of a map and the meaning of its outline.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    width : float
        In millimetres.

    Returns
    -------
    Block
        The key.
    """
    end, bar = explanation.evidence_scale, min(width, 40.0)
    shares, levels = (np.array(column) for column in zip(*map_greys(), strict=True))
    greys = ListedColormap([(g / 255,) * 3 for g in np.interp(np.linspace(0, 1, 64), shares, levels)])
    ticks = [(0.0, "0"), (0.5, f"{end / 2:.2f}"), (1.0, f"{end:.2f}")]
    label = color_bar_block("evidence: change of probability", greys, ticks, bar)
    words = outlined_meaning(explanation)
    inline = bool(words) and bar + 8 + text_width(words, SMALL) <= width

    def draw(sheet: Sheet, left: float, top: float) -> None:
        label.draw(sheet, left, top)
        if words:
            x, y = (left + bar + 4, top - 0.4) if inline else (left, top + label.height + 0.6)
            for color, thickness in (("black", 2.0), (OUTLINES["added"]["line"], 1.1)):
                line = Line2D(
                    [x, x + 3], [y + 1.8, y + 1.8], color=color, linewidth=thickness, transform=sheet.transform
                )
                sheet.figure.add_artist(line)
            sheet.write(x + 4, y, words, SMALL)

    return Block(width, label.height + (0.6 + LINE if words and not inline else 0.0), draw)


def color_bar_block(label: str, colors: Any, ticks: Sequence[tuple[float, str]], width: float) -> Block:
    """Draw a colour bar with its label.

    Parameters
    ----------
    label : str
        What the colours mean, in words.
    colors : matplotlib.colors.Colormap
        The colours.
    ticks : sequence of (float, str)
        Positions, 0 … 1, and their numbers.
    width : float
        In millimetres.

    Returns
    -------
    Block
        The bar.
    """

    def draw(sheet: Sheet, left: float, top: float) -> None:
        axes = sheet.axes(left, top, width, _BAR)
        axes.imshow(np.linspace(0, 1, 256)[None], cmap=colors, aspect="auto", extent=(0, 1, 0, 1), interpolation="none")
        for spine in axes.spines.values():
            spine.set_visible(True)
        axes.set_yticks([])
        axes.set_xticks([])
        for place, text in ticks:
            align = "left" if place == 0 else "right" if place == 1 else "center"
            sheet.write(left + place * width, top + _BAR + 0.4, text, SMALL, ha=align)
        sheet.write(left, top + _BAR + 0.4 + 0.85 * LINE, label, SMALL)

    return Block(width, _BAR + 0.4 + 1.8 * LINE * SMALL / SIZE, draw)


def curves_block(explanation: Explanation, width: float, height: float) -> Block:
    """Draw the insertion and deletion curves of the target, with their areas.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    width, height : float
        In millimetres.

    Returns
    -------
    Block
        The curves and, above them, their legend.
    """
    series: list[tuple[str, np.ndarray, str, Any, float]] = [
        ("insertion", explanation.target_insertion, INSERTION, "solid", explanation.insertion_auc),
        ("deletion", explanation.target_deletion, DELETION, (0, (4, 1.5)), explanation.deletion_auc),
    ]
    subject = explained_subject(explanation.response, explanation.regions).name
    names = [f"{name}, AUC {area:.3f}" for name, *_, area in series]
    one_row = sum(map(text_width, names)) + 2 * 7 + 6 < width - 14
    legend = LINE * (1 if one_row else 2) + 1

    def draw(sheet: Sheet, left: float, top: float) -> None:
        axes = sheet.axes(left + 11, top + legend, width - 16, height - legend - 9.5)
        x, y = left + 11, top
        for (_, curve, color, dashes, _), name in zip(series, names, strict=True):
            axes.plot(explanation.area, curve, color=color, linestyle=dashes, clip_on=False)
            line = Line2D(
                [x, x + 6], [y + 2, y + 2], color=color, linestyle=dashes, transform=sheet.transform, linewidth=1.5
            )
            sheet.figure.add_artist(line)
            sheet.write(x + 7.5, y, name)
            x, y = (x + 13 + text_width(name), y) if one_row else (x, y + LINE)
        k = outlined_step(explanation)
        for curve, color in ((explanation.target_insertion, INSERTION), (explanation.target_deletion, DELETION)):
            if k:
                axes.plot(explanation.area[k], curve[k], "o", markersize=3.5, color=color, clip_on=False)
                axes.axvline(explanation.area[k], color=NEUTRAL["line"], linewidth=0.6, zorder=0)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
        axes.set_xlabel(f"share of {subject} shown or hidden", labelpad=2)
        axes.set_ylabel("probability", labelpad=1)

    return Block(width, height, draw)


def filmstrip_block(explanation: Explanation, width: float, panels: int) -> Block:
    """Draw what the model saw at some steps of insertion and of deletion, with the probability of the target.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    width : float
        In millimetres.
    panels : int
        Number of steps.

    Returns
    -------
    Block
        Two rows of pictures.
    """
    steps = _steps(explanation, panels)
    image, side, gap = explanation.response.canvas, 5.0, 1.5
    each = (width - side - gap * (len(steps) - 1)) / len(steps)
    extent = picture_size(image, each, 1.3 * each)
    pixels = picture_pixels(image, extent)
    own, hidden = (
        np.asarray(picture.convert("RGB").resize(pixels, Image.Resampling.LANCZOS))
        for picture in (image, explanation.fill_picture)
    )
    labels = at_size(explanation.regions.labels, pixels)
    row = LINE + extent[1] + LINE + 1

    def draw(sheet: Sheet, left: float, top: float) -> None:
        rows = (
            ("insertion", explanation.target_insertion, INSERTION),
            ("deletion", explanation.target_deletion, DELETION),
        )
        for name, curve, color in rows:
            sheet.write(
                left + 2.8, top + LINE + extent[1] / 2 - 2.8, name, rotation=90, ha="center", va="center", color=color, weight="bold",
                rotation_mode="anchor",
            )  # fmt: skip
            for place, k in enumerate(steps):
                x = left + side + place * (each + gap)
                first = np.isin(labels, explanation.order[:k])
                shown = first | (labels < 0) if name == "insertion" else ~first  # pixels of no region are never hidden
                seen = Image.fromarray(np.where(shown[..., None], own, hidden))
                show_picture(sheet, seen, image, x + (each - extent[0]) / 2, top + LINE, extent)
                if name == "insertion":
                    sheet.write(x + each / 2, top, f"{k}", SMALL, ha="center")
                bold = "bold" if k and k == outlined_step(explanation) else "normal"
                sheet.write(
                    x + each / 2, top + LINE + extent[1] + 0.4, f"{curve[k]:.2f}", SMALL, ha="center", weight=bold
                )
            if name == "insertion":
                sheet.write(left, top, "step", SMALL)
            top += row - (0 if name == "deletion" else LINE - 1)
        sheet.write(left + side, top, "bold: the regions that the map outlines", SMALL)

    return Block(width, 2 * row + 1 + LINE - LINE + 1 + 0.5, draw)


def _steps(explanation: Explanation, panels: int) -> list[int]:
    """Return the steps that are shown: none, all, those of the headline, and others denser at the start."""
    n = explanation.regions.n
    steps = {0, outlined_step(explanation), explanation.sufficient_step, n}
    for step in [*np.rint(np.geomspace(1, n, panels)).astype(int).tolist(), *range(1, n)]:
        if len(steps) < panels:
            steps.add(int(step))
    return sorted(steps)


def picture_pixels(image: Image.Image, extent: tuple[float, float]) -> tuple[int, int]:
    """Return the pixels of a picture at its size in print; never more than it has.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture.
    extent : (float, float)
        Width and height in millimetres.

    Returns
    -------
    (int, int)
        Width and height in pixels.
    """
    factor = min(1.0, extent[0] / MM * _DPI / image.width)
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def show_picture(
    sheet: Sheet, picture: Image.Image, image: Image.Image, left: float, top: float, extent: tuple[float, float]
) -> Axes:
    """Show a picture in axes whose units are the pixels of the image.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    picture : PIL.Image.Image
        What is drawn.
    image : PIL.Image.Image
        The image, whose pixels are the units.
    left, top : float
        Upper left corner, in millimetres.
    extent : (float, float)
        Width and height in millimetres.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.
    """
    axes = sheet.axes(left, top, *extent)
    axes.imshow(np.asarray(picture), extent=(0, image.width, image.height, 0), interpolation="none", aspect="auto")
    axes.set(xlim=(0, image.width), ylim=(image.height, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, linewidth=0.4, color=INK)
    return axes
