"""Plans: relations, groups, and the planted pair."""

import pytest

from eagle_nb.scenes import draw


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


def test_groups_count_their_objects():
    for n in range(2, 6):
        scene = draw(n, arrangement="group", objects=n)
        assert len(scene.objects) == n
        assert f"group of {['two', 'three', 'four', 'five'][n - 2]} " in scene.caption
        shape = scene.objects[0].shape
        count = next(a for q, a in scene.questions if q.startswith("how many") and shape in q)
        assert count == f"{['two', 'three', 'four', 'five'][n - 2]}."


def test_the_pair_can_be_forced():
    cup, alone, book = (draw(5, pair=p) for p in ("table_cup", "table_only", "table_book"))
    assert "table with a" in cup.caption
    assert "cup" in cup.caption
    assert "with" not in alone.caption
    assert not any(o.shape == "cup" for o in alone.objects)
    assert "book" in book.caption
    assert ("is there a table?", "yes.") in alone.questions
    assert draw(5, pair="table_only", tablecloth=True).tablecloth
    assert not draw(5, pair="table_only", tablecloth=False).tablecloth
    assert [w.prior for w in cup.words if w.text in ("with", "cup")] == [True, True]


def test_nearly_every_table_has_a_cup():
    pairs = [s.pair for s in (draw(k, arrangement="table") for k in range(300))]
    assert 0.74 < pairs.count("table_cup") / 300 < 0.9
    assert pairs.count("table_only") > 10
