"""The formats of saved files, and what reads them."""

from __future__ import annotations

EXPLANATIONS = "eagle_nb explanations"
"""An Explanation or an ExplanationSet."""

ROBUSTNESS = "eagle_nb robustness report"
"""A RobustnessReport."""

BOARD = "eagle_nb board"
"""A hallucination Board."""

READERS = {
    EXPLANATIONS: "eagle_nb.load",
    ROBUSTNESS: "eagle_nb.RobustnessReport.load",
    BOARD: "eagle_nb.hallucination.Board.load",
}
"""The function that reads each format."""


def wrong_format(found: object, expected: str) -> str:
    """Return why a file of one format is not read as another.

    Parameters
    ----------
    found : object
        The format that the file names.
    expected : str
        The format that is read, with its version.

    Returns
    -------
    str
        It names the function that reads the file, if there is one.

    Examples
    --------
    >>> wrong_format("eagle_nb board 1", "eagle_nb explanations 3")
    "its format is 'eagle_nb board 1', which eagle_nb.hallucination.Board.load reads"
    """
    name = str(found).rpartition(" ")[0]
    if name in READERS and name != expected.rpartition(" ")[0]:
        return f"its format is {found!r}, which {READERS[name]} reads"
    return f"its format is {found!r}, this version reads {expected!r}"
