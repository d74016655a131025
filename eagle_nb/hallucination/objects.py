"""Find the objects that a text names, and which of them are not in the image (CHAIR).

Source: Rohrbach et al. 2018, "Object Hallucination in Image Captioning" (arXiv 1809.02156).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..datasets.sample import Sample
from ..inputs.labels import find_labels
from ..inputs.thinking import without_thinking
from ..scenes.shapes import SHAPE_NAMES

Vocabulary = Mapping[str, tuple[str, ...]]
"""Names of objects, each with its synonyms."""

SCENES: Vocabulary = dict.fromkeys(SHAPE_NAMES, ())
"""The objects of the bundled scenes."""

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
"""The 80 categories of COCO (Lin et al. 2014) with common synonyms."""

NOT_OBJECTS = (
    "home plate",
    "license plate",
    "train track",
    "toilet paper",
    "toilet seat",
    "orange juice",
    "bed of",
    "dog house",
)
"""Phrases that contain an object's name without naming the object."""

_PLURALS = {"person": "persons", "man": "men", "woman": "women", "child": "children", "knife": "knives", "mouse": "mice",
            "calf": "calves", "goose": "geese", "ox": "oxen"}  # fmt: skip


class Mention(NamedTuple):
    """An object that a text names.

    Attributes
    ----------
    name : str
        Its name in the vocabulary.
    start, end : int
        The characters of the text that name it.
    """

    name: str
    start: int
    end: int


class Chair(NamedTuple):
    """How much a set of captions hallucinates; lower is better.

    Attributes
    ----------
    instances : float
        Share of the named objects that are absent (CHAIR_i).
    captions : float
        Share of the captions that name an absent object (CHAIR_s).
    """

    instances: float
    captions: float


def resolve_vocabulary(vocabulary: str | Vocabulary) -> Vocabulary:
    """Return what ``vocabulary=`` accepts as a mapping of names to synonyms.

    Parameters
    ----------
    vocabulary : {"scenes", "coco"} or mapping
        The name of a vocabulary, or names of objects, each with its synonyms.

    Returns
    -------
    mapping of str to tuple of str
        `SCENES`, `COCO`, or the mapping itself.

    Raises
    ------
    ValueError
        If the name is unknown, or the mapping is empty.
    """
    if isinstance(vocabulary, str):
        if vocabulary not in ("scenes", "coco"):
            raise ValueError(
                f"unknown vocabulary {vocabulary!r}; known: scenes, coco; or pass a mapping of names to synonyms"
            )
        return SCENES if vocabulary == "scenes" else COCO
    if not vocabulary:
        raise ValueError("the vocabulary is empty; pass names of objects, each with its synonyms")
    return vocabulary


def mentions(text: str, vocabulary: str | Vocabulary = "scenes") -> list[Mention]:
    """Find the objects that a text names.

    Where names overlap, the longer one counts: "hot dog" does not mention a dog.

    Parameters
    ----------
    text : str
        The text.
    vocabulary : {"scenes", "coco"} or mapping
        The objects to look for. Their plurals and synonyms count, too.

    Returns
    -------
    list of Mention
        In the order of the text; those in a thinking block do not count.

    Raises
    ------
    ValueError
        If the vocabulary is unknown or empty.

    Examples
    --------
    >>> [mention.name for mention in mentions("A man eats two hot dogs at a table.", "coco")]
    ['person', 'hot dog', 'dining table']
    """
    objects = resolve_vocabulary(vocabulary)
    names = {form: name for name, synonyms in objects.items() for word in synonyms for form in _forms(word)}
    names |= {form: name for name in objects for form in _forms(name)}
    return [
        Mention(names[form], start, end)
        for form, (start, end) in find_labels(without_thinking(text), {**names, **dict.fromkeys(NOT_OBJECTS)})
        if form in names and not _is_color(form, text[end:])
    ]


def absent_mentions(text: str, sample: Sample, vocabulary: str | Vocabulary = "scenes") -> list[Mention]:
    """Find the objects that a text names although they are not among the sample's objects.

    Parameters
    ----------
    text : str
        The text.
    sample : Sample
        A sample with known objects.
    vocabulary : {"scenes", "coco"} or mapping
        The objects to look for.

    Returns
    -------
    list of Mention
        In the order of the text.

    Raises
    ------
    ValueError
        If the sample's objects are not known.

    Examples
    --------
    >>> from PIL import Image
    >>> from eagle_nb.datasets import SampleObject
    >>> sample = Sample("1", Image.new("RGB", (8, 8)), "describe the image.", objects=(SampleObject("table"),))
    >>> absent_mentions("a table with a cup.", sample)
    [Mention(name='cup', start=15, end=18)]
    """
    if sample.objects is None:
        raise ValueError(
            f"sample {sample.id!r} does not say which objects its image contains, so none can be called absent"
        )
    present = {mention.name for o in sample.objects for mention in mentions(o.name, vocabulary)}
    return [mention for mention in mentions(text, vocabulary) if mention.name not in present]


def chair(texts: Iterable[str], samples: Iterable[Sample], vocabulary: str | Vocabulary = "scenes") -> Chair:
    """Compute CHAIR of captions.

    An object counts once per caption, whatever words name it.

    Parameters
    ----------
    texts : iterable of str
        The captions.
    samples : iterable of Sample
        The captioned samples, with known objects.
    vocabulary : {"scenes", "coco"} or mapping
        The objects to look for.

    Returns
    -------
    Chair
        Shares of absent objects and of captions that name one.

    Raises
    ------
    ValueError
        If there are no captions, their number differs from that of the samples, or a sample's objects are not known.

    References
    ----------
    Rohrbach et al. 2018, "Object Hallucination in Image Captioning" (arXiv 1809.02156).

    Examples
    --------
    >>> from PIL import Image
    >>> from eagle_nb.datasets import SampleObject
    >>> sample = Sample("1", Image.new("RGB", (8, 8)), "describe the image.", objects=(SampleObject("table"),))
    >>> chair(["a table with a cup.", "a table."], [sample, sample])
    Chair(instances=0.3333333333333333, captions=0.5)
    """
    n_named = n_absent = n_affected = n_captions = 0
    for text, sample in zip(texts, samples, strict=True):
        absent = {mention.name for mention in absent_mentions(text, sample, vocabulary)}
        n_named += len({mention.name for mention in mentions(text, vocabulary)})
        n_absent += len(absent)
        n_affected += bool(absent)
        n_captions += 1
    if not n_captions:
        raise ValueError("there are no captions to measure")
    return Chair(n_absent / n_named if n_named else 0.0, n_affected / n_captions)


def _is_color(form: str, following: str) -> bool:
    """Return whether a mention is a colour: "an orange cat"."""
    return form == "orange" and re.match(r"\s+\w", following) is not None


def _forms(word: str) -> tuple[str, ...]:
    """Return a lower-case word and its plural."""
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
