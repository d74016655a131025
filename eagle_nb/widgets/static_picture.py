"""The still picture of an explanation: for print, and where no scripts run."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
from PIL import Image

from ..attribution.explanation import Explanation
from ..inputs.response import Response
from ..viz.palette import DELETION, INSERTION, INTERFACE, NEUTRAL, RELIANCE_FLOOR, ink_color, reliance_color
from .payload import note, picture_bytes
from .text import escaped

_SIDE = 400  # pixels of the longer side


def static_html(subject: Explanation | Response) -> str:
    """Return an explanation or a response as HTML without scripts.

    Parameters
    ----------
    subject : Explanation or Response
        What to show.

    Returns
    -------
    str
        Image and saliency, the answer coloured by reliance, and the curves.
    """
    if isinstance(subject, Response):
        parts = [f"<p dir='auto'>{escaped(subject.text)}</p>"]
    else:
        parts = [
            f"<p style='color:{NEUTRAL['caption']}'>{escaped(note(subject))}</p>",
            _sentence(subject),
            f"<p>{_image(subject)}</p>",
            _curves(subject),
        ]
    return _still(parts)


def static_painting(
    image: Image.Image,
    seen: Image.Image,
    rows: Sequence[tuple[str, float, float]],
    answer: str | None,
    lines: Sequence[str],
) -> str:
    """Return a painted image as HTML without scripts.

    Parameters
    ----------
    image, seen : PIL.Image.Image
        The image, and what the model sees of it.
    rows : sequence of (str, float, float)
        Tokens with their probabilities on either.
    answer : str or None
        The answer that was generated again.
    lines : sequence of str
        Lines of text above.

    Returns
    -------
    str
        HTML.
    """
    size = _small(image)
    left, right = (np.asarray(i.convert("RGB").resize(size, Image.Resampling.LANCZOS)) for i in (image, seen))
    body = "".join(
        f"<tr><td dir='auto'>{escaped(token.strip()) or '·'}</td><td>{full:.2f}</td><td>{now:.2f}</td></tr>"
        for token, full, now in rows
    )
    head = "<tr><th>token</th><th>whole image</th><th>as seen here</th></tr>"
    parts = [
        *(f"<p>{escaped(line)}</p>" for line in lines),
        f"<p>{_pair(left, right, 'The image, and beside it what the model sees of it')}</p>",
        ""
        if answer is None
        else f"<p>The answer, generated again:</p><p dir='auto'>{escaped(answer) or '(nothing)'}</p>",
        f"<table cellpadding='4'>{head}{body}</table>" if rows else "",
    ]
    return _still(parts)


def _still(parts: Sequence[str]) -> str:
    """Return the parts of a still picture as one element."""
    page = INTERFACE["fallback"]
    style = f"color:{page['ink']};background:{page['paper']};padding:8px;font-family:system-ui,sans-serif"
    return f'<div class="eagle-nb-static" style="{style}">{"".join(parts)}</div>'


def _sentence(explanation: Explanation) -> str:
    """Return the answer coloured by reliance."""
    scores = explanation.reliance.score
    top = max(RELIANCE_FLOOR, float(scores.max()))
    spans = []
    for k, token in enumerate(explanation.response.tokens):
        rgb = reliance_color(float(scores[k]) / top)
        ink = ink_color(rgb)
        line = "underline" if k in explanation.tokens else "none"
        color = f"rgb({rgb[0]},{rgb[1]},{rgb[2]})"
        spans.append(f"<span style='background:{color};color:{ink};text-decoration:{line}'>{escaped(token)}</span>")
    legend = "<small>blue: language · red: vision · underlined: explained</small>"
    return f"<p dir='auto' style='line-height:1.9;white-space:pre-wrap'>{''.join(spans)}</p><p>{legend}</p>"


def _image(explanation: Explanation) -> str:
    """Return the image, and beside it the image lit where regions carried the words."""
    image = explanation.response.image
    size = _small(image)
    small = np.asarray(image.convert("RGB").resize(size, Image.Resampling.LANCZOS), dtype=float)
    y = ((np.arange(size[1]) + 0.5) * image.height / size[1]).astype(int)
    x = ((np.arange(size[0]) + 0.5) * image.width / size[0]).astype(int)
    weight = explanation.region_scores()[explanation.regions.labels[y][:, x]][..., None]
    grey = small.mean(2, keepdims=True) * 0.35
    lit = (small * weight + grey * (1 - weight)).astype(np.uint8)
    alt = "The image, and beside it the same image lit where regions carried the explained words"
    return _pair(small.astype(np.uint8), lit, alt)


def _small(image: Image.Image) -> tuple[int, int]:
    """Return the size of an image in a still picture."""
    factor = min(1.0, _SIDE / max(image.size))
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def _pair(left: np.ndarray, right: np.ndarray, alt: str) -> str:
    """Return two images of one size, uint8 (H, W, 3), side by side."""
    gap = np.full((left.shape[0], 8, 3), 255, dtype=np.uint8)
    pair = Image.fromarray(np.concatenate([left, gap, right], axis=1))
    data, kind = picture_bytes(pair, pair.size, quality=85)
    return f"<img alt='{alt}' style='max-width:100%' src='data:{kind};base64,{base64.b64encode(data).decode()}'>"


def _curves(explanation: Explanation) -> str:
    """Return the curves as SVG."""

    def line(values: np.ndarray, color: str, dash: str) -> str:
        ys = 150 - 140 * np.clip(values, 0, 1)
        points = " ".join(f"{30 + 360 * a:.1f},{b:.1f}" for a, b in zip(explanation.area, ys, strict=True))
        return f"<polyline points='{points}' fill='none' stroke='{color}' stroke-width='2' stroke-dasharray='{dash}'/>"

    tokens = explanation.tokens
    axis = f"<path d='M30 10V150H390' fill='none' stroke='{NEUTRAL['caption']}'/>"
    marks = "".join(
        f"<text x='{x}' y='{y}' font-size='11' fill='{NEUTRAL['label']}'>{t}</text>"
        for x, y, t in (
            (16, 14, "1"),
            (16, 154, "0"),
            (30, 166, "0 %"),
            (355, 166, "100 %"),
            (160, 166, "share of the image"),
        )
    )
    legend = (
        f"solid: insertion, AUC {explanation.insertion_auc:.3f} · dashed: deletion, AUC {explanation.deletion_auc:.3f}"
    )
    return (
        "<svg viewBox='0 0 400 170' width='400' role='img' aria-label='Insertion and deletion curves'>"
        + axis
        + marks
        + line(explanation.insertion[:, tokens].mean(1), INSERTION, "")
        + line(explanation.deletion[:, tokens].mean(1), DELETION, "6 4")
        + f"</svg><p><small>{legend}</small></p>"
    )
