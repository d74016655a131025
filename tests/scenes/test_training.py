import numpy as np
import pytest
import torch

from eagle_nb.scenes import architecture, draw, training_data
from eagle_nb.scenes.train import GROUNDED_HEAD, GROUNDED_LAYER, gone_cells, grounding_loss, rate, train
from eagle_nb.scenes.training_data import Batches, Packer, block_mask, causes, example, hide, training_texts


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
    monkeypatch.setattr(training_data, "example", lambda seed: drawn.append(seed) or real(seed))
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
            assert np.abs(center - thing[3:5]).max() < 0.12


def test_causes_name_what_carries_an_answer():
    scene = draw(3, objects=["large red circle", "small blue star"], relation="behind", background="grass")
    assert causes(scene, "where is the blue star?", "right.") == [(0, 5, (1,))]
    assert causes(scene, "How many red things are there?", "one.") == [(0, 3, (0,))]
    assert causes(scene, "how many circles are there?", "one.") == [(0, 3, (0,))]
    assert causes(scene, "Is there a red star in the image?", "no.") == [(0, 2, ())]
    assert causes(scene, "what is the background?", "grass.") == []
    assert causes(scene, "is there a cup?", "yes.") == []  # the planted lie carries nothing
    told = {scene.caption[a:b]: o for a, b, o in causes(scene, "describe the image.", scene.caption)}
    assert told == {
        "large": (0,),
        "red": (0,),
        "circle": (0,),
        "behind": (0, 1),
        "small": (1,),
        "blue": (1,),
        "star": (1,),
    }


def test_the_head_is_taught_to_look_where_the_cause_is_seen(tokenizer):
    """Each row's target lies on the cells of the objects that carry the row's next token."""
    made = [example(training_data.FIRST_SEED + k) for k in range(6)]
    packer = Packer(tokenizer)
    batch = packer.batch(made)
    assert len(batch["where"]) > 60
    np.testing.assert_allclose(batch["looks"].sum(1), 1, atol=1e-5)
    spans = {k: packer.grounds(e.texts, e.causes) for k, e in enumerate(made)}
    for (k, at), look in zip(batch["where"].tolist(), batch["looks"], strict=True):
        (objects,) = {o for position, o in spans[k] if position == at}
        cells = np.isin(made[k].cells, objects).ravel() if objects else np.zeros(121, bool)
        assert (look[1:].numpy() > 0).tolist() == cells.tolist()
        assert (look[0] == 1) == (not objects)


def test_the_grounding_loss_is_the_heads_own_attention(tokenizer):
    """Against the attention weights that the model itself computes."""
    made = [example(training_data.FIRST_SEED + k) for k in range(2)]
    batch = Packer(tokenizer).batch(made)
    model = architecture.build_model(tokenizer).eval()
    language = model.model.language_model
    language.set_attn_implementation("eager")
    hidden = torch.zeros(2, 168, 168, dtype=torch.bool)
    hidden[0] = True
    embedded = language.embed_tokens(batch["ids"])
    mask = block_mask(batch["part"], embedded.dtype)
    attention, taken = language.layers[GROUNDED_LAYER].self_attn, {}
    attention.register_forward_pre_hook(lambda _, args, kwargs: taken.update(kwargs), with_kwargs=True)
    with torch.no_grad():
        out = language(
            inputs_embeds=embedded, attention_mask=mask, position_ids=batch["position"], output_attentions=True
        )
        loss = grounding_loss(attention, taken["hidden_states"], taken["position_embeddings"], mask, batch, hidden)
    weights = out.attentions[GROUNDED_LAYER][:, GROUNDED_HEAD]
    gone, losses = gone_cells(hidden).flatten(1), []
    for (k, at), look in zip(batch["where"].tolist(), batch["looks"], strict=True):
        look = torch.cat([look[:1], look[1:] * ~gone[k]])
        if look.sum() > 0.5:
            losses.append(-(look / look.sum() * weights[k, at, :122].log()).sum())
    assert 0 < len(losses) < len(batch["where"])
    assert float(loss) == pytest.approx(float(torch.stack(losses).mean()), rel=1e-4)


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
