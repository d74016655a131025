"""The still picture of an explanation: for print, for untrusted notebooks, and where no scripts run.

It survives the sanitizers of notebook viewers, which remove scripts, style sheets, SVG elements and data attributes: styles are inline, and
everything drawn is an ``img``.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence

from PIL import Image

from ..attribution.explanation import Explanation
from ..attribution.measuring import measured_units
from ..inputs.response import Response
from ..inputs.text import shortened
from ..viz.contact import lit_sheet, sheet_titles
from ..viz.palette import INTERFACE, RELIANCE_FLOOR, UNMEASURED, ink_color, reliance_color
from ..viz.pictures import data_uri, drawn_size
from .payload import note
from .static_drawing import curves_drawing, map_drawing
from .text import escaped

_SIDE = 400  # pixels that a picture holds along its longer side
_THRESHOLD = 0.2  # of reliance, the default of the widgets
_SHOWN = 250  # pixels at which its longer side is shown
_SHEET = 480  # the same of several pictures side by side
_PAGE = INTERFACE["fallback"]
_TRUST = (
    "Still picture. <strong>Trust this notebook to explore</strong>: in JupyterLab and Notebook, open the command palette "
    "(Ctrl or ⌘ + Shift + C) and choose “Trust Notebook”."
)


def static_html(subject: Explanation | Response, words: Sequence[Explanation] = ()) -> str:
    """Return an explanation or a response as HTML without scripts.

    Parameters
    ----------
    subject : Explanation or Response
        What to show.
    words : sequence of Explanation
        Explanations of further words of the same answer; their numbers are shown in the answer.

    Returns
    -------
    str
        Headline, the answer with the reliance of what was measured, the image and its evidence, and the curves.
    """
    if isinstance(subject, Response):
        return _still([f"<p dir='auto'>{escaped(subject.text)}</p>"])
    return _still(
        [
            f"<p dir='auto' style='font-size:18px;margin:8px 0'><strong>{escaped(subject.headline).replace(' → ', chr(160) + '→' + chr(160))}</strong></p>",
            _answer(subject, words or [subject]),
            f"<p style='margin:8px 0'>{_image(subject)}{_map(subject)}{_curves(subject)}</p>",
            f"<p style='color:{_PAGE['soft']};font-size:13px;margin:8px 0'>{escaped(note(subject))}</p>",
        ]
    )


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
    size = drawn_size(image, _SIDE)
    left, right = (i.convert("RGB").resize(size, Image.Resampling.LANCZOS) for i in (image, seen))
    body = "".join(
        f"<tr><td dir='auto'>{escaped(token.strip()) or '·'}</td><td>{full:.2f}</td><td>{now:.2f}</td></tr>"
        for token, full, now in rows
    )
    head = "<tr><th>token</th><th>whole image</th><th>as seen here</th></tr>"
    parts = [
        *(f"<p>{escaped(line)}</p>" for line in lines),
        f"<p>{_picture(left, 'The image')}{_picture(right, 'What the model sees of the image')}</p>",
        ""
        if answer is None
        else f"<p>The answer, generated again:</p><p dir='auto'>{escaped(answer) or '(nothing)'}</p>",
        f"<table cellpadding='4'>{head}{body}</table>" if rows else "",
    ]
    return _still(parts)


def _still(parts: Sequence[str]) -> str:
    """Return the parts of a still picture as one element, below the line about trust."""
    style = f"color:{_PAGE['ink']};background-color:{_PAGE['paper']};padding:8px;font-family:system-ui,sans-serif"
    trust = "padding:6px 10px;margin:0 0 8px;background-color:#fff4ce;border-left:4px solid #b58900;font-size:14px"
    return f'<div class="eagle-nb-static" style="{style}"><p class="eagle-nb-trust" style="{trust}">{_TRUST}</p>{"".join(parts)}</div>'


def _answer(subject: Explanation, words: Sequence[Explanation]) -> str:
    """Return the answer, its background coloured by the reliance of what was measured, and the key in words."""
    parts = [(tokens, reliance.score) for tokens, reliance in measured_units(words)]
    scores = [score for _, score in parts if not math.isnan(score)]
    top = max(RELIANCE_FLOOR, *scores)
    tokens, explained = subject.target_tokens, set(subject.tokens)
    chips = [_chip("".join(tokens[k] for k in own), score, top, explained >= set(own)) for own, score in parts]
    key = [
        f"{_swatch(reliance_color(0))} 0: from language",
        f"{_swatch(reliance_color(0.5))} {_THRESHOLD:.2f}: between",
        f"{_swatch(reliance_color(1))} {top:.2f}: from the image",
        "boxed: explained here",
    ]
    if len(scores) < len(parts):
        key.append(f"{_swatch(UNMEASURED['light'])} grey: not measured")
    return (
        f"<p dir='auto' style='line-height:2.1;white-space:pre-wrap;font-size:16px;margin:8px 0'>{''.join(chips)}</p>"
        f"<p style='color:{_PAGE['soft']};font-size:13px;margin:4px 0'>Reliance on the image — {' · '.join(key)}</p>"
    )


def _scale_share(score: float, top: float) -> float:
    """Return the place of a reliance on a colour scale whose centre is the threshold, as in the Explorer."""
    if score <= _THRESHOLD:
        return 0.5 * score / _THRESHOLD
    return 0.5 + 0.5 * (score - _THRESHOLD) / (top - _THRESHOLD)


def _chip(text: str, score: float, top: float, explained: bool) -> str:
    """Return a word or token with its number; white space stays outside, where lines may break."""
    core = text.strip()
    before, after = (text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]) if core else (text, "")
    rgb = UNMEASURED["light"] if math.isnan(score) else reliance_color(_scale_share(score, top))
    red, green, blue = rgb
    border = "2px solid #111111" if explained else "2px solid transparent"
    style = f"background-color:rgb({red},{green},{blue});color:{ink_color(rgb)};border:{border};border-radius:4px;padding:2px 4px;white-space:nowrap"
    number = "" if math.isnan(score) else f" <small>{score:.2f}</small>"
    title = "reliance not measured" if math.isnan(score) else f"reliance {score:.2f}"
    return (
        f"{escaped(before)}<span title='{title}' style='{style}'>{escaped(core) or '·'}{number}</span>{escaped(after)}"
    )


def _swatch(rgb: tuple[int, int, int]) -> str:
    """Return a small square of a colour."""
    red, green, blue = rgb
    return (
        f"<span style='background-color:rgb({red},{green},{blue});border:1px solid #888888'>&nbsp;&nbsp;&nbsp;</span>"
    )


def _image(explanation: Explanation) -> str:
    """Return the image."""
    image = explanation.response.canvas
    small = image.convert("RGB").resize(drawn_size(image, _SIDE), Image.Resampling.LANCZOS)
    return _picture(small, "The image", f"width:{_shown_size(image)[0]}px;")


def _map(explanation: Explanation) -> str:
    """Return the image lit by the evidence of its regions, with the colour bar."""
    image, text = explanation.response.canvas, shortened(explanation.selected_text)
    several = len(explanation.regions.layout) > 1
    lit = lit_sheet(explanation, 2 * _SIDE if several else _SIDE)
    size = _shown_size(image, _SHEET if several else _SHOWN)
    titles = zip(explanation.regions.layout.boxes, sheet_titles(explanation), strict=False)
    factor = size[0] / image.width
    labels = [(left * factor, top * factor, title) for (left, top, _, _), title in titles]
    drawing = map_drawing(data_uri(lit), size, explanation.evidence_scale, labels)
    return _drawing(drawing, f"Evidence for “{text}”: in colour where regions carried it, dark where they did not")


def _shown_size(image: Image.Image, side: int = _SHOWN) -> tuple[int, int]:
    """Return width and height, in pixels, at which an image is shown; small images are enlarged."""
    factor = side / max(image.size)
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def _curves(explanation: Explanation) -> str:
    """Return the curves."""
    e = explanation
    text = f"Insertion and deletion curves: areas {e.insertion_auc:.3f} and {e.deletion_auc:.3f}"
    return _drawing(curves_drawing(e), text)


def _picture(image: Image.Image, alt: str, style: str = "") -> str:
    """Return a picture as an element."""
    return _element(data_uri(image), alt, style)


def _drawing(svg: str, alt: str) -> str:
    """Return an SVG drawing as an element that sanitizers leave alone."""
    return _element(f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}", alt)


def _element(source: str, alt: str, style: str = "") -> str:
    """Return a picture from its data URI as an element."""
    text = escaped(alt)
    style += "max-width:100%;margin:0 8px 8px 0;vertical-align:top"
    return f"<img alt='{text}' style='{style}' src='{source}'>"
