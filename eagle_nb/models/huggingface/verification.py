"""Verify on the user's own machine that a checkpoint is scored right, in at most six forward passes.

`verify` runs when `eagle_nb.models.huggingface.model.HuggingFaceModel.scorer` makes the first scorer of a model, and again only where the
masking mode, the layout of the image inputs, the precision or the use of batches differ. Four checks:

batch
    Two coalitions score the same alone and in a batch of three. Otherwise coalitions are scored one at a time.
masking
    A masked image that is made on the device scores the same as the one that the processor prepares. Otherwise the processor prepares
    every masked image.
argmax
    The most probable token at each position of the full image is the generated one. Checked for answers of this model only.
image
    Some target's probability differs between the full image and the blank one.

Bounds are relative to the signal: a difference of scores may be at most `BATCH_BOUND` or `MASKING_BOUND` of the spread, plus the rounding
noise of the precision (`NOISE`). The spread is the largest difference of a target's probability between the full image and the blank one.
A failed check is a `ScoringWarning`, once per model. Where the answer hardly depends on the image, the first two checks have nothing to
measure; then the next answers are tried, too, at most `TRIES` in all.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch

from ...errors import ScoringWarning
from ...inputs.response import Response
from ..checks import Check, Verification
from .architectures import quantizes_images
from .batching import ran_out_of_memory
from .masking import MaskedImages
from .scorer import HuggingFaceScorer

BATCH_BOUND = 0.02
"""Maximum difference between a coalition's scores alone and in a batch, as a share of the spread."""

MASKING_BOUND = 0.05
"""Maximum difference between the scores of an image masked on the device and one prepared by the processor, as a share of the spread."""

NOISE = {torch.float32: 2e-5, torch.float64: 2e-5, torch.float16: 5e-3, torch.bfloat16: 2e-2}
"""Differences of probabilities that rounding explains, by precision."""

IMAGE_BOUND = 1e-4
"""Minimum difference of a target's log-probability between the full and the blank image, so that the image matters."""

QUANTIZED = (
    "this network turns images into entries of a codebook, where one grey level may change a token, and its processor resamples. "
    "The processor prepares every masked image, which is slower"
)

TRIES = 3
"""Number of answers that are tried until one depends on the image."""


@dataclass
class _Entry:
    """What was verified about one model under one setting."""

    verification: Verification
    tries: int = 0
    settled: bool = False
    compared: bool = False
    """Whether a generated answer was compared with the arg-max."""
    warned: set[str] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class _Scores:
    """What verification compares of one coalition, each (T,)."""

    targets: np.ndarray
    log_targets: np.ndarray
    best: np.ndarray
    best_ids: np.ndarray


_VERIFIED: WeakKeyDictionary[Any, dict[tuple[Any, ...], _Entry]] = WeakKeyDictionary()


def verify(scorer: HuggingFaceScorer, response: Response) -> Verification | None:
    """Verify that a scorer scores right, once per model, and let the scorer fall back where it does not.

    Parameters
    ----------
    scorer : HuggingFaceScorer
        A new scorer. Its batch size becomes 1, or its masking literal, if a check fails.
    response : Response
        The answer that it scores.

    Returns
    -------
    Verification or None
        What was verified about the model; None if this scorer has nothing to verify: a single region, or a fill equal to the image.
    """
    full, blank = scorer.images.image, scorer.images.fill
    if scorer.n_regions < 2 or np.array_equal(full, blank):
        return None
    settings = _VERIFIED.setdefault(scorer.model, {})
    key = _key(scorer)
    entry = settings.get(key)
    own = response.probabilities is not None and response.model == scorer.model.name
    if entry is None or not entry.settled:
        warned, tries = (entry.warned, entry.tries) if entry else (set(), 0)
        verification = measure(scorer, response if own else None, _settled_masking(settings, key))
        settled = verification.spread > _noise(scorer) or tries + 1 >= TRIES
        entry = settings[key] = _Entry(verification, tries + 1, settled, own, warned)
    elif own and not entry.compared:
        (whole,) = _score(scorer, np.ones((1, scorer.n_regions), dtype=bool))
        check = _argmax_check(scorer, response, whole)
        checks = tuple(check if old.name == check.name else old for old in entry.verification.checks)
        entry.verification = replace(entry.verification, checks=checks, passes=entry.verification.passes + 1)
        entry.compared = True
    verification = entry.verification
    if not verification.batched:
        scorer.score_one_by_one()
    if not verification.fast:
        scorer.mask_literally()
    for check in verification.checks:
        if check.passed is False and check.name not in entry.warned:
            entry.warned.add(check.name)
            warnings.warn(f"{scorer.model.name or 'this model'}: {check.detail}", ScoringWarning, stacklevel=3)
    return verification


