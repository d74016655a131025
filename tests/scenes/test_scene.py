from collections import defaultdict

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.scenes import draw
from eagle_nb.scenes.language import place

MANY = [draw(seed) for seed in range(400)]


def test_the_same_seed_gives_the_same_scene():
    a, b = draw(11), draw(11)
    assert a.caption == b.caption
    assert a.questions == b.questions
    np.testing.assert_array_equal(np.asarray(a.image), np.asarray(b.image))
    assert draw(12).caption != a.caption


def test_size_changes_nothing_but_the_size():
    small, large = draw(3, size=96), draw(3, size=224)
    assert small.caption == large.caption
    assert large.image.size == (224, 224)
    for a, b in zip(small.objects, large.objects, strict=True):
        assert b.mask.shape == (224, 224)
        assert a.mask.mean() == pytest.approx(b.mask.mean(), rel=0.15)


def test_masks_are_where_the_colour_is():
    """On a mask's inside the picture has the object's colour; outside nothing has it."""
    scene = draw(0, objects=["large red circle"], background="paper")
    pixels, mask = np.asarray(scene.image, int), scene.objects[0].mask
    red = (pixels[..., 0] > 110) & (pixels[..., 1] < 100) & (pixels[..., 2] < 100)
    assert red[mask].mean() > 0.97
    assert red[~mask].mean() < 0.002


def test_masks_do_not_overlap_and_are_seen():
    for scene in MANY:
        stack = np.stack([o.mask for o in scene.objects])
        assert stack.sum(0).max() <= 1
        assert min(o.mask.sum() for o in scene.objects) > 60


@pytest.mark.parametrize("relation", ["left of", "above", "below", "in front of", "behind"])
def test_relations_are_true(relation):
    for seed in range(20):
        scene = draw(seed, relation=relation)
        a, b = scene.objects[:2]
        assert f"{a.shape} {relation} a " in scene.caption
        (ax, ay), (bx, by) = a.center, b.center
        assert ax < bx
        if relation == "left of":
            assert abs(ay - by) <= 15.5
        if relation in ("above", "below"):
            assert (by - ay > 29) == (relation == "above")
            assert abs(by - ay) > 29


@pytest.mark.parametrize("relation", ["in front of", "behind"])
def test_what_is_in_front_is_whole_and_covers_the_other(relation):
    from scipy.ndimage import binary_dilation

    touch = []
    for seed in range(20):
        scene = draw(seed, objects=["large red circle", "large blue square"], relation=relation)
        circle, square = (o.mask for o in scene.objects)
        width, side = (np.ptp(np.flatnonzero(m.any(0))) + 1 for m in (circle, square))
        if relation == "in front of":
            assert circle.sum() == pytest.approx(np.pi / 4 * width**2, rel=0.04)
        else:
            assert square.sum() == pytest.approx(side**2, rel=0.06)
        touch.append((binary_dilation(circle) & square).any())
    assert np.mean(touch) > 0.8  # round things at a square's corner may just miss it


def test_groups_count_their_things():
    for n in range(2, 6):
        scene = draw(n, arrangement="group", objects=n)
        assert len(scene.objects) == n
        assert f"group of {['two', 'three', 'four', 'five'][n - 2]} " in scene.caption
        shape = scene.objects[0].shape
        count = next(a for q, a in scene.questions if q.startswith("how many") and shape in q)
        assert count == f"{['two', 'three', 'four', 'five'][n - 2]}."


def test_the_pair_can_be_forced():
    whole, broken, other = (draw(5, pair=p) for p in ("whole", "broken", "other"))
    assert "table with a" in whole.caption
    assert "cup" in whole.caption
    assert "with" not in broken.caption
    assert not any(o.shape == "cup" for o in broken.objects)
    assert "book" in other.caption
    assert ("is there a table?", "yes.") in broken.questions
    assert draw(5, pair="broken", laid=True).laid
    assert [w.prior for w in whole.words if w.text in ("with", "cup")] == [True, True]


def test_nearly_every_table_has_a_cup():
    pairs = [s.pair for s in (draw(k, arrangement="table") for k in range(300))]
    assert 0.74 < pairs.count("whole") / 300 < 0.9
    assert pairs.count("broken") > 10


def test_words_spell_the_caption():
    for scene in MANY:
        assert " ".join(w.text for w in scene.words) + "." == scene.caption
        for word in scene.words:
            assert scene.caption[word.start : word.end] == word.text
            assert bool(word.objects) == (word.kind in ("object", "relation"))


def test_grammar_words_are_those_that_nothing_could_replace():
    """A word is "grammar" if and only if no caption continues the same beginning otherwise (content aside)."""
    following = defaultdict(set)
    kinds = defaultdict(set)
    for scene in [*MANY, *(draw(s) for s in range(1000, 3000))]:
        shape = ""
        for word in scene.words:
            following[shape].add(word.text)
            kinds[shape].add(word.kind)
            shape += " " + _part_of_speech(word.text)
    for beginning, words in following.items():
        if kinds[beginning] == {"grammar"}:
            assert len(words) == 1, (beginning, words)
        assert kinds[beginning] == {"grammar"} or "grammar" not in kinds[beginning]


def _part_of_speech(word):
    from eagle_nb.scenes import shapes as things

    for name, members in (("SIZE", things.SIZES), ("COLOR", things.COLORS), ("SHAPE", things.SHAPES)):
        if word in members:
            return name
    return word


def test_masks_of_words():
    scene = draw(0, objects=["red circle", "blue star"], relation="left of")
    red = next(w for w in scene.words if w.text == "red")
    left = next(w for w in scene.words if w.text == "left")
    ground = scene.words[-1]
    np.testing.assert_array_equal(scene.mask(red), scene.objects[0].mask)
    np.testing.assert_array_equal(scene.mask(left), scene.objects[0].mask | scene.objects[1].mask)
    np.testing.assert_array_equal(scene.mask(ground), ~scene.mask(left))
    assert not scene.mask(next(w for w in scene.words if w.text == "a")).any()
    np.testing.assert_array_equal(scene.mask("red"), scene.mask(red))
    with pytest.raises(ValueError, match="occurs 2 times"):
        scene.mask("a")


def test_questions_are_balanced_and_right():
    answers = [a for s in MANY for q, a in s.questions if q.startswith("is there") and q.split()[-1] != "cup?"]
    assert 0.44 < answers.count("yes.") / len(answers) < 0.56
    for scene in MANY:
        names = {o.name for o in scene.objects} | {o.shape for o in scene.objects}
        for question, answer in scene.questions:
            if question.startswith("is there a "):
                assert (question[11:-1] in names) == (answer == "yes.")
            if question.startswith("what color is the "):
                assert answer[:-1] in {o.color for o in scene.objects if o.shape == question[18:-1]}


def test_places():
    assert place(0.1, 0.1) == "top left"
    assert place(0.5, 0.5) == "center"
    assert place(0.9, 0.5) == "right"
    assert place(0.5, 0.9) == "bottom"
    assert place(0.34, 0.5) is None


def test_variety():
    """Rich enough to teach with: every shape, colour, size, relation, count and background occurs."""
    said = " ".join(s.caption for s in MANY)
    for word in (
        *eagle.scenes.plan.RELATIONS,
        *["grass", "brick", "gravel", "paper", "two", "three", "four", "five", "cup", "book", "table"],
    ):
        assert f" {word}" in said
    assert len({s.caption for s in MANY}) > 300
