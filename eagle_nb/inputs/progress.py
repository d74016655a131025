"""Progress bars that leave nothing behind in saved notebooks."""

from __future__ import annotations

import uuid
from typing import Any

from tqdm import tqdm

from .frontend import in_kernel, live_front_end


class NotebookBar(tqdm):  # type: ignore[type-arg]
    """A progress bar as one line of text in a notebook's output, which is empty at the end.

    Parameters
    ----------
    *args, **kwargs
        As tqdm takes them.
    """

    disable: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._output: str | None = None
        super().__init__(*args, **{"ncols": 80, **kwargs})

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Show the bar.

        Parameters
        ----------
        msg : str, optional
            Text instead of the bar.
        pos : int, optional
            Not used: each bar has an output of its own.

        Returns
        -------
        bool
            True.
        """
        self._show(str(self) if msg is None else msg)
        return True

    def close(self) -> None:
        """Empty the output."""
        if not self.disable:
            self.disable = True
            self._decr_instances(self)
            self._show("")

    def clear(self, nolock: bool = False) -> None:
        """Do nothing: no other text shares the output.

        Parameters
        ----------
        nolock : bool
            Not used.
        """

    def _show(self, text: str) -> None:
        """Replace the text of the output."""
        from IPython.display import display

        exists, self._output = self._output is not None, self._output or uuid.uuid4().hex
        if text or exists:
            display({"text/plain": text}, raw=True, display_id=self._output, update=exists)


def progress_bar(*args: Any, disable: bool = False, **kwargs: Any) -> Any:
    """Return a progress bar: text on standard error in a terminal, an output that empties itself in a notebook.

    Notebooks that are executed without a front end, as papermill does, show none.

    Parameters
    ----------
    *args
        As tqdm takes them.
    disable : bool
        Whether to show nothing.
    **kwargs
        As tqdm takes them.

    Returns
    -------
    tqdm.tqdm
        The bar.

    Examples
    --------
    >>> list(progress_bar(range(3), disable=True))
    [0, 1, 2]
    """
    if not in_kernel():
        return tqdm(*args, disable=disable, **kwargs)
    return NotebookBar(*args, disable=disable or not live_front_end(), **kwargs)
