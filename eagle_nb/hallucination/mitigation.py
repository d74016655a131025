"""Three ways to get another answer: remove the region, contrast the image with less of itself, enlarge the region.

None of them looks at the truth: each is what one could do without knowing whether an answer is right. So the same
remedies can be tried on right answers, and those they break be counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from .correction import Correction
from .diagnosis import COMPACT

if TYPE_CHECKING:
    import pandas as pd

REMEDIES = ("remove the region", "contrast with blank", "contrast with the region", "enlarge the region")

_MOST = 0.8  # share of a side that an enlarged region may take


def remedies(
    model: Any,
    correction: Correction,
    search_passes: int | None = None,
    compact: float = COMPACT,
    alpha: float = 1.0,
    beta: float = 0.1,
    zoom: float = 2.0,
) -> pd.DataFrame:
    """The answers that the remedies give, side by side.

    Parameters
    ----------
    model : Model
        The two contrasts need a scorer with ``next_token``; without it they are left out.
    correction : Correction
    search_passes : int, optional
        What finding the region took; by default the passes of the search and of the correction.
    compact : float
        Regions larger than this share of the image are not removed.
    alpha, beta : float
        See `contrastive_answer`.
    zoom : float
        See `enlarged`.

    Returns
    -------
    pandas.DataFrame
        One row per remedy: remedy, answer, turned (whether it no longer makes the claim), passes (images that go through
        the model, all of the search included; tokens written about an image are not counted again). A remedy that
        needs a region where none was found leaves the answer as it is.
    """
    import pandas as pd

    claim, explanation = correction.claim, correction.explanation
    response, regions, fill = claim.response, explanation.regions, explanation.fill_picture
    found = explanation.forward_passes + correction.passes if search_passes is None else search_passes
    length = len(response) + 8
    region = correction.region
    usable = correction.corrected and correction.area < 1
    rows: list[tuple[str, str, int]] = []
    small = correction.answer is not None and correction.area <= compact + 1e-9
    rows.append((REMEDIES[0], correction.answer if small and correction.answer is not None else response.text, found))
    scorer = model.scorer(response, regions, fill)
    if hasattr(scorer, "next_token"):
        blank = np.zeros(regions.n, dtype=bool)
        rows.append((REMEDIES[1], contrastive_answer(model, scorer, blank, alpha, beta, length), 2))
        text = contrastive_answer(model, scorer, region, alpha, beta, length) if usable else response.text
        rows.append((REMEDIES[2], text, found + 2))
    text = response.text
    if usable:
        picture = enlarged(response.image, regions.pixels(region), zoom)
        text = model.generate(picture, response.prompt, max_new_tokens=length).text
    rows.append((REMEDIES[3], text, found + 1))
    return pd.DataFrame(
        [(name, answer, claim.withdrawn(answer), passes) for name, answer, passes in rows],
        columns=["remedy", "answer", "turned", "passes"],
    )


def compare_remedies(
    model: Any, wrong: Sequence[Correction], right: Sequence[Correction] = (), **options: Any
) -> pd.DataFrame:
    """The remedies on wrong and on right claims.

    Parameters
    ----------
    model : Model
    wrong, right : sequence of Correction
        Corrections of wrong claims, and of right ones, which no remedy should turn.
    **options
        Of `remedies`: compact, alpha, beta, zoom.

    Returns
    -------
    pandas.DataFrame
        One row per remedy: corrected (of `wrong`), wrong, broken (of `right`), right, and passes, the mean per answer.

    Raises
    ------
    ValueError
        If both are empty.
    """
    import pandas as pd

    if not wrong and not right:
        raise ValueError("there are no corrections to compare remedies on")
    tables = [(kind, remedies(model, c, **options)) for kind, some in (("w", wrong), ("r", right)) for c in some]
    rows = []
    for remedy in REMEDIES:
        own = [(kind, t[t["remedy"] == remedy].iloc[0]) for kind, t in tables if (t["remedy"] == remedy).any()]
        if not own:
            continue
        rows.append(
            {
                "remedy": remedy,
                "corrected": sum(bool(row["turned"]) for kind, row in own if kind == "w"),
                "wrong": sum(kind == "w" for kind, _ in own),
                "broken": sum(bool(row["turned"]) for kind, row in own if kind == "r"),
                "right": sum(kind == "r" for kind, _ in own),
                "passes": sum(int(row["passes"]) for _, row in own) / len(own),
            }
        )
    return pd.DataFrame(rows)


def contrastive_answer(
    model: Any, scorer: Any, less: np.ndarray, alpha: float = 1.0, beta: float = 0.1, max_new_tokens: int = 128
) -> str:
    """Answer with what the whole image says beyond less of itself, token by token.

    Visual contrastive decoding (Leng et al. 2023, arXiv 2311.16922): of the tokens that have at least `beta` times the
    highest probability on the whole image, the one with the highest (1 + α) log p(full) - α log p(less) is written. There
    `less` is a noisy image; here it is a coalition: none shown, so that the language prior is subtracted, or only
    the region that carries the wrong word, so that what this region says alone is subtracted.

    Parameters
    ----------
    model : HuggingFaceModel
    scorer : HuggingFaceScorer
        Of the response to be written anew.
    less : ndarray of bool, (N,)
        The regions shown in the contrasting image.
    alpha : float
        Weight of the contrast, 0 or more; 0 is greedy decoding.
    beta : float
        Above 0, at most 1.
    max_new_tokens : int

    Raises
    ------
    ValueError
        If `alpha` or `beta` is out of range.
    """
    if not alpha >= 0:
        raise ValueError(f"alpha must be 0 or more, got {alpha!r}")
    if not 0 < beta <= 1:
        raise ValueError(f"beta must be above 0 and at most 1, got {beta!r}")
    pair = np.stack([np.ones(scorer.n_regions, dtype=bool), np.asarray(less, dtype=bool)])
    ids: list[int] = []
    while len(ids) < max_new_tokens:
        full, other = np.log(np.maximum(scorer.next_token(pair, ids).astype(np.float64), 1e-12))
        plausible = full >= np.log(beta) + full.max()
        token = int(np.argmax(np.where(plausible, (1 + alpha) * full - alpha * other, -np.inf)))
        if token in model.end_ids:
            break
        ids.append(token)
    return str(model.decode(ids)) if ids else ""


def enlarged(image: Image.Image, mask: np.ndarray, zoom: float = 2.0) -> Image.Image:
    """The whole image with the rows and columns of a region stretched, and the others narrowed to make room.

    Nothing is cut off: what is left of the region stays left of it.

    Parameters
    ----------
    image : PIL.Image.Image
    mask : ndarray of bool, (H, W)
        The region; its bounding box is stretched.
    zoom : float
        How many times wider and higher, 1 or more; at most to 80 % of the image's side.

    Raises
    ------
    ValueError
        If the mask is empty or of another size than the image, or `zoom` is below 1.

    Examples
    --------
    >>> bar = np.zeros((4, 8), bool)
    >>> bar[:, 2:4] = True
    >>> picture = Image.fromarray(np.where(bar, 255, 0).astype(np.uint8)).convert("RGB")
    >>> (np.asarray(enlarged(picture, bar, 2.0))[0, :, 0] > 128).sum()
    np.int64(4)
    """
    from scipy.ndimage import map_coordinates

    mask = np.asarray(mask, dtype=bool)
    if mask.shape != (image.height, image.width):
        raise ValueError(f"the mask has shape {mask.shape}, the image ({image.height}, {image.width})")
    if not mask.any():
        raise ValueError("the mask is empty; there is nothing to enlarge")
    if not zoom >= 1:
        raise ValueError(f"zoom must be 1 or more, got {zoom!r}")
    rows, columns = _stretched(np.asarray(mask.any(1)), zoom), _stretched(np.asarray(mask.any(0)), zoom)
    grid = np.meshgrid(rows, columns, indexing="ij")
    pixels = np.asarray(image, dtype=np.float64)
    channels = [map_coordinates(pixels[..., c], grid, order=1, mode="nearest") for c in range(3)]
    return Image.fromarray(np.stack(channels, -1).round().astype(np.uint8))


def _stretched(inside: np.ndarray, zoom: float) -> np.ndarray:
    """For every output pixel along one side, the input coordinate it is taken from."""
    length = len(inside)
    start, end = np.flatnonzero(inside)[[0, -1]] + (0, 1)
    width = end - start
    wide = max(width, min(zoom * width, _MOST * length))
    rest = (length - wide) / (length - width) if width < length else 0.0
    output = [0.0, start * rest, start * rest + wide, float(length)]
    return np.asarray(np.interp(np.arange(length) + 0.5, output, [0.0, start, end, length]) - 0.5)