def measure(scorer: HuggingFaceScorer, response: Response | None = None, masking: Check | None = None) -> Verification:
    """Measure the four checks of a scorer, without warnings and without changing the scorer.

    Parameters
    ----------
    scorer : HuggingFaceScorer
        A scorer of at least two regions.
    response : Response, optional
        The answer, if it is the model's own: it is compared with the arg-max.
    masking : Check, optional
        The check of masking, where it was made before.

    Returns
    -------
    Verification
        The checks, and the forward passes spent: at most six.
    """
    blank, full = (np.full((1, scorer.n_regions), value) for value in (False, True))
    part, literal = _probe(scorer)
    (whole,), (some,) = _score(scorer, full), _score(scorer, part)
    passes, rows, error = 2, [], ""
    if scorer.model.batch_size != 1:
        try:
            rows = _score(scorer, np.concatenate([blank, part, full]))
        except Exception as problem:  # some networks cannot take several images at once
            memory = ran_out_of_memory(problem)
            error = "three images do not fit into memory" if memory else f"the network fails: {problem}"
    if rows:
        passes, empty = 5, rows[0]
        unequal = max(_difference(rows[1], some), _difference(rows[2], whole))
        if unequal > _bound(scorer, BATCH_BOUND, _difference(whole, empty)):
            empty = some  # a batch that mixes its rows says nothing about the blank image
    else:
        passes, unequal = 3, np.nan
        (empty,) = _score(scorer, blank)
    spread = max(_difference(whole, empty), _difference(whole, some))
    batch = _batch_check(scorer, unequal, spread, error)
    if masking is None and scorer.images.mode == "add" and quantizes_images(scorer.model.network.config):
        masking = Check("masking", np.nan, np.nan, False, QUANTIZED)
    if masking is None and literal is not None:
        masking = _masking_check(scorer, _difference(_score(scorer, part, literal)[0], some), spread)
        passes += 1
    masking = masking or Check("masking", np.nan, np.nan, None, "the processor prepares every masked image")
    argmax = Check("argmax", np.nan, np.nan, None, "the answer was not generated by this model")
    if response is not None:
        argmax = _argmax_check(scorer, response, whole)
    image = _image_check(max(float(np.abs(whole.log_targets - other.log_targets).max()) for other in (empty, some)))
    checks = (batch, masking, argmax, image)
    return Verification(checks, spread, passes, batch.passed is not False, masking.passed is not False)


def _settled_masking(settings: dict[tuple[Any, ...], _Entry], key: tuple[Any, ...]) -> Check | None:
    """Return the check of masking under another use of batches, on which it does not depend."""
    for setting, entry in settings.items():
        if setting[:-1] == key[:-1] and setting != key and entry.settled:
            return entry.verification["masking"]
    return None


def _score(scorer: HuggingFaceScorer, shown: np.ndarray, images: MaskedImages | None = None) -> list[_Scores]:
    """Score coalitions in one forward pass, whatever the batch size."""
    scores = scorer.token_scores(shown, images)
    with torch.inference_mode():
        target, best = scores.targets - scores.total, (scores.best - scores.total).exp()
        columns = [value.cpu().numpy() for value in (target.exp(), target, best, scores.best_ids)]
    return [_Scores(*row) for row in zip(*columns, strict=True)]


def _probe(scorer: HuggingFaceScorer) -> tuple[np.ndarray, MaskedImages | None]:
    """Return a coalition, and the images of the processor if others are used: the coalition where their pixels differ most."""
    rng, n = np.random.default_rng(0), scorer.n_regions
    shown = rng.random((4, n)) < np.array([[0.5], [0.5], [0.3], [0.7]])
    shown[:, 0], shown[:, -1] = True, False
    if scorer.images.mode == "literal":
        return shown[:1], None
    literal = scorer.literal_images()
    if scorer.images.mode == "select":  # equal pixels on two other coalitions: one is as good as the other
        return shown[:1], literal
    apart = []
    for row in shown:
        fast, slow = scorer.images(row[None]), literal(row[None])
        apart.append(max(float((fast[name].float() - slow[name].float()).abs().mean()) for name in slow))
    worst = int(np.argmax(apart))
    return shown[worst : worst + 1], literal


