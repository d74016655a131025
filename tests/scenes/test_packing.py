"""Batches: which scenes they hold, what the texts of a row attend to, and where the grounded head is to look."""

import numpy as np
import torch

from eagle_nb.scenes import architecture, packing, training_data
from eagle_nb.scenes.packing import Batches, Packer, block_mask
from eagle_nb.scenes.training_data import example


def test_held_out_seeds_are_never_trained_on(tokenizer, monkeypatch):
    """Every scene of a batch has a seed at or above the first training seed."""
    drawn = []
    real = packing.example
    monkeypatch.setattr(packing, "example", lambda seed: drawn.append(seed) or real(seed))
    batches = iter(Batches(tokenizer, 3, [2, 3]))
    next(batches)
    next(batches)
    assert drawn == [1_000_006 + k for k in range(6)]


def test_texts_in_a_row_do_not_see_each_other(tokenizer):
    """Packed into a row, each text has the hidden states that it has alone after the image."""
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


def test_the_head_is_trained_to_look_where_the_cause_is_visible(tokenizer):
    """Each target lies on the cells of the objects that carry the next token."""
    made = [example(training_data.FIRST_SEED + k) for k in range(6)]
    packer = Packer(tokenizer)
    batch = packer.batch(made)
    assert len(batch["where"]) > 60
    np.testing.assert_allclose(batch["looks"].sum(1), 1, atol=1e-5)
    spans = {k: packer.token_causes(e.texts, e.causes) for k, e in enumerate(made)}
    for (k, at), look in zip(batch["where"].tolist(), batch["looks"], strict=True):
        (objects,) = {o for position, o in spans[k] if position == at}
        cells = np.isin(made[k].cells, objects).ravel() if objects else np.zeros(121, bool)
        assert (look[1:].numpy() > 0).tolist() == cells.tolist()
        assert (look[0] == 1) == (not objects)
