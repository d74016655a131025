"""Objects that a text names, and CHAIR."""

from __future__ import annotations

import pytest

from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.hallucination import absent_mentions, chair, mentions

from .models import IMAGE

TABLE = Sample("t", IMAGE, "describe", objects=(SampleObject("table"), SampleObject("red circle")))
CAPTIONS = ["a table with a red cup. a cup and a circle.", "a large red circle."]


def test_the_longer_name_counts():
    text = "Two men eat hot dogs near a traffic light, an orange cat and a teddy bear on a train track; a cupboard."
    found = mentions(text, "coco")
    assert [m.name for m in found] == ["person", "hot dog", "traffic light", "cat", "teddy bear"]
    assert text[found[1].start : found[1].end] == "hot dogs"


def test_plurals_and_names_that_are_also_colours():
    found = mentions("a group of three crosses, an orange.", {"cross": (), "orange": ()})
    assert [m.name for m in found] == ["cross", "orange"]


def test_chair_by_hand():
    assert [m.name for m in absent_mentions(CAPTIONS[0], TABLE)] == ["cup", "cup"]
    # the captions name table, cup, circle and circle; cup is absent; the first caption names an absent object
    assert chair(CAPTIONS, [TABLE, TABLE]) == (pytest.approx(1 / 4), pytest.approx(1 / 2))


def test_errors_name_what_is_missing():
    with pytest.raises(ValueError, match="no captions"):
        chair([], [])
    with pytest.raises(ValueError, match="does not say which objects"):
        absent_mentions("a cup", Sample("u", IMAGE, "describe"))
    with pytest.raises(ValueError, match="unknown vocabulary 'voc'"):
        mentions("a cup", "voc")
    with pytest.raises(ValueError, match="the vocabulary is empty"):
        mentions("a cup", {})