def _batch_check(scorer: HuggingFaceScorer, value: float, spread: float, error: str) -> Check:
    """Return the check that a batch scores as its rows do."""
    bound = _bound(scorer, BATCH_BOUND, spread)
    if error:
        detail = (
            f"several images cannot be scored in one pass ({error}). Coalitions are scored one by one, which is slower"
        )
        return Check("batch", np.nan, bound, False, detail)
    if np.isnan(value):
        return Check("batch", np.nan, np.nan, None, "the batch size is 1")
    if value <= bound:
        return Check("batch", value, bound, True, "two coalitions score the same alone and in a batch of three")
    detail = (
        f"a coalition's score differs by {value:.2g} alone and in a batch (bound {bound:.2g}): the rows of a batch influence each "
        "other. Coalitions are scored one by one, which is slower"
    )
    return Check("batch", value, bound, False, detail)


def _masking_check(scorer: HuggingFaceScorer, value: float, spread: float) -> Check:
    """Return the check that fast masking gives the scores of the processor's own preparation."""
    bound = _bound(scorer, MASKING_BOUND, spread)
    if value <= bound:
        return Check(
            "masking", value, bound, True, f"fast masking ({scorer.images.mode}) scores as the processor's images do"
        )
    detail = (
        f"fast masking scores {value:.2g} apart from the processor's own preparation of a masked image (bound {bound:.2g}). "
        "The processor prepares every masked image, which is slower"
    )
    return Check("masking", value, bound, False, detail)


def _argmax_check(scorer: HuggingFaceScorer, response: Response, whole: _Scores) -> Check:
    """Return the check that each generated token is the most probable one; counterfactual targets are left out."""
    own = scorer.targets.cpu().numpy() == np.asarray(response.token_ids)
    behind = np.where(own, whole.best - whole.targets, 0.0)
    value, bound = float(behind.max()), _noise(scorer)
    wrong = np.flatnonzero(behind > bound)
    if not len(wrong):
        return Check("argmax", value, bound, True, f"each of {len(response)} generated tokens is the most probable one")
    k = int(wrong[0])
    best = scorer.model.decode([int(whole.best_ids[k])])
    detail = (
        f"token {k} of the answer is {response.tokens[k]!r} (p = {whole.targets[k]:.3g}), but the model finds {best!r} most probable "
        f"(p = {whole.best[k]:.3g}); {len(wrong)} of {len(response)} tokens differ. What the model generates and what is scored may "
        "not be the same"
    )
    return Check("argmax", value, bound, False, detail)


def _image_check(value: float) -> Check:
    """Return the check that the image matters."""
    if value > IMAGE_BOUND:
        return Check("image", value, IMAGE_BOUND, True, "the answer's probability depends on the image", at_least=True)
    detail = (
        f"the image makes no difference to this answer: log-probabilities with the whole image hidden differ by at most {value:.1g}. "
        "Either the answer follows from the prompt alone, or the image does not reach the network; no region can be credited"
    )
    return Check("image", value, IMAGE_BOUND, False, detail, at_least=True)


def _difference(one: _Scores, other: _Scores) -> float:
    """Return the largest difference of a target's probability."""
    return float(np.abs(one.targets - other.targets).max())


def _noise(scorer: HuggingFaceScorer) -> float:
    """Return the rounding noise of the network's precision."""
    return NOISE.get(scorer.model.network.dtype, NOISE[torch.bfloat16])


def _bound(scorer: HuggingFaceScorer, share: float, spread: float) -> float:
    """Return the maximum difference of scores."""
    return share * spread + _noise(scorer)


def _key(scorer: HuggingFaceScorer) -> tuple[Any, ...]:
    """Return what the checks depend on: masking, layout of the image inputs without their size, precision and batches."""
    layout = tuple(
        (name, value.ndim, tuple(value.shape[:-3]) if value.ndim >= 4 else ())
        for name, value in scorer.images.full.items()
    )
    return scorer.images.mode, layout, str(scorer.model.network.dtype), scorer.model.batch_size == 1
