"""The bundled model of several frames: the claims of its card, on fewer clips and with wider bounds."""

from importlib.resources import files

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.inputs.fills import fill_pictures
from eagle_nb.scenes import CLIP_PROMPT, clip_evaluate, draw_clip, draw_several, load_clip_model

pytestmark = pytest.mark.model
FOLDER = files("eagle_nb.scenes") / "clip_model"


@pytest.fixture(scope="module")
def clip_model():
    return load_clip_model()


def ask(model, pictures, prompt):
    content = [*({"type": "image", "image": p} for p in pictures), {"type": "text", "text": prompt}]
    return model.generate(messages=[{"role": "user", "content": content}])


def test_it_is_small():
    assert sum(f.stat().st_size for f in FOLDER.iterdir()) < 8e6


def test_stock_classes_load_the_folder(clip_model):
    from transformers import AutoModelForImageTextToText, AutoProcessor

    processor = AutoProcessor.from_pretrained(str(FOLDER))
    network = AutoModelForImageTextToText.from_pretrained(str(FOLDER))
    clip = draw_clip(22_001)
    content = [*({"type": "image", "image": f} for f in clip.frames), {"type": "text", "text": CLIP_PROMPT}]
    inputs = processor.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        processor_kwargs={"return_tensors": "pt"},
    )
    out = network.generate(**inputs, max_new_tokens=40, do_sample=False)
    text = processor.tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    response = ask(clip_model, clip.frames, CLIP_PROMPT)
    assert text == response.text == clip.caption
    assert len(response.images) == 6
    assert clip_model.name == "bundled-clips"


def test_captions_and_answers(clip_model):
    metrics = clip_evaluate.measure_clips(clip_model, 80)
    assert metrics["caption exact match"] > 0.8
    assert metrics['one event, its moment hidden: "stays"'] > 0.85
    assert metrics["one event, all frames but its moment hidden: it is said"] > 0.8
    assert min(clip_evaluate.measure_several(clip_model, 60).values()) > 0.9


def test_a_verb_is_carried_by_its_moment(clip_model):
    """Hiding one frame outside the moment leaves the verb, hiding a frame of the moment removes it."""
    clip = draw_clip(22_000, events=["turns"])
    response = clip_model.respond(messages=ask_messages(clip), answer=clip.caption)
    verb = next(w for w in clip.words if w.kind == "change")
    token = response.tokens_in(verb.start, verb.end)[0]
    regions = eagle.Regions.whole(response.images)
    shown = np.vstack([np.ones(6, bool), ~np.eye(6, dtype=bool)])
    full, *hidden = clip_model.scorer(response, regions, fill_pictures(response.images, "black", regions))(shown)[
        :, token
    ]
    assert full > 0.9
    for frame, value in enumerate(hidden):
        assert (value < 0.5) == (frame in verb.frames)


def ask_messages(clip):
    content = [*({"type": "image", "image": f} for f in clip.frames), {"type": "text", "text": CLIP_PROMPT}]
    return [{"role": "user", "content": content}]


def test_one_picture_of_several_carries_the_answer(clip_model):
    several = draw_several(22_000, 3)
    response = ask(clip_model, several.images, several.question)
    assert response.text == several.answer
    explanation = eagle.explain(
        clip_model, response, tokens=0, regions=eagle.Regions.whole(response.images), progress=False
    )
    assert int(np.argmax(explanation.evidence)) == several.index
