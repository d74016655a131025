import datetime
import random

import pytest

from eagle_nb.models.served.retrying import FIRST_WAIT, LONGEST_WAIT, backoff, is_temporary, requested_wait


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_these_failures_are_temporary(status):
    assert is_temporary(status, "try later")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, "bad"),
        (401, "key"),
        (404, ""),
        (422, ""),
        (501, ""),
        (500, "Unexpected empty grammar stack after 5"),
        (429, "insufficient_quota"),
    ],
)
def test_these_failures_are_permanent(status, text):
    assert not is_temporary(status, text)


def test_retry_after_is_seconds_or_a_date():
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    assert requested_wait("2") == 2.0
    assert requested_wait("Thu, 01 Jan 2026 00:00:07 GMT", now) == 7.0
    assert requested_wait("Thu, 01 Jan 2025 00:00:07 GMT", now) == 0.0
    assert requested_wait("nan") is None
    assert requested_wait(None) is None


def test_the_wait_doubles_up_to_a_limit_and_varies():
    jitter = random.Random(0)
    waits = [[backoff(attempt, jitter) for _ in range(50)] for attempt in range(10)]
    for attempt, values in enumerate(waits):
        whole = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT)
        assert whole / 2 <= min(values) < max(values) <= whole
