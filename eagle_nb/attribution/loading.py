"""Load saved explanations."""

from __future__ import annotations

import os

from .explanation import Explanation
from .explanation_set import ExplanationSet
from .npz import unreadable
from .serialization import FORMAT, read_explanations


def load(path: str | os.PathLike[str]) -> Explanation | ExplanationSet:
    """Load what `Explanation.save` or `ExplanationSet.save` wrote.

    Parameters
    ----------
    path : path
        The ``.npz`` file.

    Returns
    -------
    Explanation or ExplanationSet
        As it was saved.

    Raises
    ------
    MissingFileError
        (a ValueError) If there is no such file.
    ValueError
        If the file is truncated, or was not written by this package.
    """
    saved = read_explanations(path)
    try:
        explanations = [
            Explanation(saved.response, saved.regions, trace, ids, tokens, fill, saved.fill_picture, provenance)
            for trace, ids, tokens, fill, provenance in saved.parts
        ]
        return explanations[0] if saved.words is None else ExplanationSet(saved.words, explanations)
    except (ValueError, IndexError) as error:
        raise unreadable(path, FORMAT, error) from error
