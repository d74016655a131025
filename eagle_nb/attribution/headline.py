"""The headline of an explanation: the answer in one or two sentences with its numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..inputs.text import percent, printable, shortened
from ..metrics.curves import necessary_step, sufficient_step
from .places import THE_IMAGE, Subject

_NEGLIGIBLE = 0.05  # differences of probability that a headline does not call an effect
_LONGEST = 60


def headline_text(
    target: str,
    insertion: np.ndarray,
    deletion: np.ndarray,
    area: np.ndarray,
    subject: Subject = THE_IMAGE,
    place: Callable[[int], str] | None = None,
) -> str:
    """Return the headline of an explanation.

    Parameters
    ----------
    target : str
        The explained text.
    insertion, deletion : ndarray, (N + 1,)
        Its probability when the first k regions are shown, and when they are hidden.
    area : ndarray, (N + 1,)
        Fraction of the image at each step.
    subject : Subject
        What the explanation is about, in words.
    place : callable, optional
        Where the first k regions lie, in words: of several pictures, see `eagle_nb.attribution.places.place_text`.

    Returns
    -------
    str
        How many regions are enough for the target and what hiding them does, or, where fewer regions suffice to lose it, that first; or
        that the target does not depend on the image. Each with its probabilities.

    Examples
    --------
    >>> headline_text("cup", np.array([0.1, 0.9, 0.9]), np.array([0.9, 0.1, 0.1]), np.array([0.0, 0.02, 1.0]))
    'One region, 2.0 % of the image, is enough for “cup”: 0.10 → 0.90. Without it: 0.90 → 0.10.'
    """
    word = f"“{shortened(printable(target), _LONGEST)}”"
    blank, full, highest = float(insertion[0]), float(insertion[-1]), float(insertion.max())
    enough, lost, every = sufficient_step(insertion), necessary_step(deletion), len(area) - 1
    if enough == 0 or highest - blank < _NEGLIGIBLE:
        ends = f"{blank:.2f} with every region hidden, {full:.2f} with {subject.whole}"
        if blank - full >= _NEGLIGIBLE:
            return f"{subject.name[0].upper()}{subject.name[1:]} {'make' if subject.plural else 'makes'} {word} less probable: {ends}."
        how = "does not depend" if highest - blank < _NEGLIGIBLE else "hardly depends"
        return f"{word} {how} on {subject.name}. Its probability is {ends}."
    reached, left = float(insertion[enough]), float(deletion[enough])

    def counted(step: int) -> str:
        """Return a number of regions with their area."""
        number = "one region" if step == 1 else "all regions" if step == every else f"{step} regions"
        if step == every:
            return number
        where = place(step) if place is not None else ""
        return f"{number}{' ' if where else ''}{where}, {percent(area[step])} of {subject.name},"

    if lost < enough:
        more = f"It takes {counted(enough)} to raise its probability from {blank:.2f} to {reached:.2f}."
        return f"Without {counted(lost)} {word} is lost: {full:.2f} → {deletion[lost]:.2f}. {more}"
    one = enough == 1
    claim = f"{'is' if one else 'are'} enough for {word}"
    if reached < 0.5:
        claim = f"{'raises' if one else 'raise'} {word} to its highest probability"
    start = counted(enough)
    first = f"{start[0].upper()}{start[1:]} {claim}: {blank:.2f} → {reached:.2f}."
    if enough == every:
        return first
    them = "it" if one else "them"
    if full - left < _NEGLIGIBLE:
        return f"{first} Hiding {them} changes little, {full:.2f} → {left:.2f}: other regions are enough, too."
    return f"{first} Without {them}: {full:.2f} → {left:.2f}."
