"""The lesson's scene and scores."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from eagle_nb import teaching

from .known import KnownModel, N


def test_the_lesson_agrees_with_the_known_probabilities(lesson):
    assert lesson.insight([0, 1], "left") == pytest.approx(0.87)
    assert lesson.necessity([0, 1], "left") == pytest.approx(1 - 0.45)
    assert lesson.objective([0], "left") == pytest.approx(0.25 + 1 - 0.47)
    assert lesson.placed == [0]
    assert lesson.p_full[lesson.response.find("red")] == pytest.approx([0.8])
    assert lesson.p_shown.shape == lesson.p_hidden.shape == (N, 13)


def test_regions_of_an_object_are_sorted_by_its_pixels(lesson):
    assert lesson.regions_of("circle") == [0]
    star = lesson.regions_of("star")
    assert lesson.scene.objects[1].shape == "star"
    mask = lesson.scene.objects[1].mask
    pixels = [int((mask & (lesson.regions.labels == k)).sum()) for k in range(N)]
    assert set(star) == {k for k in range(N) if pixels[k]}
    assert all(pixels[a] >= pixels[b] for a, b in pairwise(star))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"regions": 64}, "from 9 to 25, got 64"), ({"first_seed": -1}, "first_seed"), ({"regions": True}, "regions")],
)
def test_arguments_are_checked_before_a_model_is_loaded(monkeypatch, arguments, message):
    monkeypatch.setattr("eagle_nb.teaching.lessons.load_model", None)
    with pytest.raises(ValueError, match=message):
        teaching.lesson(**arguments)


def test_a_model_that_always_says_the_same_has_no_lesson(lesson):
    class ConstantModel(KnownModel):
        """A model that ignores the image."""

        generated = 0

        def generate(self, image, prompt, max_new_tokens=128):
            self.generated += 1
            return lesson.response

    model = ConstantModel()
    with pytest.raises(ValueError, match="none of the 400 scenes from seed 50 on"):
        teaching.lesson(model, 50, N)
    assert model.generated > 0


@pytest.mark.model
def test_the_bundled_lesson_shows_what_it_teaches(bundled_lesson):
    assert bundled_lesson.response.text == bundled_lesson.scene.caption
    n = bundled_lesson.regions.n
    scorer, eye = bundled_lesson.scorer, np.eye(n, dtype=bool)
    red, blue, left = (bundled_lesson.response.find(word)[0] for word in ("red", "blue", "left"))
    assert scorer(~eye)[:, red].min() <= 0.7
    assert scorer(~eye)[:, blue].min() >= 0.85
    assert np.sort(scorer(eye)[:, blue])[-2] >= 0.5
    shown = np.zeros((2, n), dtype=bool)
    shown[:, bundled_lesson.regions_of("circle")] = True
    shown[1, bundled_lesson.regions_of("star")] = True
    circle, both = scorer(shown)[:, left]
    assert circle <= 0.65 and both >= 0.75
    assert teaching.lesson() is bundled_lesson


@pytest.mark.model
def test_the_bundled_lesson_has_a_hallucinated_cup(bundled_lesson):
    case = bundled_lesson.case
    assert "cup" in case.response.text and "cup" not in case.sample.answer
    assert case.explanation.regions.n == bundled_lesson.regions.n
