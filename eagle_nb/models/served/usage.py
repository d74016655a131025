"""What requests cost: counts of requests and tokens, a price, and a budget that bounds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import RequestBudgetError

UNITS = {
    "request": "requests",
    "requests": "requests",
    "token": "tokens",
    "tokens": "tokens",
    "usd": "cost",
    "$": "cost",
}
"""Units of a budget, and what each bounds."""


@dataclass
class Usage:
    """Counts what a model's requests cost.

    Attributes
    ----------
    budget : int, str or None
        The limit: a number of requests, or a text such as "500 requests", "200000 tokens" or "2 USD". None for no limit.
    price : tuple of (float, float) or None
        USD per million prompt tokens and per million generated tokens.
    requests : int
        Requests sent, retries included.
    prompt_tokens, completion_tokens : int
        Tokens, as the server counts them.

    Raises
    ------
    ValueError
        If the budget cannot be read, or a budget in USD lacks a price.

    Examples
    --------
    >>> usage = Usage("2 requests")
    >>> usage.spend(), usage.spend()
    (None, None)
    >>> usage.requests
    2
    """

    budget: int | str | None = None
    price: tuple[float, float] | None = None
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    _limit: tuple[float, str] = field(init=False, repr=False, default=(float("inf"), "requests"))

    def __post_init__(self) -> None:
        if self.price is not None:
            values = tuple(float(part) for part in self.price)
            if len(values) != 2 or min(values) < 0:
                raise ValueError(
                    f"price is (USD per million prompt tokens, USD per million generated tokens), got {self.price!r}"
                )
            self.price = (values[0], values[1])
        self._limit = _read_budget(self.budget)
        if self._limit[1] == "cost" and self.price is None:
            raise ValueError(f"the budget {self.budget!r} needs a price; give price=(USD per million prompt tokens, …)")

    @property
    def tokens(self) -> int:
        """Tokens of prompts and answers."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def cost(self) -> float:
        """USD; NaN without a price."""
        if self.price is None:
            return float("nan")
        return (self.prompt_tokens * self.price[0] + self.completion_tokens * self.price[1]) / 1e6

    def spend(self) -> None:
        """Count a request that is about to be sent.

        Raises
        ------
        RequestBudgetError
            If the budget is used up; the request must not be sent.
        """
        limit, unit = self._limit
        used = float(getattr(self, unit))
        if used >= limit:
            raise RequestBudgetError(
                f"the budget of {self.budget!r} is used up ({used:g} {unit} so far); give load_server a larger budget. "
                "With store=, what was scored already costs nothing"
            )
        self.requests += 1

    def record(self, answer: Mapping[str, Any]) -> None:
        """Add the tokens that an answer reports.

        Parameters
        ----------
        answer : mapping
            The answer; its ``usage`` (or SGLang's ``meta_info``) holds the counts.
        """
        counts = answer.get("usage") or answer.get("meta_info") or {}
        if isinstance(counts, Mapping):
            self.prompt_tokens += _count(counts.get("prompt_tokens"))
            self.completion_tokens += _count(counts.get("completion_tokens"))

    def summary(self) -> dict[str, float]:
        """Return the counts as plain values.

        Returns
        -------
        dict
            requests, prompt_tokens, completion_tokens and, with a price, cost in USD.
        """
        counts: dict[str, float] = {
            "requests": self.requests,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
        }
        return counts if self.price is None else counts | {"cost": self.cost}


def _count(value: Any) -> int:
    """Return a count that a server reports, 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _read_budget(budget: int | str | None) -> tuple[float, str]:
    """Return the limit and what it bounds."""
    if budget is None:
        return float("inf"), "requests"
    if isinstance(budget, int) and not isinstance(budget, bool) and budget > 0:
        return float(budget), "requests"
    match = re.fullmatch(r"\s*(\$?)\s*([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([a-z]*)\s*", str(budget).lower())
    unit = UNITS.get((match[1] or match[3]) if match else "")
    if not match or unit is None or isinstance(budget, bool):
        raise ValueError(
            f"budget is a number of requests or a text such as '500 requests', '200000 tokens' or '2 USD', got {budget!r}"
        )
    return float(match[2].replace(",", "").replace("_", "")), unit
