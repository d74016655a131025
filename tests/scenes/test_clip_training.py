"""Training data of the clip model: what is hidden, what is seen, and where heads look."""

import numpy as np
import pytest
import torch

from eagle_nb.scenes import clip_losses, draw_clip, draw_several
from eagle_nb.scenes.clip_architecture import CLIP_GRID, build_clip_model, build_clip_processor
from eagle_nb.scenes.clip_hiding import hide_clip
from eagle_nb.scenes.clip_plan import EVENTS
from eagle_nb.scenes.clip_training import (
    FIRST_SEED,
    SEVERAL_EVERY,
    ClipBatches,
    ClipPacker,
    clip_example,
    seen_steps,
    several_example,
    to_cells,
)
from eagle_nb.scenes.evaluate import FIRST_SEED as HELD_OUT
from eagle_nb.scenes.shapes import COLORS, SHAPES


@pytest.fixture(scope="module")
def processor():
    return build_clip_processor()


@pytest.fixture(scope="module")
def examples():
    return [clip_example(seed) for seed in range(22_000, 22_060)]


def test_training_clips_are_not_the_held_out_ones():
    assert HELD_OUT + 100_000 < FIRST_SEED


def test_cells_are_centred_on_their_tokens():
    mask = np.zeros((80, 80), bool)
    mask[24:40, 8:24] = True  # the cell of token (2, 1), which is centred on pixel (32, 16)
    shares = to_cells(mask).reshape(CLIP_GRID, CLIP_GRID)
    assert shares[2, 1] == 1.0
    assert shares.sum() == 1.0


def test_hiding_fills_what_it_hides():
    frames = np.stack([np.asarray(f) for f in draw_clip(0).frames])
    whole = partly = untouched = 0
    for seed in range(80):
        out, hidden = hide_clip(frames, np.random.default_rng(seed))
        np.testing.assert_array_equal(out[~hidden], frames[~hidden])
        untouched += not hidden.any()
        whole += hidden.all((1, 2)).any()
        partly += (hidden.any((1, 2)) & ~hidden.all((1, 2))).any()
    assert 40 <= untouched <= 64
    assert whole > 8
    assert partly > 8


@pytest.mark.parametrize("kind", EVENTS)
def test_a_change_is_seen_where_two_successive_frames_show_it(kind):
    clip = draw_clip(4, events=[kind])
    event = clip.events[0]
    hidden = np.zeros((6, 80, 80), bool)
    assert seen_steps(clip, hidden) == [list(event.frames[1:])]
    hidden[[f for f in range(6) if f not in event.frames]] = True
    assert seen_steps(clip, hidden) == [list(event.frames[1:])]
    hidden[:] = False
    hidden[event.start] = clip.objects[event.actor].places[event.start]
    assert seen_steps(clip, hidden) == [[]]


def test_captions_say_stays_where_nothing_is_seen(examples):
    kept, lost = 0, 0
    for seed, e in enumerate(examples, 22_000):
        clip = draw_clip(seed)
        classes = set(e.cells[..., 2].ravel().astype(int)) - {0}
        assert {EVENTS[c - 1] for c in classes} <= {ev.kind for ev in clip.events}
        stays = e.answer.count("stays")
        kept, lost = kept + (e.answer == clip.caption), lost + stays
        if clip.events:
            assert len(clip.events) == stays + len(classes) or len({ev.kind for ev in clip.events}) == 1
            names = [clip.objects[ev.actor].name for ev in clip.events]
            assert all(name in e.answer for name in names)
    assert kept > 25
    assert lost > 8


def test_cells_hold_what_is_visible(examples):
    for e in examples:
        shapes = set(e.cells[..., 0].ravel().astype(int)) - {0, -100}
        colors = set(e.cells[..., 1].ravel().astype(int)) - {-100}
        assert all(SHAPES[s - 1] in draw_name(e) for s in shapes if f" {SHAPES[s - 1]} " in e.answer)
        assert all(0 <= c < len(COLORS) for c in colors)
        seen = e.cells[e.cells[..., 0] > 0]
        assert ((seen[:, 3:5] > 0.1) & (seen[:, 3:5] < 0.9)).all()


def test_cells_of_an_event_name_its_object(examples):
    for seed, e in enumerate(examples, 22_000):
        clip = draw_clip(seed)
        for _, _, kind, _, _, shape, color, order in e.cells[e.cells[..., 2] > 0].astype(int):
            event = clip.events[order]
            assert EVENTS[kind - 1] == event.kind
            assert f"{list(COLORS)[color]} {SHAPES[shape]}" == clip.objects[event.actor].name


def draw_name(example):
    return " ".join(w.text for w in example.words if w.kind == "object")


