"""The palette: every colour and threshold of figures, still pictures and widgets.

``python -m eagle_nb.viz.palette`` writes the browser half's copy, ``widgets/src/palette.js``.
"""

from __future__ import annotations

INSERTION, DELETION = "#009e73", "#d55e00"
"""Curves of shown and of hidden regions (Okabe and Ito 2008, distinguishable by colour-blind readers)."""

RELIANCE_STOPS = (
    (33, 102, 172), (103, 169, 207), (209, 229, 240), (247, 247, 247), (253, 219, 199), (239, 138, 98), (178, 24, 43),
)  # fmt: skip
"""From language (blue) to vision (red), equally spaced, on light pages: RGB."""

LANGUAGE, VISION = "#4393c3", "#d6604d"
"""Lines and marks of language-driven and of image-driven tokens."""

RELIANCE_FLOOR = 0.25
"""The reliance scale ends at the largest value, but not below this: an answer that owes the image nothing is not painted red."""

COLORS = ("#1b7f79", "#b5541c", "#3b6fb6", "#8a4f9e", "#7a6a58", "#c0392b", "#4c7a2a", "#44546a")
"""One for each method or metric."""

CAUSE_COLORS = {"prior-driven": "#3b6fb6", "misperceived region": "#c0392b", "unclear": "#8a8a8a"}
"""Causes of a wrong statement."""

VARIED_COLORS = {"regions": "#1b7f79", "segmentation": "#b5541c", "fill": "#3b6fb6", "seed": "#7a6a58"}
"""What a robustness report varies."""

SALIENCY_SCALE = ((0.0, "rgba(0, 0, 30, 0.55)"), (0.5, "rgba(180, 60, 60, 0.25)"), (1.0, "rgba(255, 220, 60, 0.45)"))
"""Saliency over an image, as a plotly colour scale."""

UNSTABLE_SCALE = ((0.0, "rgba(120, 40, 140, 0)"), (1.0, "rgba(120, 40, 140, 0.85)"))
"""Instability over an image, as a plotly colour scale."""


def reliance_color(share: float) -> tuple[int, int, int]:
    """Return the colour of a reliance.

    Parameters
    ----------
    share : float
        Reliance as a share of the scale, 0 (language) to 1 (vision); values outside are clipped.

    Returns
    -------
    (int, int, int)
        RGB, 0 … 255.

    Examples
    --------
    >>> reliance_color(0.0), reliance_color(0.5)
    ((33, 102, 172), (247, 247, 247))
    """
    x = min(1.0, max(0.0, share)) * (len(RELIANCE_STOPS) - 1)
    k = min(len(RELIANCE_STOPS) - 2, int(x))
    low, high, f = RELIANCE_STOPS[k], RELIANCE_STOPS[k + 1], x - k
    red, green, blue = (round(a * (1 - f) + b * f) for a, b in zip(low, high, strict=True))
    return red, green, blue


def ink_color(rgb: tuple[int, int, int]) -> str:
    """Return black or white, whichever is easier to read on a colour.

    Parameters
    ----------
    rgb : (int, int, int)
        The background, 0 … 255.

    Returns
    -------
    str
        "#000000" or "#ffffff".

    References
    ----------
    Web Content Accessibility Guidelines 2, contrast ratio.

    Examples
    --------
    >>> ink_color((33, 102, 172)), ink_color((247, 247, 247))
    ('#ffffff', '#000000')
    """
    red, green, blue = (v / 3294.6 if v <= 10.3 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in rgb)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"
