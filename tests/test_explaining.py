"""explain_each and what explain does with long runs."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.search import order

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
    from eagle_nb.search.strategies.fast import default_passes
    from eagle_nb.search.joint import shared_passes

    found = eagle.explain_each(toy, response, regions=40, search="fast", progress=False)
    assert toy.scored == found.forward_passes <= shared_passes(40, 6) < 3 * default_passes(40)
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


def test_a_checkpoint_is_of_one_case_whatever_the_scorer_tells(response, tmp_path):
    """A plug-in model whose scorer tells nothing."""
    path, regions = tmp_path / "scores", eagle.Regions.grid(response.image, 6)
    toy = ToyModel()

    def run(response, model=toy, **options):
        return eagle.explain(
            model,
            response,
            **{"regions": regions, "search": "greedy", "progress": False, "checkpoint": path, **options},
        )

    first, cost = run(response), toy.scored
    assert run(response).order.tolist() == first.order.tolist()
    eagle.explain_each(toy, response, regions=regions, progress=False, checkpoint=path, search="single")
    assert toy.scored < cost + 30  # a few are asked again

    def refused(what, *args, **options):
        before = toy.scored
        with pytest.raises(ValueError, match=f"made with another {what}"):
            run(*args, **options)
        assert toy.scored == before

    black = Image.new("RGB", response.image.size)
    refused("image", replace(response, image=black), fill=black)
    refused("prompt", replace(response, prompt="which?"))
    refused("answer", replace(response, text=response.text.replace("red", "tan")))
    refused("answer", replace(response, token_ids=[9, *response.token_ids[1:]]))
    refused("answer", response, target_ids={0: 7})
    refused("fill", response, fill="mean")
    refused("region map", response, regions=eagle.Regions.slic(response.image, 6))
    refused("model", replace(response, model="another"))
    with pytest.raises(ValueError, match="made with another prompt"):
        eagle.explain_each(
            toy, replace(response, prompt="which?"), regions=regions, progress=False, checkpoint=path, search="single"
        )


def test_any_text_can_stand_in_a_checkpoint(tmp_path):
    half = replace(make_response(["é", "\ud83d"]), prompt="\ud83d?\n")  # half a character
    for _ in range(2):
        eagle.explain(ToyModel(), half, regions=4, progress=False, checkpoint=tmp_path / "scores")


def test_another_model_is_refused_by_name_or_by_what_it_says(response, tmp_path):
    class Named(ToyModel):
        def __init__(self, name, seed):
            super().__init__(np.random.default_rng(seed).random((6, 8)))
            self.name = name

    regions = eagle.Regions.grid(response.image, 6)

    def run(model, path):
        return eagle.explain(model, response, regions=regions, progress=False, checkpoint=tmp_path / path)

    run(Named("first", 1), "named")
    with pytest.raises(ValueError, match="made with another model \\('first', not 'second'\\)"):
        run(Named("second", 1), "named")
    with pytest.raises(ValueError, match="made with another model: asked again"):
        run(Named("first", 2), "named")


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
    case = {"image", "prompt", "answer", "fill", "region map"}
    assert set(scored.identity) == case | {"model", "network", "processor", "input tokens", "masking"}
    kept = order(scored, search="single", checkpoint=path)  # the scorer alone tells as much
    assert scored.passes == 0
    assert kept.order.tolist() == first.order.tolist()
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


@pytest.mark.model
def test_a_checkpoint_of_another_processor_or_of_any_other_weight_is_refused(tmp_path):
    import torch

    model, scene, path = eagle.load_model(), eagle.scenes.draw(7), tmp_path / "scores"
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)

    def run(model):
        return eagle.explain(model, response, regions=9, progress=False, search="single", checkpoint=path)

    run(model)
    run(eagle.load_model())  # loaded anew it is the same
    with pytest.raises(ValueError, match=r"another processor \('\w+', not '\w+'\); choose"):
        run(eagle.load_model(image_options={"image_mean": [0.1, 0.2, 0.9]}))
    templated = eagle.load_model()
    templated.processor.chat_template = "hello " + templated.processor.chat_template
    with pytest.raises(ValueError, match=r"another processor .*, input tokens"):
        run(templated)
    configured = eagle.load_model()
    configured.processor.image_processor.resample = 0
    with pytest.raises(ValueError, match="another processor"):
        run(configured)

    known, row = model.fingerprint, response.token_ids[0]
    with torch.no_grad():
        model.network.lm_head.weight[row] += 1.0
    assert model.fingerprint == known  # it is made of samples
    with pytest.raises(ValueError, match=r"another network \('\w+', not '\w+'\); choose"):
        run(model)

    lines = path.read_bytes().split(b"\n", 1)
    header = json.loads(lines[0])
    del header["identity"]["network"]  # as older versions wrote it
    path.write_bytes(json.dumps(header).encode() + b"\n" + lines[1])
    with pytest.raises(ValueError, match=r"another network \(the file tells none, not '\w+'\); choose"):
        run(eagle.load_model())
