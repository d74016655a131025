"""Explanations: one explanation per word of an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from .explanation import Explanation
from .regions import Regions
from .response import Response, ResponseWord

if TYPE_CHECKING:
    import pandas as pd


class Explanations(Mapping[str, Explanation]):
    """A mapping from word to its Explanation, in the order of the answer; see `eagle_nb.explain_each`.

    A word that occurs again is found under its text and number: "red", then "red#2". ``explanations.at(k)`` gives the
    k-th word's. All share image, regions, fill and response.

    Parameters
    ----------
    words : sequence of ResponseWord
    explanations : sequence of Explanation
        One for each word.

    Attributes
    ----------
    words : list of ResponseWord

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
        self._found: dict[str, Explanation] = {}
        for word, explanation in zip(words, explanations, strict=True):
            name, k = word.text, 2
            while name in self._found:
                name, k = f"{word.text}#{k}", k + 1
            self._found[name] = explanation

    def __getitem__(self, word: str) -> Explanation:
        if word not in self._found:
            raise KeyError(f"{word!r} is not explained; explained are {list(self._found)}")
        return self._found[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return (
            f"Explanations of {len(self)} words over {self.regions.n} regions: {self.forward_passes} passes in "
            f"{self.seconds:.1f} s"
        )

    def at(self, position: int) -> Explanation:
        """The explanation of the word at a position, in the order of the answer."""
        return list(self._found.values())[position]

    @property
    def response(self) -> Response:
        return self.at(0).response

    @property
    def image(self) -> Image.Image:
        return self.response.image

    @property
    def regions(self) -> Regions:
        return self.at(0).regions

    @property
    def forward_passes(self) -> int:
        """Distinct coalitions scored for all words together."""
        return len({row.tobytes() for e in self.values() for row in e.trace.coalitions})

    @property
    def seconds(self) -> float:
        return sum(e.seconds for e in self.values())

    def to_frame(self) -> pd.DataFrame:
        """One row per word: reliance (mean over its tokens), AUCs, where its probability comes from, and its cost."""
        import pandas as pd

        rows = []
        for name, e in self.items():
            at, r = e.tokens, e.reliance
            rows.append(
                {
                    "word": name,
                    "reliance": float(r.score[at].mean()),
                    "reliance_area": float(r.score_area[at].mean()),
                    "p_full": float(r.p_full[at].mean()),
                    "p_blank": float(r.p_blank[at].mean()),
                    "insertion_auc": e.insertion_auc,
                    "deletion_auc": e.deletion_auc,
                    "highest_score": e.highest_score,
                    "forward_passes": e.forward_passes,
                }
            )
        return pd.DataFrame(rows)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """In a notebook they show the Explorer with a choice of words."""
        from .widgets.export import explanation_fragment

        return {"text/html": explanation_fragment(self), "text/plain": repr(self)}, {}

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one interactive HTML file that needs neither kernel nor network.

        Returns
        -------
        pathlib.Path
        """
        from .widgets.export import explanation_to_html

        return explanation_to_html(self, path)
