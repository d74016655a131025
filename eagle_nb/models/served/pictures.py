"""The messages of a coalition: the question with every hidden region replaced by the fill, as lossless pictures."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from ...inputs.messages import Conversation
from ...inputs.regions import Regions
from ...inputs.response import Response
from .exchanged import Messages


class CoalitionPictures:
    """Makes the messages of coalitions.

    Parameters
    ----------
    response : Response
        The answer, with its pictures and messages.
    regions : Regions
        A partition of its pictures.
    fill : PIL.Image.Image
        What hidden regions show; of the size of the response's canvas.

    Attributes
    ----------
    differ : bool
        Whether the pictures differ from their fills at all.

    Raises
    ------
    ValueError
        If sizes do not fit.
    """

    def __init__(self, response: Response, regions: Regions, fill: Image.Image) -> None:
        canvas = response.canvas
        if regions.shape != (canvas.height, canvas.width) or fill.size != canvas.size:
            raise ValueError(
                f"the region map is {regions.shape[1]} × {regions.shape[0]} pixels and the fill picture {fill.size}, the image is "
                f"{canvas.size}; make both from response.images"
            )
        self._conversation = response.conversation
        self._pictures = [np.asarray(picture.convert("RGB")) for picture in response.images]
        self._fills = [np.asarray(hidden.convert("RGB")) for hidden in response.layout.split(fill)]
        self._maps = [np.asarray(plane) for plane in regions.maps]
        self.differ = any(not np.array_equal(a, b) for a, b in zip(self._pictures, self._fills, strict=True))

    def __call__(self, shown: np.ndarray) -> Messages:
        """Make the messages of one coalition.

        Parameters
        ----------
        shown : ndarray of bool, (N,)
            The coalition.

        Returns
        -------
        list of dict
            Messages with the masked pictures as PNG data URLs.
        """
        visible = np.append(np.asarray(shown, dtype=bool), True)  # the label -1 stands for pixels that are never hidden
        masked = [
            np.where(visible[plane][..., None], picture, hidden)
            for picture, hidden, plane in zip(self._pictures, self._fills, self._maps, strict=True)
        ]
        return chat_messages(self._conversation, masked)

    def scrambled(self, seed: int = 0) -> Messages:
        """Make the messages with pictures of uniform noise.

        Parameters
        ----------
        seed : int
            Seed of the noise.

        Returns
        -------
        list of dict
            Messages.
        """
        rng = np.random.default_rng(seed)
        return chat_messages(
            self._conversation, [rng.integers(0, 256, picture.shape, dtype=np.uint8) for picture in self._pictures]
        )


def chat_messages(conversation: Conversation, pictures: Sequence[np.ndarray]) -> Messages:
    """Return a conversation as chat completions take it.

    Parameters
    ----------
    conversation : Conversation
        The messages without pixels.
    pictures : sequence of ndarray of uint8, (H, W, 3)
        All pictures in order. The frames of a video are sent as pictures.

    Returns
    -------
    list of dict
        Messages with PNG data URLs.
    """
    urls = iter([data_url(picture) for picture in pictures])
    counts = iter(conversation.picture_counts())
    out: Messages = []
    for message in conversation.messages:
        content = message["content"]
        if not isinstance(content, str):
            parts: list[dict[str, Any]] = []
            for part in content:
                if part["type"] == "text":
                    parts.append({"type": "text", "text": part["text"]})
                else:
                    parts += [{"type": "image_url", "image_url": {"url": next(urls)}} for _ in range(next(counts))]
            content = parts
        out.append({**message, "content": content})
    return out


def data_url(picture: np.ndarray) -> str:
    """Encode a picture without loss.

    Parameters
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The picture.

    Returns
    -------
    str
        A PNG as a data URL.
    """
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
