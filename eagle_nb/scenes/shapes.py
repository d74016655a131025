"""Shapes and backgrounds: what a scene can contain, and how it is drawn.

A shape is drawn into a square patch of ``side`` pixels as one or more *layers*, each an anti-aliased coverage in [0, 1]
and a colour. All geometry is in units of the shape's half extent, which makes a scene independent of the size of its
image.
"""

from __future__ import annotations

import math
from functools import lru_cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw

Color = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

Layer = tuple[np.ndarray, Color]
"""Coverage, float32 (H, W) in [0, 1], and the colour it is painted in."""

Window = tuple[slice, slice]
"""Rows and columns of an image."""

Points = list[tuple[float, float]]

SHAPES = ("circle", "square", "triangle", "star", "heart", "cross", "ring")
"""Geometric shapes; each has a size and a colour."""

FURNITURE = ("cup", "book", "table")
"""Shapes without a size; a table has no colour either."""

SHAPE_NAMES = SHAPES + FURNITURE
"""Every value of `eagle_nb.scenes.SceneObject.shape`."""

PLURALS = {name: name + ("es" if name.endswith("s") else "s") for name in SHAPE_NAMES}
SIZES = ("small", "large")
COLORS: dict[str, Color] = {
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


def _regular(points: int, radius: float, start: float = -90.0) -> Points:
    """Return the corners of a regular polygon; `start` is the angle of the first, in degrees."""
    angles = np.deg2rad(start + 360.0 / points * np.arange(points))
    return [(radius * math.cos(a), radius * math.sin(a)) for a in angles]


def _star() -> Points:
    outer, inner = _regular(5, 1.0), _regular(5, 0.42, -54.0)
    return [point for corners in zip(outer, inner, strict=True) for point in corners]


def _heart() -> Points:
    t = np.linspace(0, 2 * math.pi, 60, endpoint=False)
    x = 16 * np.sin(t) ** 3 / 17
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 15.5
    return list(zip(x.tolist(), (y - 0.12).tolist(), strict=True))


_POLYGONS: dict[str, Points] = {
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
    """Draw one coverage layer in units of the half extent, anti-aliased by supersampling."""

    def __init__(self, side: int, half: float, dx: float, dy: float) -> None:
        self.side, self.scale = side, half * _SUPERSAMPLING
        self.x0 = (side / 2 + dx) * _SUPERSAMPLING
        self.y0 = (side / 2 + dy) * _SUPERSAMPLING
        self.image = Image.new("L", (side * _SUPERSAMPLING,) * 2)
        self.draw = ImageDraw.Draw(self.image)

    def _xy(self, x: float, y: float) -> tuple[float, float]:
        return self.x0 + x * self.scale, self.y0 + y * self.scale

    def polygon(self, points: Points, value: int = 255) -> _Pen:
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


def draw_layers(
    shape: str, color: Color, side: int, half: float, dx: float, dy: float, tablecloth: bool = False
) -> list[Layer]:
    """Draw a shape as layers, from back to front.

    The mask of the shape is where any coverage reaches one half.

    Parameters
    ----------
    shape : str
        One of `SHAPE_NAMES`.
    color : (int, int, int)
        Red, green and blue, 0 to 255.
    side : int
        Side of the patch, in pixels.
    half : float
        Half extent of the shape, in pixels.
    dx, dy : float
        Offset of the shape's centre from the centre of the patch, in pixels.
    tablecloth : bool
        Whether a table has a cloth.

    Returns
    -------
    list of (ndarray of float32 (side, side), (int, int, int))
        Coverage in [0, 1] and colour of each layer.

    Raises
    ------
    ValueError
        If the shape is unknown.

    Examples
    --------
    >>> coverage, color = draw_layers("circle", (200, 0, 0), 20, 8.0, 0.0, 0.0)[0]
    >>> coverage.shape, float(coverage[10, 10]), color
    ((20, 20), 1.0, (124, 0, 0))
    """

    def pen() -> _Pen:
        return _Pen(side, half, dx, dy)

    dark = (int(color[0] * 0.62), int(color[1] * 0.62), int(color[2] * 0.62))
    red, green, blue = (int(c + (255 - c) * 0.75) for c in color)
    light = (red, green, blue)
    if shape in SHAPES:
        rim = _shape(pen(), shape).coverage()
        return [(rim, dark), (_shape(pen(), shape, 0.88).coverage(), color)]
    if shape == "cup":
        opening = pen().ellipse(-0.09, -0.85, 0.62, 0.16)
        return [(_cup(pen()).coverage(), color), (opening.coverage(), dark)]
    if shape == "book":
        cover = pen().polygon([(-0.75, -0.9), (0.55, -0.9), (0.75, -0.7), (0.75, 0.98), (-0.75, 0.98)])
        pages = pen().polygon([(0.55, -0.9), (0.75, -0.7), (0.75, 0.98), (0.55, 0.8)])
        label = pen().box(-0.5, -0.45, 0.3, -0.15)
        return [(cover.coverage(), color), (pages.coverage(), light), (label.coverage(), light)]
    if shape == "table":
        legs = pen().box(-0.86, -0.2, -0.72, 0.62).box(0.72, -0.2, 0.86, 0.62)
        top = pen().polygon([(-0.82, -0.42), (0.82, -0.42), (1.0, -0.12), (1.0, -0.02), (-1.0, -0.02), (-1.0, -0.12)])
        drawn = [(legs.coverage(), dark), (top.coverage(), color)]
        if tablecloth:
            cloth = pen().polygon([(-0.8, -0.41), (0.8, -0.41), (0.98, -0.11), (-0.98, -0.11)])
            for k in range(7):
                x = -0.98 + 0.28 * k
                cloth.polygon([(x, -0.12), (x + 0.28, -0.12), (x + 0.14, 0.2)])
            drawn.append((cloth.coverage(), CLOTH))
        return drawn
    raise ValueError(f"unknown shape {shape!r}; known shapes: {', '.join(SHAPE_NAMES)}")


@lru_cache(maxsize=8)
def _texture(name: str) -> Image.Image:
    """Return the tinted photograph of a background: RGB, 512 × 512 pixels."""
    grey = np.asarray(Image.open(str(files("skimage.data") / f"{name}.png")).convert("L"), dtype=np.float32)
    grey = (grey - grey.mean()) / (grey.std() + 1e-6)
    rgb = np.asarray(_TINTS[name], dtype=np.float32) + 26.0 * grey[..., None]
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def draw_background(background: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a background at random.

    Parameters
    ----------
    background : str
        One of `BACKGROUNDS`.
    size : int
        Side of the image, in pixels.
    rng : numpy.random.Generator
        Source of the crop, the mirroring and the shade.

    Returns
    -------
    ndarray of float32, (size, size, 3)
        RGB, 0 to 255.

    Examples
    --------
    >>> draw_background("paper", 8, np.random.default_rng(0)).shape
    (8, 8, 3)
    """
    gain, shift = rng.uniform(0.85, 1.15), rng.uniform(-12, 12, 3)
    if background == "paper":
        ramp = np.linspace(-1, 1, size, dtype=np.float32)
        a, b = rng.uniform(-9, 9, 2)
        fibre = rng.integers(-4, 5, (size, size, 1)).astype(np.float32)
        rgb = np.array([222, 216, 202], np.float32) + shift / 2 + (a * ramp[:, None] + b * ramp)[..., None] + fibre
        return np.asarray(np.clip(rgb, 0, 255), dtype=np.float32)
    texture = _texture(background)
    side = int(rng.integers(200, 420))
    x, y = (int(v) for v in rng.integers(0, texture.width - side + 1, 2))
    crop = texture.resize((size, size), Image.Resampling.BILINEAR, (x, y, x + side, y + side), reducing_gap=2.0)
    if rng.random() < 0.5:
        crop = crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    rgb = np.asarray(crop, dtype=np.float32) * gain + shift
    return np.asarray(np.clip(rgb, 0, 255), dtype=np.float32)


def draw_patch(
    shape: str, color: Color, half: float, x: float, y: float, size: int, tablecloth: bool = False
) -> tuple[Window, list[Layer]]:
    """Draw a shape at a place of an image, cut off at its edges.

    Parameters
    ----------
    shape : str
        One of `SHAPE_NAMES`.
    color : (int, int, int)
        Red, green and blue, 0 to 255.
    half : float
        Half extent of the shape, in pixels.
    x, y : float
        Centre of the shape, in pixels of the image.
    size : int
        Side of the image, in pixels.
    tablecloth : bool
        Whether a table has a cloth.

    Returns
    -------
    window : (slice, slice)
        Rows and columns of the image that the patch covers.
    layers : list of (ndarray of float32, (int, int, int))
        Coverage of the window and colour of each layer, from back to front.

    Examples
    --------
    >>> draw_patch("star", (0, 0, 0), 5.0, 2.0, 20.0, 40)[0]
    (slice(13, 27, None), slice(0, 9, None))
    """
    side = 2 * int(np.ceil(half + 2))
    left, top = int(np.floor(x)) - side // 2, int(np.floor(y)) - side // 2
    offset = x - left - side / 2, y - top - side / 2
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + side, size), min(top + side, size)
    inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    drawn = draw_layers(shape, color, side, half, *offset, tablecloth=tablecloth)
    return (slice(y0, y1), slice(x0, x1)), [(coverage[inside], paint) for coverage, paint in drawn]
