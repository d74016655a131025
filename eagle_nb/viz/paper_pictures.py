"""Small multiples for papers: a panel per picture or frame, with its number or time and the evidence in it."""

from __future__ import annotations

import numpy as np

from ..attribution.explanation import Explanation
from ..attribution.places import picture_labels
from .contact import lit_part
from .outlined import outlined_mask
from .palette import OUTLINES
from .paper_panels import picture_pixels, picture_size, show_picture
from .paper_style import LINE, SIZE, SMALL, Block, Sheet, stacked
from .paper_text import sentence_block
from .pictures import mask_outlines

ROWS = 2
"""Maximum number of rows of panels."""

_NARROWEST = 19.0  # millimetres: width of a panel
_GAP = 1.5


def pictures_block(explanation: Explanation, width: float, height: float) -> Block:
    """Draw every picture lit by the evidence, in at most two rows; of more pictures those with the most evidence.

    Parameters
    ----------
    explanation : Explanation
        The explanation of several pictures.
    width, height : float
        The space in millimetres.

    Returns
    -------
    Block
        The panels in the order of the pictures and, if some are left out, a line that says so.
    """
    shown, columns = chosen_panels(explanation, int((width + _GAP) // (_NARROWEST + _GAP)))
    layout, labels, evidence = (
        explanation.regions.layout,
        picture_labels(explanation.response),
        explanation.picture_evidence,
    )
    rows = -(-len(shown) // columns)
    each = (width - _GAP * (columns - 1)) / columns
    images, title = explanation.response.images, LINE * SMALL / SIZE
    extents = {k: picture_size(images[k], each, height / rows - 2 * title - _GAP) for k in shown}
    line = 2 * title + 0.4 + max(extent[1] for extent in extents.values())
    maps, masks = layout.split(explanation.canvas_saliency("evidence")), layout.split(outlined_mask(explanation))

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for place, k in enumerate(shown):
            x, y = left + place % columns * (each + _GAP), top + place // columns * (line + _GAP)
            pixels = picture_pixels(images[k], extents[k])
            sheet.write(x, y, labels[k], SMALL, weight="bold")
            explained = np.isfinite(evidence[k])
            sheet.write(x, y + title, f"evidence {evidence[k]:.2f}" if explained else "not explained", SMALL)
            picture = lit_part(images[k], maps[k], pixels)
            axes = show_picture(sheet, picture, images[k], x, y + 2 * title + 0.4, extents[k])
            for outline in mask_outlines(masks[k], pixels):
                for color, thickness in (("black", 1.6), (OUTLINES["added"]["line"], 0.9)):
                    axes.plot(*outline.T, color=color, linewidth=thickness, solid_joinstyle="round", clip_on=False)

    panels = Block(width, rows * line + (rows - 1) * _GAP, draw)
    left_out = len(labels) - len(shown)
    if not left_out:
        return panels
    noun = "frames" if labels[0].endswith(" s") or labels[0].startswith("frame") else "pictures"
    note = f"Not drawn: {left_out} of {len(labels)} {noun}, those with the least evidence."
    return stacked([panels, sentence_block(note, [], width, 2, SMALL)], 1.0)


def chosen_panels(explanation: Explanation, widest: int) -> tuple[list[int], int]:
    """Return which pictures are drawn, and in how many columns.

    Parameters
    ----------
    explanation : Explanation
        The explanation of several pictures.
    widest : int
        Number of panels that fit beside each other.

    Returns
    -------
    list of int
        Pictures in their order: all, or those with the most evidence that fit in `ROWS` rows.
    int
        Number of columns.
    """
    evidence = explanation.picture_evidence
    most = ROWS * max(1, widest)
    strongest = np.argsort(-np.nan_to_num(evidence, nan=-1.0), kind="stable")[:most]
    count = len(strongest)
    columns = count if count <= min(widest, 4) else -(-count // ROWS)
    return sorted(int(k) for k in strongest), columns
