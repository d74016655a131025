"""A network with its processor: inputs, logits, greedy decoding and the checks of prompts and answers."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import torch
from PIL import Image

from ...inputs.messages import Conversation, short_form
from .captioning import for_generation, open_ended
from .decoding import greedy, last_positions, network_fault
from .fingerprint import sampled_fingerprint
from .frames import keep_all_tokens
from .lora import unwrapped
from .output_layer import OutputLayer, TokenScores, score_logits
from .placeholders import missing_inputs, placeholder_ids, placeholder_texts
from .processors import holds_numbers, holds_tensors
from .prompting import Picture, PromptFormat
from .row_layout import RowLayouts


class NetworkAdapter:
    """A vision-language network of transformers with its processor.

    Parameters
    ----------
    network : transformers.PreTrainedModel or peft.PeftModel
        The network; of a PeftModel, the model inside with its adapter.
    processor : transformers.ProcessorMixin
        Its processor.
    name, revision : str
        Name and revision of the checkpoint.
    batch_size : int, optional
        Number of coalitions that are scored at once; found during scoring by default.
    image_options : mapping, optional
        Options of the image processor for every image.
    literal : bool
        Whether scorers prepare every masked image through the processor.

    Attributes
    ----------
    network, processor, name, revision, batch_size, image_options, literal
        The parameters.
    convolutional : bool
        Whether channels-last images are faster: for convolutional networks on the CPU.
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
        self.network, self.processor = unwrapped(network), processor
        self.name, self.revision, self.batch_size = name, revision, batch_size
        self.image_options, self.literal = dict(image_options or {}), literal
        self.row_layout = RowLayouts(getattr(processor, "image_processor", None), self.image_options)
        keep_all_tokens(self.processor)
        accepted = inspect.signature(self.network.forward).parameters
        self._accepted, self._lists = frozenset(accepted), set[str]()
        open_ended = any(p.kind is p.VAR_KEYWORD for p in accepted.values())
        self._keeps_logits = "logits_to_keep" in accepted
        self._no_cache = {"use_cache": False} if "use_cache" in accepted or open_ended else {}
        convolutions = sum(isinstance(module, torch.nn.Conv2d) for module in self.network.modules())
        self.convolutional = convolutions > 2 and self.device.type == "cpu"

    def __repr__(self) -> str:
        millions = sum(p.numel() for p in self.network.parameters()) / 1e6
        return f"{type(self.network).__name__} {self.name!r}, {millions:.1f} M parameters on {self.device}"

    @property
    def tokenizer(self) -> Any:
        """The tokenizer of the processor."""
        return self.processor.tokenizer

    @property
    def device(self) -> torch.device:
        """The device of the network; of one that is spread over several, the device that takes the inputs."""
        hook = getattr(self.network.get_input_embeddings(), "_hf_hook", None)
        place = getattr(hook, "execution_device", None)  # offloaded weights have no device of their own
        if place is not None:
            return torch.device("cuda", place) if isinstance(place, int) else torch.device(place)
        return torch.device(next(self.network.parameters()).device)

    @property
    def fingerprint(self) -> str:
        """A digest of samples of every weight, and of the precision; distinguishes checkpoints of one architecture."""
        return sampled_fingerprint(self.network)

    @property
    def vocabulary_size(self) -> int:
        """Number of token ids that have a probability."""
        head = self.network.get_output_embeddings()
        weight = getattr(head if head is not None else self.network.get_input_embeddings(), "weight", None)
        return int(weight.shape[0]) if weight is not None else len(self.tokenizer)

    @property
    def end_ids(self) -> set[int]:
        """Token ids that end an answer: those of generation settings, configuration and tokenizer, and image placeholders."""
        text = getattr(self.network.config, "text_config", None)
        sources = (self.network.generation_config, self.network.config, text, self.tokenizer)
        ends: set[int] = set()
        for source in sources:
            value = getattr(source, "eos_token_id", None)
            listed = value if isinstance(value, list | tuple) else [value]
            ends |= {int(i) for i in listed if isinstance(i, int) and not isinstance(i, bool) and i >= 0}
        return ends | self._format.turn_ends | set(self._placeholder_ids())

    @cached_property
    def _format(self) -> PromptFormat:
        """How the processor wants its prompts."""
        image_ids = placeholder_ids(self.network.config, len(self.tokenizer), ("image",))
        return PromptFormat(self.processor, image_ids, missing_inputs(self.network, self.processor))

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text as it would continue an answer; for counterfactual targets.

        Parameters
        ----------
        text : str
            The text.

        Returns
        -------
        list of int
            Token ids, without special tokens.
        """
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of token ids, special tokens included.

        Parameters
        ----------
        token_ids : sequence of int
            Token ids.

        Returns
        -------
        str
            The text.
        """
        ids = [int(i) for i in token_ids]
        return str(self.tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    # -- inputs and outputs ---------------------------------------------------------------------------

    def inputs(
        self, pictures: Picture | Sequence[Picture], prompt: str | Conversation, **image_options: Any
    ) -> dict[str, torch.Tensor]:
        """Return the network's inputs for pictures and a prompt or a conversation, made by its chat template and processor.

        Without a chat template, the prompt follows the image placeholder, as base models expect. Templates that take only text
        get text.

        Parameters
        ----------
        pictures : PIL.Image.Image or Tensor, (3, H, W); or a sequence of these
            The pictures in order, the frames of videos among them.
        prompt : str or Conversation
            The prompt, or the messages that the pictures belong to.
        **image_options
            Further options of the image processor, and of the video processor.

        Returns
        -------
        dict of str to Tensor
            Inputs on the CPU.

        Raises
        ------
        ValueError
            If the processor returns images as lists, which cannot be batched.
        """
        listed = [pictures] if isinstance(pictures, Image.Image | torch.Tensor) else list(pictures)
        conversation = short_form(prompt, len(listed)) if isinstance(prompt, str) else prompt
        batch = self._format(listed, conversation, {**self.image_options, **image_options})
        if not self._format.has_template:
            batch = open_ended(self.network, self.tokenizer, batch)
        prompts = len(batch["input_ids"])
        if prompts != 1:
            raise ValueError(
                f"the {type(self.processor).__name__} makes {prompts} prompts of one, such as one for each policy that it checks, so "
                "there is no single answer to explain; this family is not supported"
            )
        lists = [name for name, value in batch.items() if isinstance(value, list) and holds_tensors(value)]
        if lists:
            raise ValueError(
                f"the {type(self.processor).__name__} returns {lists[0]!r} as a list, which cannot be batched; "
                "this family is not supported"
            )
        numbers = {k: torch.tensor(v) for k, v in batch.items() if k in self._accepted and holds_numbers(v)}
        self._lists |= set(numbers)
        return numbers | {k: v for k, v in batch.items() if isinstance(v, torch.Tensor) and k != "labels"}

    def placed(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return inputs on the network's device, images in its precision.

        Parameters
        ----------
        inputs : dict of str to Tensor
            Inputs.

        Returns
        -------
        dict of str to Tensor
            The same inputs on the device.
        """
        dtype = self.network.dtype
        return {k: v.to(self.device, dtype if v.is_floating_point() else None) for k, v in inputs.items()}

    def logits(self, inputs: dict[str, torch.Tensor], keep: int) -> torch.Tensor:
        """Return the logits of the last positions, computed without a key-value cache.

        In families without ``logits_to_keep``, the output layer receives only the last positions.

        Parameters
        ----------
        inputs : dict of str to Tensor
            Placed inputs of B images.
        keep : int
            Number of positions.

        Returns
        -------
        Tensor, (B, keep, V)
            Logits.
        """
        with last_positions(None if self._keeps_logits else self.network.get_output_embeddings(), keep):
            return self._run(inputs, keep)[:, -keep:]

    def score(self, inputs: dict[str, torch.Tensor], targets: torch.Tensor) -> TokenScores:
        """Score tokens at the last positions, computed without a key-value cache.

        Large logits are computed in chunks of positions, and each chunk is reduced at once.

        Parameters
        ----------
        inputs : dict of str to Tensor
            Placed inputs of B images.
        targets : Tensor of int, (T,)
            Token ids, one for each of the last T positions.

        Returns
        -------
        TokenScores
            Logits of the targets and sums over the vocabulary.
        """
        keep = len(targets)
        if not self._output_layer.fits(len(inputs["input_ids"]), keep, self.vocabulary_size):
            scores = self._output_layer.score(lambda: self._run(inputs, keep), targets)
            if scores is not None:
                return scores
        return score_logits(self.logits(inputs, keep), targets)

    @cached_property
    def _output_layer(self) -> OutputLayer:
        """The output layer."""
        return OutputLayer(self.network)

    def _run(self, inputs: dict[str, torch.Tensor], keep: int) -> torch.Tensor:
        """Return the network's logits, of the last positions where it can leave out the others."""
        some = {"logits_to_keep": keep} if self._keeps_logits else {}
        try:
            logits: torch.Tensor = self.network(**self._as_accepted(inputs), **self._no_cache, **some).logits
        except (AttributeError, NameError) as error:
            raise network_fault(self.network, error) from error
        return logits

    def _as_accepted(self, inputs: dict[str, torch.Tensor]) -> dict[str, Any]:
        """Return inputs for the network: as lists where its processor makes lists."""
        return {name: value.tolist() if name in self._lists else value for name, value in inputs.items()}

    def write(self, inputs: dict[str, torch.Tensor], max_new_tokens: int) -> list[list[int]]:
        """Return greedy answers to a batch of inputs of equal length.

        Parameters
        ----------
        inputs : dict of str to Tensor
            Placed inputs of B images.
        max_new_tokens : int
            Maximum number of generated tokens.

        Returns
        -------
        list of list of int
            B answers as token ids, each without the token that ended it.
        """
        ends = sorted(self.end_ids)
        with (
            torch.inference_mode(),
            greedy(self.network, max_new_tokens, ends, self.tokenizer.pad_token_id) as settings,
        ):
            given = for_generation(self.network, self._as_accepted(inputs))
            try:
                output = self.network.generate(**given, generation_config=settings)
            except (AttributeError, NameError) as error:
                raise network_fault(self.network, error) from error
        answers = []
        for ids, prompt_ids in zip(output.tolist(), inputs["input_ids"].tolist(), strict=True):
            if ids[: len(prompt_ids)] == prompt_ids:  # some families return the answer alone
                ids = ids[len(prompt_ids) :]
            answers.append(ids[: next((k for k, i in enumerate(ids) if i in ends), len(ids))])
        return answers

    # -- checks -------------------------------------------------------------------------------------

    def check_conversation(self, conversation: Conversation) -> None:
        """Validate a conversation.

        Parameters
        ----------
        conversation : Conversation
            The messages.

        Raises
        ------
        TypeError
            If the prompt of its short form is not a text.
        ValueError
            If the prompt is empty, a message contains the model's image placeholder, or the model's chat template does not take it.
        """
        if len(conversation.messages) == 1 and not conversation.videos:
            self.check_prompt(conversation.prompt)
        self._format.check(conversation, self._placeholders())

    def check_prompt(self, prompt: str) -> None:
        """Validate a prompt.

        Parameters
        ----------
        prompt : str
            The prompt.

        Raises
        ------
        TypeError
            If it is not a text.
        ValueError
            If it is empty or contains the model's image placeholder.
        """
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
        """Validate an answer.

        Parameters
        ----------
        token_ids : sequence of int
            Token ids.

        Raises
        ------
        ValueError
            If an id is out of range or stands for an image.
        """
        placeholders, size = self._placeholder_ids(), self.vocabulary_size
        for k, i in enumerate(token_ids):
            if i in placeholders:
                raise ValueError(
                    f"token {k} of the answer is {placeholders[i]!r}, which this model reads as an image; leave it out"
                )
            if not 0 <= i < size:
                raise ValueError(f"token {k} of the answer has id {i}; this model's ids are 0 … {size - 1}")

    def _placeholders(self) -> set[str]:
        """Return the texts that stand for an image, video or sound in this model's prompts."""
        return placeholder_texts(self.processor, self.tokenizer) | {self.decode([i]) for i in self._config_ids()}

    def _placeholder_ids(self) -> dict[int, str]:
        """Return the token ids that stand for an image, video or sound, with their texts."""
        vocabulary = self.tokenizer.get_vocab()
        ids = {vocabulary[text]: text for text in self._placeholders() if text in vocabulary}
        return ids | {i: self.decode([i]) for i in self._config_ids()}

    def _config_ids(self) -> set[int]:
        """Return the token ids of placeholders that the configuration names."""
        return placeholder_ids(self.network.config, len(self.tokenizer))
