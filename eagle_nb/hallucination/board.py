"""The board: all wrong answers of a data set, with their reliance on the image and what corrects them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..attribution.display import board_figure, explore_board
from ..datasets.sample import Sample
from ..errors import StoreError
from ..inputs.fills import Fill
from ..inputs.progress import progress_bar
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.seeds import Rng
from ..inputs.segmentation import Segmenter
from ..inputs.text import markdown_text
from ..protocols import Model
from ..scoring.objective import Weights
from ..scoring.store import Store, as_store
from ..search.strategies.registry import DEFAULT_SEARCH, Strategy
from .answers import Words
from .board_file import read_board, write_board
from .case_study import CaseStudy, check_options, study
from .correction import CSR_AREA, amcr, csr
from .diagnosis import CAUSES, COMPACT_AREA
from .mitigation import compare_mitigations
from .objects import Vocabulary
from .statements import Statement, find_statements

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure


@dataclass(frozen=True, eq=False)
class Board:
    """The statements of a model about a data set, with a case study of each wrong one.

    Attributes
    ----------
    cases : list of CaseStudy
        Studies of wrong statements.
    statements : list of Statement
        All statements that could be checked, right and wrong.
    undecided : list of Statement
        Answers to yes/no questions that are neither yes nor no.
    skipped : list of (str, str)
        Sample id and reason, for samples that could not be checked and statements that could not be studied.
    controls : list of CaseStudy
        Studies of right statements, to count those that a mitigation breaks.
    """

    cases: list[CaseStudy]
    statements: list[Statement] = field(repr=False)
    undecided: list[Statement] = field(repr=False)
    skipped: list[tuple[str, str]] = field(repr=False)
    controls: list[CaseStudy] = field(default_factory=list, repr=False)

    @property
    def wrong(self) -> list[Statement]:
        """The wrong statements, studied or not."""
        return [s for s in self.statements if s.correct is False]

    @property
    def amcr(self) -> float:
        """The average minimal correction region of the cases; lower is better."""
        return amcr([case.correction for case in self.cases])

    def csr(self, max_area: float = CSR_AREA, published: bool = False) -> float:
        """Compute the correction success rate of the cases.

        Parameters
        ----------
        max_area : float
            Share of the image that may be removed.
        published : bool
            Count only the cases that are corrected at all, as the published script does.

        Returns
        -------
        float
            See `eagle_nb.hallucination.csr`.
        """
        return csr([case.correction for case in self.cases], max_area, published)

    def to_frame(self) -> pd.DataFrame:
        """Return a table of the cases.

        Returns
        -------
        pandas.DataFrame
            One row per case: sample, prompt, answer, wrong (text of the statement), diagnosis and its evidence, corrected
            (answer), steps (how many answers are in each state, see `Correction.states`) and forward_passes.
        """
        from ..inputs.frames import TextFrame

        return TextFrame(
            [
                {
                    "sample": case.sample.id,
                    "prompt": case.sample.prompt,
                    "answer": case.response.text,
                    "wrong": case.statement.text,
                    "diagnosis": case.diagnosis.cause,
                    "reliance": case.diagnosis.reliance,
                    "removed": case.diagnosis.area,
                    "p_full": case.diagnosis.p_full,
                    "p_blank": case.diagnosis.p_blank,
                    "corrected": case.correction.answer,
                    "steps": ", ".join(f"{n} {state}" for state, n in case.correction.state_counts.items()),
                    "forward_passes": case.forward_passes,
                }
                for case in self.cases
            ],
            columns=[
                "sample", "prompt", "answer", "wrong", "diagnosis", "reliance", "removed", "p_full", "p_blank", "corrected",
                "steps", "forward_passes",
            ],
        )  # fmt: skip

    def summary(self) -> str:
        """Summarize the board in a few lines of Markdown.

        Returns
        -------
        str
            A Markdown list.
        """
        causes = Counter(case.diagnosis.cause for case in self.cases)
        lines = [
            f"{len(self.wrong)} of {len(self.statements)} statements are wrong; {len(self.cases)} of them were studied."
        ]
        if self.cases:
            lines += [
                ", ".join(f"{causes[cause]} {cause}" for cause in CAUSES) + ".",
                f"AMCR {self.amcr:.3f}; CSR@{CSR_AREA:.0%} {self.csr():.3f} of all cases "
                f"(published convention, of those corrected at all: {self.csr(published=True):.3f}).",
            ]
        if self.undecided:
            lines.append(f"Answers that are neither yes nor no: {len(self.undecided)}.")
        if self.skipped:
            reasons = Counter(reason for _, reason in self.skipped)
            lines.append(
                f"Skipped: {len(self.skipped)} ({'; '.join(f'{n} × {markdown_text(r)}' for r, n in reasons.items())})."
            )
        return "\n".join(f"- {line}" for line in lines)

    def mitigations(
        self,
        model: Model,
        compact_area: float = COMPACT_AREA,
        alpha: float = 1.0,
        beta: float = 0.1,
        zoom: float = 2.0,
    ) -> pd.DataFrame:
        """Count the cases that each mitigation corrects, and the controls that it breaks.

        Parameters
        ----------
        model : Model
            The model that was studied.
        compact_area, alpha, beta, zoom : float
            See `eagle_nb.hallucination.mitigate`.

        Returns
        -------
        pandas.DataFrame
            One row per mitigation; see `eagle_nb.hallucination.compare_mitigations`.
        """
        wrong, right = ([case.correction for case in cases] for cases in (self.cases, self.controls))
        return compare_mitigations(model, wrong, right, compact_area, alpha, beta, zoom)

    def figure(self) -> Figure:
        """Plot the reliance of each wrong statement against its minimal correction region.

        Returns
        -------
        plotly.graph_objects.Figure
            See `eagle_nb.viz.board.board_figure`.
        """
        return board_figure(self)

    def explore(self) -> Any:
        """Show the figure; with a live kernel, a click on a mark shows its case.

        Returns
        -------
        ipywidgets.VBox or plotly.graph_objects.Figure
            See `eagle_nb.widgets.board.explore_board`.
        """
        return explore_board(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one ``.npz`` file, without pickle; `Board.load` reads it.

        Parameters
        ----------
        path : path
            The file; ".npz" is added where it is missing.

        Returns
        -------
        pathlib.Path
            The file. It holds the images; entries of ``sample.extra`` that JSON cannot hold are written as text.
        """
        return write_board(path, self.cases, self.statements, self.undecided, self.skipped, self.controls)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Board:
        """Load what `save` wrote.

        Parameters
        ----------
        path : path
            The ``.npz`` file.

        Returns
        -------
        Board
            The board; figures, tables and exploring work as before.

        Raises
        ------
        MissingFileError
            (a ValueError) If there is no such file.
        ValueError
            If the file is truncated, or of another format; the message names what reads it.
        """
        return cls(**read_board(path))

    def __repr__(self) -> str:
        return f"Board: {len(self.wrong)} wrong of {len(self.statements)} statements, {len(self.cases)} studied"


