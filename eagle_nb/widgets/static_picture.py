"""The still picture of an explanation: for print, and where no scripts run."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

import numpy as np
from PIL import Image

from ..attribution.explanation import Explanation
from ..inputs.response import Response
from .payload import note, picture_bytes

_SIDE = 400  # pixels of the longer side
_BLUE, _GREY, _RED = np.array([33, 102, 172]), np.array([247, 247, 247]), np.array([178, 24, 43])


def static_html(subject: Explanation | Response) -> str:
    """Image and saliency, the answer coloured by reliance, the curves: HTML without scripts."""
    if isinstance(subject, Response):
        parts = [f"<p dir='auto'>{_text(subject.text)}</p>"]
    else:
        parts = [
            f"<p style='color:#555'>{_text(note(subject))}</p>",
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
    """The image and what the model saw of it, tokens with their probabilities for either, and the answer."""
    size = _small(image)
    left, right = (np.asarray(i.convert("RGB").resize(size, Image.Resampling.LANCZOS)) for i in (image, seen))
    body = "".join(
        f"<tr><td dir='auto'>{_text(token.strip()) or '·'}</td><td>{full:.2f}</td><td>{now:.2f}</td></tr>"
        for token, full, now in rows
    )
    head = "<tr><th>token</th><th>whole image</th><th>as seen here</th></tr>"
    parts = [
        *(f"<p>{_text(line)}</p>" for line in lines),
        f"<p>{_pair(left, right, 'The image, and beside it what the model sees of it')}</p>",
        "" if answer is None else f"<p>The answer, generated anew:</p><p dir='auto'>{_text(answer) or '(nothing)'}</p>",
        f"<table cellpadding='4'>{head}{body}</table>" if rows else "",
    ]
    return _still(parts)


def _still(parts: Sequence[str]) -> str:
    style = "color:#1c1c1e;background:#fff;padding:8px;font-family:system-ui,sans-serif"
    return f'<div class="eagle-nb-static" style="{style}">{"".join(parts)}</div>'


def _text(text: str) -> str:
    return html.escape(text.encode("utf-8", "replace").decode())


def _sentence(explanation: Explanation) -> str:
    scores = explanation.reliance.score
    top = max(0.25, float(scores.max()))
    spans = []
    for k, token in enumerate(explanation.response.tokens):
        rgb = reliance_color(float(scores[k]) / top)
        ink = "#fff" if np.dot(rgb, [0.3, 0.6, 0.1]) < 130 else "#000"
        line = "underline" if k in explanation.tokens else "none"
        color = f"rgb({rgb[0]},{rgb[1]},{rgb[2]})"
        spans.append(f"<span style='background:{color};color:{ink};text-decoration:{line}'>{_text(token)}</span>")
    legend = "<small>blue: language · red: vision · underlined: explained</small>"
    return f"<p dir='auto' style='line-height:1.9;white-space:pre-wrap'>{''.join(spans)}</p><p>{legend}</p>"


def reliance_color(value: float) -> tuple[int, int, int]:
    """Blue (0) over grey to red (1)."""
    value = min(1.0, max(0.0, value))
    low, high, f = (_BLUE, _GREY, value * 2) if value < 0.5 else (_GREY, _RED, value * 2 - 1)
    r, g, b = (low + (high - low) * f).astype(int).tolist()
    return r, g, b


def _image(explanation: Explanation) -> str:
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
    factor = min(1.0, _SIDE / max(image.size))
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def _pair(left: np.ndarray, right: np.ndarray, alt: str) -> str:
    """Two pictures of one size, uint8 (H, W, 3), side by side."""
    gap = np.full((left.shape[0], 8, 3), 255, dtype=np.uint8)
    pair = Image.fromarray(np.concatenate([left, gap, right], axis=1))
    data, kind = picture_bytes(pair, pair.size, quality=85)
    return f"<img alt='{alt}' style='max-width:100%' src='data:{kind};base64,{base64.b64encode(data).decode()}'>"


def _curves(explanation: Explanation) -> str:
    def line(values: np.ndarray, color: str, dash: str) -> str:
        ys = 150 - 140 * np.clip(values, 0, 1)
        points = " ".join(f"{30 + 360 * a:.1f},{b:.1f}" for a, b in zip(explanation.area, ys, strict=True))
        return f"<polyline points='{points}' fill='none' stroke='{color}' stroke-width='2' stroke-dasharray='{dash}'/>"

    tokens = explanation.tokens
    axis = "<path d='M30 10V150H390' fill='none' stroke='#555'/>"
    marks = "".join(
        f"<text x='{x}' y='{y}' font-size='11' fill='#333'>{t}</text>"
        for x, y, t in (
            (16, 14, "1"),
            (16, 154, "0"),
            (30, 166, "0 %"),
            (355, 166, "100 %"),
            (160, 166, "share of the image"),
        )
    )
    legend = f"solid: shown, AUC {explanation.insertion_auc:.3f} · dashed: hidden, AUC {explanation.deletion_auc:.3f}"
    return (
        "<svg viewBox='0 0 400 170' width='400' role='img' aria-label='Insertion and deletion curves'>"
        + axis
        + marks
        + line(explanation.insertion[:, tokens].mean(1), "#009e73", "")
        + line(explanation.deletion[:, tokens].mean(1), "#d55e00", "6 4")
        + f"</svg><p><small>{legend}</small></p>"
    )
