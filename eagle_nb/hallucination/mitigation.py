"""Mitigate hallucinations: remove the region, contrast the image with less of itself, or enlarge the region.

No mitigation uses the ground truth: each can be applied without knowing whether an answer is right. They can therefore be applied
to right answers, too, to count those that they break.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ..protocols import GeneratingScorer, Model, TokenizingModel
from ..scoring.case import prepare_case
from .correction import Correction
from .diagnosis import COMPACT_AREA

if TYPE_CHECKING:
    import pandas as pd

MITIGATIONS = ("remove the region", "contrast with blank", "contrast with the region", "enlarge the region")
"""Names of the mitigations."""

_MAX_SIDE = 0.8  # share of the image's side that an enlarged region may take


def mitigate(
    model: Model,
    correction: Correction,
    forward_passes: int | None = None,
    compact_area: float = COMPACT_AREA,
    alpha: float = 1.0,
    beta: float = 0.1,
    zoom: float = 2.0,
) -> pd.DataFrame:
    """Answer again with each mitigation.

    Parameters
    ----------
    model : Model
        Only a `TokenizingModel` whose scorer is a `GeneratingScorer` can contrast; for other models these two are skipped.
    correction : Correction
        The statement and its minimal correction region.
    forward_passes : int, optional
        Forward passes that finding the region took; by default those of the search and of the correction.
    compact_area : float
        Maximum share of the image that a region may cover to be removed.
    alpha, beta : float
        See `contrastive_answer`.
    zoom : float
        See `enlarge_region`.

    Returns
    -------
    pandas.DataFrame
        One row per mitigation: mitigation, answer, withdrawn (whether the answer withdraws the statement) and forward_passes
        (images that go through the model, the search included; the tokens that are generated for an image are not counted). A
        mitigation that needs a region leaves the answer unchanged if there is none.

    Raises
    ------
    ValueError
        If an option is out of range.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> case = eagle.hallucination.study(model, sample, regions=4, progress=False)
    >>> mitigate(model, case.correction)["mitigation"].tolist()
    ['remove the region', 'contrast with blank', 'contrast with the region', 'enlarge the region']
    """
    from ..inputs.frames import TextFrame

    statement, explanation = correction.statement, correction.explanation
    response, regions = statement.response, explanation.regions
    cost = explanation.forward_passes + correction.forward_passes if forward_passes is None else forward_passes
    length = len(response) + 8
    region = correction.region
    has_region = correction.corrected and correction.area < 1
    corrected = correction.answer if correction.area <= compact_area + 1e-9 else None
    rows = [(MITIGATIONS[0], response.text if corrected is None else corrected, cost)]
    scorer = prepare_case(model, response, regions, explanation.fill_picture).scorer()
    if isinstance(scorer, GeneratingScorer) and isinstance(model, TokenizingModel):
        blank = np.zeros(regions.n, dtype=bool)
        rows.append((MITIGATIONS[1], contrastive_answer(model, scorer, blank, alpha, beta, length), 2))
        answer = contrastive_answer(model, scorer, region, alpha, beta, length) if has_region else response.text
        rows.append((MITIGATIONS[2], answer, cost + 2))
    answer = response.text
    if has_region:
        picture = enlarge_region(response.image, regions.pixels(region), zoom)
        answer = model.generate(picture, response.prompt, max_new_tokens=length).text
    rows.append((MITIGATIONS[3], answer, cost + 1))
    return TextFrame(
        [(name, answer, statement.withdrawn(answer), passes) for name, answer, passes in rows],
        columns=["mitigation", "answer", "withdrawn", "forward_passes"],
    )


def compare_mitigations(
    model: Model,
    wrong: Sequence[Correction],
    right: Sequence[Correction] = (),
    compact_area: float = COMPACT_AREA,
    alpha: float = 1.0,
    beta: float = 0.1,
    zoom: float = 2.0,
) -> pd.DataFrame:
    """Compare the mitigations on wrong and on right statements.

    Parameters
    ----------
    model : Model
        The model.
    wrong, right : sequence of Correction
        Corrections of wrong statements, and of right ones, which no mitigation should change.
    compact_area, alpha, beta, zoom : float
        See `mitigate`.

    Returns
    -------
    pandas.DataFrame
        One row per mitigation: corrected (number of `wrong`), wrong, broken (number of `right`), right, and forward_passes (the
        mean per answer).

    Raises
    ------
    ValueError
        If both are empty, or an option is out of range.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> case = eagle.hallucination.study(model, sample, regions=4, progress=False)
    >>> table = compare_mitigations(model, wrong=[case.correction])
    >>> table.columns.tolist()
    ['mitigation', 'corrected', 'wrong', 'broken', 'right', 'forward_passes']
    """
    import pandas as pd

    if not wrong and not right:
        raise ValueError("there are no corrections to compare mitigations on")
    tables = [
        (correct, mitigate(model, correction, None, compact_area, alpha, beta, zoom).set_index("mitigation"))
        for correct, corrections in ((False, wrong), (True, right))
        for correction in corrections
    ]
    rows = []
    for name in MITIGATIONS:
        results = [(correct, table.loc[name]) for correct, table in tables if name in table.index]
        if not results:
            continue
        rows.append(
            {
                "mitigation": name,
                "corrected": sum(bool(row["withdrawn"]) for correct, row in results if not correct),
                "wrong": sum(not correct for correct, _ in results),
                "broken": sum(bool(row["withdrawn"]) for correct, row in results if correct),
                "right": sum(correct for correct, _ in results),
                "forward_passes": sum(int(row["forward_passes"]) for _, row in results) / len(results),
            }
        )
    return pd.DataFrame(rows)


def contrastive_answer(
    model: TokenizingModel,
    scorer: GeneratingScorer,
    contrast: np.ndarray,
    alpha: float = 1.0,
    beta: float = 0.1,
    max_new_tokens: int = 128,
) -> str:
    """Generate an answer by contrasting the full image with a part of it, token by token.

    Among the tokens whose probability on the full image is at least `beta` times the highest, visual contrastive decoding takes the one
    with the highest (1 + α) log p(full) - α log p(contrast). In the paper, the contrast is a noisy image. Here it is a coalition:
    the blank image, which subtracts the language prior, or only the region that carries the wrong word, which subtracts what this
    region says alone.

    Parameters
    ----------
    model : TokenizingModel
        With ``end_ids``, the token ids that end an answer.
    scorer : GeneratingScorer
        A scorer of the response that is generated again.
    contrast : ndarray of bool, (N,)
        The regions shown in the contrasting image.
    alpha : float
        Weight of the contrast, 0 or more; 0 is greedy decoding.
    beta : float
        Plausibility threshold, above 0 and at most 1.
    max_new_tokens : int
        Maximum number of generated tokens.

    Returns
    -------
    str
        The answer.

    Raises
    ------
    ValueError
        If `alpha` or `beta` is out of range.

    References
    ----------
    Leng et al. 2023, "Mitigating Object Hallucinations in Large Vision-Language Models through Visual Contrastive Decoding"
    (arXiv 2311.16922).

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> regions, black = eagle.Regions.grid(response.image, 4), Image.new("RGB", response.image.size)
    >>> scorer = model.scorer(response, regions, black)
    >>> contrastive_answer(model, scorer, np.zeros(4, dtype=bool), alpha=0) == response.text  # without contrast
    True
    """
    if not alpha >= 0:
        raise ValueError(f"alpha must be 0 or more, got {alpha!r}")
    if not 0 < beta <= 1:
        raise ValueError(f"beta must be above 0 and at most 1, got {beta!r}")
    end_ids = set(getattr(model, "end_ids", ()))
    pair = np.stack([np.ones(scorer.n_regions, dtype=bool), np.asarray(contrast, dtype=bool)])
    ids: list[int] = []
    while len(ids) < max_new_tokens:
        full, part = np.log(np.maximum(scorer.next_token(pair, ids).astype(np.float64), 1e-12))
        plausible = full >= np.log(beta) + full.max()
        token = int(np.argmax(np.where(plausible, (1 + alpha) * full - alpha * part, -np.inf)))
        if token in end_ids:
            break
        ids.append(token)
    return str(model.decode(ids)) if ids else ""


def enlarge_region(image: Image.Image, mask: np.ndarray, zoom: float = 2.0) -> Image.Image:
    """Stretch the rows and columns of a region, and narrow the others so that the image keeps its size.

    Nothing is cut off, and what is left of the region stays left of it.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    mask : ndarray of bool, (H, W)
        The region; its bounding box is stretched.
    zoom : float
        Factor by which width and height grow, 1 or more; the box takes at most 80 % of the image's width and height.

    Returns
    -------
    PIL.Image.Image
        RGB, of the size of the image.

    Raises
    ------
    ValueError
        If the mask is empty or has another size than the image, or `zoom` is below 1.

    Examples
    --------
    >>> bar = np.zeros((4, 8), bool)
    >>> bar[:, 2:4] = True
    >>> picture = Image.fromarray(np.where(bar, 255, 0).astype(np.uint8)).convert("RGB")
    >>> int((np.asarray(enlarge_region(picture, bar, 2.0))[0, :, 0] > 128).sum())
    4
    """
    from scipy.ndimage import map_coordinates

    mask = np.asarray(mask, dtype=bool)
    if mask.shape != (image.height, image.width):
        raise ValueError(
            f"the mask has shape {mask.shape}, the image ({image.height}, {image.width}); sizes must agree"
        )
    if not mask.any():
        raise ValueError("the mask is empty, so there is nothing to enlarge")
    if not zoom >= 1:
        raise ValueError(f"zoom must be 1 or more, got {zoom!r}")
    rows, columns = _stretched(np.asarray(mask.any(1)), zoom), _stretched(np.asarray(mask.any(0)), zoom)
    grid = np.meshgrid(rows, columns, indexing="ij")
    pixels = np.asarray(image, dtype=np.float64)
    channels = [map_coordinates(pixels[..., c], grid, order=1, mode="nearest") for c in range(3)]
    return Image.fromarray(np.stack(channels, -1).round().astype(np.uint8))


def _stretched(inside: np.ndarray, zoom: float) -> np.ndarray:
    """Return, for every output pixel along one side, the input coordinate that it shows."""
    length = len(inside)
    start, end = np.flatnonzero(inside)[[0, -1]] + (0, 1)
    width = end - start
    stretched = max(width, min(zoom * width, _MAX_SIDE * length))
    scale = (length - stretched) / (length - width) if width < length else 0.0
    output = [0.0, start * scale, start * scale + stretched, float(length)]
    return np.asarray(np.interp(np.arange(length) + 0.5, output, [0.0, start, end, length]) - 0.5)
