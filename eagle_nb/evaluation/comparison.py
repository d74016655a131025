"""Methods side by side: the same words of the same answers, explained over the same regions and judged by the same scorer.

A search of EAGLE and a baseline are both a name here. Every method's order is replayed through the scorer of the response, so
that insertion, deletion and reliance are read off curves made in one way; what the replay costs is no part of a method's cost.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from .. import methods as baselines
from . import tables as results
from ..methods.runner import Attempt, attempt, check_method
from ..inputs.fills import check_fill, fill_image
from ..scoring.journal import Journal, digest
from .row import evaluate
from .statistics import interval
from ..metrics.pointing import pointing_any, pointing_union
from ..scoring.objective import Weights, check_weights
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..datasets import Sample, SampleObject, recorded_response, recorded_tokens
from ..inputs.segmentation import MAKERS

MEASURED = ("seconds", "peak_bytes")
"""Columns that are measured and differ from run to run; all others are the same for the same seed and batch size."""

METHODS = ("greedy", "fast", *baselines.METHODS)
"""What `compare` compares unless told otherwise; any search strategy is a method too."""


def answered(model: Any, sample: Sample) -> tuple[Response, list[int]]:
    """The answer to a sample, and the tokens to explain.

    A recorded answer is taken as it is, with the tokens that were explained; see `counter_targets` for those that a list
    records instead of them. Otherwise the model answers, and explained are the word of the sample's label where it is said
    (in upper or lower case, or its plural in -s or -es), and the whole answer where the sample has no label or asks about it.

    Raises
    ------
    ValueError
        If the label is no word of the answer or the prompt, or the model cannot spell the recorded answer.
    """
    if sample.recorded is not None or sample.words or sample.token_ids:
        response = recorded_response(model, sample)
        if targets := counter_targets(model, response, sample):
            return response, sorted(targets)
        if "explained" in sample.extra or "positions" in sample.extra:
            return response, recorded_tokens(response, sample)
    else:
        response = model.generate(sample.image, sample.prompt)
    label = (sample.label or "").strip()
    said = _mention(label, response.text) if label else None
    if said is not None:
        return response, response.tokens_in(*said.span())
    if label and _mention(label, sample.prompt) is None:
        raise ValueError(
            f"{label!r} is not in the answer, as a word, nor in the prompt of sample {sample.id!r}; the answer's tokens are "
            f"{response.tokens}"
        )
    return response, response.resolve(None)


def _mention(label: str, text: str) -> re.Match[str] | None:
    """Where a text says a label, or its plural where it does not say the label itself."""
    found = re.finditer(rf"(?<!\w){re.escape(label)}(?:s|es)?(?!\w)", text, re.IGNORECASE)
    return min(found, key=lambda m: len(m.group()), default=None)


def counter_targets(model: Any, response: Response, sample: Sample) -> dict[int, int]:
    """The counter tokens that a list records: by position in the answer, the token id of the correct one.

    There are none where the response's tokens are not the recorded ones, so that the ids are another model's. Published
    figures of RePOPE follow them (EAGLE, arXiv 2509.22496, section 4.4).

    Parameters
    ----------
    model : Model
    response : Response
        The answer to the sample.
    sample : Sample
        Of `eagle_nb.samples.from_published`, with "positions" and "counter_ids" in ``extra``.

    Returns
    -------
    dict of int to int
        As `eagle_nb.explain` takes them for target_ids.
    """
    at, ids = sample.extra.get("positions") or [], sample.extra.get("counter_ids") or []
    size = getattr(model, "vocabulary_size", None)
    given = list(response.token_ids) == (sample.token_ids or [])[: len(response)]
    if not given or not ids or (size is not None and max(ids) >= size):
        return {}
    return {int(k): int(target) for k, target in zip(at, ids, strict=False) if k < len(response)}


def compare(
    model: Any,
    samples: Sequence[Sample],
    methods: Sequence[str] = METHODS,
    regions: int = 49,
    segmentation: str = "slic",
    fill: str = "black",
    weights: Weights = (1.0, 1.0),
    seed: int = 0,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    rows: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Explain each sample's word by each method: one row per sample and method.

    Parameters
    ----------
    model : Model
    samples : sequence of Sample
        For each the word of its label, see `answered`; `eagle_nb.samples.from_scenes` of kind "object" has one sample for
        every thing that a scene's caption names.
    methods : sequence of str
        Names of searches and baselines, see `attempt`.
    regions : int
        Number of regions, the same for all methods.
    segmentation : {"slic", "grid", "felzenszwalb", "watershed"}
    fill, weights, seed
        As of `eagle_nb.explain`.
    options : mapping of str to mapping, optional
        A method's own, ``{"rise": {"masks": 200}, "fast": {"budget": 300}}``.
    rows : path, optional
        A ``.jsonl`` file that keeps each row as it is known; the same call goes on from there. A row counts as the same if
        model, answer, word, regions, fill and all settings are. Failures are tried again.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        For `eagle_nb.results`: "sample", "method", "word"; "counter", the text of the counter token where one is followed in
        place of that word, see `counter_targets`; the figures of `eagle_nb.metrics.evaluate` that need no target;
        "pointing_mask", "pointing_box" and "pointing_mask_share" of the method's value of each region, and
        "pointing_mask_own_map" of its own map; "forward_passes" and "backward_passes"; the columns `MEASURED`; and "failure",
        the error that a method (or the answer) met, or "". A row with a failure has no figures. After an
        interrupt (Ctrl-C) the rows there are.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown or out of range.
    """
    given = {method: dict((options or {}).get(method, {})) for method in methods}
    check_samples(samples)
    if not methods or len(given) < len(methods) or set(options or {}) - set(given):
        raise ValueError(f"methods names each once, and options only those, got {methods!r} and {options!r}")
    for method, own in given.items():
        check_method(method, own)
    cutter = maker(segmentation, regions)
    check_fill(fill)
    weights, journal = check_weights(weights), Journal(rows)
    name = identity(model)

    def explain(sample: Sample) -> Iterator[dict[str, Any]]:
        response, tokens = answered(model, sample)
        targets = counter_targets(model, response, sample) or None
        cut = cutter(response.image)
        picture = fill_image(response.image, fill, cut, seed)
        scorer = model.scorer(response, cut, picture, target_ids=targets)
        known = {
            **name,
            **case_facts(sample, response, tokens, cut, picture, targets),
            "weights": list(weights),
            "seed": seed,
        }
        word = "".join(response.tokens[k] for k in tokens).strip()
        for method, own in given.items():
            key = digest(method=method, options=own, **known)
            if key not in journal:
                try:
                    found = attempt(
                        method, model, response, tokens, cut, picture, weights, seed, scorer, targets, **own
                    )
                except Exception as error:
                    yield {"method": method, "word": word, "failure": failure(error)}
                    continue
                journal[key] = {"word": word, **judged(found, sample), "failure": ""}
            yield {"method": method, **journal[key]}

    return gathered(samples, explain, list(given), progress, "comparing")


