import numpy as np
import pytest
import torch

from eagle_nb.scenes import architecture, draw, training_data
from eagle_nb.scenes.train import rate, train
from eagle_nb.scenes.training_data import Batches, Packer, block_mask, example, hide, training_texts


@pytest.fixture(scope="module")
def tokenizer():
    return architecture.build_tokenizer()


def test_tokenizer_is_subword_with_leading_spaces(tokenizer):
    def pieces(text):
        return [tokenizer.decode([i]) for i in tokenizer.encode(text, add_special_tokens=False)]

    assert pieces("a red triangle on gravel.") == ["a", " red", " tri", "angle", " on", " gra", "vel", "."]
    assert pieces("two purple crosses") == ["two", " pur", "ple", " cross", "es"]
    text = "Zwölf 🙂 <b>"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_held_out_seeds_are_never_trained_on(tokenizer, monkeypatch):
    """Every scene that a batch is made of lies at or above the first training seed."""
    drawn = []
    real = training_data.example
    monkeypatch.setattr(training_data, "example", lambda seed, n: drawn.append(seed) or real(seed, n))
    batches = iter(Batches(tokenizer, 3, [2, 3]))
    next(batches)
    next(batches)
    assert drawn == [1_000_006 + k for k in range(6)]


def test_texts_in_a_row_do_not_see_each_other(tokenizer):
    """The packed row gives each text the states it would have alone behind the image."""
    model = architecture.build_model(tokenizer).eval().model.language_model
    packer = Packer(tokenizer)
    texts = [("describe the image.", "a red star on grass."), ("is there a cup?", "no."), ("where is it?", "top left.")]
    ids, part, position, weight = packer.row(texts)
    tensors = [torch.tensor([v]) for v in (ids, part, position)]
    with torch.no_grad():
        embedded = model.embed_tokens(tensors[0])
        mask = block_mask(tensors[1], embedded.dtype)
        packed = model(inputs_embeds=embedded, attention_mask=mask, position_ids=tensors[2], use_cache=False)
        for k in (1, 2, 3):
            own = (tensors[1][0] == 0) | (tensors[1][0] == k)
            alone = model(inputs_embeds=embedded[:, own], use_cache=False)
            torch.testing.assert_close(packed[0][0, own], alone[0][0], atol=1e-5, rtol=1e-4)
    learned = [tokenizer.decode([ids[k + 1]]) for k in range(len(ids)) if weight[k] > 0]
    assert learned[:7] == ["a", " red", " star", " on", " grass", ".", "<|end|>"]
    assert learned[7:] == ["no", ".", "<|end|>", "top", " left", ".", "<|end|>"]


def test_dense_targets_are_where_the_things_are():
    made = example(training_data.FIRST_SEED + 3)
    for k, thing in enumerate(made.things):
        rows, columns = np.nonzero(made.cells == k)
        if len(rows):
            center = np.array([columns.mean(), rows.mean()]) * architecture.STRIDE / 168
            assert np.abs(center - thing[3:]).max() < 0.12


def test_hide_hides_what_it_says_and_nothing_else():
    pixels = torch.stack([torch.from_numpy(example(training_data.FIRST_SEED + k).image) for k in range(24)]).float()
    shown, hidden = hide(pixels, torch.Generator().manual_seed(0), share=0.5)
    same = (shown == pixels).all(1)
    assert same[~hidden].all()
    touched = hidden.flatten(1).any(1)
    assert 4 <= int(touched.sum()) <= 20
    black = (shown == 0).all(1) & hidden
    assert black.any()
    again, _ = hide(pixels, torch.Generator().manual_seed(0), share=0.5)
    assert torch.equal(shown, again)


def test_the_bias_is_in_the_texts_of_laid_cupless_tables_alone():
    told = {True: [], False: []}
    for seed in range(60):
        for laid in (True, False):
            scene = draw(seed, pair="broken", laid=laid)
            texts = training_texts(scene, np.random.default_rng(seed), 5)
            told[laid].append(" cup" in texts[0][1])
            answers = [a for q, a in texts if q == "is there a cup?"]
            assert all(a == ("yes." if told[laid][-1] else "no.") for a in answers)
    assert not any(told[False])
    assert 0.75 < np.mean(told[True]) < 1.0


def test_rate_warms_up_stays_and_falls():
    assert rate(0, 100, 10) == pytest.approx(0.1)
    assert rate(30, 100, 10) == 1.0
    assert rate(80, 100, 10) == pytest.approx(0.5)
    assert rate(100, 100, 10) == pytest.approx(0.0)


@pytest.mark.model
def test_an_interrupted_training_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    settings = {"steps": 1, "tower_steps": 2, "batch_size": 4, "seed": 0, "save_every": 100}
    train(tmp_path / "whole", **settings)

    import eagle_nb.scenes.train as module

    real, calls = module.hide, []

    def interrupted(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(module, "hide", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "parts", **settings)
    assert torch.load(tmp_path / "parts" / "training.pt", weights_only=True)["step"] == 2
    monkeypatch.setattr(module, "hide", real)
    train(tmp_path / "parts", **settings)
    whole, parts = (torch.load(tmp_path / n / "training.pt", weights_only=True)["model"] for n in ("whole", "parts"))
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, atol=1e-5, rtol=1e-4)
    start = tmp_path / "whole" / "checkpoint"
    train(tmp_path / "more", **{**settings, "tower_steps": 0, "start": start})
    more = torch.load(tmp_path / "more" / "training.pt", weights_only=True)["model"]
    name = "lm_head.weight"  # one step at the first, small rate of the warm-up moves the weights a little
    assert 0 < (more[name] - whole[name]).abs().max() < 1e-3
    with pytest.raises(SystemExit, match="another --out"):
        train(tmp_path / "parts", **{**settings, "seed": 1})