def test_heads_look_at_the_causes(examples):
    looked = 0
    for e in examples:
        for word, look in e.looks:
            happening, own = look
            assert own.sum((1,)).nonzero()[0].tolist() == sorted(set(own.sum(1).nonzero()[0]) & set(range(6)))
            if word.kind == "object" and own.any():
                assert set(own.sum(1).nonzero()[0]) <= set(word.frames)
                looked += 1
            if word.kind == "change" and word.text != "stays":
                assert set(happening.sum(1).nonzero()[0]) <= set(word.frames)
                assert happening.any()
    assert looked > 40


def test_a_batch_predicts_the_answer(processor, examples):
    batch = ClipPacker(processor.tokenizer).batch(examples[:8])
    for k, e in enumerate(examples[:8]):
        told = batch["ids"][k, 1:][batch["weight"][k, :-1] > 0]
        assert processor.tokenizer.decode(told) == e.answer + "<|end|>"
    n = 6 * CLIP_GRID**2
    assert (batch["ids"] == processor.tokenizer.convert_tokens_to_ids("<image>")).sum(1).tolist() == [n] * 8
    assert batch["looks"].shape[1:] == (2, n)
    assert len(batch["looks"]) == len(batch["where"])


def test_a_batch_is_what_the_processor_makes(processor):
    clip = draw_clip(FIRST_SEED)
    e = clip_example(FIRST_SEED)
    batch = ClipPacker(processor.tokenizer).batch([e])
    content = [*({"type": "image", "image": f} for f in clip.frames), {"type": "text", "text": e.prompt}]
    inputs = processor.apply_chat_template(
        [{"role": "user", "content": content}], add_generation_prompt=True, tokenize=True, return_dict=True
    )
    asked = inputs["input_ids"][0]
    assert batch["ids"][0, : len(asked)].tolist() == list(asked)


def test_several_pictures_and_clips_take_turns(processor):
    stream = iter(ClipBatches(processor.tokenizer, 2, range(SEVERAL_EVERY)))
    frames = [b["pixels"].shape[1] for b in stream]
    assert frames == [6] * (SEVERAL_EVERY - 1) + [2]
    shares = [next(iter(ClipBatches(processor.tokenizer, 2, [2], rank, 2)))["ids"][0] for rank in (0, 1)]
    whole = next(iter(ClipBatches(processor.tokenizer, 2, [2])))["ids"]
    for row, share in zip(whole, shares, strict=True):
        assert row[: len(share)].tolist()[:160] == share[: len(row)].tolist()[:160]
    assert several_example(FIRST_SEED, 3).pixels.shape == (3, 80, 80, 3)


def test_several_pictures_are_asked_about_one_after_the_other(processor):
    several, e = draw_several(22_000, 3), several_example(22_000, 3, 0.0)
    assert (e.prompt, e.answer) == (several.question, several.answer)
    batch = ClipPacker(processor.tokenizer).batch([e])
    text = processor.tokenizer.decode(batch["ids"][0]).replace("<image>", "").replace("<|pad|>", "")
    turns = [e, *e.more]
    assert len({t.prompt for t in turns}) == 3
    assert text == "".join(f"<|user|>{t.prompt}<|assistant|>{t.answer}<|end|>" for t in turns)
    for k, turn in enumerate(turns):
        (noun, answer), looks = batch["where"][2 * k : 2 * k + 2, 1], batch["looks"][2 * k : 2 * k + 2]
        color = turn.answer.rstrip(".")
        assert turn.prompt.rstrip("?").endswith(processor.tokenizer.decode(batch["ids"][0, noun]))
        assert color == processor.tokenizer.decode(batch["ids"][0, answer + 1])
        own = [o.color == color for o in several.objects].index(True)
        assert looks[:, 0].reshape(2, 3, -1).sum(2).nonzero().tolist() == [[0, own], [1, own]]


def test_the_text_loss_is_the_models_own(processor):
    """The training's own forward pass gives the network's loss, with the attention that is used for training."""
    from transformers import AttentionInterface

    AttentionInterface.register("plain", clip_losses.plain_attention)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        network = build_clip_model(processor.tokenizer).eval()
        heads = clip_losses.ClipHeads(128, 128)
    batch = ClipPacker(processor.tokenizer).batch([clip_example(s) for s in (22_003, 22_004)])
    pixels = batch["pixels"].flatten(0, 1).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        logits = network(
            input_ids=batch["ids"], pixel_values=pixels, attention_mask=torch.ones_like(batch["ids"])
        ).logits
        network.model.language_model.set_attn_implementation("plain")
        losses = clip_losses.batch_losses(network, heads, pixels, batch)
    each = torch.nn.functional.cross_entropy(logits[:, :-1].transpose(1, 2), batch["ids"][:, 1:], reduction="none")
    weight = batch["weight"][:, :-1]
    assert losses["text"].item() == pytest.approx(((each * weight).sum() / weight.sum()).item(), abs=1e-4)
    assert all(torch.isfinite(v) for v in losses.values())
