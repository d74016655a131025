"""Phase-window search, as the authors of PhaseWin publish it in their code.

A phase scores all remaining regions and places the best. It scores the others again: those with a small share of the largest F are
pruned until the end, those with a large share become candidates. The best candidates form a window. All regions of the window whose F
is nearly the largest are placed at once, and the window is refilled from the candidates, each of which is put back once per phase
with probability one half. The phase ends when no region of the window reaches the threshold of the candidates, or when F grows much
more slowly than before (hard exit). In the end the pruned regions follow, ranked by F.

All thresholds are shares of F itself, not of gains. The published code decays a temperature from phase to phase, but the probability of being
put back does not depend on it.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from ..state import SearchState
from ..ties import snapped


@dataclass(frozen=True)
class PhaseWindowSearch:
    """Place the regions phase by phase, each with two screenings and a sliding window.

    Parameters
    ----------
    window : int or float
        Number of regions that are scored at a time within a phase; below 1 it is a share of all regions.
    prune : float
        Regions with less than this share of the largest F are pruned.
    select : float
        Regions with at least this share of the largest F are candidates of the phase.
    accept : float
        Regions of the window with at least this share of its largest F are placed together.
    exit_slowdown : float
        The phase ends when the ratio of F before and after a step exceeds that of the step before by more than this.
    exit_accept : float
        Share of the last F that a region needs to be placed nevertheless before the phase ends.
    seed : int
        Seed of the generator that puts candidates back.

    References
    ----------
    PhaseWin (arXiv 2511.10914 and 2606.18008) and its code, github.com/Qihuai27/phasewin-va, with its defaults.
    """

    window: float = 0.3
    prune: float = 0.05
    select: float = 0.6
    accept: float = 0.99
    exit_slowdown: float = 0.02
    exit_accept: float = 0.98
    seed: int = 0
    name: ClassVar[str] = "phasewin"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        size = max(1, int(self.window if self.window >= 1 else self.window * len(state.remaining)))
        coin, pruned, waiting = random.Random(self.seed), [], [int(region) for region in state.remaining]
        while waiting:
            values = state.candidates(waiting)
            best = state.best_of(values)
            if values[best] <= 0:
                break
            state.place(waiting.pop(best), values[best])
            if not waiting:
                break
            screened = snapped(state.candidates(waiting), state.tolerance)
            least, threshold = (share * screened.max() - state.tolerance for share in (self.prune, self.select))
            ranking = [waiting[k] for k in state.ranking(screened) if screened[k] >= threshold]
            pruned += [region for region, value in zip(waiting, screened, strict=True) if value < least]
            others = [region for region, value in zip(waiting, screened, strict=True) if least <= value < threshold]
            window, queue = ranking[:size], deque(ranking[size:])
            self._place_window(state, window, queue, size, threshold, coin, float(values[best]))
            waiting = [*window, *queue, *others]
        for left_over in (waiting, pruned):
            if left_over:
                values = state.candidates(left_over)
                for k in state.ranking(values):
                    state.place(left_over[k])

    def _place_window(
        self,
        state: SearchState,
        window: list[int],
        queue: deque[int],
        size: int,
        threshold: float,
        coin: random.Random,
        last: float,
    ) -> None:
        """Place regions of the window until the phase ends; those that are not placed stay in the window and the queue."""
        before, put_back = None, set[int]()
        while window:
            scored = snapped(state.candidates(window), state.tolerance)
            cut = max(threshold, self.accept * scored.max() - state.tolerance)
            accepted = [(region, float(value)) for region, value in zip(window, scored, strict=True) if value >= cut]
            if not accepted:
                return
            for region, value in accepted:
                slower = (
                    before is not None and last / max(value, 1e-12) - before / max(last, 1e-12) > self.exit_slowdown
                )
                if slower and value < self.exit_accept * last:
                    return
                state.place(region, value)
                window.remove(region)
                before, last = last, value
                if slower:
                    return
            while len(window) < size and queue:
                region = queue.popleft()
                if region not in put_back and coin.random() < 0.5:
                    put_back.add(region)
                    queue.append(region)
                else:
                    window.append(region)
