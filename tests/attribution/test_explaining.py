"""explain_each, and how explain uses a store."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import StoreError
from eagle_nb.scoring import prepare_case
from eagle_nb.search import FastSearch, order

from ..conftest import ToyModel, make_response

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
    search = FastSearch()
    found = eagle.explain_each(toy, response, regions=40, search="fast", progress=False)
    assert toy.scored == found.forward_passes <= search.joint_budget(40, 6) < 3 * search.default_budget(40)
    common = set.intersection(*({row.tobytes() for row in e.trace.coalitions} for e in found.values()))
    assert len(common) > 2 * 40  # the survey and the whole answer's order are paid for once and serve every word
    few = eagle.explain_each(toy, response, regions=40, search="fast", budget=6 * 82, progress=False)
    assert few.forward_passes <= 6 * 82


def test_with_passes_enough_each_word_has_its_own_search(toy, response):
    found = eagle.explain_each(toy, response, regions=12, search="fast", budget=6 * 12 * 13, progress=False)
    for e in found.values():
        alone = eagle.explain(ToyModel(), response, tokens=e.tokens, regions=12, search="greedy", progress=False)
        assert e.order.tolist() == alone.order.tolist()


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
        ({"words": ["gras"]}, ValueError, "'gras' is not a word of the answer; its words are"),
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
    row, triangle = table.iloc[2], found["triangle"]
    joint = triangle.insertion[:, 2].astype(float) * triangle.insertion[:, 3]
    assert row["reliance"] == pytest.approx((joint - joint.min()).mean())
    assert row["p_full"] == pytest.approx(joint[-1])
    assert row["sufficient_regions"] == np.flatnonzero(joint >= 0.9 * joint.max())[0]
    assert row["sufficient_area"] == pytest.approx(triangle.area[row["sufficient_regions"]])
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


class Stored(ToyModel):
    """A toy that identifies its weights, as a store requires."""

    def __init__(self, seed=1):
        super().__init__(np.random.default_rng(seed).random((6, 8)))
        self.name, self.fingerprint = "toy", f"seed {seed}"


def test_a_store_serves_any_number_of_cases(response, tmp_path):
    """Another image, prompt, answer, target, fill, region map or model has another key; nothing is mixed up."""
    path, regions = tmp_path / "scores.db", eagle.Regions.grid(response.image, 6)

    def run(response=response, model=None, store=path, **options):
        model = model or Stored()
        settings = {"regions": regions, "search": "greedy", "progress": False, "store": store, **options}
        return eagle.explain(model, response, **settings), model.scored

    first, cost = run()
    again, further = run()
    assert further == 0 < cost
    np.testing.assert_array_equal(again.insertion, first.insertion)
    assert again.order.tolist() == first.order.tolist()
    black = Image.new("RGB", response.image.size)
    others = [
        {"response": replace(response, images=(black,)), "fill": black},
        {"response": replace(response, prompt="which?")},
        {"response": replace(response, token_ids=[9, *response.token_ids[1:]])},
        {"target_ids": {0: 7}},
        {"fill": "mean"},
        {"regions": eagle.Regions.slic(response.image, 6)},
        {"model": Stored(seed=2)},
    ]
    for other in others:
        stored, spent = run(**other)
        if "model" in other:
            other = {"model": Stored(seed=2)}
        alone, _ = run(**other, store=None)
        assert spent > 0, other
        np.testing.assert_array_equal(stored.insertion, alone.insertion)
        assert stored.order.tolist() == alone.order.tolist()
    assert run()[1] == 0


def test_words_and_searches_share_a_store(response, tmp_path):
    regions, model = eagle.Regions.grid(response.image, 6), Stored()
    eagle.explain(model, response, regions=regions, search="greedy", progress=False, store=tmp_path / "scores.db")
    before = model.scored
    single = eagle.explain(
        model, response, regions=regions, search="single", progress=False, store=tmp_path / "scores.db"
    )
    assert single.forward_passes > model.scored - before
    eagle.explain_each(model, response, regions=regions, search="greedy", progress=False, store=tmp_path / "scores.db")
    assert model.scored <= 2**6


def test_any_text_can_be_part_of_a_key(tmp_path):
    half = replace(make_response(["é", "\ud83d"]), prompt="\ud83d?\n")  # half a character
    model = Stored()
    model.weights = None
    for _ in range(2):
        eagle.explain(model, half, regions=4, progress=False, store=tmp_path / "scores.db")


def test_a_store_needs_a_model_that_identifies_its_weights(toy, response, tmp_path):
    with pytest.raises(StoreError, match="fingerprint"):
        eagle.explain(toy, response, regions=4, progress=False, store=tmp_path / "scores.db")
    assert toy.scored == 0


@pytest.mark.model
def test_the_key_of_a_checkpoint_covers_all_weights_and_the_processor(tmp_path):
    import torch

    model, scene, path = eagle.load_model(), eagle.scenes.draw(7), tmp_path / "scores.db"
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    regions = eagle.Regions.slic(response.image, 9)
    fill = eagle.fill_image(response.image, "black")

    def key(model):
        case = prepare_case(model, response, regions, fill)
        return case.key(case.scorer())

    keys = {key(model)}
    assert key(eagle.load_model()) in keys  # loaded again it is the same
    keys.add(key(eagle.load_model(image_options={"image_mean": [0.1, 0.2, 0.9]})))
    templated = eagle.load_model()
    templated.processor.chat_template = "hello " + templated.processor.chat_template
    keys.add(key(templated))
    configured = eagle.load_model()
    configured.processor.image_processor.resample = 0
    keys.add(key(configured))
    row, before = response.token_ids[0], model.fingerprint
    with torch.no_grad():
        model.network.lm_head.weight[row] += 1.0
    assert model.fingerprint == before  # it is computed from samples of the weights
    keys.add(key(model))
    assert len(keys) == 5

    fresh = eagle.load_model()
    settings = {"regions": regions, "search": "single", "progress": False}
    first = eagle.explain(fresh, response, store=path, **settings)
    resumed = order(fresh.scorer(response, regions, fill), search="single", store=path)
    np.testing.assert_allclose(resumed.insertion, first.insertion, atol=1e-5)
