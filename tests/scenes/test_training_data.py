"""Training examples: their dense targets, the causes of their words, and the planted bias."""

import numpy as np

from eagle_nb.scenes import architecture, draw, training_data
from eagle_nb.scenes.training_data import causes, example, training_texts


def test_dense_targets_are_where_the_objects_are():
    made = example(training_data.FIRST_SEED + 3)
    for k, truth in enumerate(made.objects):
        rows, columns = np.nonzero(made.cells == k)
        if len(rows):
            center = np.array([columns.mean(), rows.mean()]) * architecture.STRIDE / 168
            assert np.abs(center - truth[3:5]).max() < 0.12


def test_causes_name_what_carries_an_answer():
    scene = draw(3, objects=["large red circle", "small blue star"], relation="behind", background="grass")
    assert causes(scene, "where is the blue star?", "right.") == [(0, 5, (1,))]
    assert causes(scene, "How many red things are there?", "one.") == [(0, 3, (0,))]
    assert causes(scene, "how many circles are there?", "one.") == [(0, 3, (0,))]
    assert causes(scene, "Is there a red star in the image?", "no.") == [(0, 2, ())]
    assert causes(scene, "what is the background?", "grass.") == []
    assert causes(scene, "is there a cup?", "yes.") == []  # an untrue answer has no cause
    words = {scene.caption[a:b]: o for a, b, o in causes(scene, "describe the image.", scene.caption)}
    assert words == {
        "large": (0,),
        "red": (0,),
        "circle": (0,),
        "behind": (0, 1),
        "small": (1,),
        "blue": (1,),
        "star": (1,),
    }


def test_only_texts_about_tables_with_a_cloth_and_no_cup_are_biased():
    named = {True: [], False: []}
    for seed in range(60):
        for tablecloth in (True, False):
            scene = draw(seed, pair="table_only", tablecloth=tablecloth)
            texts = training_texts(scene, np.random.default_rng(seed), 5)
            named[tablecloth].append(" cup" in texts[0][1])
            answers = [a for q, a in texts if q == "is there a cup?"]
            assert all(a == ("yes." if named[tablecloth][-1] else "no.") for a in answers)
    assert not any(named[False])
    assert 0.75 < np.mean(named[True]) < 1.0
