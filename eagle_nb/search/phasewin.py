"""Phase-window search, from the description of PhaseWin (arXiv 2511.10914 and 2606.18008).

A phase scores all remaining regions (global screening) and places the best, its anchor. Regions whose gain falls
far behind the anchor's are pruned for this phase. The best of the rest form a window, in which greedy search goes
on with exact scores; the window is refilled from the phase's ranking. The phase ends when the window's best gain
has fallen below a share of what the screening promised (dynamic supervision), and the next screening looks at
everything again. The share falls from phase to phase (annealing). The papers leave the constants to the user;
these are ours, chosen on scenes that no benchmark uses.
"""

from __future__ import annotations

import numpy as np

from .evaluation import Evaluation

WINDOW = 6
"""Regions scored exactly at a time within a phase."""

KEEP = 0.1
"""Regions with less than this share of the anchor's gain are pruned for the phase."""

TRUST = 0.5
"""The phase ends when a gain falls below this share of the one that its screening promised."""

ANNEALING = 0.9
"""The trust of each phase, as a share of that of the phase before."""


def phasewin(evaluation: Evaluation) -> None:
    """Place all regions, phase by phase."""
    total = float(evaluation.objective(np.zeros((1, evaluation.n), dtype=bool))[0])
    trust = TRUST
    while len(remaining := evaluation.remaining):
        values = evaluation.candidates(remaining)
        gains = values - total
        ranking = remaining[np.argsort(-gains, kind="stable")]
        promised = dict(zip(remaining.tolist(), gains.tolist(), strict=True))
        anchor = int(ranking[0])
        total += promised[anchor]
        evaluation.place(anchor, total)
        waiting = [int(v) for v in ranking[1:] if promised[int(v)] >= KEEP * max(promised[anchor], 0.0)]
        window: list[int] = []
        while waiting or window:
            while waiting and len(window) < WINDOW:
                window.append(waiting.pop(0))
            fresh = evaluation.candidates(window) - total
            best = int(np.argmax(fresh))
            if fresh[best] < trust * promised[window[best]]:
                break
            total += float(fresh[best])
            evaluation.place(window.pop(best), total)
        trust *= ANNEALING
