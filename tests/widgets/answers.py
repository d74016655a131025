"""Responses and explanations without a model, for the tests of the widgets, and what a page or a widget holds."""

import json
import re

import numpy as np
from PIL import Image

import eagle_nb as eagle
from eagle_nb import hallucination
from eagle_nb.datasets import Sample
from eagle_nb.inputs.response import Response

HOSTILE = "<img src=x onerror=\"document.title='broken'\">"


class LeaningScorer:
    """Tokens of odd index need the regions they point at; the others come from the language prior."""

    def __init__(self, n_regions, tokens, seed=0):
        rng = np.random.default_rng(seed)
        self.n_regions = n_regions
        self.pull = rng.dirichlet(np.full(n_regions, 0.15), tokens)
        self.base = rng.uniform(0.55, 0.95, tokens)
        self.base[1::2] = rng.uniform(0.02, 0.1, len(self.base[1::2]))

    def __call__(self, shown):
        seen = np.asarray(shown, dtype=float) @ self.pull.T
        return (self.base + (0.97 - self.base) * seen**2).astype(np.float32)


class Model:
    """The part of a model that `explain` needs."""

    def scorer(self, response, regions, fill, target_ids=None):
        return LeaningScorer(regions.n, len(response))


def make_response(tokens, image=None, probabilities=True, prompt="What is in the image?"):
    """A response whose tokens are these texts."""
    ends = np.cumsum([len(t) for t in tokens]).tolist()
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    chances = np.linspace(0.35, 1, len(tokens), dtype=np.float32) if probabilities else None
    image = Image.fromarray(picture(160, 120)) if image is None else image
    return Response(image, prompt, "".join(tokens), list(range(len(tokens))), tokens, spans, chances, "made by hand")


def picture(width, height):
    """A smooth picture with a disc and a square in it: uint8 (height, width, 3)."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([60 + 120 * x / width, 90 + 90 * y / height, np.full(x.shape, 140.0)], -1)
    rgb[(x - width * 0.3) ** 2 + (y - height * 0.4) ** 2 < (height * 0.2) ** 2] = (200, 40, 40)
    rgb[(abs(x - width * 0.72) < width * 0.1) & (abs(y - height * 0.65) < height * 0.14)] = (40, 90, 210)
    return rgb.astype(np.uint8)


def make_explanation(tokens=None, regions=16, image=None, selected=None, fill="black", search="fast"):
    """An explanation of a short caption, or of `tokens`."""
    tokens = tokens or [
        "a",
        " large",
        " re",
        "d",
        " circle",
        " left",
        " of",
        " a",
        " small",
        " blue",
        " squ",
        "are",
        ".",
    ]
    response = make_response(tokens, image)
    selected = selected if selected is not None else list(range(len(tokens)))[1:5]
    options = {"tokens": selected, "regions": regions, "fill": fill, "search": search}
    return eagle.explain(Model(), response, **options, progress=False)


def make_correction():
    """A "yes." that turns to "no." once four of nine regions are removed, and to "yes" again further on."""
    response = make_response(["yes", "."], prompt="Is there a cup?")
    explanation = eagle.explain(Model(), response, regions=9, search="greedy", target_ids={0: 7}, progress=False)
    (statement,) = hallucination.find_statements(Sample("cup", response.image, response.prompt, "no"), response)
    answers = ["yes.", "no.", "no.", "no.", "no.", "no.", f"yes {HOSTILE}", "yes.", "yes.", "yes."]
    wrong = np.linspace(0.2, 0.9, 10, dtype=np.float32)
    return hallucination.Correction(statement, explanation, answers, wrong)


def sent(widget, name="_data"):
    """The value of a trait as it is sent to the browser."""
    return widget.get_state(name)[name]


def page_data(path):
    """The text of a page, and the state that it holds."""
    text = path.read_text(encoding="utf-8")
    return text, json.loads(re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)[1])


SIZES = [(48, 32), (32, 48), (48, 32), (40, 40)]
"""Width and height of several pictures."""


def make_pictures(kind="image", sizes=SIZES):
    """A response about several pictures, or about a video of as many frames, two per second."""
    from eagle_nb.inputs.messages import read_messages

    if kind == "video":
        frames = [Image.fromarray(np.roll(picture(48, 32), 6 * k, axis=1)) for k in range(len(sizes))]
        parts = [{"type": "video", "video": frames, "fps": 2}]
    else:
        parts = [{"type": "image", "image": Image.fromarray(picture(*size))} for size in sizes]
    message = {"role": "user", "content": [*parts, {"type": "text", "text": "What is it?"}]}
    conversation, taken = read_messages([message])
    tokens = ["a", " red", " circle", " left", "."]
    ends = np.cumsum([len(t) for t in tokens]).tolist()
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    ids = list(range(len(tokens)))
    return Response(tuple(taken), "What is it?", "".join(tokens), ids, tokens, spans, conversation=conversation)


def explain_pictures(kind="image", regions=16, frames=4, **options):
    """Explanations of every word about several pictures, or about a video."""
    response = make_pictures(kind, SIZES if frames == len(SIZES) else [(48, 32)] * frames)
    return eagle.explain_each(Model(), response, regions=regions, progress=False, **options)
