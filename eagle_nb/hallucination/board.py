"""The board: every wrong answer of a data set, by how much it relies on the image and by what corrects it."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..datasets import Sample
from .answers import Words
from .statements import Claim, claims
from .correction import WITHIN, amcr, csr
from .objects import Vocabulary
from .mitigation import compare_remedies
from .case_study import Case, study
from .diagnosis import CAUSES

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

COLORS = {"prior-driven": "#3b6fb6", "misperceived region": "#c0392b", "unclear": "#8a8a8a"}
_MARKS = {"prior-driven": "circle", "misperceived region": "square", "unclear": "x"}


@dataclass(frozen=True, eq=False)
class Board:
    """All wrong claims of a model about a data set.

    Attributes
    ----------
    cases : list of Case
    claims : list of Claim
        All claims that could be checked, right and wrong.
    neither : list of Claim
        Answers to yes/no questions that are neither yes nor no.
    skipped : list of (str, str)
        Sample and reason, where nothing could be checked or a claim could not be studied.
    controls : list of Case
        Right claims, studied the same way: what would be broken.
    """

    cases: list[Case]
    claims: list[Claim] = field(repr=False)
    neither: list[Claim] = field(repr=False)
    skipped: list[tuple[str, str]] = field(repr=False)
    controls: list[Case] = field(default_factory=list, repr=False)

    @property
    def wrong(self) -> list[Claim]:
        return [c for c in self.claims if c.right is False]

    @property
    def amcr(self) -> float:
        """Average minimal correction region of the cases; lower is better."""
        return amcr([c.correction for c in self.cases])

    def csr(self, within: float = WITHIN, published: bool = False) -> float:
        """Correction success rate of the cases; see `eagle_nb.hallucination.csr`."""
        return csr([c.correction for c in self.cases], within, published)

    def to_frame(self) -> pd.DataFrame:
        """One row per case: sample, prompt, answer, wrong word, verdict with its evidence, corrected answer, passes."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "sample": c.sample.id,
                    "prompt": c.sample.prompt,
                    "answer": c.response.text,
                    "wrong": c.claim.said,
                    "verdict": c.verdict.cause,
                    "reliance": c.verdict.reliance,
                    "removed": c.verdict.area,
                    "p_full": c.verdict.p_full,
                    "p_blank": c.verdict.p_blank,
                    "corrected": c.correction.answer,
                    "passes": c.passes,
                }
                for c in self.cases
            ],
            columns=[
                "sample", "prompt", "answer", "wrong", "verdict", "reliance", "removed", "p_full", "p_blank", "corrected",
                "passes",
            ],
        )  # fmt: skip

    def summary(self) -> str:
        """The board's figures as a few lines of Markdown."""
        found = Counter(c.verdict.cause for c in self.cases)
        lines = [f"{len(self.wrong)} of {len(self.claims)} claims are wrong; {len(self.cases)} of them were studied."]
        if self.cases:
            lines += [
                ", ".join(f"{found[cause]} {cause}" for cause in CAUSES) + ".",
                f"AMCR {self.amcr:.3f}; CSR@{WITHIN:.0%} {self.csr():.3f} of all cases "
                f"(published convention, of those corrected at all: {self.csr(published=True):.3f}).",
            ]
        if self.neither:
            lines.append(f"{len(self.neither)} answers are neither yes nor no.")
        if self.skipped:
            reasons = Counter(reason for _, reason in self.skipped)
            lines.append(f"{len(self.skipped)} left out: " + "; ".join(f"{n} × {r}" for r, n in reasons.items()) + ".")
        return "\n".join(f"- {line}" for line in lines)

    def remedies(self, model: Any, **options: Any) -> pd.DataFrame:
        """How many cases each remedy corrects, and how many controls it breaks; see `compare_remedies`."""
        wrong, right = ([c.correction for c in some] for some in (self.cases, self.controls))
        return compare_remedies(model, wrong, right, **options)

    def figure(self) -> Figure:
        """Reliance against the minimal correction region, one mark per case, coloured by verdict."""
        import plotly.graph_objects as go

        fig = go.Figure()
        for cause in CAUSES:
            own = [(k, c) for k, c in enumerate(self.cases) if c.verdict.cause == cause]
            fig.add_trace(
                go.Scatter(
                    x=[c.verdict.area for _, c in own],
                    y=[c.verdict.reliance for _, c in own],
                    mode="markers",
                    name=f"{cause} ({len(own)})",
                    marker={"size": 12, "color": COLORS[cause], "symbol": _MARKS[cause], "opacity": 0.8},
                    customdata=[[k, *(_safe(t) for t in _story(c))] for k, c in own],
                    hovertemplate="case %{customdata[0]}: %{customdata[1]}<br>answer: %{customdata[2]}<br>"
                    "corrected: %{customdata[3]}<br>removed %{x:.1%}, reliance %{y:.2f}<extra></extra>",
                )
            )
        fig.add_vline(x=WITHIN, line={"dash": "dot", "color": "#8a8a8a"}, annotation_text=f"{WITHIN:.0%}")
        fig.update_xaxes(
            title_text="minimal correction region: share of the image removed (1: never corrected)", range=[-0.02, 1.04]
        )
        fig.update_yaxes(title_text="reliance of the wrong word on the image", rangemode="tozero")
        fig.update_layout(
            height=430,
            margin={"l": 60, "r": 20, "t": 50, "b": 50},
            legend={"orientation": "h", "y": 1.12, "x": 0},
            template="plotly_white",
        )
        return fig

    def explore(self) -> Any:
        """The figure; with a live kernel, a click on a mark shows its case below."""
        from ..widgets.base import interactive

        if not interactive():
            return self.figure()
        import plotly.graph_objects as go
        from ipywidgets import Output, VBox

        figure, below = go.FigureWidget(self.figure()), Output()

        def show(trace: Any, points: Any, state: Any) -> None:
            from ..widgets.correction import CorrectionStepper

            if points.point_inds:
                case = self.cases[int(trace.customdata[points.point_inds[0]][0])]
                below.clear_output(wait=True)
                with below:
                    from IPython.display import display

                    print(case)
                    display(CorrectionStepper(case.correction))

        for trace in figure.data:
            trace.on_click(show)
        return VBox([figure, below])

    def __repr__(self) -> str:
        return f"Board: {len(self.wrong)} wrong of {len(self.claims)} claims, {len(self.cases)} studied"


