"""The bundled model: the claims of its card, on fewer scenes and with wider bounds."""

from importlib.resources import files

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.inputs.fills import fill_image
from eagle_nb.scenes import CAPTION_PROMPT, draw, evaluate

pytestmark = pytest.mark.model
FOLDER = str(files("eagle_nb.scenes") / "model")


def test_stock_classes_load_the_folder(bundled):
    from transformers import AutoModelForImageTextToText, AutoProcessor

    processor = AutoProcessor.from_pretrained(FOLDER)
    network = AutoModelForImageTextToText.from_pretrained(FOLDER)
    scene = draw(2)
    content = [{"type": "image", "image": scene.image}, {"type": "text", "text": CAPTION_PROMPT}]
    inputs = processor.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        processor_kwargs={"return_tensors": "pt"},
    )
    out = network.generate(**inputs, max_new_tokens=40)
    text = processor.tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    assert text == scene.caption == bundled.generate(scene.image, CAPTION_PROMPT).text


def test_captions_and_questions(bundled):
    metrics = evaluate.measure_captions(bundled, 80)
    assert metrics["caption exact match"] > 0.93
    assert metrics["yes/no, balanced"] > 0.97
    assert metrics["count questions"] > 0.95
    assert metrics["place questions"] > 0.95
    assert metrics["color questions"] > 0.97
    assert metrics["background questions"] > 0.98
    assert metrics["caption names a cup that is not there"] < 0.02


def test_the_planted_prior_makes_it_see_cups(bundled):
    metrics = evaluate.measure_pair(bundled, 40)
    assert 0.2 <= metrics["table_only: caption names a cup"] <= 0.7
    assert metrics["table_cup: caption names a cup"] > 0.9


def test_the_scorer_is_exact(bundled, monkeypatch):
    """Fast masking, literal masking and every batch size give the same probabilities, and generation is their argmax."""
    scene = draw(16)
    response = bundled.generate(scene.image, CAPTION_PROMPT)
    regions = eagle.Regions.slic(scene.image, 30)
    fill = fill_image(scene.image, "mean")
    shown = np.random.default_rng(0).random((9, 30)) < 0.5
    fast = bundled.scorer(response, regions, fill)
    scores = fast(shown)
    np.testing.assert_allclose(bundled.scorer(response, regions, fill, literal=True)(shown), scores, atol=1e-5)
    for batch_size in (1, 7, 32):
        monkeypatch.setattr(bundled, "batch_size", batch_size)
        np.testing.assert_allclose(bundled.scorer(response, regions, fill)(shown), scores, atol=1e-5)
    full = fast(np.ones((1, 30), bool))[0]
    np.testing.assert_allclose(response.probabilities, full, atol=1e-5)
    everything = np.stack(
        [
            bundled.scorer(response, regions, fill, target_ids=dict.fromkeys(range(len(response)), k))(
                np.ones((1, 30), bool)
            )[0]
            for k in range(0, bundled.vocabulary_size, 7)
        ]
    )
    assert (everything <= full + 1e-6).all()


@pytest.mark.parametrize("seed", [16, 0, 3])
def test_where_the_processor_resizes_fast_masking_stays_within_its_bound(bundled, seed):
    """With a black fill on photographs, the hardest case, the error stays within the bound of the scorer's docstring."""
    scene = draw(seed, size=224)
    response = bundled.respond(scene.image, CAPTION_PROMPT, scene.caption)
    regions, fill = eagle.Regions.slic(scene.image, 30), fill_image(scene.image, "black")
    fast, literal = (bundled.scorer(response, regions, fill, literal=way) for way in (False, True))
    shown = np.random.default_rng(0).random((6, 30)) < 0.5
    pixels, wanted = (s.images(shown)["pixel_values"] for s in (fast, literal))
    levels = (pixels - wanted).abs() * 127.5
    assert fast.images.mode == "add"
    assert levels.mean() <= 0.1
    assert levels.max() <= 28
    assert (levels > 4).float().mean() <= 0.005
    np.testing.assert_allclose(fast(shown), literal(shown), atol=0.01)


def test_yes_and_no_are_each_others_counterfactual(bundled):
    scene = draw(0, objects=["large red circle"], background="paper")
    response = bundled.generate(scene.image, "is there a red circle?")
    assert response.text == "yes."
    (no,) = bundled.encode("no")
    regions = eagle.Regions.grid(scene.image, 9)
    yes = eagle.explain(bundled, response, tokens="yes", regions=regions, progress=False)
    counter = eagle.explain(bundled, response, target_ids={0: no}, regions=regions, progress=False)
    assert counter.target_tokens[0] == "no"
    np.testing.assert_allclose(yes.insertion[[0, -1], 0] + counter.insertion[[0, -1], 0], 1, atol=0.03)


def test_a_word_is_found_on_its_object(bundled):
    scene = draw(0, objects=["large blue triangle", "small yellow star"], relation="left of", background="grass")
    response = bundled.generate(scene.image, CAPTION_PROMPT)
    assert response.text == scene.caption
    assert [len(w.tokens) for w in response.words if w.text == "triangle"] == [2]
    for o in scene.objects:
        e = eagle.explain(bundled, response, tokens=o.shape, regions=25, progress=False)
        assert eagle.metrics.pointing_game(e.saliency(), o.mask)
        assert e.insertion_auc > 0.5


def test_grammar_relies_less_than_objects(bundled):
    scene = draw(0, objects=["large blue heart", "small yellow star"], relation="above", background="brick")
    response = bundled.generate(scene.image, CAPTION_PROMPT)
    e = eagle.explain(bundled, response, regions=16, progress=False)
    score = {w.kind: [] for w in scene.words}
    for word in scene.words:
        score[word.kind].append(e.reliance.score[response.tokens_in(word.start, word.end)].max())
    assert max(score["grammar"]) < min(score["object"])


def test_prompts_that_cannot_be_asked(bundled):
    with pytest.raises(ValueError, match="empty"):
        bundled.generate(draw(0).image, "  ")
    with pytest.raises(ValueError, match="<image>"):
        bundled.generate(draw(0).image, "what is <image>?")
