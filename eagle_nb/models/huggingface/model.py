"""Vision-language checkpoints of transformers, through one generic adapter."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from PIL import Image

from ...inputs.images import ImageLike, open_image
from ...inputs.regions import Regions
from ...inputs.response import Response, token_spans
from .scorer import HuggingFaceScorer


class HuggingFaceModel:
    """A vision-language model with its processor.

    Parameters
    ----------
    network : transformers.PreTrainedModel
    processor : transformers.ProcessorMixin
    name, revision : str
    batch_size : int, optional
        Coalitions scored at once; found while scoring if left out.
    image_options : mapping, optional
        Options of the image processor for every image.
    literal : bool
        Whether scorers prepare every masked image through the processor.

    Attributes
    ----------
    network, processor, name, revision, batch_size, image_options, literal
    convolutional : bool
        Whether pictures are better laid out channels last.
    """

    def __init__(
        self,
        network: Any,
        processor: Any,
        name: str = "",
        revision: str = "",
        batch_size: int | None = None,
        image_options: Mapping[str, Any] | None = None,
        literal: bool = False,
    ) -> None:
        self.network, self.processor = network, processor
        self.name, self.revision, self.batch_size = name, revision, batch_size
        self.image_options, self.literal = dict(image_options or {}), literal
        taken = inspect.signature(network.forward).parameters
        open_ended = any(p.kind is p.VAR_KEYWORD for p in taken.values())
        self._keeps_logits = "logits_to_keep" in taken
        self._no_cache = {"use_cache": False} if "use_cache" in taken or open_ended else {}
        convolutions = sum(isinstance(module, torch.nn.Conv2d) for module in network.modules())
        self.convolutional = convolutions > 2 and self.device.type == "cpu"

    def __repr__(self) -> str:
        millions = sum(p.numel() for p in self.network.parameters()) / 1e6
        return f"{type(self.network).__name__} {self.name!r}, {millions:.1f} M parameters on {self.device}"

    @property
    def tokenizer(self) -> Any:
        return self.processor.tokenizer

    @property
    def device(self) -> torch.device:
        return torch.device(next(self.network.parameters()).device)

    @property
    def fingerprint(self) -> str:
        """Tells checkpoints of one architecture apart: a digest of samples of every weight, and the precision."""
        digest = hashlib.sha256(str(self.network.dtype).encode())
        for name, value in self.network.state_dict().items():
            if value.numel():
                some = value.flatten()[:: max(1, value.numel() // 32)][:32]
                digest.update(f"{name}{tuple(value.shape)}{some.double().cpu().tolist()}".encode())
        return digest.hexdigest()[:16]

    @property
    def vocabulary_size(self) -> int:
        """Number of token ids that have a probability."""
        head = self.network.get_output_embeddings()
        weight = getattr(head if head is not None else self.network.get_input_embeddings(), "weight", None)
        return int(weight.shape[0]) if weight is not None else len(self.tokenizer)

    @property
    def end_ids(self) -> set[int]:
        """Token ids at which an answer ends: the model's own, and image placeholders."""
        own = self.network.generation_config.eos_token_id
        ends = own if own is not None else self.tokenizer.eos_token_id
        listed = ends if isinstance(ends, list | tuple) else [ends]
        return {int(i) for i in listed if i is not None} | set(self._placeholder_ids())

    def encode(self, text: str) -> list[int]:
        """Token ids of a text as it would continue an answer; for counterfactual targets."""
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def decode(self, token_ids: Sequence[int]) -> str:
        """The text of token ids, special tokens shown."""
        ids = [int(i) for i in token_ids]
        return str(self.tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    # -- in and out ---------------------------------------------------------------------------------

    def inputs(self, image: Image.Image | torch.Tensor, prompt: str, **image_options: Any) -> dict[str, torch.Tensor]:
        """The model's inputs for one image and a prompt, through its own chat template and processor.

        Without a chat template the prompt stands behind the image placeholder, as base models take it.
        """
        options: dict[str, Any] = {}
        if self.image_options or image_options:
            options["images_kwargs"] = {**self.image_options, **image_options}
        if getattr(self.processor, "chat_template", None) is None:
            placeholder = getattr(self.processor, "image_token", None)
            text = f"{placeholder}{prompt}" if isinstance(placeholder, str) else prompt
            batch = self.processor(images=image, text=text, return_tensors="pt", **options)
        else:
            content = [{"type": "image", "image": image}, {"type": "text", "text": prompt}]
            batch = self.processor.apply_chat_template(
                [{"role": "user", "content": content}],
                add_generation_prompt=True,
                tokenize=True,
                return_dict=True,
                return_tensors="pt",
                processor_kwargs=options,
            )
        lists = [name for name, value in batch.items() if isinstance(value, list) and _holds_tensors(value)]
        if lists:
            raise ValueError(
                f"the {type(self.processor).__name__} makes {lists[0]!r} as a list, which cannot be batched here; "
                "this family is not supported"
            )
        return {k: v for k, v in batch.items() if isinstance(v, torch.Tensor) and k != "labels"}

    def placed(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Inputs on the model's device, pictures in its dtype."""
        dtype = self.network.dtype
        return {k: v.to(self.device, dtype if v.is_floating_point() else None) for k, v in inputs.items()}

    def logits(self, inputs: dict[str, torch.Tensor], keep: int) -> torch.Tensor:
        """Logits (B, keep, V) of the last `keep` positions alone; no cache is kept.

        Families without ``logits_to_keep`` have their output layer handed the last positions only.
        """
        if self._keeps_logits:
            output = self.network(**inputs, **self._no_cache, logits_to_keep=keep)
        else:
            with _last_positions(self.network.get_output_embeddings(), keep):
                output = self.network(**inputs, **self._no_cache)
        logits: torch.Tensor = output.logits[:, -keep:]
        return logits

    def generate(self, image: ImageLike, prompt: str, max_new_tokens: int = 128) -> Response:
        """Answer a prompt about an image with the most probable token at every step.

        The checkpoint's own generation settings (sampling, penalties) are left aside, so that every token is the one
        that `scorer` finds most probable. The answer ends where the model ends it, or would write an image placeholder.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
        prompt : str
        max_new_tokens : int
            At most so many tokens.

        Returns
        -------
        Response

        Raises
        ------
        ValueError
            If the prompt is empty or contains the model's image placeholder, or the image cannot be used.
        """
        self.check_prompt(prompt)
        if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, int) or max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        picture = open_image(image)
        (ids,) = self.write(self.placed(self.inputs(picture, prompt)), max_new_tokens)
        response = self.respond(picture, prompt, ids)
        if ids:
            whole = Regions(np.zeros((picture.height, picture.width), dtype=int))
            scores = HuggingFaceScorer(self, response, whole, picture)(np.ones((1, 1), dtype=bool))
            object.__setattr__(response, "probabilities", scores[0])
        return response

    def write(self, inputs: dict[str, torch.Tensor], max_new_tokens: int) -> list[list[int]]:
        """Greedy answers to a batch of placed inputs of equal length, each without the token that ended it."""
        ends = sorted(self.end_ids)
        with (
            torch.inference_mode(),
            _greedy(self.network, max_new_tokens, ends, self.tokenizer.pad_token_id) as settings,
        ):
            output = self.network.generate(**inputs, generation_config=settings)
        answers = []
        for ids, prompt_ids in zip(output.tolist(), inputs["input_ids"].tolist(), strict=True):
            if ids[: len(prompt_ids)] == prompt_ids:  # some families return the answer alone
                ids = ids[len(prompt_ids) :]
            answers.append(ids[: next((k for k, i in enumerate(ids) if i in ends), len(ids))])
        return answers

    def respond(self, image: ImageLike, prompt: str, answer: str | Sequence[int]) -> Response:
        """A Response with a given answer, as text or token ids, to explain what was said elsewhere.

        Raises
        ------
        ValueError
            If prompt or answer contain the model's image placeholder, the prompt is empty, or an id is out of range.
        """
        self.check_prompt(prompt)
        ids = self.encode(answer) if isinstance(answer, str) else [int(i) for i in answer]
        self.check_answer(ids)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        tokens, spans = token_spans(prefixes)
        text = prefixes[-1] if prefixes else ""
        return Response(open_image(image), prompt, text, ids, tokens, spans, None, self.name, self.revision)

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
        literal: bool | None = None,
    ) -> HuggingFaceScorer:
        """Probabilities of the response's tokens under coalitions of regions; see `HuggingFaceScorer`."""
        return HuggingFaceScorer(
            self, response, regions, fill, target_ids, self.literal if literal is None else bool(literal)
        )

    # -- checks -------------------------------------------------------------------------------------

    def check_prompt(self, prompt: str) -> None:
        """Raise if the prompt is no text, empty, or contains the model's image placeholder."""
        if not isinstance(prompt, str):
            raise TypeError(f"the prompt must be a text, got {type(prompt).__name__}")
        if not prompt.strip():
            raise ValueError("the prompt is empty; ask something about the image")
        for text in sorted(self._placeholders()):
            if text in prompt:
                raise ValueError(
                    f"the prompt contains {text!r}, which this model reads as an image; write it differently"
                )

    def check_answer(self, token_ids: Sequence[int]) -> None:
        """Raise if an answer's token ids are out of range or contain the model's image placeholder."""
        placeholders, size = self._placeholder_ids(), self.vocabulary_size
        for k, i in enumerate(token_ids):
            if i in placeholders:
                raise ValueError(
                    f"token {k} of the answer is {placeholders[i]!r}, which this model reads as an image; leave it out"
                )
            if not 0 <= i < size:
                raise ValueError(f"token {k} of the answer has id {i}; this model's ids are 0 … {size - 1}")

    def _placeholders(self) -> set[str]:
        """Texts that stand for an image, video or sound in this model's prompts."""
        found = set()
        for owner in (self.processor, self.tokenizer):
            for name, value in _attributes(owner).items():
                medium = any(part in name for part in ("image", "img", "video", "vision", "audio", "boi_", "eoi_"))
                if name.endswith("_token") and medium and isinstance(value, str) and value.strip():
                    found.add(value)
        return found | {self.decode([i]) for i in self._config_ids()}

    def _placeholder_ids(self) -> dict[int, str]:
        """Token ids that stand for an image, video or sound, with their texts."""
        known = self.tokenizer.get_vocab()
        ids = {known[text]: text for text in self._placeholders() if text in known}
        return ids | {i: self.decode([i]) for i in self._config_ids()}

    def _config_ids(self) -> set[int]:
        names = (f"{medium}_token_{end}" for medium in ("image", "video", "audio") for end in ("id", "index"))
        values = (getattr(self.network.config, name, None) for name in names)
        return {int(value) for value in values if isinstance(value, int) and 0 <= value < len(self.tokenizer)}