def maps(
    model: Any,
    sample: Sample,
    methods: Sequence[str] = METHODS,
    regions: int = 49,
    segmentation: str = "slic",
    fill: str = "black",
    weights: Weights = (1.0, 1.0),
    seed: int = 0,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, np.ndarray]:
    """Each method's own map of one sample, for `eagle_nb.figures.gallery`; arguments as of `compare`.

    Returns
    -------
    dict of str to ndarray of float, (H, W)
        Without the methods that fail; a warning names them.
    """
    response, tokens = answered(model, sample)
    targets = counter_targets(model, response, sample) or None
    cut = maker(segmentation, regions)(response.image)
    scorer = model.scorer(response, cut, fill_image(response.image, fill, cut, seed), target_ids=targets)
    found = {}
    for method in methods:
        own = dict((options or {}).get(method, {}))
        check_method(method, own)
        try:
            found[method] = attempt(
                method, model, response, tokens, cut, fill, weights, seed, scorer, targets, **own
            ).map
        except Exception as error:
            warnings.warn(f"{method} has no map: {failure(error)}", stacklevel=2)
    return found


def judged(found: Attempt, sample: Sample) -> dict[str, Any]:
    """The figures of one attempt; see `compare`."""
    told = evaluate(found.explanation)
    row = {name: value for name, value in told.items() if name not in ("method", "forward_passes", "seconds")}
    objects = sample.named(sample.label) if sample.label else []
    row |= pointing(found.region_map, objects)
    row["pointing_mask_own_map"] = pointing(found.map, objects)["pointing_mask"]
    row |= {"forward_passes": found.passes, "backward_passes": found.backward_passes}
    return row | {"seconds": found.seconds, "peak_bytes": found.peak_bytes}


def pointing(saliency: np.ndarray, objects: Sequence[SampleObject]) -> dict[str, Any]:
    """The pointing game at some objects, a hit in one suffices; None where masks or boxes are not known, or empty."""
    found: dict[str, Any] = {"pointing_mask": None, "pointing_box": None, "pointing_mask_share": None}
    masks, boxes = [o.mask for o in objects], [o.box for o in objects]
    known = [mask for mask in masks if mask is not None]
    if len(known) == len(masks):
        found["pointing_mask"] = pointing_any(saliency, known)
        found["pointing_mask_share"] = pointing_union(saliency, known)
    if None not in boxes:
        found["pointing_box"] = pointing_any(saliency, [box for box in boxes if box is not None])
    return found


