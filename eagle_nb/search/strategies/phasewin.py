"""Phase-window search, from the description of PhaseWin (arXiv 2511.10914 and 2606.18008).

A phase scores all remaining regions (global screening) and places the best, its anchor. Regions whose gain falls far behind the
anchor's are pruned for this phase. The best of the others form a window, in which greedy search continues with exact scores; the
window is refilled from the ranking of the phase. The phase ends when the best gain in the window falls below a share of what the
screening promised (dynamic supervision), and the next screening looks at all regions again. That share falls from phase to phase
(annealing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..state import SearchState


@dataclass(frozen=True)
class PhaseWindowSearch:
    """Place the regions phase by phase, each with a screening and a sliding window.

    Parameters
    ----------
    window : int
        Number of regions that are scored at a time within a phase.
    prune : float
        Regions with less than this share of the anchor's gain are pruned for the phase.
    trust : float
        A phase ends when a gain falls below this share of the gain at its screening.
    annealing : float
        Factor of `trust` from one phase to the next.

    References
    ----------
    PhaseWin (arXiv 2511.10914 and 2606.18008). The papers leave the constants to the user; the defaults were chosen on scenes that no
    benchmark uses.
    """

    window: int = 6
    prune: float = 0.1
    trust: float = 0.5
    annealing: float = 0.9
    name: ClassVar[str] = "phasewin"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        total = float(state.objective(np.zeros((1, state.n), dtype=bool))[0])
        trust = self.trust
        while len(remaining := state.remaining):
            values = state.candidates(remaining)
            gains = values - total
            ranking = remaining[np.argsort(-gains, kind="stable")]
            screened = dict(zip(remaining.tolist(), gains.tolist(), strict=True))
            anchor = int(ranking[0])
            total += screened[anchor]
            state.place(anchor, total)
            waiting = [int(v) for v in ranking[1:] if screened[int(v)] >= self.prune * max(screened[anchor], 0.0)]
            window: list[int] = []
            while waiting or window:
                while waiting and len(window) < self.window:
                    window.append(waiting.pop(0))
                fresh = state.candidates(window) - total
                best = int(np.argmax(fresh))
                if fresh[best] < trust * screened[window[best]]:
                    break
                total += float(fresh[best])
                state.place(window.pop(best), total)
            trust *= self.annealing
