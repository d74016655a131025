"""The budget of a search: a number of forward passes, or a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Budget:
    """Forward passes or seconds that a search may spend; None is unlimited.

    Attributes
    ----------
    forward_passes : int or None
        Forward passes.
    seconds : float or None
        Seconds.
    """

    forward_passes: int | None = None
    seconds: float | None = None

    def minus(self, forward_passes: int, seconds: float) -> Budget:
        """Return what remains.

        Parameters
        ----------
        forward_passes : int
            Forward passes spent.
        seconds : float
            Seconds spent.

        Returns
        -------
        Budget
            Not below 0 passes and 1 ms.
        """
        return Budget(
            None if self.forward_passes is None else max(self.forward_passes - forward_passes, 0),
            None if self.seconds is None else max(self.seconds - seconds, 1e-3),
        )

    def divided(self, parts: int) -> Budget:
        """Return an equal part.

        Parameters
        ----------
        parts : int
            Number of parts.

        Returns
        -------
        Budget
            One of them.
        """
        return Budget(
            None if self.forward_passes is None else self.forward_passes // parts,
            None if self.seconds is None else self.seconds / parts,
        )


def parse_budget(budget: int | str | None, n: int | None = None, searches: int = 1) -> Budget:
    """Read a budget: ``500`` as forward passes; ``"30 s"``, ``"2 min"`` or ``"1 h"`` as a time.

    Parameters
    ----------
    budget : int, str or None
        The budget; None is unlimited.
    n : int, optional
        Number of regions; a budget that cannot pay for the curves is refused.
    searches : int
        Number of orders that the budget pays for.

    Returns
    -------
    Budget
        The budget.

    Raises
    ------
    ValueError
        If it cannot be read, is not positive, or is below the 2 n + 2 forward passes of an order with both its curves.
    TypeError
        If it is of another type.

    Examples
    --------
    >>> parse_budget("2 min")
    Budget(forward_passes=None, seconds=120.0)
    """
    if budget is None:
        return Budget()
    if isinstance(budget, str):
        match = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*(s|min|h)\s*", budget)
        if match is None or float(match[1]) <= 0:
            raise ValueError(
                f"cannot read the budget {budget!r}; write forward passes as a number or a time as '30 s', '2 min'"
            )
        return Budget(seconds=float(match[1]) * _UNITS[match[2]])
    if isinstance(budget, bool) or not isinstance(budget, int | np.integer):
        raise TypeError(f"budget is a number of forward passes or a time such as '30 s', got {budget!r}")
    if budget < 1 or (n is not None and budget < (2 * n + 2) * searches):
        needed = f"an order of {n} regions with both its curves takes at least {2 * n + 2}" if n else "give more"
        raise ValueError(
            f"a budget of {budget} passes is too small: {needed}"
            + (f", and there are {searches}" if searches > 1 else "")
        )
    return Budget(forward_passes=int(budget))
