"""Labels in texts: whole words in any case, their plural, and several labels that overlap."""

import re

import pytest

from eagle_nb.inputs.labels import find_label, find_labels


@pytest.mark.parametrize(
    ("text", "label", "mentions"),
    [
        ("a red CUP, scattered buses", "Cup", ["CUP"]),
        ("a red cup, scattered buses", "bus", ["buses"]),
        ("a red cup, scattered buses", "us", []),
        ("scattered cats", "cat", ["cats"]),
        ("a category", "cat", []),
        ("glassware and glasses", "glass", ["glasses"]),
        ("the dog's bowl and the cats' bowl", "dog", ["dog"]),
        ("the dog’s bowl and the cats’ bowl", "cat", ["cats"]),
        ("two hot dogs", "hot dog", ["hot dogs"]),
        ("Oranges by an orange", "orange", ["orange", "Oranges"]),
        ("t-shirts, a t-shirt", " t-shirt ", ["t-shirt", "t-shirts"]),
        ("one (1) [cup]* c+p", "c+p", ["c+p"]),
        ("a tree.", "", []),
    ],
)
def test_mentions_of_a_label(text, label, mentions):
    assert [text[start:end] for start, end in find_label(text, label)] == mentions


def test_the_label_itself_comes_before_its_plural():
    assert find_label("cups and a cup and a Cup", "cup") == [(11, 14), (21, 24), (0, 4)]
    assert find_label("cups and a cup", "cup", plural=False) == [(11, 14)]
    assert find_label("cups", "cup", plural=False) == []


def test_labels_without_spaces_around_them():
    assert find_label("桌子上有红色的杯子", "杯子") == [(7, 9)]


def test_of_overlapping_labels_the_first_and_longest_counts():
    labels = ["dog", "dogs", "hot dogs", "dog house", "house"]
    assert find_labels("A dog house; hot dogs, dogs", labels) == [
        ("dog house", (2, 11)),
        ("hot dogs", (13, 21)),
        ("dogs", (23, 27)),
    ]
    assert find_labels("nothing", labels) == []


def test_labels_agree_with_a_regular_expression():
    """On plain English the mentions are those of a pattern of whole words, longest first."""
    labels = ["cup", "teacup", "cup of tea", "tea", "red cup"]
    text = "A teacup, a Red Cup of tea; tea in the cup."
    pattern = re.compile(rf"(?<!\w)({'|'.join(sorted(labels, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
    assert [span for _, span in find_labels(text, labels)] == [m.span() for m in pattern.finditer(text)]
