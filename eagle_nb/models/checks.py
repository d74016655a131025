"""Results of checks: one number against its bound, and what was verified when a scorer was made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One check: what was measured, the bound, and the verdict.

    Attributes
    ----------
    name : str
        What is checked.
    value : float
        What was measured; NaN where it could not be measured.
    bound : float
        The bound of the value; NaN where there is none.
    passed : bool or None
        The verdict; None where nothing had to be checked.
    detail : str
        The result in words: what was compared, why it failed, or why it was not checked.
    at_least : bool
        Whether the bound is a lower one.
    """

    name: str
    value: float
    bound: float
    passed: bool | None
    detail: str = ""
    at_least: bool = False


@dataclass(frozen=True)
class Verification:
    """What was verified when a scorer was made; see `eagle_nb.models.huggingface.verification`.

    Attributes
    ----------
    checks : tuple of Check
        The checks, in the order in which they are described.
    spread : float
        The signal: the largest difference of a target's probability between the full image and the blank one (or a half-hidden one).
    passes : int
        Forward passes spent.
    batched : bool
        Whether several coalitions may share a forward pass.
    fast : bool
        Whether images may be masked on the device.
    """

    checks: tuple[Check, ...]
    spread: float
    passes: int
    batched: bool
    fast: bool

    def __getitem__(self, name: str) -> Check:
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(f"there is no check {name!r}; there are {', '.join(check.name for check in self.checks)}")

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.passed is not False for check in self.checks)
