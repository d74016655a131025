"""The command ``eagle-nb``: copy the notebooks, run one of them, check a model."""

from .commands import main

__all__ = ["main"]
