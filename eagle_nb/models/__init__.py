"""Models: anything that answers a prompt about an image and can be scored. Only this room knows torch.

A model of another kind plugs in as any object with the two methods of `Model`.
"""

from __future__ import annotations

import os
from typing import Any, Protocol, runtime_checkable

from PIL import Image

from ..inputs.images import ImageLike
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..protocols import Scorer

__all__ = ["Model", "load_model"]


@runtime_checkable
class Model(Protocol):
    """What `explain` needs of a model."""

    def generate(self, image: ImageLike, prompt: str, max_new_tokens: int = 128) -> Response:
        """Answer a prompt about an image, greedily."""

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: dict[int, int] | None = None,
    ) -> Scorer:
        """Token probabilities of the response under coalitions of regions; `fill` is the picture hidden regions show."""


def load_model(name: str | os.PathLike[str] | None = None, **options: Any) -> Any:
    """Load a vision-language model.

    Parameters
    ----------
    name : str or path, optional
        A local folder or a hub id; the bundled model by default.
    **options
        See `eagle_nb.models.loading.load`: device, dtype, revision, attn_implementation, quantization_config,
        trust_remote_code, max_pixels, image_options, batch_size, literal.

    Returns
    -------
    HuggingFaceModel

    Raises
    ------
    ValueError
        If the folder holds no model or no processor, the model takes no images, or a hub id cannot be reached; all of
        it before weights are read.
    TypeError
        For an unknown option.
    """
    from .huggingface.loading import load

    return load(name, **options)
