"""How a processor wants its prompts: as parts or as text, with or without an image placeholder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import torch
from PIL import Image

from ...inputs.messages import Conversation, Message, media_parts, text_of
from .frames import stacked_frames, video_metadata

PROBE = "Is it so?"
"""A prompt that shows what a template does with prompts."""

PLACEHOLDERS = ("image_token", "special_image_token", "boi_token")
"""Attributes of processors and tokenizers that may hold the image placeholder."""


Picture = Image.Image | torch.Tensor
"""A picture: RGB, or floats in 0 … 255, (3, H, W)."""


class PromptFormat:
    """Write prompts about an image the way a processor expects them.

    Chat templates differ: most take a message's content as a list of parts, some only as text. Without a template, the image
    placeholder stands before the prompt, unless the processor adds it itself.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor.
    image_ids : collection of int
        Token ids that the configuration names for images.
    asked : mapping, optional
        Options of the processor for every prompt.
    """

    def __init__(self, processor: Any, image_ids: Collection[int] = (), asked: Mapping[str, Any] | None = None) -> None:
        self.processor, self.image_ids, self.asked = processor, set(image_ids), dict(asked or {})
        self._adds: dict[Any, bool] = {}
        self._parts: dict[Any, bool] = {}

    @property
    def has_template(self) -> bool:
        """Whether the processor has a chat template."""
        return getattr(self.processor, "chat_template", None) is not None

    @property
    def takes_parts(self) -> bool:
        """Whether the chat template takes content as a list of parts; others would write out the list as Python does."""
        if self._template not in self._parts:
            self._parts[self._template] = self._renders_parts()
        return self._parts[self._template]

    @property
    def _template(self) -> str:
        """The chat template as a text, to remember what was found about it."""
        return str(getattr(self.processor, "chat_template", None))

    def __call__(
        self, pictures: Sequence[Picture], conversation: Conversation, options: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return the processor's output for pictures and the messages they belong to.

        Parameters
        ----------
        pictures : sequence of PIL.Image.Image or Tensor, (3, H, W)
            The pictures in order, the frames of videos among them.
        conversation : Conversation
            The messages.
        options : mapping
            Options of the image processor and of the video processor.

        Returns
        -------
        mapping of str to value
            The network's inputs, and possibly more.
        """
        media = _media(pictures, conversation)
        more: dict[str, Any] = dict(self.asked)
        if options and "image" in conversation.media:
            more["images_kwargs"] = dict(options)
        if conversation.videos:
            sizes = (_size(pictures[video.first]) for video in conversation.videos)
            described = [video_metadata(v, size) for v, size in zip(conversation.videos, sizes, strict=True)]
            more |= {"videos_kwargs": dict(options), "video_metadata": described}
            more["do_sample_frames"] = False  # at the top, where processors look before they set it themselves
        if self.has_template and self.takes_parts:
            batch: Mapping[str, Any] = self.processor.apply_chat_template(
                _with_media(conversation, media),
                add_generation_prompt=not conversation.continued,
                continue_final_message=conversation.continued,
                tokenize=True,
                return_dict=True,
                return_tensors="pt",
                processor_kwargs=more,
                **conversation.template,
            )
            return batch
        images = pictures[0] if len(pictures) == 1 else list(pictures)
        mark = self.placeholder if self.placeholder and self._must_add(pictures[0], more) else ""
        return self._process(images, _as_texts(conversation, mark), more, conversation)

    def check(self, conversation: Conversation, placeholders: Collection[str] = ()) -> None:
        """Validate that the chat template takes messages and drops none of their pictures, and that their texts name none.

        Parameters
        ----------
        conversation : Conversation
            The messages.
        placeholders : collection of str
            Texts that the model reads as a picture.

        Raises
        ------
        ValueError
            If it does not.
        """
        for k, message in enumerate(conversation.messages):
            spoken = text_of(message["content"])
            for text in sorted(placeholders):
                if text in spoken:
                    raise ValueError(
                        f"message {k} contains {text!r}, which this model reads as an image; write it differently, or give "
                        "the picture as a part {'type': 'image', …}"
                    )
        if conversation.is_short:
            return
        if not (self.has_template and self.takes_parts):
            if conversation.videos:
                raise ValueError("this model's prompts take no videos; give the frames as images")
            if not self.has_template and len(conversation.messages) > 1:
                raise ValueError("this model has no chat template; give one message of the user")
            return
        if conversation.videos and getattr(self.processor, "video_processor", None) is None:
            raise ValueError(
                f"the {type(self.processor).__name__} takes no videos; give the frames as images: a part "
                "{'type': 'image', …} for each"
            )
        whole = self._written(conversation.messages, conversation)
        for k, (turn, part) in enumerate(media_parts(conversation.messages)):
            fewer = [dict(message) for message in conversation.messages]
            fewer[turn]["content"] = [other for other in fewer[turn]["content"] if other is not part]
            if self._written(fewer, conversation) == whole:
                raise ValueError(
                    f"the chat template drops {part['type']} {k}, in message {turn} ({conversation.messages[turn]['role']}); "
                    "put it into a message of the user"
                )

    def _written(self, messages: Sequence[Message], conversation: Conversation) -> str:
        """Return the template's text for messages."""
        try:
            return str(
                self.processor.apply_chat_template(
                    [dict(message) for message in messages],
                    tokenize=False,
                    add_generation_prompt=not conversation.continued,
                    continue_final_message=conversation.continued,
                    **conversation.template,
                )
            )
        except Exception as error:  # templates raise errors of their own
            raise ValueError(f"the chat template of this model does not take these messages: {error}") from error

    @cached_property
    def placeholder(self) -> str | None:
        """The text that stands for an image, if the processor or its tokenizer names one."""
        for owner in (self.processor, self.processor.tokenizer):
            for name in PLACEHOLDERS:
                value = getattr(owner, name, None)
                text = value if isinstance(value, str) else getattr(value, "content", None)
                if isinstance(text, str) and text.strip():
                    return text
        numbered = getattr(self.processor, "img_tokens", None)
        return str(numbered[0]) if isinstance(numbered, list | tuple) and numbered else None

    @property
    def turn_ends(self) -> set[int]:
        """The special token with which the chat template ends an answer, if there is one."""
        if not self.has_template:
            return set()
        tokenizer, parts = self.processor.tokenizer, self.takes_parts
        turns = [
            {"role": role, "content": [{"type": "text", "text": text}] if parts else text}
            for role, text in (("user", "?"), ("assistant", "!"))
        ]
        try:
            written = str(self.processor.apply_chat_template(turns, tokenize=False))
            after = tokenizer.encode(written.rpartition("!")[2].lstrip(), add_special_tokens=False)
        except Exception:  # a template may refuse a conversation without an image
            return set()
        special = set(tokenizer.all_special_ids) | set(getattr(tokenizer, "added_tokens_decoder", {}))
        return {int(after[0])} if after and int(after[0]) in special else set()

    def _process(
        self, image: Any, turns: str | list[Message], more: dict[str, Any], conversation: Conversation | None = None
    ) -> Mapping[str, Any]:
        """Return the processor's output for pictures and messages of text, inside the template if there is one."""
        extra: dict[str, Any] = {}
        text = turns if isinstance(turns, str) else str(turns[-1]["content"])
        if self.has_template:
            text = self._rendered(text) if conversation is None else self._written(list(turns), conversation)  # type: ignore[arg-type]
            first = getattr(self.processor.tokenizer, "bos_token", None)
            if first and text.startswith(first):
                extra["add_special_tokens"] = False
        batch: Mapping[str, Any] = self.processor(images=image, text=text, return_tensors="pt", **extra, **more)
        return batch

    def _rendered(self, content: Any) -> str:
        """Return the template's text for one message of the user."""
        turn = [{"role": "user", "content": content}]
        return str(self.processor.apply_chat_template(turn, tokenize=False, add_generation_prompt=True))

    def _renders_parts(self) -> bool:
        """Whether the template writes out the text of a list of parts, and not the list."""
        try:
            text = self._rendered([{"type": "image"}, {"type": "text", "text": PROBE}])
            if PROBE in text and not any(f"{quote}type{quote}" in text for quote in "'\""):
                return True
        except Exception:  # such as a list that is added to a text
            pass
        try:
            return PROBE not in self._rendered(PROBE)
        except Exception:  # neither works; the processor's own error about parts is the one to show
            return True

    def _must_add(self, image: Any, more: dict[str, Any]) -> bool:
        """Whether prompts need the placeholder: not where the processor adds it, so that there would be two."""
        key = self._template
        if key not in self._adds:
            alone, beside = (self._count(image, f"{prefix}{PROBE}", more) for prefix in ("", self.placeholder))
            self._adds[key] = beside is not None and (not alone or beside == alone)
        return self._adds[key]

    def _count(self, image: Any, text: str, more: dict[str, Any]) -> int | None:
        """Return the number of image tokens that the processor makes of a text; None if it refuses it."""
        try:
            ids = self._process(image, text, more)["input_ids"]
        except Exception:  # many processors refuse an image without its placeholder
            return None
        vocabulary = self.processor.tokenizer.get_vocab()
        wanted = self.image_ids | ({vocabulary[self.placeholder]} if self.placeholder in vocabulary else set())
        own = getattr(self.processor, "image_token_id", None)
        wanted |= {own} if isinstance(own, int) else set()
        return int(torch.isin(torch.as_tensor(ids), torch.tensor(sorted(wanted), dtype=torch.long)).sum())


