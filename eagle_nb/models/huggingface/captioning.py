"""Captioning networks, whose tokenizers end a prompt with a token that nothing follows.

GIT and BLIP complete the beginning of a caption. Their tokenizers put a text between a first and a last token, and the caption has to go
on before the last one. `BlipForConditionalGeneration.generate` drops it itself and puts a token of its own first, which its `forward`
does not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

RESTARTING = ("BlipForConditionalGeneration",)
"""Networks whose `generate` changes the first and the last token of the prompt."""


def restarts(network: Any) -> bool:
    """Return whether a network's `generate` changes the first and the last token of the prompt.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.

    Returns
    -------
    bool
        True for BLIP.
    """
    return type(network).__name__ in RESTARTING


def open_ended(network: Any, tokenizer: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a prompt's inputs without the token that ends a text, so that an answer can follow.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    tokenizer : transformers.PreTrainedTokenizerBase
        The tokenizer.
    inputs : mapping of str to value
        Inputs for a prompt that no chat template wrote.

    Returns
    -------
    dict of str to value
        The inputs as the network's own generation uses them.
    """
    ids = torch.as_tensor(inputs["input_ids"])
    opened = dict(inputs)
    length = ids.shape[-1]
    ends = {getattr(tokenizer, name, None) for name in ("eos_token_id", "sep_token_id")}
    if ids.ndim == 2 and length > 1 and int(ids[0, -1]) in ends:
        for name, value in inputs.items():
            if isinstance(value, torch.Tensor) and not value.is_floating_point() and value.shape[1:2] == (length,):
                opened[name] = value[:, :-1]
    if restarts(network):
        opened["input_ids"] = opened["input_ids"].clone()
        opened["input_ids"][:, 0] = network.config.text_config.bos_token_id
    return opened


def for_generation(network: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of `generate`; with a last token to drop where it drops one.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    inputs : dict of str to value
        Placed inputs.

    Returns
    -------
    dict of str to value
        Inputs for `generate`.
    """
    if not restarts(network):
        return inputs
    repeated = {name: inputs[name] for name in ("input_ids", "attention_mask") if name in inputs}
    return {**inputs, **{name: torch.cat([value, value[:, -1:]], 1) for name, value in repeated.items()}}
