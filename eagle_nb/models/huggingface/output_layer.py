"""Log-probabilities of chosen tokens, without the logits of all positions in memory.

The logits of T positions of a batch take B · T · V numbers, which is more than everything else for a large vocabulary. Instead, the hidden
states that enter the output layer are caught, the layer computes one position for the network itself, and then all positions in chunks.
Networks that change logits after the layer (a scale, a soft cap) are followed where their configuration names the change; the network's own
logits of the one position confirm it on the first pass. Elsewhere all logits are computed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from .batching import ran_out_of_memory

SMALL = 2**24
"""Logits of up to this many bytes are computed at once."""

CHUNKS = 16
"""Number of chunks that larger logits are computed in."""

CLOSE = 1e-4
"""Maximum difference between logits of a chunk and the network's own, relative to the largest; in half precision a hundred times that."""

SCALES = ("logit_scale", "logits_scaling", "lm_head_multiplier", "output_multiplier_scale")
"""Entries of configurations that scale logits."""

Change = Callable[[torch.Tensor], torch.Tensor]
"""What a network does to the logits of its output layer."""


@dataclass(frozen=True, eq=False)
class TokenScores:
    """What the logits of each position say about a target, each (B, T) of float32.

    Attributes
    ----------
    targets : Tensor
        Logits of the targets.
    total : Tensor
        Logarithms of the sums of exponentials over the vocabulary.
    best : Tensor
        The highest logits.
    best_ids : Tensor of int
        The tokens that have them.
    lowest : Tensor
        The lowest logits; infinite or NaN where any logit is.
    """

    targets: torch.Tensor
    total: torch.Tensor
    best: torch.Tensor
    best_ids: torch.Tensor
    lowest: torch.Tensor


def score_logits(logits: torch.Tensor, targets: torch.Tensor) -> TokenScores:
    """Reduce logits to what is needed of them.

    Parameters
    ----------
    logits : Tensor, (B, T, V)
        Logits.
    targets : Tensor of int, (T,) or (B, T)
        Token ids.

    Returns
    -------
    TokenScores
        Their scores.
    """
    values = logits.float()
    chosen = values.gather(-1, targets.expand(values.shape[:-1])[..., None])[..., 0]
    best, best_ids = values.max(-1)
    lowest = values.amin(-1)
    if values.data_ptr() == logits.data_ptr():
        total = values.logsumexp(-1)
    else:  # a copy, which may be overwritten
        total = values.sub_(best[..., None]).exp_().sum(-1).log_().add_(best)
    return TokenScores(chosen, total, best, best_ids, lowest)


class OutputLayer:
    """The output layer of a network, for scores of many positions.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.

    Attributes
    ----------
    follows : bool or None
        Whether chunks give the network's own logits; None before the first pass.
    """

    def __init__(self, network: Any) -> None:
        self.network = network
        self.follows: bool | None = None
        self._change: Change = _same

    def fits(self, rows: int, positions: int, vocabulary: int) -> bool:
        """Return whether all logits can be computed at once, or must be.

        Parameters
        ----------
        rows, positions, vocabulary : int
            Their shape.

        Returns
        -------
        bool
            True for small logits and for networks whose logits cannot be followed.
        """
        return self.follows is False or 4 * rows * positions * vocabulary <= SMALL

    def score(self, run: Callable[[], torch.Tensor], targets: torch.Tensor) -> TokenScores | None:
        """Score the last positions of a batch in chunks.

        Parameters
        ----------
        run : callable
            Runs the network on a batch and returns its logits, (B, any, V).
        targets : Tensor of int, (T,)
            Token ids to score at the last T positions.

        Returns
        -------
        TokenScores or None
            The scores; None if this network cannot be followed.
        """
        layer = self.network.get_output_embeddings()
        if layer is None:
            self.follows = False
            return None
        try:
            with _caught(layer, len(targets)) as caught:
                own = run()[:, -1]
        except Exception as error:
            if self.follows or ran_out_of_memory(error):
                raise
            self.follows = False  # such as a network that needs the logits of all positions
            return None
        if not bool(own.isfinite().all()):
            return None
        if self.follows is None:
            self.follows = (
                len(caught) == 1 and caught[0].shape[1] == len(targets) and self._confirm(layer, caught[0], own)
            )
        if not self.follows:
            return None
        (states,) = caught
        flat = states.flatten(0, 1)
        wanted = targets.expand(states.shape[:2]).flatten()
        size = max(1, -(-len(flat) // CHUNKS))
        parts = []
        for start in range(0, len(flat), size):
            parts.append(_reduced(self._change(layer(flat[start : start + size])), wanted[start : start + size]))
        columns = (torch.cat(column).view(states.shape[:2]) for column in zip(*parts, strict=True))
        return TokenScores(*columns)

    def _confirm(self, layer: Any, states: torch.Tensor, own: torch.Tensor) -> bool:
        """Whether the layer gives the network's own logits of the last position, and after which change."""
        found = layer(states[:, -1])
        bound = CLOSE * (100 if own.dtype in (torch.float16, torch.bfloat16) else 1) * own.abs().max().clamp(min=1e-6)
        off: list[tuple[float, int, Change]] = []
        for change in _changes(self.network.config):
            made = change(found.clone())
            off.append((float((made - own).abs().max()) if made.shape == own.shape else float("inf"), len(off), change))
        least, _, self._change = min(off, key=lambda entry: entry[:2])
        return least <= float(bound)


def _reduced(logits: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Reduce logits (R, V) in place."""
    values = logits.float()
    chosen = values.gather(-1, targets[:, None])[:, 0]
    best, best_ids = values.max(-1)
    lowest = values.amin(-1)
    total = values.sub_(best[:, None]).exp_().sum(-1).log_().add_(best)
    return chosen, total, best, best_ids, lowest


@contextmanager
def _caught(layer: Any, keep: int) -> Iterator[list[torch.Tensor]]:
    """Collect the last positions of what enters the output layer within the block, and pass it the last one only."""
    states: list[torch.Tensor] = []

    def catch(_: Any, args: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        states.append(args[0][:, -keep:])
        return (args[0][:, -1:], *args[1:])

    hook = layer.register_forward_pre_hook(catch)
    try:
        yield states
    finally:
        hook.remove()


def _same(logits: torch.Tensor) -> torch.Tensor:
    """Leave logits as they are."""
    return logits


def _capped(cap: float, logits: torch.Tensor) -> torch.Tensor:
    """Cap logits softly, in place."""
    return logits.div_(cap).tanh_().mul_(cap)


def _multiplied(scale: float, logits: torch.Tensor) -> torch.Tensor:
    """Multiply logits, in place."""
    return logits.mul_(scale)


def _divided(scale: float, logits: torch.Tensor) -> torch.Tensor:
    """Divide logits, in place."""
    return logits.div_(scale)


def _changes(config: Any) -> Iterator[Change]:
    """Iterate over what the network of a configuration may do to its logits."""
    yield _same
    for part in (config, getattr(config, "text_config", None)):
        cap = getattr(part, "final_logit_softcapping", None)
        if isinstance(cap, int | float) and cap > 0:
            yield partial(_capped, cap)
        for name in SCALES:
            scale = getattr(part, name, None)
            if isinstance(scale, int | float) and scale > 0:
                yield partial(_multiplied, scale)
                yield partial(_divided, scale)
