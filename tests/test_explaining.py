"""explain_each and what explain does with long runs."""

import numpy as np
import pytest

import eagle_nb as eagle

from .conftest import ToyModel, make_response

PIECES = ["a", " red", " tri", "angle", " on", " red", " grass", "."]


@pytest.fixture
def toy():
    return ToyModel()


@pytest.fixture
def response():
    return make_response(PIECES)


def test_each_word_is_explained_from_shared_passes(toy, response):
    found = eagle.explain_each(toy, response, regions=12, search="greedy", progress=False)
    assert list(found) == ["a", "red", "triangle", "on", "red#2", "grass"]
    assert [e.tokens for e in found.values()] == [[0], [1], [2, 3], [4], [5], [6]]
    for e in found.values():
        assert e.regions is found.regions
        assert e.response is response
    alone = ToyModel()
    for name, e in found.items():
        single = eagle.explain(alone, response, tokens=e.tokens, regions=12, search="greedy", progress=False)
        assert single.order.tolist() == e.order.tolist(), name
        np.testing.assert_array_equal(single.insertion, e.insertion)
    assert toy.scored == found.forward_passes < alone.scored
    # the empty and the full image, every region alone and every one left out are common to all words
    assert alone.scored - toy.scored >= 5 * (2 + 2 * 12)


def test_fast_keeps_to_its_shared_budget(toy, response):
    from eagle_nb.search.fast import default_passes, shared_design, shared_passes

    found = eagle.explain_each(toy, response, regions=40, search="fast", progress=False)
    assert toy.scored == found.forward_passes <= shared_passes(40, 6) == 3 * default_passes(40)
    design = {row.tobytes() for row in shared_design(40)}
    assert len(design) > 10
    for e in found.values():  # the design is paid for once and serves every word
        assert design <= {row.tobytes() for row in e.trace.coalitions}
    few = eagle.explain_each(toy, response, regions=40, search="fast", budget=6 * 82, progress=False)
    assert few.forward_passes <= 6 * 82


def test_words_can_be_chosen(toy, response):
    assert list(eagle.explain_each(toy, response, words=["grass", "red"], regions=4, progress=False)) == [
        "red",
        "red#2",
        "grass",
    ]
    tokens = eagle.explain_each(toy, response, words=False, regions=4, progress=False)
    assert list(tokens) == ["a", "red", "tri", "angle", "on", "red#2", "grass", "."]
    assert tokens.at(3).tokens == [3]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"words": ["gras"]}, ValueError, "'gras' is no word of the answer; its words are"),
        ({"words": "red"}, TypeError, "a list of words"),
        ({"words": []}, ValueError, "words is empty"),
        ({"budget": 50, "regions": 4}, ValueError, r"at least 10, and there are 6"),
        ({"search": "best"}, ValueError, "known searches"),
        ({"regions": 1}, ValueError, "at least two regions"),
    ],
)
def test_mistakes_are_named_before_the_model_runs(toy, response, arguments, error, message):
    with pytest.raises(error, match=message):
        eagle.explain_each(toy, response, progress=False, **arguments)
    assert toy.scored == 0


def test_a_word_that_is_not_explained_is_named(toy, response):
    found = eagle.explain_each(toy, response, regions=4, progress=False)
    with pytest.raises(KeyError, match=r"'blue' is not explained; explained are \['a', 'red'"):
        found["blue"]


def test_explanations_as_a_table(toy, response):
    found = eagle.explain_each(toy, response, regions=6, progress=False)
    table = found.to_frame()
    assert table["word"].tolist() == list(found)
    row = table.iloc[2]
    assert row["reliance"] == pytest.approx(found["triangle"].reliance.score[[2, 3]].mean())
    assert row["insertion_auc"] == pytest.approx(found["triangle"].insertion_auc)


def test_an_interrupt_keeps_the_words_that_are_done(response):
    class Interrupted(ToyModel):
        def scorer(self, *args, **kwargs):
            inner, calls = super().scorer(*args, **kwargs), []

            class Scorer:
                n_regions = inner.n_regions

                def __call__(self, shown):
                    calls.append(len(shown))
                    if len(calls) == 25:
                        raise KeyboardInterrupt
                    return inner(shown)

            return Scorer()

    found = eagle.explain_each(Interrupted(), response, regions=12, search="greedy", progress=False)
    assert 1 < len(found) < 6
    whole = eagle.explain_each(ToyModel(), response, regions=12, search="greedy", progress=False)
    for name in list(found)[:-1]:
        assert found[name].order.tolist() == whole[name].order.tolist()
    assert sorted(found.at(-1).order) == list(range(12))


@pytest.mark.model
def test_a_checkpoint_of_another_image_model_prompt_fill_or_region_map_is_refused(tmp_path):
    model, scene = eagle.load_model(), eagle.scenes.draw(7)
    path = tmp_path / "scores"

    def run(response, **options):
        return eagle.explain(
            model, response, **{"regions": 9, "progress": False, "search": "single", "checkpoint": path, **options}
        )

    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    first = run(response)
    scored = model.scorer(response, first.regions, first.fill_picture)
    again = run(response)
    assert again.order.tolist() == first.order.tolist()
    assert set(scored.identity) == {"image", "prompt", "answer", "fill", "region map", "masking", "model"}
    with pytest.raises(ValueError, match="another image"):
        run(model.respond(eagle.scenes.draw(8).image, response.prompt, response.token_ids))
    with pytest.raises(ValueError, match="another prompt"):
        run(model.respond(scene.image, "what is in the image?", response.token_ids))
    with pytest.raises(ValueError, match="another answer"):
        run(model.respond(scene.image, response.prompt, response.token_ids[:-1]))
    with pytest.raises(ValueError, match="another fill"):
        run(response, fill="mean")
    with pytest.raises(ValueError, match="another region map"):
        run(response, regions=eagle.Regions.grid(response.image, 9))
    with pytest.raises(ValueError, match="another answer"):
        run(response, target_ids={0: 7})
    import torch

    with torch.no_grad():
        model.network.lm_head.weight[0, 0] += 1.0
    with pytest.raises(ValueError, match="another model"):
        run(response)
