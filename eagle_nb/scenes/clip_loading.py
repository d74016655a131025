"""Load the clip model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..models.huggingface.model import HuggingFaceModel


def load_clip_model(**options: Any) -> HuggingFaceModel:
    """Load the bundled model of several frames, which describes drawn clips (`draw_clip`).

    Parameters
    ----------
    **options
        Options of `eagle_nb.load_model`, such as ``device`` and ``dtype``.

    Returns
    -------
    HuggingFaceModel
        The model.

    Examples
    --------
    >>> model = load_clip_model()
    >>> model.name
    'bundled-clips'
    """
    from ..models.huggingface.loading import BUNDLED_CLIPS, load_model

    return load_model(BUNDLED_CLIPS, **options)
