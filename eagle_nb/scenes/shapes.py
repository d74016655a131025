"""What can stand in a scene, and how each thing is drawn.

A thing is drawn into a square patch of ``side`` pixels as one or more *layers*: an
anti-aliased coverage in [0, 1] and a colour. All geometry is in units of the half extent,
so that the same scene can be drawn at any size.
"""

from __future__ import annotations

import math
from functools import lru_cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("circle", "square", "triangle", "star", "heart", "cross", "ring")
FURNITURE = ("cup", "book", "table")
THINGS = SHAPES + FURNITURE
PLURALS = {name: name + ("es" if name.endswith("s") else "s") for name in THINGS}
SIZES = ("small", "large")
COLORS = {
    "red": (205, 38, 38),
    "green": (34, 150, 58),
    "blue": (38, 78, 208),
    "yellow": (236, 208, 44),
    "purple": (136, 48, 168),
    "pink": (246, 142, 190),
}
BACKGROUNDS = ("grass", "brick", "gravel", "paper")
WOOD = (122, 78, 42)
CLOTH = (238, 236, 230)

_SUPERSAMPLING = 3
_TINTS = {"grass": (96, 116, 72), "brick": (150, 108, 92), "gravel": (128, 128, 130)}


def _regular(points: int, radius: float, start: float = -90.0) -> list[tuple[float, float]]:
    angles = np.deg2rad(start + 360.0 / points * np.arange(points))
    return [(radius * math.cos(a), radius * math.sin(a)) for a in angles]


def _star() -> list[tuple[float, float]]:
    outer, inner = _regular(5, 1.0), _regular(5, 0.42, -54.0)
    return [p for pair in zip(outer, inner, strict=True) for p in pair]


def _heart() -> list[tuple[float, float]]:
    t = np.linspace(0, 2 * math.pi, 60, endpoint=False)
    x = 16 * np.sin(t) ** 3 / 17
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 15.5
    return list(zip(x.tolist(), (y - 0.12).tolist(), strict=True))


_POLYGONS = {
    "square": [(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)],
    "triangle": [(0.0, -0.95), (0.98, 0.82), (-0.98, 0.82)],
    "star": _star(),
    "heart": _heart(),
    "cross": [(sx * x, sy * y) for sx, sy, corner in
              ((1, -1, ((0.34, 0.98), (0.34, 0.34), (0.98, 0.34))),
               (1, 1, ((0.98, 0.34), (0.34, 0.34), (0.34, 0.98))),
               (-1, 1, ((0.34, 0.98), (0.34, 0.34), (0.98, 0.34))),
               (-1, -1, ((0.98, 0.34), (0.34, 0.34), (0.34, 0.98)))) for x, y in corner],
}  # fmt: skip


class _Pen:
    """Draws one coverage layer in half-extent units, anti-aliased by supersampling."""

    def __init__(self, side: int, half: float, dx: float, dy: float) -> None:
        self.side, self.scale = side, half * _SUPERSAMPLING
        self.x0 = (side / 2 + dx) * _SUPERSAMPLING
        self.y0 = (side / 2 + dy) * _SUPERSAMPLING
        self.image = Image.new("L", (side * _SUPERSAMPLING,) * 2)
        self.draw = ImageDraw.Draw(self.image)

    def _xy(self, x: float, y: float) -> tuple[float, float]:
        return self.x0 + x * self.scale, self.y0 + y * self.scale

    def polygon(self, points: list[tuple[float, float]], value: int = 255) -> _Pen:
        self.draw.polygon([self._xy(*p) for p in points], fill=value)
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float, value: int = 255) -> _Pen:
        return self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], value)

    def ellipse(self, x: float, y: float, rx: float, ry: float, value: int = 255) -> _Pen:
        self.draw.ellipse([self._xy(x - rx, y - ry), self._xy(x + rx, y + ry)], fill=value)
        return self

    def coverage(self) -> np.ndarray:
        small = self.image.reduce(_SUPERSAMPLING)
        return np.asarray(small, dtype=np.float32) / 255.0


def _shape(pen: _Pen, shape: str, grow: float = 1.0) -> _Pen:
    if shape == "circle":
        return pen.ellipse(0, 0, 0.95 * grow, 0.95 * grow)
    if shape == "ring":
        return pen.ellipse(0, 0, 0.98 * grow, 0.98 * grow).ellipse(0, 0, 0.5 / grow, 0.5 / grow, 0)
    return pen.polygon([(x * grow, y * grow) for x, y in _POLYGONS[shape]])


def _cup(pen: _Pen) -> _Pen:
    pen.ellipse(0.62, -0.05, 0.36, 0.42).ellipse(0.62, -0.05, 0.18, 0.24, 0)
    return pen.polygon([(-0.8, -0.85), (0.62, -0.85), (0.42, 0.98), (-0.6, 0.98)])


