"""Conversations: transformers' messages, with their pictures and videos taken out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from ..errors import ImageError
from .images import open_image
from .video import FrameChooser, Video, read_video

ROLES = ("system", "developer", "user", "assistant", "tool")
"""Roles of messages."""

SOURCES = ("image", "video", "path", "url", "base64", "image_url", "video_url")
"""Keys of a part that may hold a picture or a video."""

Message = dict[str, Any]
"""A message: "role" and "content", a text or a list of parts."""


@dataclass(frozen=True)
class Conversation:
    """What a model is asked, without the pixels.

    Attributes
    ----------
    messages : tuple of dict
        transformers' messages. A picture is ``{"type": "image"}`` and a video ``{"type": "video"}``; they stand in the order of the
        response's pictures.
    videos : tuple of Video
        Which pictures are the frames of a video, one entry per video.
    template : dict
        Keyword arguments of the chat template, such as ``enable_thinking``.
    continued : bool
        Whether the answer continues the last message, which is the assistant's.
    """

    messages: tuple[Message, ...]
    videos: tuple[Video, ...] = ()
    template: dict[str, Any] = field(default_factory=dict)
    continued: bool = False

    @property
    def prompt(self) -> str:
        """The text of the last message of the user."""
        turns = [message for message in self.messages if message["role"] == "user"]
        return text_of(turns[-1]["content"]) if turns else ""

    @property
    def is_short(self) -> bool:
        """Whether it is one picture and one text of the user, the short form ``generate(image, prompt)``."""
        return self == short_form(self.prompt)

    @property
    def media(self) -> list[str]:
        """The kind of every picture and video in order: "image" or "video"."""
        return [part["type"] for _, part in media_parts(self.messages)]

    def picture_counts(self) -> list[int]:
        """Return the number of pictures of each image and video in order.

        Returns
        -------
        list of int
            1 for an image, the number of frames for a video.
        """
        videos = iter(self.videos)
        return [1 if kind == "image" else next(videos).count for kind in self.media]

    def as_dict(self) -> dict[str, Any]:
        """Return the content as JSON holds it.

        Returns
        -------
        dict
            For `conversation_from`.
        """
        return {
            "messages": list(self.messages),
            "videos": [video.as_dict() for video in self.videos],
            "template": self.template,
            "continued": self.continued,
        }


def conversation_from(content: Mapping[str, Any]) -> Conversation:
    """Return the conversation that `Conversation.as_dict` described.

    Parameters
    ----------
    content : mapping
        The description.

    Returns
    -------
    Conversation
        The conversation.
    """
    videos = tuple(Video.from_dict(video) for video in content["videos"])
    return Conversation(tuple(content["messages"]), videos, dict(content["template"]), bool(content["continued"]))


def short_form(prompt: str, count: int = 1) -> Conversation:
    """Return the conversation of pictures and a prompt.

    Parameters
    ----------
    prompt : str
        The question or instruction.
    count : int
        Number of pictures, which stand before the prompt.

    Returns
    -------
    Conversation
        One message of the user.
    """
    content = [{"type": "image"}] * count + [{"type": "text", "text": prompt}]
    return Conversation(({"role": "user", "content": content},))


def read_messages(
    messages: Sequence[Mapping[str, Any]],
    choose: FrameChooser | None = None,
    chat_template_kwargs: Mapping[str, Any] | None = None,
    continue_final_message: bool = False,
) -> tuple[Conversation, list[Image.Image]]:
    """Take the pictures and videos out of messages.

    Parameters
    ----------
    messages : sequence of mapping
        What ``apply_chat_template`` of transformers takes. Pictures and videos are paths, PIL images, arrays, bytes, or data URLs.
    choose : callable, optional
        Chooses frames of a video file, see `eagle_nb.inputs.video.read_video`; by default every frame is taken.
    chat_template_kwargs : mapping, optional
        Keyword arguments of the chat template.
    continue_final_message : bool
        Whether the answer continues the last message.

    Returns
    -------
    conversation : Conversation
        The messages without pixels.
    pictures : list of PIL.Image.Image
        All pictures in order, the frames of videos among them.

    Raises
    ------
    TypeError
        If messages, a message, or its content is of another type.
    ValueError
        If a role is unknown, the last message has the wrong role, or there is no picture.
    ImageError
        (a ValueError) If a picture or a video cannot be read.

    Examples
    --------
    >>> two = [{"type": "image", "image": Image.new("RGB", (2, 2))}] * 2
    >>> conversation, pictures = read_messages([{"role": "user", "content": [*two, {"type": "text", "text": "What differs?"}]}])
    >>> conversation.prompt, len(pictures), conversation.media
    ('What differs?', 2, ['image', 'image'])
    """
    if isinstance(messages, str | bytes | Mapping) or not isinstance(messages, Sequence):
        raise TypeError(f"messages is a list of messages with role and content, got {type(messages).__name__}")
    pictures: list[Image.Image] = []
    videos: list[Video] = []
    plain: list[Message] = []
    for k, message in enumerate(messages):
        plain.append(_plain_message(message, k, pictures, videos, choose))
    _check_turns(plain, continue_final_message)
    if not pictures:
        raise ValueError(
            "the messages hold no picture, so there is nothing to explain; add a part such as "
            "{'type': 'image', 'image': 'photo.jpg'}"
        )
    template = dict(chat_template_kwargs or {})
    return Conversation(tuple(plain), tuple(videos), template, bool(continue_final_message)), pictures


def text_of(content: str | Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a message.

    Parameters
    ----------
    content : str or sequence of mapping
        Its content.

    Returns
    -------
    str
        Its text parts, a line each.
    """
    if isinstance(content, str):
        return content
    return "\n".join(str(part["text"]) for part in content if part.get("type") == "text")


