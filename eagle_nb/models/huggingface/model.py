"""A vision-language checkpoint of transformers that answers and can be scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from ...inputs.images import Images, open_images
from ...inputs.messages import Conversation, read_messages, short_form
from ...inputs.regions import Regions
from ...inputs.response import Response, token_spans
from .adapter import NetworkAdapter
from .frames import frame_chooser, tied_frames
from .scorer import HuggingFaceScorer
from .verification import verify


class HuggingFaceModel(NetworkAdapter):
    """A vision-language model that answers prompts and makes scorers.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
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
    """

    def generate(
        self,
        image: Images | None = None,
        prompt: str | None = None,
        max_new_tokens: int = 128,
        *,
        messages: Sequence[Mapping[str, Any]] | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        continue_final_message: bool = False,
        fps: float | None = None,
        num_frames: int | None = None,
    ) -> Response:
        """Answer a prompt about an image, or a conversation, with the most probable token at every step.

        The checkpoint's own generation settings (sampling, penalties) do not apply: every token is the one that `scorer` finds most
        probable. The answer ends where the model ends it, or where it would write an image placeholder.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes; or a list of these
            The image, or several, which stand before the prompt.
        prompt : str
            The question or instruction.
        max_new_tokens : int
            Maximum number of generated tokens.
        messages : list of dict, optional
            In place of image and prompt: what ``apply_chat_template`` of transformers takes, see `eagle_nb.inputs.messages.read_messages`.
        chat_template_kwargs : dict, optional
            Keyword arguments of the chat template, such as ``{"enable_thinking": False}``.
        continue_final_message : bool
            Whether the answer continues the last message, which is the assistant's.
        fps : float, optional
            Frames per second that are taken from a video file; by default as the model's own video processor does.
        num_frames : int, optional
            Number of frames that are taken from a video file, in place of `fps`.

        Returns
        -------
        Response
            The answer with the probability of each token.

        Raises
        ------
        TypeError
            If the prompt is not a text, or messages are of another type.
        ValueError
            If the prompt is empty or contains the model's image placeholder, a picture cannot be used or is dropped by the chat template,
            there is none, or `max_new_tokens` is below 1.
        """
        if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, int) or max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        conversation, pictures = self._conversation(
            image, prompt, messages, chat_template_kwargs, continue_final_message, fps, num_frames
        )
        (ids,) = self.write(self.placed(self.inputs(pictures, conversation)), max_new_tokens)
        response = self._response(conversation, pictures, ids)
        if ids:
            whole = Regions.whole(pictures)
            scores = HuggingFaceScorer(self, response, whole, response.canvas)(np.ones((1, whole.n), dtype=bool))
            object.__setattr__(response, "probabilities", scores[0])
        return response

    def respond(
        self,
        image: Images | None = None,
        prompt: str | None = None,
        answer: str | Sequence[int] = "",
        *,
        messages: Sequence[Mapping[str, Any]] | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        continue_final_message: bool = False,
        fps: float | None = None,
        num_frames: int | None = None,
    ) -> Response:
        """Make the Response of an answer that was written elsewhere.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes; or a list of these
            The image, or several.
        prompt : str
            The question or instruction.
        answer : str or sequence of int
            The answer as text or as token ids.
        messages : list of dict, optional
            As of `generate`.
        chat_template_kwargs : dict, optional
            As of `generate`.
        continue_final_message : bool
            As of `generate`.
        fps : float, optional
            As of `generate`.
        num_frames : int, optional
            As of `generate`.

        Returns
        -------
        Response
            The answer, without probabilities.

        Raises
        ------
        TypeError
            If the prompt is not a text, or messages are of another type.
        ValueError
            If prompt or answer contain the model's image placeholder, the prompt is empty, a picture cannot be used, or an id is out of
            range.
        """
        conversation, pictures = self._conversation(
            image, prompt, messages, chat_template_kwargs, continue_final_message, fps, num_frames
        )
        ids = self.encode(answer) if isinstance(answer, str) else [int(i) for i in answer]
        return self._response(conversation, pictures, ids)

    def _conversation(
        self,
        image: Images | None,
        prompt: str | None,
        messages: Sequence[Mapping[str, Any]] | None,
        template: Mapping[str, Any] | None,
        continued: bool,
        fps: float | None,
        num_frames: int | None,
    ) -> tuple[Conversation, list[Image.Image]]:
        """Check what is asked, and take the pictures out."""
        if messages is None:
            if image is None:
                raise TypeError("give an image and a prompt, or messages=")
            self.check_prompt(prompt)  # type: ignore[arg-type]  # None has its own message
            pictures = open_images(image)
            conversation = replace(short_form(str(prompt), len(pictures)), template=dict(template or {}))
        else:
            if image is not None or prompt is not None:
                raise TypeError("give either an image and a prompt, or messages=")
            choose = frame_chooser(self.processor, fps, num_frames)
            conversation, pictures = read_messages(messages, choose, template, continued)
        self.check_conversation(conversation)
        return conversation, pictures

    def _response(self, conversation: Conversation, pictures: Sequence[Image.Image], ids: Sequence[int]) -> Response:
        """Make the response of an answer."""
        self.check_answer(ids)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        tokens, spans = token_spans(prefixes)
        text = prefixes[-1] if prefixes else ""
        prompt = conversation.prompt
        return Response(
            tuple(pictures), prompt, text, list(ids), tokens, spans, None, self.name, self.revision, conversation
        )

    @property
    def tied_frames(self) -> int:
        """How many frames of a video the model reads as one temporal patch, so that they are not independent evidence."""
        return tied_frames(self.processor)

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
        literal: bool | None = None,
    ) -> HuggingFaceScorer:
        """Make the scorer of a response.

        The model's first scorer is verified in at most six forward passes, see `eagle_nb.models.huggingface.verification`: where batches
        or fast masking change scores, this model's scorers do without them, with a `eagle_nb.errors.ScoringWarning`.

        Parameters
        ----------
        response : Response
            The answer.
        regions : Regions
            A partition of its pictures.
        fill : PIL.Image.Image
            What hidden regions show.
        target_ids : mapping of int to int, optional
            Token ids to score at some positions in place of the generated ones.
        literal : bool, optional
            Prepare every masked image through the processor; the model's own setting by default.

        Returns
        -------
        HuggingFaceScorer
            Coalitions → token probabilities.

        Raises
        ------
        ValueError
            If the response has no tokens or contains the model's image placeholder, or sizes or targets do not fit.
        """
        slow = self.literal if literal is None else bool(literal)
        scorer = HuggingFaceScorer(self, response, regions, fill, target_ids, slow)
        scorer.verification = verify(scorer, response)
        return scorer