def differences(frame: pd.DataFrame, metric: str, against: str = "greedy") -> pd.DataFrame:
    """How much each method differs from one of them, sample by sample.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `compare`, or any of `eagle_nb.results.frame`.
    metric : str
        A column of it.
    against : str
        The method that the others are compared with.

    Returns
    -------
    pandas.DataFrame
        One row per other method: "method", "metric", "difference" (the mean of the method's value less that of `against`),
        "low" and "high" (its 95 % bootstrap interval over samples), and "n", the samples that have both.

    Raises
    ------
    ValueError
        If method or metric are not in the frame, or the frame has a sample of a method twice.
    """
    if metric not in frame or against not in set(frame["method"]):
        raise ValueError(f"the table has no metric {metric!r} or no method {against!r}; it has {list(frame)}")
    if frame.duplicated(["sample", "method"]).any():
        raise ValueError("a sample has two rows of one method; give the rows of one data set and one model")
    wide = frame.pivot(index="sample", columns="method", values=metric).astype(float)
    out = []
    for method in frame["method"].unique():
        if method != against:
            off = (wide[method] - wide[against]).dropna()
            low, high = interval(off.tolist())
            record = {"method": method, "metric": metric, "difference": float(off.mean()) if len(off) else np.nan}
            out.append({**record, "low": low, "high": high, "n": len(off)})
    return pd.DataFrame(out, columns=["method", "metric", "difference", "low", "high", "n"])


def failures(frame: pd.DataFrame) -> pd.DataFrame:
    """How often each method failed and why: "method", "failure" (the error), "samples"; empty if none did."""
    failed = frame[frame["failure"].fillna("") != ""]
    return failed.groupby(["method", "failure"], sort=False).size().rename("samples").reset_index()


# -- what ablations need as well -------------------------------------------------------------------


def gathered(
    samples: Sequence[Sample],
    explain: Callable[[Sample], Iterable[dict[str, Any]]],
    names: Sequence[str],
    progress: bool,
    doing: str,
) -> pd.DataFrame:
    """The table of `explain`'s rows; a sample that cannot be asked fails under every name."""
    from tqdm.auto import tqdm

    found: list[dict[str, Any]] = []
    with tqdm(total=len(samples) * len(names), desc=doing, unit="row", leave=False, disable=not progress) as bar:
        try:
            for sample in samples:
                done = 0
                try:
                    for row in explain(sample):
                        found.append({"sample": sample.id, **row})
                        done += 1
                        bar.update()
                except Exception as error:
                    found += [{"sample": sample.id, "method": m, "failure": failure(error)} for m in names[done:]]
                    bar.update(len(names) - done)
        except KeyboardInterrupt:
            if not found:
                raise
            warnings.warn(f"interrupted: {len(found)} of {bar.total} rows are there", stacklevel=3)
    return results.frame(found)


def failure(error: Exception) -> str:
    """An error in one line: its name and the first line of what it says."""
    return f"{type(error).__name__}: {error}".splitlines()[0]


def check_samples(samples: Sequence[Sample]) -> None:
    """Raise unless these are samples, at least one, each of its own name."""
    if not samples or not all(isinstance(sample, Sample) for sample in samples):
        raise TypeError(f"samples are a sequence of Sample, at least one; eagle_nb.samples makes them, got {samples!r}")
    if len({sample.id for sample in samples}) < len(samples):
        raise ValueError("two samples have the same id; rows could not be told apart")


def maker(segmentation: str, regions: int) -> Callable[[Image.Image], Regions]:
    """What cuts an image into so many regions.

    Raises
    ------
    ValueError
        If the segmentation is unknown, or there are fewer than two regions.
    """
    if segmentation not in MAKERS:
        raise ValueError(f"unknown segmentation {segmentation!r}; known ones: {', '.join(MAKERS)}")
    if isinstance(regions, bool) or not isinstance(regions, int | np.integer) or regions < 2:
        raise ValueError(f"regions is a whole number of at least 2, got {regions!r}")
    cut: Callable[..., Regions] = getattr(Regions, segmentation)
    return lambda image: cut(image, int(regions))


def identity(model: Any) -> dict[str, str]:
    """What tells a model's rows from another's."""
    return {
        "model": str(getattr(model, "name", type(model).__name__)),
        "fingerprint": getattr(model, "fingerprint", ""),
    }


def case_facts(
    sample: Sample,
    response: Response,
    tokens: Sequence[int],
    regions: Regions,
    picture: Image.Image,
    targets: Mapping[int, int] | None = None,
) -> dict[str, Any]:
    """What the figures of one sample depend on, besides model and settings."""
    objects = sample.named(sample.label) if sample.label else []
    return {
        "sample": sample.id,
        "image": np.asarray(response.image),
        "prompt": response.prompt,
        "answer": [int(k) for k in response.token_ids],
        "tokens": list(tokens),
        "regions": regions.labels,
        "fill": np.asarray(picture),
        "objects": [[o.name, list(o.box or ()), None if o.mask is None else o.mask] for o in objects],
        **({"targets": sorted(targets.items())} if targets else {}),
    }
