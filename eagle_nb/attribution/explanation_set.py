"""ExplanationSet: one explanation per word of an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from ..inputs.regions import Regions
from ..inputs.response import Response, ResponseWord
from ..metrics.reliance import Reliance
from . import display
from .explanation import Explanation
from .measuring import most_reliant, token_reliance
from .serialization import write_explanations

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as PaperFigure


class ExplanationSet(Mapping[str, Explanation]):
    """A mapping from word to its Explanation, in the order of the answer; see `eagle_nb.explain_each`.

    A word that occurs again has its number appended: "red", then "red#2". ``words.at(k)`` returns the explanation of the k-th word.
    All share image, regions, fill and response.

    Parameters
    ----------
    words : sequence of ResponseWord
        The words.
    explanations : sequence of Explanation
        One for each word.

    Attributes
    ----------
    words : list of ResponseWord
        The words.

    Raises
    ------
    ValueError
        If there are none, their numbers differ, or they do not share response and regions.
    """

    def __init__(self, words: Sequence[ResponseWord], explanations: Sequence[Explanation]) -> None:
        if not words or len(words) != len(explanations):
            raise ValueError(
                f"{len(words)} words and {len(explanations)} explanations; give one each, and at least one"
            )
        first = explanations[0]
        for e in explanations:
            if e.response is not first.response or e.regions is not first.regions:
                raise ValueError("explanations of one answer share its response and regions; these do not")
        self.words = list(words)
        self._by_name: dict[str, Explanation] = {}
        for word, explanation in zip(words, explanations, strict=True):
            name, k = word.text, 2
            while name in self._by_name:
                name, k = f"{word.text}#{k}", k + 1
            self._by_name[name] = explanation

    def __getitem__(self, word: str) -> Explanation:
        if word not in self._by_name:
            raise KeyError(f"{word!r} is not explained; explained are {list(self._by_name)}")
        return self._by_name[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __repr__(self) -> str:
        return (
            f"Explanations of {len(self)} words over {self.regions.n} regions: {self.forward_passes} forward passes in "
            f"{self.seconds:.1f} s"
        )

    def at(self, position: int) -> Explanation:
        """Return the explanation of the word at a position.

        Parameters
        ----------
        position : int
            In the order of the answer, from 0.

        Returns
        -------
        Explanation
            Of that word.
        """
        return list(self._by_name.values())[position]

    @property
    def response(self) -> Response:
        """The answer."""
        return self.at(0).response

    @property
    def image(self) -> Image.Image:
        """The image."""
        return self.response.canvas

    @property
    def regions(self) -> Regions:
        """The regions of all explanations."""
        return self.at(0).regions

    @property
    def forward_passes(self) -> int:
        """Distinct coalitions scored for all words together."""
        return len({row.tobytes() for e in self.values() for row in e.trace.coalitions})

    @property
    def seconds(self) -> float:
        """Duration of all searches together."""
        return sum(e.seconds for e in self.values())

    @cached_property
    def reliance(self) -> Reliance:
        """How much each token relied on the image, from the explanation of its own word; NaN for tokens of no explained word."""
        return token_reliance(list(self.values()))

    @property
    def most_reliant(self) -> str:
        """Name of the word that owes most to the image."""
        return list(self)[most_reliant(list(self.values()))]

    def closest(self, tokens: Sequence[int]) -> str:
        """Return the explained word that is nearest to a selection of tokens.

        Parameters
        ----------
        tokens : sequence of int
            Indices of tokens.

        Returns
        -------
        str
            Name of the word with the same tokens, else of the one that shares most of them, else of the one at the smallest distance; the
            earlier of two that are equally near.

        Raises
        ------
        ValueError
            If there are no tokens.
        """
        wanted = {int(k) for k in tokens}
        if not wanted:
            raise ValueError("tokens is empty; give at least one index")

        def distance(name: str) -> tuple[int, int]:
            """Return what to minimise: tokens not shared, then steps between the nearest two."""
            own = set(self[name].tokens)
            return len(wanted ^ own) - 2 * len(wanted & own), min(abs(a - b) for a in own for b in wanted)

        return min(self, key=distance)

    def to_frame(self) -> pd.DataFrame:
        """Return the words as a table.

        Returns
        -------
        pandas.DataFrame
            One row per word: "word", "reliance", "reliance_area", "p_full" and "p_blank" of the word itself (see `Explanation.aggregate`),
            "insertion_auc", "deletion_auc", "highest_score", "sufficient_regions", "sufficient_area" and "forward_passes".
        """
        from ..inputs.frames import TextFrame

        rows = []
        for name, e in self.items():
            r, k = e.target_reliance, e.sufficient_step
            rows.append(
                {
                    "word": name,
                    "reliance": r.score,
                    "reliance_area": r.score_area,
                    "p_full": r.p_full,
                    "p_blank": r.p_blank,
                    **e.scores()._asdict(),
                    "sufficient_regions": k,
                    "sufficient_area": float(e.area[k]),
                    "forward_passes": e.forward_passes,
                }
            )
        return TextFrame(rows)

    def evidence_frame(self) -> pd.DataFrame:
        """Return how much evidence for each word lies in each picture.

        Returns
        -------
        pandas.DataFrame
            One row per word, one column per picture, named by its number or its time: contributions to the probability, see
            `Explanation.picture_evidence`.
        """
        from ..inputs.frames import TextFrame
        from .places import picture_labels

        names = picture_labels(self.response)
        return TextFrame(
            [{"word": word, **dict(zip(names, e.picture_evidence, strict=True))} for word, e in self.items()]
        )

    def plot(self, columns: int = 2, path: str | os.PathLike[str] | None = None) -> PaperFigure:
        """Make a figure for a paper (matplotlib): the sentence coloured by reliance, and one map per word.

        Parameters
        ----------
        columns : {1, 2}
            Width: 85 or 175 mm.
        path : path, optional
            Also write a file there: ".pdf", ".svg", ".png" or ".eps".

        Returns
        -------
        matplotlib.figure.Figure
            The figure.

        Raises
        ------
        ValueError
            If the number of columns or the suffix of the path is unknown.
        """
        return display.words_plot(self, columns, path)

    def _repr_mimebundle_(self, **kwargs: Any) -> display.Bundle:
        return display.explorer_bundle(self)

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one interactive HTML file that needs neither kernel nor network.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        pathlib.Path
            The file.
        """
        return display.write_html(self, path)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write all explanations to one ``.npz`` file, without pickle; `eagle_nb.load` reads it.

        Parameters
        ----------
        path : path
            The file; ".npz" is added where it is missing.

        Returns
        -------
        pathlib.Path
            The file.
        """
        return write_explanations(path, list(self.values()), self.words)