def _attributes(owner: Any) -> dict[str, Any]:
    found = {name: value for name, value in vars(owner).items() if not name.startswith("_")}
    for name in ("image_token", "video_token", "boi_token", "eoi_token"):
        found.setdefault(name, getattr(owner, name, None))
    return {**getattr(owner, "_special_tokens_map", {}), **found}


def _holds_tensors(value: list[Any]) -> bool:
    return any(isinstance(v, torch.Tensor) or (isinstance(v, list) and _holds_tensors(v)) for v in value)


@contextmanager
def _last_positions(head: Any, keep: int) -> Iterator[None]:
    """Hand an output layer only the last positions while this lasts."""
    if head is None:
        yield
        return
    hook = head.register_forward_pre_hook(lambda _, args: (args[0][:, -keep:], *args[1:]))
    try:
        yield
    finally:
        hook.remove()


@contextmanager
def _greedy(network: Any, max_new_tokens: int, ends: list[int], pad: int | None) -> Iterator[Any]:
    """Plain greedy decoding while this lasts; transformers fills what a call leaves open from the checkpoint's settings."""
    from transformers import GenerationConfig

    own = network.generation_config
    if pad is None:
        pad = own.pad_token_id if own.pad_token_id is not None else (ends[0] if ends else 0)
    settings = GenerationConfig(
        do_sample=False,
        max_new_tokens=max_new_tokens,
        eos_token_id=ends or None,
        pad_token_id=pad,
        bos_token_id=own.bos_token_id,
    )
    network.generation_config = settings
    try:
        yield settings
    finally:
        network.generation_config = own