def build_board(
    model: Model,
    samples: Iterable[Sample],
    max_cases: int | None = None,
    max_controls: int = 0,
    regions: int | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    search: str | Strategy = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    languages: str | Iterable[str] | Words = "en",
    vocabulary: str | Vocabulary = "scenes",
    max_new_tokens: int = 128,
    rng: Rng = 0,
    progress: bool = True,
    segmentation: str | Segmenter = "slic",
) -> Board:
    """Ask the model about every sample, and study every wrong statement.

    Parameters
    ----------
    model : Model
        The model.
    samples : iterable of Sample
        Samples whose reference answers are yes or no, or whose objects are known.
    max_cases : int, optional
        Stop after the sample with which this number of wrong statements is studied.
    max_controls : int
        Maximum number of right statements to study as controls, at most one per answer.
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions, or a partition of all images.
    fill : str or image
        What hidden regions show.
    search : str or Strategy
        See `eagle_nb.explain`.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    budget : int or str, optional
        Forward passes that each search may spend, or a time; see `eagle_nb.explain`.
    store : Store or path, optional
        Stores scores and the answers to masked images; see `study`.
    languages : str, iterable of str, or mapping
        How yes and no are written; see `read_yes_no`.
    vocabulary : {"scenes", "coco"} or mapping
        The objects to look for in an answer; see `mentions`.
    max_new_tokens : int
        Maximum length of the answers.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".
    progress : bool
        Show a progress bar over the samples.
    segmentation : str or Segmenter
        How the images are cut where `regions` is a number.

    Returns
    -------
    Board
        The statements and case studies; after an interrupt (Ctrl-C) those that are complete.

    Raises
    ------
    ValueError
        If `max_cases` is below 1, `max_controls` below 0, or an option is unknown or out of range.
    StoreError
        (a ValueError) If the store cannot be used, or the model has no ``fingerprint``.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> samples = [item.sample for item in eagle.hallucination.bias_samples("cloth", 1)]
    >>> build_board(model, samples, regions=4, progress=False)
    Board: 1 wrong of 1 statements, 1 studied
    """
    if max_cases is not None and max_cases < 1:
        raise ValueError(f"max_cases must be 1 or more (wrong statements), got {max_cases!r}")
    if max_controls < 0:
        raise ValueError(f"max_controls must be 0 or more (right statements), got {max_controls!r}")
    check_options(fill, search, weights, budget, languages, vocabulary)
    store = as_store(store)
    board = Board([], [], [], [])
    try:
        bar = progress_bar(samples, desc="asking", unit="sample", leave=False, disable=not progress, mininterval=1)
        for sample in bar:
            try:
                response = model.generate(sample.image, sample.prompt, max_new_tokens=max_new_tokens)
                statements = find_statements(sample, response, languages, vocabulary)
            except ValueError as error:
                board.skipped.append((sample.id, str(error)))
                continue
            board.undecided.extend(s for s in statements if s.correct is None)
            board.statements.extend(s for s in statements if s.correct is not None)
            controls = [s for s in statements if s.correct][: 1 if len(board.controls) < max_controls else 0]
            for statement in [s for s in statements if s.correct is False] + controls:
                try:
                    case = study(
                        model,
                        sample,
                        response,
                        statement,
                        regions=regions,
                        fill=fill,
                        search=search,
                        weights=weights,
                        budget=budget,
                        store=store,
                        rng=rng,
                        progress=False,
                        segmentation=segmentation,
                    )
                except StoreError:
                    raise
                except ValueError as error:
                    board.skipped.append((sample.id, str(error)))
                else:
                    (board.controls if statement.correct else board.cases).append(case)
            if max_cases is not None and len(board.cases) >= max_cases:
                break
    except KeyboardInterrupt:
        pass
    return board
