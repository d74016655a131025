"""Which things a text names, and which of them are not there (CHAIR).

Source: Rohrbach et al. 2018, "Object Hallucination in Image Captioning" (arXiv 1809.02156).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..datasets import Sample
from ..scenes.shapes import THINGS

Vocabulary = Mapping[str, tuple[str, ...]]

SCENES: Vocabulary = dict.fromkeys(THINGS, ())
"""The things of the bundled scenes."""

COCO: Vocabulary = {
    "person": (
        "man", "woman", "boy", "girl", "child", "kid", "baby", "toddler", "people", "men", "women", "children", "guy", "lady",
        "player", "rider", "skier", "surfer", "skateboarder", "snowboarder", "pedestrian", "chef", "batter", "pitcher",
    ),
    "bicycle": ("bike", "cycle"), "car": ("automobile", "sedan", "suv", "taxi", "cab"),
    "motorcycle": ("motorbike", "moped", "scooter"), "airplane": ("aeroplane", "plane", "jet", "aircraft", "airliner"),
    "bus": ("minibus",), "train": ("locomotive",), "truck": ("lorry", "pickup"),
    "boat": ("ship", "sailboat", "canoe", "kayak", "ferry", "yacht"), "traffic light": ("stoplight", "traffic signal"),
    "fire hydrant": ("hydrant",), "stop sign": (), "parking meter": (), "bench": ("park bench",),
    "bird": ("seagull", "gull", "pigeon", "duck", "goose", "parrot", "owl"), "cat": ("kitten",), "dog": ("puppy",),
    "horse": ("pony", "foal"), "sheep": ("lamb", "ewe"), "cow": ("calf", "bull", "cattle", "ox"), "elephant": (),
    "bear": ("polar bear",), "zebra": (), "giraffe": (), "backpack": ("rucksack",), "umbrella": ("parasol",),
    "handbag": ("purse",), "tie": ("necktie", "bow tie"), "suitcase": ("luggage",), "frisbee": (), "skis": ("ski",),
    "snowboard": (), "sports ball": ("ball", "soccer ball", "football", "basketball", "tennis ball", "baseball"), "kite": (),
    "baseball bat": ("bat",), "baseball glove": ("catcher's mitt",), "skateboard": (), "surfboard": (),
    "tennis racket": ("racket", "racquet", "tennis racquet"), "bottle": (), "wine glass": ("wineglass",),
    "cup": ("mug", "teacup"), "fork": (), "knife": (), "spoon": (), "bowl": (), "banana": (), "apple": (),
    "sandwich": ("burger", "hamburger"), "orange": (), "broccoli": (), "carrot": (), "hot dog": ("hotdog",), "pizza": (),
    "donut": ("doughnut",), "cake": ("cupcake",), "chair": ("armchair", "stool"), "couch": ("sofa",),
    "potted plant": ("houseplant",), "bed": (), "dining table": ("table", "desk", "coffee table"), "toilet": ("urinal",),
    "tv": ("television", "television set"), "laptop": ("laptop computer",), "mouse": ("computer mouse",),
    "remote": ("remote control",), "keyboard": (), "cell phone": ("cellphone", "mobile phone", "smartphone", "phone"),
    "microwave": ("microwave oven",), "oven": ("stove",), "toaster": (), "sink": ("washbasin",),
    "refrigerator": ("fridge",), "book": (), "clock": ("clock tower",), "vase": (), "scissors": (),
    "teddy bear": ("stuffed bear", "stuffed animal"), "hair drier": ("hair dryer", "hairdryer", "blow dryer"), "toothbrush": (),
}  # fmt: skip
"""The 80 categories of COCO (Lin et al. 2014), each with other common words for it."""

NOTHING = (
    "home plate",
    "license plate",
    "train track",
    "toilet paper",
    "toilet seat",
    "orange juice",
    "bed of",
    "dog house",
)
"""Phrases that hold a thing's name without naming it."""