def layers(
    name: str, color: tuple[int, int, int], side: int, half: float, dx: float, dy: float, laid: bool
) -> list[tuple[np.ndarray, tuple[int, int, int]]]:
    """Draw thing `name` as layers from back to front.

    Parameters
    ----------
    name : str
        One of `THINGS`.
    color : tuple of int
        RGB, 0 to 255.
    side, half : int, float
        Side of the patch and half extent of the thing, in pixels.
    dx, dy : float
        Sub-pixel offset of the thing's centre from the patch's.
    laid : bool
        Whether a table carries a cloth.

    Returns
    -------
    list of (coverage (side, side) float32, RGB)
        The thing's mask is where any coverage reaches one half.
    """

    def pen() -> _Pen:
        return _Pen(side, half, dx, dy)

    dark = (int(color[0] * 0.62), int(color[1] * 0.62), int(color[2] * 0.62))
    light = tuple(int(c + (255 - c) * 0.75) for c in color)
    if name in SHAPES:
        rim = _shape(pen(), name).coverage()
        return [(rim, dark), (_shape(pen(), name, 0.88).coverage(), color)]
    if name == "cup":
        opening = pen().ellipse(-0.09, -0.85, 0.62, 0.16)
        return [(_cup(pen()).coverage(), color), (opening.coverage(), dark)]
    if name == "book":
        cover = pen().polygon([(-0.75, -0.9), (0.55, -0.9), (0.75, -0.7), (0.75, 0.98), (-0.75, 0.98)])
        pages = pen().polygon([(0.55, -0.9), (0.75, -0.7), (0.75, 0.98), (0.55, 0.8)])
        label = pen().box(-0.5, -0.45, 0.3, -0.15)
        return [(cover.coverage(), color), (pages.coverage(), light), (label.coverage(), light)]  # type: ignore[list-item]
    if name == "table":
        legs = pen().box(-0.86, -0.2, -0.72, 0.62).box(0.72, -0.2, 0.86, 0.62)
        top = pen().polygon([(-0.82, -0.42), (0.82, -0.42), (1.0, -0.12), (1.0, -0.02), (-1.0, -0.02), (-1.0, -0.12)])
        drawn = [(legs.coverage(), dark), (top.coverage(), color)]
        if laid:
            cloth = pen().polygon([(-0.8, -0.41), (0.8, -0.41), (0.98, -0.11), (-0.98, -0.11)])
            for k in range(7):
                x = -0.98 + 0.28 * k
                cloth.polygon([(x, -0.12), (x + 0.28, -0.12), (x + 0.14, 0.2)])
            drawn.append((cloth.coverage(), CLOTH))
        return drawn
    raise ValueError(f"unknown thing {name!r}; known things: {', '.join(THINGS)}")


@lru_cache(maxsize=8)
def _texture(name: str) -> Image.Image:
    """The photograph behind a background, tinted; (512, 512) RGB."""
    grey = np.asarray(Image.open(str(files("skimage.data") / f"{name}.png")).convert("L"), dtype=np.float32)
    grey = (grey - grey.mean()) / (grey.std() + 1e-6)
    rgb = np.asarray(_TINTS[name], dtype=np.float32) + 26.0 * grey[..., None]
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def background(name: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """A background of `size` × `size` pixels; float32 (size, size, 3) in 0 … 255."""
    gain, shift = rng.uniform(0.85, 1.15), rng.uniform(-12, 12, 3)
    if name == "paper":
        ramp = np.linspace(-1, 1, size, dtype=np.float32)
        a, b = rng.uniform(-9, 9, 2)
        fibre = rng.integers(-4, 5, (size, size, 1)).astype(np.float32)
        rgb = np.array([222, 216, 202], np.float32) + shift / 2 + (a * ramp[:, None] + b * ramp)[..., None] + fibre
        return np.asarray(np.clip(rgb, 0, 255), dtype=np.float32)
    texture = _texture(name)
    side = int(rng.integers(200, 420))
    x, y = (int(v) for v in rng.integers(0, texture.width - side + 1, 2))
    crop = texture.resize((size, size), Image.Resampling.BILINEAR, (x, y, x + side, y + side), reducing_gap=2.0)
    if rng.random() < 0.5:
        crop = crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    rgb = np.asarray(crop, dtype=np.float32) * gain + shift
    return np.asarray(np.clip(rgb, 0, 255), dtype=np.float32)


def patch(shape, color, half, cx, cy, size, laid):  # type: ignore[no-untyped-def]
    """Where in the image a thing is drawn, and its layers there: (slices, [(coverage, RGB)])."""
    side = 2 * int(np.ceil(half + 2))
    left, top = int(np.floor(cx)) - side // 2, int(np.floor(cy)) - side // 2
    offset = cx - left - side / 2, cy - top - side / 2
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + side, size), min(top + side, size)
    inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    drawn = layers(shape, color, side, half, *offset, laid=laid)
    return np.s_[y0:y1, x0:x1], [(coverage[inside], paint) for coverage, paint in drawn]