def _media(pictures: Sequence[Picture], conversation: Conversation) -> list[Any]:
    """Return what each picture and video of the messages holds."""
    media, first = [], 0
    for kind, count in zip(conversation.media, conversation.picture_counts(), strict=True):
        own = pictures[first : first + count]
        media.append(own[0] if kind == "image" else stacked_frames(own))
        first += count
    return media


def _with_media(conversation: Conversation, media: Sequence[Any]) -> list[Message]:
    """Return the messages with their pixels."""
    following = iter(media)
    return [
        {
            **message,
            "content": message["content"]
            if isinstance(message["content"], str)
            else [
                {**part, part["type"]: next(following)} if part["type"] in ("image", "video") else part
                for part in message["content"]
            ],
        }
        for message in conversation.messages
    ]


def _as_texts(conversation: Conversation, mark: str) -> list[Message]:
    """Return the messages as texts, with a mark in place of each picture."""
    return [
        {
            **message,
            "content": message["content"]
            if isinstance(message["content"], str)
            else "".join(mark if part["type"] == "image" else part["text"] for part in message["content"]),
        }
        for message in conversation.messages
    ]


def _size(picture: Picture) -> tuple[int, int]:
    """Return width and height."""
    if isinstance(picture, Image.Image):
        return picture.size
    return int(picture.shape[-1]), int(picture.shape[-2])