_PLURALS = {"person": "persons", "man": "men", "woman": "women", "child": "children", "knife": "knives", "mouse": "mice",
            "calf": "calves", "goose": "geese", "ox": "oxen"}  # fmt: skip


class Mention(NamedTuple):
    """A thing that a text names: its name in the vocabulary, and the characters that name it."""

    name: str
    start: int
    end: int


def vocabulary(words: str | Vocabulary) -> Vocabulary:
    """`SCENES`, `COCO`, or a mapping of names to other words for them.

    Raises
    ------
    ValueError
        If `words` is another text, or an empty mapping.
    """
    if isinstance(words, str):
        if words not in ("scenes", "coco"):
            raise ValueError(
                f"unknown vocabulary {words!r}; known: scenes, coco; or give a mapping of names to synonyms"
            )
        return SCENES if words == "scenes" else COCO
    if not words:
        raise ValueError("the vocabulary is empty; give names of things, each with other words for it")
    return words


def mentions(text: str, words: str | Vocabulary = "scenes") -> list[Mention]:
    """The things a text names, in its order; of overlapping names the longer counts ("hot dog" is no dog).

    Examples
    --------
    >>> [m.name for m in mentions("A man eats two hot dogs at a table.", "coco")]
    ['person', 'hot dog', 'dining table']
    """
    known = vocabulary(words)
    meant = {form: name for name, others in known.items() for word in others for form in _forms(word)}
    meant |= {form: name for name in known for form in _forms(name)}
    longest_first = sorted({*meant, *NOTHING}, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    found = []
    for match in pattern.finditer(text):
        name = meant.get(match.group().lower())
        # "an orange cat" names a colour
        colour = match.group().lower() == "orange" and re.match(r"\s+\w", text[match.end() :]) is not None
        if name is not None and not colour:
            found.append(Mention(name, match.start(), match.end()))
    return found


def absent(text: str, sample: Sample, words: str | Vocabulary = "scenes") -> list[Mention]:
    """The things a text names that are not among the sample's objects.

    Raises
    ------
    ValueError
        If the sample does not say what is in its image.
    """
    if sample.objects is None:
        raise ValueError(
            f"sample {sample.id!r} does not say which objects its image holds, so that no named thing can be called absent"
        )
    there = {m.name for o in sample.objects for m in mentions(o.name, words)}
    return [m for m in mentions(text, words) if m.name not in there]


class Chair(NamedTuple):
    """How much a set of captions hallucinates; lower is better.

    Attributes
    ----------
    instances : float
        Share of the named things that are not there (CHAIR_i).
    captions : float
        Share of the captions that name one or more of those (CHAIR_s).
    """

    instances: float
    captions: float


def chair(texts: Iterable[str], samples: Iterable[Sample], words: str | Vocabulary = "scenes") -> Chair:
    """CHAIR of captions: each thing counts once per caption, by whatever words it is named.

    Raises
    ------
    ValueError
        If there are no captions, not as many as samples, or a sample's objects are not known.
    """
    named = wrong = affected = count = 0
    for text, sample in zip(texts, samples, strict=True):
        false = {m.name for m in absent(text, sample, words)}
        named += len({m.name for m in mentions(text, words)})
        wrong += len(false)
        affected += bool(false)
        count += 1
    if not count:
        raise ValueError("there are no captions to measure")
    return Chair(wrong / named if named else 0.0, affected / count)


def _forms(word: str) -> tuple[str, ...]:
    """A word and its plural, in lower case."""
    last = word.split()[-1]
    if last in _PLURALS:
        plural = _PLURALS[last]
    elif last.endswith(("s", "x", "ch", "sh")):
        plural = last + "es"
    elif last.endswith("y") and last[-2] not in "aeiou":
        plural = last[:-1] + "ies"
    else:
        plural = last + "s"
    return word, word[: len(word) - len(last)] + plural
