"""The base of all widgets: the view, its state, and the choice of a word."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..attribution.explanation import Explanation
from ..inputs.frontend import live_front_end
from ..inputs.text import shortened
from .bundle import BUNDLE, VIEW
from .export import html_fragment, write_page
from .static_picture import static_html


class View(anywidget.AnyWidget):
    """A widget whose whole view runs in the browser, with or without a kernel.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `anywidget.AnyWidget` takes them.
    """

    _esm = BUNDLE
    _panel = traitlets.Unicode("").tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)

    def open(self) -> None:
        """Send the state to the front end; without one, wait until the model's id is asked for."""
        if live_front_end():
            super().open()

    @property
    def model_id(self) -> str:
        """The id by which front ends know this widget."""
        if self.comm is None:
            super().open()
        return str(self.comm.comm_id)

    def fragment(self) -> str:
        """Return the view, in its current state, as HTML for a notebook output.

        Returns
        -------
        str
            Interactive wherever scripts run, a still picture elsewhere.
        """
        return html_fragment(self._page_state(), self._static())

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the view, in its current state, to one interactive HTML file that needs neither kernel nor network.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        TypeError
            If `path` is not a path.
        ValueError
            If it is a folder.
        """
        return write_page(path, self._title(), self._page_state(), self._static())

    def _state(self) -> dict[str, Any]:
        """Return the current state of the view by name."""
        return {name: getattr(self, name) for name in self.keys if self.trait_metadata(name, "view_state")}

    def _page_state(self) -> dict[str, Any]:
        """Return the state together with panel and data, as a page holds them."""
        return {**self._state(), "_panel": self._panel, "_data": self._data}

    def _subject(self) -> Any:
        """Return the explanation or response that is displayed."""
        raise NotImplementedError

    def _title(self) -> str:
        """Return the heading of an exported page."""
        if "each" in self._data:
            return "What carried each word of this answer?"
        return f"What carried “{shortened(self._subject().selected_text)}”"

    def _static(self) -> str:
        """Return the still picture: for print, and where no scripts run."""
        subject, words = self._subject(), getattr(self, "explanations", [])
        return static_html(subject, words)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data: dict[str, Any] = {"text/plain": repr(self), "text/html": self.fragment()}
        if live_front_end():
            data[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return data, {}


def view_state(trait: Any) -> Any:
    """Mark a trait as state of the view: synchronised with the browser, and part of an exported page.

    Parameters
    ----------
    trait : traitlets.TraitType
        The trait.

    Returns
    -------
    traitlets.TraitType
        The same trait.
    """
    return trait.tag(sync=True, view_state=True)


class WordTraits(traitlets.HasTraits):
    """The choice among several explanations of one answer.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `traitlets.HasTraits` takes them.

    Attributes
    ----------
    word : int
        Index of the explanation that is displayed.
    explanations : list of Explanation
        All of them.
    """

    word = view_state(traitlets.Int(0))

    explanations: list[Explanation]

    @property
    def explanation(self) -> Explanation:
        """The explanation that is displayed."""
        shown: Explanation = self.explanations[self.word]
        return shown

    @traitlets.validate("word")
    def _check_word(self, proposal: Any) -> int:
        word, count = int(proposal["value"]), len(self.explanations)
        if not 0 <= word < count:
            raise ValueError(f"word must be 0 … {count - 1} (one per explained word), got {word}")
        return word
