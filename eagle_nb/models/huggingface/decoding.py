"""Greedy decoding, and the output layer of the last positions alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def last_positions(head: Any, keep: int) -> Iterator[None]:
    """Pass an output layer only the last positions within the block.

    Parameters
    ----------
    head : torch.nn.Module or None
        The output layer; None changes nothing.
    keep : int
        Number of positions.

    Yields
    ------
    None
    """
    if head is None:
        yield
        return
    hook = head.register_forward_pre_hook(lambda _, args: (args[0][:, -keep:], *args[1:]))
    try:
        yield
    finally:
        hook.remove()


@contextmanager
def greedy(network: Any, max_new_tokens: int, ends: list[int], pad: int | None) -> Iterator[Any]:
    """Decode greedily within the block; transformers would fill settings that a call leaves open from the checkpoint's own.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    max_new_tokens : int
        Maximum number of generated tokens.
    ends : list of int
        Token ids that end an answer.
    pad : int or None
        Token id of padding.

    Yields
    ------
    transformers.GenerationConfig
        The settings.
    """
    from transformers import GenerationConfig

    own = network.generation_config
    if pad is None:
        pad = own.pad_token_id if own.pad_token_id is not None else (ends[0] if ends else 0)
    settings = GenerationConfig(
        do_sample=False,
        max_new_tokens=max_new_tokens,
        eos_token_id=ends or None,
        pad_token_id=pad,
        bos_token_id=own.bos_token_id,
    )
    network.generation_config = settings
    try:
        yield settings
    finally:
        network.generation_config = own


def network_fault(network: Any, error: Exception) -> ValueError:
    """Return the error about a network that fails on its own processor's inputs.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    error : Exception
        What it raised.

    Returns
    -------
    ValueError
        The error to raise.
    """
    import transformers

    return ValueError(
        f"{type(network).__name__} of transformers {transformers.__version__} fails on an image and a prompt that its own "
        f"processor prepared: {error}. This is a fault of that version; another one may work"
    )
