"""The lesson: a scene, a caption, its regions and a hallucination, which the notebook and the exercises share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from PIL import Image

from ..attribution.explaining import explain
from ..attribution.explanation import Explanation
from ..hallucination.bias_scenes import bias_samples
from ..hallucination.case_study import CaseStudy, study
from ..hallucination.statements import wrong_statements
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..models import load_model
from ..protocols import Model, Scorer
from ..scenes.language import CAPTION_PROMPT
from ..scenes.scene import Scene, draw
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.objective import insight, necessity

FILL = "black"
"""What hidden regions show throughout the lesson."""

MIN_REGIONS, MAX_REGIONS = 9, 25
"""Limits of the number of regions, few enough to paint by hand."""

MAX_SCENES = 400
"""Number of scenes among which the lesson's scene is looked for."""

MAX_TABLES = 40
"""Number of tables among which a hallucination is looked for."""

MAX_STUDIES = 4
"""Number of hallucinations that are studied to find one that a compact region corrects."""

FIRST_TRAINING_SEED = 1_000_000
"""Scenes from this seed on are training scenes."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """A scene with a small red circle left of a large blue star, and its caption.

    The image is cut into a grid in which one region contains the circle, and several contain the star. One word of the caption
    therefore depends on a single region ("red"), one on any of several regions ("blue"), and one on two objects together ("left").

    Attributes
    ----------
    model : Model
        The model that describes the scene.
    scene : Scene
        The scene.
    response : Response
        The caption.
    regions : Regions
        N regions, numbered row by row.
    first_seed : int
        The first scene seed that was tried.
    """

    model: Model = field(repr=False)
    scene: Scene = field(repr=False)
    response: Response
    regions: Regions
    first_seed: int = 0

    # -- scores -------------------------------------------------------------------------------------

    @cached_property
    def prepared(self) -> PreparedCase:
        """The caption with its regions and fill."""
        return prepare_case(self.model, self.response, self.regions, FILL)

    @property
    def fill_picture(self) -> Image.Image:
        """What hidden regions show."""
        return self.prepared.fill_picture

    @cached_property
    def scorer(self) -> Scorer:
        """Token probabilities of the caption under coalitions: bool (M, N) to float32 (M, T)."""
        return self.prepared.scorer()

    def show(self, regions: Sequence[int]) -> np.ndarray:
        """Return the coalition that shows some regions.

        Parameters
        ----------
        regions : sequence of int
            Indices of the regions to show.

        Returns
        -------
        ndarray of bool, (N,)
            The coalition.
        """
        shown = np.zeros(self.regions.n, dtype=bool)
        shown[list(regions)] = True
        return shown

    def probabilities(self, regions: Sequence[int], hidden: bool = False) -> np.ndarray:
        """Return the probabilities of all tokens.

        Parameters
        ----------
        regions : sequence of int
            Indices of regions.
        hidden : bool
            False shows only these regions, True hides only these.

        Returns
        -------
        ndarray of float32, (T,)
            Probabilities.
        """
        shown = self.show(regions)
        return np.asarray(self.scorer((~shown if hidden else shown)[None])[0])

    def insight(self, regions: Sequence[int], word: str) -> float:
        """Return the insight of a coalition.

        Parameters
        ----------
        regions : sequence of int
            The coalition.
        word : str
            A word of the caption.

        Returns
        -------
        float
            In [0, 1].
        """
        return float(insight(self.probabilities(regions), self.response.find(word)))

    def necessity(self, regions: Sequence[int], word: str) -> float:
        """Return the necessity of a coalition.

        Parameters
        ----------
        regions : sequence of int
            The coalition.
        word : str
            A word of the caption.

        Returns
        -------
        float
            In [0, 1].
        """
        return float(necessity(self.probabilities(regions, hidden=True), self.response.find(word)))

    def objective(self, regions: Sequence[int], word: str) -> float:
        """Return the objective F of a coalition, with λ1 = λ2 = 1.

        Parameters
        ----------
        regions : sequence of int
            The coalition.
        word : str
            A word of the caption.

        Returns
        -------
        float
            Insight plus necessity.
        """
        return self.insight(regions, word) + self.necessity(regions, word)

    def regions_of(self, shape: str) -> list[int]:
        """Return the regions that contain pixels of an object.

        Parameters
        ----------
        shape : {"circle", "star"}
            The object.

        Returns
        -------
        list of int
            Indices of the regions, those with most pixels first.
        """
        mask = next(o.mask for o in self.scene.objects if o.shape == shape)
        shares = _shares(mask, self.regions)
        return [int(k) for k in np.argsort(-shares, kind="stable") if shares[k] > 0]

    @cached_property
    def p_full(self) -> np.ndarray:
        """Probabilities on the full image: float32 (T,)."""
        return self.probabilities([], hidden=True)

    @cached_property
    def p_shown(self) -> np.ndarray:
        """Probabilities with only one region shown, for each region: float32 (N, T)."""
        return np.asarray(self.scorer(np.eye(self.regions.n, dtype=bool)))

    @cached_property
    def p_hidden(self) -> np.ndarray:
        """Probabilities with only one region hidden, for each region: float32 (N, T)."""
        return np.asarray(self.scorer(~np.eye(self.regions.n, dtype=bool)))

    # -- the exercises ------------------------------------------------------------------------------

    @cached_property
    def coalition(self) -> list[int]:
        """Exercise 2: regions of the star for which insight, necessity and p(V∖S) of "blue" differ clearly.

        Neither the star's first region nor all of its regions, because the walkthrough shows these.
        """

        def difference(regions: list[int]) -> float:
            """Return the smallest difference between numbers that a student may confuse."""
            a, b = self.insight(regions, "blue"), self.necessity(regions, "blue")
            return min(abs(a - b), abs(a - (1 - b)), abs(1 - 2 * b), b, 1 - b)

        star = self.regions_of("star")
        slices = [star[i:j] for i in range(len(star)) for j in range(i + 1, len(star) + 1)]
        return max((s for s in slices if s not in (star[:1], star)), key=difference)

    @cached_property
    def placed(self) -> list[int]:
        """Exercise 3: the first region that greedy search places for "left"."""
        return [max(range(self.regions.n), key=lambda region: self.objective([region], "left"))]

    @property
    def word_pair(self) -> tuple[str, str]:
        """Exercise 4: two words, one of which the grammar dictates."""
        return ("circle", "of")

    @cached_property
    def explanation(self) -> Explanation:
        """The explanation of "blue"."""
        return self._explain("blue")

    @cached_property
    def sentence(self) -> Explanation:
        """The explanation of the whole caption."""
        return self._explain(None)

    def _explain(self, word: str | None) -> Explanation:
        """Explain a word, or the whole caption, by greedy search."""
        return explain(
            self.model, self.response, tokens=word, regions=self.regions, fill=FILL, search="greedy", progress=False
        )

    @cached_property
    def case(self) -> CaseStudy:
        """Exercise 5: a cup that the model names on a table without one; if possible one that a compact region corrects."""
        cases: list[CaseStudy] = []
        for item in bias_samples("cloth caption", range(self.first_seed, self.first_seed + MAX_TABLES)):
            image = item.sample.image
            response = self.model.generate(image, item.sample.prompt)
            cup = next((s for s in wrong_statements(item.sample, response) if s.name == "cup"), None)
            if cup is None:
                continue
            regions = Regions.grid(image, self.regions.n)
            case = study(
                self.model, item.sample, response, cup, regions=regions, fill=FILL, search="greedy", progress=False
            )
            cases.append(case)
            if case.diagnosis.cause == "misperceived region" or len(cases) == MAX_STUDIES:
                break
        if not cases:
            raise ValueError(
                f"this model names no cup on {MAX_TABLES} tables without one from seed {self.first_seed} on; "
                "give lesson() another first_seed, or the bundled model"
            )
        return max(cases, key=lambda case: (case.diagnosis.cause == "misperceived region", -case.correction.area))


_CURRENT: list[Lesson] = []


def lesson(model: Model | None = None, first_seed: int = 0, regions: int = 16) -> Lesson:
    """Prepare the lesson and make it the current one, which `eagle_nb.teaching.check` refers to.

    The lesson takes the first scene that shows what it teaches: the model describes the scene correctly; hiding one region lowers
    the probability of "red" by at least 0.3; hiding any one region lowers that of "blue" by at most 0.15, although two regions alone
    give it 0.5 and hiding the whole star lowers it by 0.5; and "left" needs the regions of both objects.

    Parameters
    ----------
    model : Model, optional
        The bundled model by default.
    first_seed : int
        The first scene seed to try.
    regions : int
        Number of cells of the grid, 9 to 25.

    Returns
    -------
    Lesson
        For the bundled model, the same lesson if the arguments are the same.

    Raises
    ------
    ValueError
        If an argument is out of range, or none of the scenes fits.

    Examples
    --------
    >>> prepared = lesson(first_seed=16)
    >>> prepared.response.text
    'a small red circle left of a large blue star on grass.'
    """
    for name, value, low, high in (
        ("first_seed", first_seed, 0, FIRST_TRAINING_SEED - MAX_SCENES),
        ("regions", regions, MIN_REGIONS, MAX_REGIONS),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
            raise ValueError(f"{name} must be an integer from {low} to {high}, got {value!r}")
    if model is None:
        current = _bundled_lesson(int(first_seed), int(regions))
    else:
        current = _find_lesson(model, int(first_seed), int(regions))
    _CURRENT[:] = [current]
    return current


def current_lesson() -> Lesson:
    """Return the current lesson.

    Returns
    -------
    Lesson
        The lesson that was prepared last; the default one if there is none.
    """
    return _CURRENT[0] if _CURRENT else lesson()


@cache
def _bundled_lesson(first_seed: int, regions: int) -> Lesson:
    """Prepare a lesson with the bundled model."""
    return _find_lesson(load_model(), first_seed, regions)


def _find_lesson(model: Model, first_seed: int, n: int) -> Lesson:
    """Look for the first scene that shows what the lesson teaches."""
    for seed in range(first_seed, first_seed + MAX_SCENES):
        scene = draw(seed, objects=["small red circle", "large blue star"], relation="left of")
        regions = Regions.grid(scene.image, n)
        if not _fits_grid(scene, regions):
            continue
        response = model.generate(scene.image, CAPTION_PROMPT)
        if response.text != scene.caption:
            continue
        candidate = Lesson(model, scene, response, regions, first_seed)
        if _is_instructive(candidate):
            return candidate
    raise ValueError(
        f"none of the {MAX_SCENES} scenes from seed {first_seed} on shows what the lesson teaches with {n} regions and this model; "
        "give another first_seed, another number of regions, or the bundled model"
    )


def _fits_grid(scene: Scene, regions: Regions) -> bool:
    """Return whether one region contains the circle, and at least two a good part of the star."""
    circle, star = (np.sort(_shares(o.mask, regions))[::-1] for o in scene.objects)
    return bool(circle[0] >= 0.85 and star[1] >= 0.15)


def _is_instructive(candidate: Lesson) -> bool:
    """Return whether "red", "blue" and "left" depend on the regions as the lesson needs it."""
    red, blue = (candidate.response.find(word)[0] for word in ("red", "blue"))
    cost, circle, star = 1 - candidate.p_hidden, candidate.regions_of("circle"), candidate.regions_of("star")
    return bool(
        cost[:, red].max() >= 0.3
        and cost[:, blue].max() <= 0.15
        and np.sort(candidate.p_shown[:, blue])[-2] >= 0.5
        and candidate.necessity(star, "blue") >= 0.5
        and candidate.necessity(circle, "left") >= 0.5
        and max(candidate.insight(circle, "left"), candidate.insight(star, "left")) <= 0.65
        and candidate.insight([*circle, *star], "left") >= 0.75
    )


def _shares(mask: np.ndarray, regions: Regions) -> np.ndarray:
    """Return the share of a mask's pixels that each region contains: float64 (N,)."""
    return np.asarray(np.bincount(regions.labels[mask], minlength=regions.n) / max(mask.sum(), 1))
