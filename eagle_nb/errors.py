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