def board(
    model: Any,
    samples: Iterable[Sample],
    most: int | None = None,
    right: int = 0,
    languages: str | Iterable[str] | Words = "en",
    words: str | Vocabulary = "scenes",
    max_new_tokens: int = 128,
    progress: bool = True,
    **options: Any,
) -> Board:
    """Ask every sample, and study every wrong claim.

    Parameters
    ----------
    model : Model
    samples : iterable of Sample
        With reference answers that are yes or no, or with known objects.
    most : int, optional
        Ask until so many wrong claims are studied.
    right : int
        Study up to so many right claims too, at most one per answer, as controls.
    languages, words
        How answers are read; see `claims`.
    max_new_tokens : int
        Length of the answers.
    progress : bool
        Show a progress bar over the samples.
    **options
        Of `study`: regions, fill, search, budget.

    Returns
    -------
    Board
        An interrupt (Ctrl-C) returns one of what was studied until then.

    Raises
    ------
    ValueError
        If `most` is below 1.
    """
    from tqdm.auto import tqdm

    if most is not None and most < 1:
        raise ValueError(f"most is a number of wrong claims, 1 or more, got {most!r}")
    if right < 0:
        raise ValueError(f"right is a number of right claims, 0 or more, got {right!r}")
    cases: list[Case] = []
    controls: list[Case] = []
    found: list[Claim] = []
    neither: list[Claim] = []
    skipped: list[tuple[str, str]] = []
    try:
        for sample in tqdm(samples, desc="asking", unit="sample", leave=False, disable=not progress, mininterval=1):
            try:
                response = model.generate(sample.image, sample.prompt, max_new_tokens=max_new_tokens)
                made = claims(sample, response, languages, words)
            except ValueError as error:
                skipped.append((sample.id, str(error)))
                continue
            neither += [c for c in made if c.right is None]
            found += [c for c in made if c.right is not None]
            spare = [c for c in made if c.right][: 1 if len(controls) < right else 0]
            for claim in [c for c in made if c.right is False] + spare:
                try:
                    case = study(model, sample, response, claim, **{"progress": False, **options})
                except ValueError as error:
                    skipped.append((sample.id, str(error)))
                else:
                    (controls if claim.right else cases).append(case)
            if most is not None and len(cases) >= most:
                break
    except KeyboardInterrupt:
        pass
    return Board(cases, found, neither, skipped, controls)


def _story(case: Case) -> tuple[str, str, str]:
    return case.sample.prompt, case.response.text, case.correction.answer or "never"


def _safe(text: str, most: int = 90) -> str:
    text = " ".join(text.split())
    return html.escape(text if len(text) <= most else text[: most - 1] + "…")
