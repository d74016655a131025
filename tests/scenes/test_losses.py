"""The grounding loss."""

import pytest
import torch

from eagle_nb.scenes import architecture, training_data
from eagle_nb.scenes.losses import GROUNDED_HEAD, GROUNDED_LAYER, grounding_loss, hidden_cells
from eagle_nb.scenes.packing import Packer, block_mask
from eagle_nb.scenes.training_data import example


def test_the_grounding_loss_is_the_heads_own_attention(tokenizer):
    """The loss agrees with the attention weights that the model computes."""
    made = [example(training_data.FIRST_SEED + k) for k in range(2)]
    batch = Packer(tokenizer).batch(made)
    model = architecture.build_model(tokenizer).eval()
    language = model.model.language_model
    language.set_attn_implementation("eager")
    hidden = torch.zeros(2, 168, 168, dtype=torch.bool)
    hidden[0] = True
    embedded = language.embed_tokens(batch["ids"])
    mask = block_mask(batch["part"], embedded.dtype)
    attention, inputs = language.layers[GROUNDED_LAYER].self_attn, {}
    attention.register_forward_pre_hook(lambda _, args, kwargs: inputs.update(kwargs), with_kwargs=True)
    with torch.no_grad():
        out = language(
            inputs_embeds=embedded, attention_mask=mask, position_ids=batch["position"], output_attentions=True
        )
        loss = grounding_loss(attention, inputs["hidden_states"], inputs["position_embeddings"], mask, batch, hidden)
    weights = out.attentions[GROUNDED_LAYER][:, GROUNDED_HEAD]
    gone, losses = hidden_cells(hidden).flatten(1), []
    for (k, at), look in zip(batch["where"].tolist(), batch["looks"], strict=True):
        look = torch.cat([look[:1], look[1:] * ~gone[k]])
        if look.sum() > 0.5:
            losses.append(-(look / look.sum() * weights[k, at, :122].log()).sum())
    assert 0 < len(losses) < len(batch["where"])
    assert float(loss) == pytest.approx(float(torch.stack(losses).mean()), rel=1e-4)
