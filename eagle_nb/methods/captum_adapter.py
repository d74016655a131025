"""Coalitions of regions in the form that captum expects: rows of ones and zeros, and a function of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..inputs.seeds import Rng, integer_seed
from ..protocols import Scorer
from ..scoring.objective import insight

if TYPE_CHECKING:
    import torch

BATCH = 256
"""Coalitions per call of captum; the scorer divides them into its own batches."""


def coalition_function(scorer: Scorer, tokens: Sequence[int]) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the mean probability of some tokens as a torch function of coalitions.

    Parameters
    ----------
    scorer : Scorer
        The scorer of N regions.
    tokens : sequence of int
        Indices of the tokens.

    Returns
    -------
    callable
        Rows (M, N) of ones (shown) and zeros (hidden) → float64 (M,).
    """
    import torch

    def value(rows: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(insight(scorer(rows.numpy() > 0.5), tokens))

    return value


@contextmanager
def torch_seed(rng: Rng) -> Iterator[None]:
    """Seed torch's global generator within a block and restore it afterwards: captum takes no generator.

    Parameters
    ----------
    rng : int, numpy.random.Generator or None
        The seed; see `eagle_nb.inputs.seeds.integer_seed`.

    Yields
    ------
    None
        The block runs with the seed.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(integer_seed(rng))
        yield