def media_parts(messages: Sequence[Message]) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the pictures and videos of messages.

    Parameters
    ----------
    messages : sequence of dict
        Messages without pixels.

    Returns
    -------
    list of (int, mapping)
        The number of the message, and the part, in order.
    """
    return [
        (k, part)
        for k, message in enumerate(messages)
        if not isinstance(message["content"], str)
        for part in message["content"]
        if part["type"] in ("image", "video")
    ]


def _plain_message(
    message: Any, k: int, pictures: list[Image.Image], videos: list[Video], choose: FrameChooser | None
) -> Message:
    """Return a message without pixels, and add its pictures and videos to the lists."""
    if not isinstance(message, Mapping) or "role" not in message or "content" not in message:
        raise TypeError(f"message {k} must be a mapping with 'role' and 'content', got {_shown(message)}")
    if message["role"] not in ROLES:
        raise ValueError(f"message {k} has the role {message['role']!r}; roles are {', '.join(ROLES)}")
    content = message["content"]
    if isinstance(content, str):
        return dict(message)
    if not isinstance(content, Sequence) or not all(isinstance(part, Mapping) for part in content):
        raise TypeError(f"the content of message {k} must be a text or a list of parts, got {_shown(content)}")
    parts: list[dict[str, Any]] = []
    for part in content:
        kind = str(part.get("type", "")).removesuffix("_url")
        if kind == "text":
            if not isinstance(part.get("text"), str):
                raise TypeError(f"a text part of message {k} has no text: {_shown(part)}")
            parts.append(dict(part))
        elif kind == "image":
            pictures.append(open_image(_source(part, k)))
            parts.append({"type": "image"})
        elif kind == "video":
            frames, video = read_video(_source(part, k), len(pictures), choose, part.get("fps"))
            pictures.extend(frames)
            videos.append(video)
            parts.append({"type": "video"})
        else:
            raise ValueError(
                f"message {k} holds a part of type {part.get('type')!r}; parts are 'text', 'image' and 'video'"
            )
    return {**message, "content": parts}


def _source(part: Mapping[str, Any], k: int) -> Any:
    """Return what a part holds: a path, an image, an array or bytes."""
    given = [part[key] for key in SOURCES if part.get(key) is not None]
    if not given:
        raise ImageError(
            f"a part of type {part['type']!r} in message {k} holds no picture; give one, for instance "
            "{'type': 'image', 'image': 'photo.jpg'}"
        )
    source = given[0]["url"] if isinstance(given[0], Mapping) and "url" in given[0] else given[0]
    if isinstance(source, str):
        if source.startswith(("http://", "https://")):
            raise ImageError(f"{source!r} is on the network; download it first and give its path")
        if "base64" in part or source.startswith("data:"):
            return _decoded(source, k)
        if source.startswith("file://"):
            return Path(source.removeprefix("file://"))
    return source


def _decoded(source: str, k: int) -> bytes:
    """Return the bytes of a data URL or of base64 text."""
    try:
        return base64.b64decode(re.sub(r"^data:[^,]*,", "", source), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageError(f"a picture of message {k} is not valid base64: {error}") from error


def _check_turns(messages: Sequence[Message], continued: bool) -> None:
    """Validate who speaks last."""
    if not messages:
        raise ValueError("messages is empty; give at least one message of the user")
    last = messages[-1]["role"]
    if continued and last != "assistant":
        raise ValueError(f"continue_final_message continues a message of the assistant, the last one is the {last}'s")
    if not continued and last == "assistant":
        raise ValueError(
            "the last message is the assistant's; end with a message of the user, or pass continue_final_message=True"
        )
    if not any(message["role"] == "user" for message in messages):
        raise ValueError("the messages hold none of the user; give the question as {'role': 'user', 'content': …}")


def _shown(value: Any) -> str:
    """Return a value for an error message, cut short."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
