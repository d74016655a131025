"""The parts of an answer in which a model thinks."""

from __future__ import annotations

from .text import Span

THINKING = (("<think>", "</think>"), ("<thinking>", "</thinking>"), ("◁think▷", "◁/think▷"))
"""Marks around the part of an answer in which a model thinks."""


def thinking_blocks(text: str) -> list[Span]:
    """Return the spans of a text in which a model thinks.

    Parameters
    ----------
    text : str
        An answer.

    Returns
    -------
    list of (int, int)
        Start and end in characters, the marks included. A block without an end reaches to the end of the text, and one without a
        beginning starts with the text, because chat templates may open it in the prompt.

    Examples
    --------
    >>> thinking_blocks("<think>no?</think>Yes")
    [(0, 18)]
    """
    blocks = []
    for opening, closing in THINKING:
        start = text.find(opening)
        end = text.find(closing)
        if end >= 0 and not 0 <= start < end:
            start = 0
        while start >= 0:
            end = text.find(closing, start)
            end = len(text) if end < 0 else end + len(closing)
            blocks.append((start, end))
            start = text.find(opening, end)
    return sorted(blocks)


def without_thinking(text: str) -> str:
    """Return a text whose thinking blocks are blank.

    Parameters
    ----------
    text : str
        An answer.

    Returns
    -------
    str
        As long as the text: each character of a block is a space, so that places in it are places in the text.

    Examples
    --------
    >>> without_thinking("<think>no?</think>Yes").strip()
    'Yes'
    """
    for start, end in thinking_blocks(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text
