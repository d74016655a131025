import math

import pytest

from eagle_nb.errors import RequestBudgetError
from eagle_nb.models.served.usage import Usage


@pytest.mark.parametrize(("budget", "sent"), [(2, 2), ("3 requests", 3), ("1 request", 1)])
def test_requests_beyond_the_budget_are_not_sent(budget, sent):
    usage = Usage(budget)
    for _ in range(sent):
        usage.spend()
    with pytest.raises(RequestBudgetError, match="used up"):
        usage.spend()
    assert usage.requests == sent


def test_tokens_and_cost_are_counted_and_bounded():
    usage = Usage("0.5 USD", price=(2.0, 10.0))
    usage.record({"usage": {"prompt_tokens": 100_000, "completion_tokens": 20_000}})
    assert usage.cost == pytest.approx(0.4)
    usage.spend()
    usage.record({"meta_info": {"prompt_tokens": 50_000, "completion_tokens": 0}})
    assert usage.tokens == 170_000
    with pytest.raises(RequestBudgetError):
        usage.spend()
    assert usage.summary() == {"requests": 1, "prompt_tokens": 150_000, "completion_tokens": 20_000, "cost": usage.cost}


def test_tokens_bound_too():
    usage = Usage("200,000 tokens")
    usage.record({"usage": {"prompt_tokens": 200_000}})
    with pytest.raises(RequestBudgetError):
        usage.spend()


def test_without_a_price_there_is_no_cost():
    assert math.isnan(Usage().cost)
    assert "cost" not in Usage().summary()


@pytest.mark.parametrize("budget", ["many", "5 euros", -1, 0, True, "5"])
def test_a_budget_that_cannot_be_read_is_refused(budget):
    with pytest.raises(ValueError, match="500 requests"):
        Usage(budget)


def test_a_budget_in_usd_needs_a_price():
    with pytest.raises(ValueError, match="price"):
        Usage("2 USD")
    with pytest.raises(ValueError, match="price"):
        Usage(price=(1.0,))
