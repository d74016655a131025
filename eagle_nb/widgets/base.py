"""What all widgets share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import Explanations

STATIC = Path(__file__).parent / "static"
BUNDLE = STATIC / "eagle_nb.js"
VIEW = "application/vnd.jupyter.widget-view+json"


def interactive() -> bool:
    """Whether a live front end shows the outputs.

    A client that cannot answer ``input()`` is none: papermill and ``nbconvert --execute`` run cells that way.
    """
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))


class View(anywidget.AnyWidget):
    """A widget whose whole view runs in the browser, with a kernel or without one."""

    _esm = BUNDLE
    _panel = traitlets.Unicode("").tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)

    def open(self) -> None:
        """Send the state to the front end; where there is none, wait until someone asks for the model's id."""
        if interactive():
            super().open()

    @property
    def model_id(self) -> str:
        """The id by which front ends know this widget."""
        if self.comm is None:
            super().open()
        return str(self.comm.comm_id)

    def _state(self) -> dict[str, Any]:
        """The state of the view as it is now, by name."""
        return {name: getattr(self, name) for name in self.keys if self.trait_metadata(name, "view_state")}

    def _subject(self) -> Any:
        """The explanation or response that is shown."""
        raise NotImplementedError

    def _title(self) -> str:
        """The heading of an exported page."""
        if "each" in self._data:
            return f"What carried each word of “{short(self._subject().response.text)}”"
        return f"What carried “{short(self._subject().selected_text)}”"

    def _static(self) -> str:
        """The still picture: for print, and where no scripts run."""
        from .static_picture import static_html

        return static_html(self._subject())

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from .export import fragment

        data: dict[str, Any] = {"text/plain": repr(self), "text/html": fragment(self)}
        if interactive():
            data[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return data, {}

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write what is shown, as it stands, to one interactive HTML file that needs neither kernel nor network.

        Returns
        -------
        pathlib.Path
        """
        from .export import write_page

        return write_page(self, path)


def short(text: str, most: int = 80) -> str:
    """A text on one line, cut after `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def view_state(trait: Any) -> Any:
    """Mark a trait as state of the view: in step with the browser, and kept in an exported page."""
    return trait.tag(sync=True, view_state=True)


class WordTraits(traitlets.HasTraits):
    """Which of several explanations of one answer is shown."""

    word = view_state(traitlets.Int(0))

    explanations: list[Explanation]

    @property
    def explanation(self) -> Explanation:
        """The explanation that is shown."""
        shown: Explanation = self.explanations[self.word]
        return shown

    @traitlets.validate("word")
    def _check_word(self, proposal: Any) -> int:
        word, count = int(proposal["value"]), len(self.explanations)
        if not 0 <= word < count:
            raise ValueError(f"word must be 0 … {count - 1} (one per explained word), got {word}")
        return word


def check_explanations(widget: str, given: Any) -> tuple[list[Explanation], list[str]]:
    """The explanations to show, and their names if there are several; refuses what is neither."""
    if isinstance(given, Explanations):
        return list(given.values()), list(given)
    return [check_explanation(widget, given)], []


def check_explanation(widget: str, explanation: Any) -> Explanation:
    """Refuse what is no Explanation."""
    if not isinstance(explanation, Explanation):
        raise TypeError(
            f"{widget} needs an Explanation, got {type(explanation).__name__}; "
            "make one with eagle_nb.explain(model, response) or eagle_nb.load_explanation(path)"
        )
    return explanation


def check_indices(values: Sequence[Any], count: int) -> list[int]:
    """Token indices, sorted and distinct.

    Raises
    ------
    ValueError
        If one is out of range.
    """
    for k in values:
        if isinstance(k, bool) or not 0 <= int(k) < count or int(k) != k:
            raise ValueError(f"token index {k!r} is out of range 0 … {count - 1}")
    return sorted({int(k) for k in values})
