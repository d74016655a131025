"""Check a model on the user's own machine: is it scored right, how fast, and how much memory does it take.

This module belongs to the layer of evaluation: the expected cost of `explain` needs the search, which stands above models.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import psutil
from PIL import Image

from ..errors import ScoringWarning
from ..inputs.fills import fill_image
from ..inputs.images import ImageLike, open_image
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..models.checks import Check
from ..protocols import Model, Scorer
from ..scenes.scene import draw
from ..search.strategies.fast import FastSearch
from .model_report import ExpectedCost, ModelReport, Pace

DEFAULT_PROMPT = "What is in the image?"
"""The question that a model is checked with."""

MAX_NEW_TOKENS = 32
"""Maximum number of tokens of the answer that a model is checked with."""

BATCH_SIZES = (1, 2, 4, 8, 16, 32)
"""Batch sizes whose pace is measured, as far as memory allows."""

SEARCH_BATCH = 4
"""The number of coalitions for which the fast search mostly asks at once."""

DETERMINISM_BOUND = 1e-5
"""Maximum difference between two scores of one coalition."""

SECONDS = 6.0
"""Time after which no larger batch is tried; each size is measured for a tenth of it."""

SCORER_NOISE = 1e-4
"""Differences of probabilities that rounding explains, for scorers whose precision is unknown."""


def check_model(
    model: Model,
    image: ImageLike | None = None,
    prompt: str | None = None,
    regions: Sequence[int] = (36, 64, 100),
) -> ModelReport:
    """Check whether a model is scored right on this machine, how fast, and how much memory it takes.

    The model answers a question about an image, and its answer is checked:

    - "answer": it has tokens; "text": the tokens' character spans cover the text.
    - "batch", "masking", "argmax", "image": see `eagle_nb.models.huggingface.verification`. For models of another kind only "batch" and
      "image".
    - "determinism": one coalition scores the same twice.
    - "image tokens": whether white-box methods find a grid of image tokens, and the reason if not. It does not fail.

    A step that raises an error is a failed check whose detail is the error. Nothing else is raised.

    Parameters
    ----------
    model : Model
        The model.
    image : path, PIL.Image.Image, ndarray or bytes, optional
        An image; a drawn scene by default. Use one of your own: layouts depend on the size.
    prompt : str, optional
        A question about it; by default ``"What is in the image?"``.
    regions : sequence of int
        Numbers of regions for which the cost of `eagle_nb.explain` is predicted, each at least 2.

    Returns
    -------
    ModelReport
        The checks, the pace by batch size, peak memory and the expected cost; a table in a notebook.

    Raises
    ------
    TypeError
        If `model` lacks the methods of a model, or `prompt` is not a text.
    ValueError
        If the image cannot be used, the prompt is empty, or a number of regions is below 2.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> report = eagle.check_model(eagle.load_model(), regions=[9])
    >>> report.passed, report["batch"].passed, report.expected[0].forward_passes
    (True, True, 54)
    """
    if not isinstance(model, Model):
        raise TypeError(
            f"a model has the methods `generate` and `scorer` (see eagle_nb.protocols.Model), got {type(model).__name__}"
        )
    if prompt is not None and not isinstance(prompt, str):
        raise TypeError(f"the prompt must be a text, got {type(prompt).__name__}")
    question = DEFAULT_PROMPT if prompt is None else prompt
    if not question.strip():
        raise ValueError("the prompt is empty; ask something about the image")
    counts = [int(n) for n in regions]
    if not counts or min(counts) < 2:
        raise ValueError(f"regions are numbers of regions, each at least 2, got {list(regions)}")
    picture = draw(7).image if image is None else open_image(image)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScoringWarning)  # the report says it
        run = _Run(model, picture, question)
        run.check_all(min(counts))
        expected = tuple(run.cost(n) for n in counts)
    answer = run.response.text if run.response is not None else ""
    name = str(getattr(model, "name", "")) or type(model).__name__
    return ModelReport(
        name, _environment(model), question, answer, tuple(run.checks), tuple(run.pace), _peak_memory(model), expected,
        time.perf_counter() - start,
    )  # fmt: skip


@dataclass
class _Run:
    """One run over all checks."""

    model: Model
    picture: Image.Image
    prompt: str
    checks: list[Check] = field(default_factory=list)
    pace: list[Pace] = field(default_factory=list)
    response: Response | None = None

    def check_all(self, n: int) -> None:
        """Run every check with n regions; a step that fails is a failed check."""
        self.step("answer", self.answer)
        response = self.response
        if response is None:
            return
        self.step("text", lambda: [_text_check(response)])
        scorers: list[Scorer] = []
        self.step("scorer", lambda: scorers.append(self.scorer(n)) or [])  # type: ignore[func-returns-value]
        if not scorers:
            return
        self.step("scores", lambda: self.scores(scorers[0], n))
        self.step("determinism", lambda: [_determinism_check(scorers[0])])
        self.step("image tokens", lambda: [_image_tokens_check(self.model, response, self.fill)])
        self.step("speed", lambda: self.measure_pace(scorers[0]))

    def step(self, name: str, work: Callable[[], list[Check]]) -> None:
        """Add the checks of one step, or its error as a failed check."""
        try:
            self.checks += work()
        except Exception as error:  # whatever fails on a user's machine belongs in the report
            text = str(error) or "no message"
            self.checks.append(Check(name, np.nan, np.nan, False, f"{type(error).__name__}: {text}"))

    @property
    def fill(self) -> Image.Image:
        """The fill of hidden regions."""
        return fill_image(self.picture, "black")

    def answer(self) -> list[Check]:
        """Let the model answer; an empty answer is replaced so that the other checks can be made."""
        response = self.model.generate(self.picture, self.prompt, max_new_tokens=MAX_NEW_TOKENS)
        count = len(response)
        if count:
            self.response = response
            return [
                Check(
                    "answer",
                    float(count),
                    1.0,
                    True,
                    f"the answer has {count} tokens: {response.text!r}",
                    at_least=True,
                )
            ]
        respond = getattr(self.model, "respond", None)
        if respond is not None:
            self.response = respond(self.picture, self.prompt, "a red circle")
        detail = f"the model answers {self.prompt!r} with nothing; try another prompt"
        return [Check("answer", 0.0, 1.0, False, detail, at_least=True)]

    def scorer(self, n: int) -> Scorer:
        """Make the scorer of n regions."""
        assert self.response is not None
        return self.model.scorer(self.response, Regions.slic(self.picture, n), self.fill)

    def scores(self, scorer: Scorer, n: int) -> list[Check]:
        """Check the scores of a model; for a checkpoint those of a scorer without fallbacks."""
        assert self.response is not None
        if not hasattr(self.model, "network"):
            return _plain_checks(scorer)
        from ..models.huggingface.model import HuggingFaceModel
        from ..models.huggingface.scorer import HuggingFaceScorer
        from ..models.huggingface.verification import measure

        if not isinstance(self.model, HuggingFaceModel):
            return _plain_checks(scorer)
        regions = Regions.slic(self.picture, n)
        fresh = HuggingFaceScorer(self.model, self.response, regions, self.fill, None, self.model.literal)
        own = self.response if self.response.probabilities is not None else None
        return list(measure(fresh, own).checks)

    def measure_pace(self, scorer: Scorer) -> list[Check]:
        """Measure passes per second by batch size, as far as memory and time allow."""
        rng, spent = np.random.default_rng(0), 0.0
        most = 1 if getattr(scorer, "batch_size", None) == 1 else max(BATCH_SIZES)
        for size in [size for size in BATCH_SIZES if size <= most]:
            _fix_batch_size(scorer, size)
            shown = rng.random((size, scorer.n_regions)) < 0.5
            before = _peak_memory(None)
            try:
                scorer(shown)  # warms up
                passes, start = 0, time.perf_counter()
                while passes == 0 or time.perf_counter() - start < SECONDS / 10:
                    scorer(shown)
                    passes += size
                seconds = time.perf_counter() - start
            except Exception:
                if size == 1:
                    raise
                break  # the memory does not hold this batch
            if getattr(scorer, "batch_size", size) < size and hasattr(scorer, "batch"):
                break  # it was halved because memory ran out
            self.pace.append(Pace(size, passes / seconds))
            spent += seconds
            growth = _peak_memory(None) - before
            if spent + 2 * seconds > SECONDS or psutil.virtual_memory().available < 4 * growth:
                break
        best = max(self.pace, key=lambda pace: pace.passes_per_second)
        detail = f"passes per second at batch size {best.batch_size}, the fastest of {', '.join(str(p.batch_size) for p in self.pace)}"
        return [Check("speed", best.passes_per_second, np.nan, None, detail)]

    def cost(self, n: int) -> ExpectedCost:
        """Predict the cost of an explanation of one word."""
        passes = FastSearch().default_budget(n)
        usual = [pace.passes_per_second for pace in self.pace if pace.batch_size <= SEARCH_BATCH]
        seconds = float("nan")
        if usual:
            try:
                start = time.perf_counter()
                self.scorer(n)
                seconds = time.perf_counter() - start + passes / usual[-1]
            except Exception:  # the checks name the error
                seconds = float("nan")
        return ExpectedCost(n, passes, seconds)


def _text_check(response: Response) -> Check:
    """Return the check that tokens and their spans cover the text."""
    covered = np.zeros(len(response.text), dtype=bool)
    for start, end in response.spans:
        covered[start:end] = True
    missed = int((~covered).sum())
    ordered = all(a[0] <= b[0] and a[1] <= b[1] for a, b in zip(response.spans, response.spans[1:], strict=False))
    joined = "".join(response.tokens) == response.text
    if missed or not ordered or not joined:
        reason = f"{missed} characters belong to no token" if missed else "the tokens do not spell the text in order"
        return Check("text", float(missed), 0.0, False, reason)
    return Check(
        "text", 0.0, 0.0, True, f"the spans of {len(response)} tokens cover the {len(response.text)} characters"
    )


def _determinism_check(scorer: Scorer) -> Check:
    """Return the check that one coalition scores the same twice."""
    shown = np.random.default_rng(0).random((1, scorer.n_regions)) < 0.5
    value = float(np.abs(np.asarray(scorer(shown)) - np.asarray(scorer(shown))).max())
    passed = value <= DETERMINISM_BOUND
    says = "scores the same twice" if passed else "scores differently each time; check for dropout or sampling"
    return Check("determinism", value, DETERMINISM_BOUND, passed, f"one coalition {says}")


def _plain_checks(scorer: Scorer) -> list[Check]:
    """Return the checks of the scores of a model without a checkpoint in this process."""
    rows = np.zeros((3, scorer.n_regions), dtype=bool)
    rows[1, ::2] = rows[2] = True
    together = np.asarray(scorer(rows), dtype=float)
    alone = np.concatenate([np.asarray(scorer(row[None]), dtype=float) for row in rows])
    spread = float(np.abs(alone[2] - alone[0]).max())
    value, bound = float(np.abs(together - alone).max()), 0.02 * spread + SCORER_NOISE
    same = value <= bound
    batch = (
        "three coalitions score the same alone and together"
        if same
        else "a score depends on the other rows of the call"
    )
    image = "depends" if spread > 0 else "does not depend"
    return [
        Check("batch", value, bound, same, batch),
        Check("image", spread, 0.0, spread > 0, f"the answer's probability {image} on the image", at_least=True),
    ]


def _image_tokens_check(model: Model, response: Response, fill: Image.Image) -> Check:
    """Return whether white-box methods find a grid of image tokens."""
    name = "image tokens"
    if not hasattr(model, "network"):
        return Check(name, np.nan, np.nan, None, "the model gives no access to a network")
    from ..models.huggingface.whitebox import WhiteBox

    try:
        view = WhiteBox(model, response, fill)
        tokens = view.image_tokens
    except (NotImplementedError, TypeError) as refusal:
        return Check(name, np.nan, np.nan, None, str(refusal))
    rows, columns = tokens.shape
    source = getattr(tokens, "source", "")
    if not source:
        source = (
            "image_grid_thw of the processor"
            if "image_grid_thw" in {**view.text, **view.shown}
            else "the image's shape"
        )
    return Check(
        name, float(len(tokens)), np.nan, True, f"a grid of {rows} × {columns} image tokens, known from {source}"
    )


def _fix_batch_size(scorer: Any, size: int) -> None:
    """Let a checkpoint's scorer take whole batches of a size; other scorers take what a call holds."""
    batch = getattr(scorer, "batch", None)
    if batch is not None and hasattr(batch, "most"):
        batch.size = batch.most = size


def _environment(model: Any) -> dict[str, str]:
    """Return device, precision and versions."""
    found = {"device": str(getattr(model, "device", "unknown"))}
    network = getattr(model, "network", None)
    if network is not None:
        found["precision"] = str(getattr(network, "dtype", "unknown")).removeprefix("torch.")
    for package in ("torch", "transformers"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a served model needs neither
            continue
    return found


def _peak_memory(model: Any) -> int:
    """Return the peak memory in bytes: of the device on CUDA, else of the process."""
    device = getattr(model, "device", None)
    if getattr(device, "type", "") == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated(device))
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else 1024 * peak)
