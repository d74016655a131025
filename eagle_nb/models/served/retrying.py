"""Which failures of a request are temporary, and how long to wait before the next attempt."""

from __future__ import annotations

import datetime
import email.utils
import random

TEMPORARY = frozenset({408, 409, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Statuses after which a request is sent again."""

PERMANENT = (
    "grammar stack",
    "range_check",
    "insufficient_quota",
    "failed to parse grammar",
    "does not support image",
    "image input is not supported",
)
"""Parts of a server's text that mean that a retry cannot succeed, whatever the status."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds before the first retry, and the upper limit of the exponential back-off."""

LONGEST_REQUEST = 600.0
"""Seconds that a server may ask to wait; where it asks for more, the request fails at once."""


def is_temporary(status: int, text: str) -> bool:
    """Return whether the same request may succeed later.

    Parameters
    ----------
    status : int
        HTTP status of the answer.
    text : str
        The server's text.

    Returns
    -------
    bool
        True for 408, 409, 429 and server errors, unless the text shows that the cause is permanent.

    Examples
    --------
    >>> is_temporary(429, "slow down"), is_temporary(429, "insufficient_quota"), is_temporary(400, "bad request")
    (True, False, False)
    """
    temporary = status in TEMPORARY or (500 <= status < 600 and status not in (501, 505))
    return temporary and not any(part in text.lower() for part in PERMANENT)


def requested_wait(header: str | None, now: datetime.datetime | None = None) -> float | None:
    """Read a Retry-After header.

    Parameters
    ----------
    header : str or None
        Its value: seconds or a date.
    now : datetime.datetime, optional
        The time, by default the current one.

    Returns
    -------
    float or None
        Seconds, at least 0; None without a header that can be read.

    Examples
    --------
    >>> requested_wait("1.5"), requested_wait("soon")
    (1.5, None)
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            date = email.utils.parsedate_to_datetime(header)
        except ValueError:
            return None
        seconds = (date - (now or datetime.datetime.now(datetime.UTC))).total_seconds()
    return max(seconds, 0.0) if seconds == seconds else None


def backoff(attempt: int, jitter: random.Random) -> float:
    """Return the seconds to wait after a failed attempt: exponential, with jitter, so that requests do not return all at once.

    Parameters
    ----------
    attempt : int
        Number of the failed attempt, from 0.
    jitter : random.Random
        Source of the jitter.

    Returns
    -------
    float
        Between half the exponential wait and all of it.
    """
    return min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT) * jitter.uniform(0.5, 1.0)
