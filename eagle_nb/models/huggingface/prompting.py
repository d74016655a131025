"""How a processor wants its prompts: as parts or as text, with or without an image placeholder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

import torch
from PIL import Image

PROBE = "Is it so?"
"""A prompt that shows what a template does with prompts."""

PLACEHOLDERS = ("image_token", "special_image_token", "boi_token")
"""Attributes of processors and tokenizers that may hold the image placeholder."""


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
    """

    def __init__(self, processor: Any, image_ids: Collection[int] = ()) -> None:
        self.processor, self.image_ids = processor, set(image_ids)
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

    def __call__(self, image: Image.Image | torch.Tensor, prompt: str, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the processor's output for one image and a prompt.

        Parameters
        ----------
        image : PIL.Image.Image or Tensor, (3, H, W)
            The image.
        prompt : str
            The prompt.
        options : mapping
            Options of the image processor.

        Returns
        -------
        mapping of str to value
            The network's inputs, and possibly more.
        """
        more: dict[str, Any] = {"images_kwargs": dict(options)} if options else {}
        if self.has_template and self.takes_parts:
            content = [{"type": "image", "image": image}, {"type": "text", "text": prompt}]
            batch: Mapping[str, Any] = self.processor.apply_chat_template(
                [{"role": "user", "content": content}],
                add_generation_prompt=True,
                tokenize=True,
                return_dict=True,
                return_tensors="pt",
                processor_kwargs=more,
            )
            return batch
        prefix = self.placeholder if self.placeholder and self._must_add(image, more) else ""
        return self._process(image, f"{prefix}{prompt}", more)

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

    def _process(self, image: Any, text: str, more: dict[str, Any]) -> Mapping[str, Any]:
        """Return the processor's output for one image and a text, inside the template if there is one."""
        extra: dict[str, Any] = {}
        if self.has_template:
            text = self._rendered(text)
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
