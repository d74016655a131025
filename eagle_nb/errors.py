"""The named errors of the package; each is also the built-in error that it refines."""

from __future__ import annotations


class ImageError(ValueError):
    """An image that cannot be used; the message names it and says why."""


class MissingImageError(ImageError, FileNotFoundError):
    """An image file that does not exist."""


class MissingFileError(ValueError, FileNotFoundError):
    """A file or folder that does not exist."""


class StoreError(ValueError):
    """A store that cannot be used: not a store, not writable, or asked to keep scores that it cannot identify."""


class ScoringWarning(UserWarning):
    """A model may be scored wrong, or only by a slower way; the message says what was measured and what follows."""


class ServerError(RuntimeError):
    """A server that cannot be used, or that failed; the message holds the server's own text."""


class UnreachableServerError(ServerError, ConnectionError):
    """A server that does not answer, or only with temporary errors, after every retry."""


class RefusedRequestError(ServerError, ValueError):
    """A request that a server refused for good.

    Parameters
    ----------
    message : str
        What was refused and why.
    status : int
        The HTTP status.
    text : str
        The server's text.
    """

    def __init__(self, message: str, status: int = 0, text: str = "") -> None:
        super().__init__(message)
        self.status, self.text = status, text


class RequestBudgetError(ServerError, ValueError):
    """A budget of requests, tokens or cost that is used up."""


class TierError(ServerError, ValueError):
    """A server that does not offer what a tier needs; the message says what to start it with."""


class TokenMismatchError(TierError):
    """A server that scored other tokens than those of the answer."""


class ScoreMismatchError(TierError):
    """A server whose scores of the full image differ from the log-probabilities that it reported when it generated the answer."""


class DroppedImageError(TierError):
    """A server whose scores do not depend on the image, although it accepts one."""


class PrefixError(TierError):
    """A server that does not continue the beginning of an answer."""
