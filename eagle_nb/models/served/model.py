"""A vision-language model behind a URL that answers and can be scored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from ...inputs.images import Images, open_images
from ...inputs.messages import Conversation, read_messages, short_form
from ...inputs.regions import Regions
from ...inputs.response import Response, token_spans
from ...scoring.identity import digest
from .client import Client
from .exchanged import ServedToken
from .pictures import chat_messages
from .probing import probe_messages
from .scorer import ServedScorer
from .tier import Tier


class ServedModel:
    """A model behind a URL; see `eagle_nb.load_server`.

    Whatever reads the network's inside (white-box methods, randomization) needs the checkpoint itself.

    Parameters
    ----------
    tier : Tier
        How its server is asked.
    tolerance : float
        Largest difference between a generated log-probability and its score.
    entry : mapping
        What the server lists about the model.

    Attributes
    ----------
    tier, tolerance
        The parameters.
    name : str
        Name of the model on the server.
    scored, floored : int
        Probabilities that were scored so far, and those of them that are upper bounds because the server did not list the token.
    """

    def __init__(self, tier: Tier, tolerance: float = 1e-3, entry: Mapping[str, Any] | None = None) -> None:
        self.tier, self.tolerance = tier, tolerance
        self.name = tier.endpoint.model
        self.scored = self.floored = 0
        self._entry = {
            key: value for key, value in (entry or {}).items() if key in ("id", "root", "parent", "owned_by")
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.name!r} at {self.tier.endpoint.base_url}, tier {self.tier.name!r}"

    @property
    def client(self) -> Client:
        """The client that sends the requests; its ``usage`` counts them."""
        return self.tier.endpoint.client

    @property
    def revision(self) -> str:
        """Where the model is served, and how it is scored."""
        return f"{self.tier.endpoint.base_url}, tier {self.tier.name}"

    @property
    def fingerprint(self) -> str:
        """A digest of the address, the model's name, the tier and everything that is sent with a request.

        A server does not show its weights: give other weights another name or another store.
        """
        endpoint = self.tier.endpoint
        settings: dict[str, Any] = {
            "url": endpoint.base_url,
            "model": self.name,
            "entry": self._entry,
            "tier": self.tier.name,
        }
        settings["extra_body"] = json.dumps(endpoint.extra_body, sort_keys=True, default=str)
        if not self.tier.all_at_once:
            settings["top"] = endpoint.top
        if self.tier.name == "sampled":
            settings["samples"] = endpoint.samples
        return digest(**settings)

    @property
    def scores_selected(self) -> bool:
        """Whether each token costs a request, so that scorers should be given the tokens that are needed."""
        return not self.tier.all_at_once

    @property
    def provenance(self) -> dict[str, Any]:
        """What results record about the server: address, tier, and the requests and tokens so far. It holds no key."""
        endpoint = self.tier.endpoint
        counts = {"scores": self.scored, "floored_scores": self.floored, **self.client.usage.summary()}
        return {"url": endpoint.base_url, "server": endpoint.kind, "tier": self.tier.name, **counts}

    def count_scores(self, scored: int, floored: int) -> None:
        """Count probabilities that a scorer has got.

        Parameters
        ----------
        scored, floored : int
            Their number, and how many of them are upper bounds.
        """
        self.scored, self.floored = self.scored + scored, self.floored + floored

    @property
    def network(self) -> Any:
        """Not available: raises an AttributeError that says why.

        Raises
        ------
        AttributeError
            Always.
        """
        raise AttributeError(
            f"{self.name!r} is behind {self.tier.endpoint.base_url}, which answers requests and does not show the network; load the "
            "checkpoint with load_model for what reads gradients, attention or weights"
        )

    def generate(
        self,
        image: Images | None = None,
        prompt: str | None = None,
        max_new_tokens: int = 128,
        *,
        messages: Sequence[Mapping[str, Any]] | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        continue_final_message: bool = False,
    ) -> Response:
        """Answer a prompt about an image, or a conversation, with the most probable token at every step.

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

        Returns
        -------
        Response
            The answer with the probability of each token, where the server reports them.

        Raises
        ------
        TypeError
            If the prompt is not a text, or messages are of another type.
        ValueError
            If the prompt is empty, a picture cannot be used, or `max_new_tokens` is below 1.
        ServerError
            If the server cannot be reached or refuses the request.
        """
        if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, int) or max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        conversation, pictures = _asked(image, prompt, messages, chat_template_kwargs, continue_final_message)
        tier = self.tier.with_template(conversation.template)
        tokens = self.client.run(tier.write(_sent(conversation, pictures), max_new_tokens))
        return self._response(conversation, pictures, tokens, scored=True)

    def respond(
        self,
        image: Images | None = None,
        prompt: str | None = None,
        answer: str | Sequence[int] = "",
        *,
        messages: Sequence[Mapping[str, Any]] | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        continue_final_message: bool = False,
    ) -> Response:
        """Make the Response of an answer that was written elsewhere.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes; or a list of these
            The image, or several.
        prompt : str
            The question or instruction.
        answer : str or sequence of int
            The answer as text, or as token ids where the server reports ids.
        messages : list of dict, optional
            In place of image and prompt, as of `generate`.
        chat_template_kwargs : dict, optional
            Keyword arguments of the chat template.
        continue_final_message : bool
            Whether the answer continues the last message, which is the assistant's.

        Returns
        -------
        Response
            The answer, without probabilities.

        Raises
        ------
        TypeError
            If the prompt is not a text, or messages are of another type.
        ValueError
            If the prompt is empty, or a picture cannot be used.
        ServerError
            If the server cannot be reached or refuses the request.
        """
        conversation, pictures = _asked(image, prompt, messages, chat_template_kwargs, continue_final_message)
        tier = self.tier.with_template(conversation.template)
        if isinstance(answer, str):
            tokens = self.client.run(tier.split(_sent(conversation, pictures), answer)) if answer else []
            return self._response(conversation, pictures, tokens, text=answer)
        ids = [int(number) for number in answer]
        for number in ids:
            self.decode_target(number)
        texts = [self.client.run(tier.decode(ids[: k + 1])) for k in range(len(ids))]
        pieces, _ = token_spans(texts)
        tokens = [ServedToken(number, piece) for number, piece in zip(ids, pieces, strict=True)]
        return self._response(conversation, pictures, tokens, text=texts[-1] if texts else "")

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
        tokens: Sequence[int] | None = None,
    ) -> ServedScorer:
        """Make the scorer of a response; its first call verifies the server.

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
        tokens : sequence of int, optional
            The tokens to score, where each costs a request; the others are NaN. By default all.

        Returns
        -------
        ServedScorer
            Coalitions → token probabilities.

        Raises
        ------
        ValueError
            If the response has no tokens, or sizes or targets do not fit.
        """
        return ServedScorer(self, response, regions, fill, target_ids, tokens)

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text as it would begin an answer.

        Parameters
        ----------
        text : str
            The text; a single word where the server reports no ids.

        Returns
        -------
        list of int
            Token ids. Where the server reports none, an id that stands for the word.
        """
        tokens = self.client.run(self.tier.encode(probe_messages(), text)) if text else []
        return [token.id for token in tokens]

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of token ids.

        Parameters
        ----------
        token_ids : sequence of int
            Token ids.

        Returns
        -------
        str
            The text; ``<id>`` for an id whose text the server does not report.
        """
        return self.client.run(self.tier.decode([int(number) for number in token_ids]))

    def decode_target(self, token_id: int) -> str:
        """Return the text of a token that is to be scored.

        Parameters
        ----------
        token_id : int
            Its id.

        Returns
        -------
        str
            Its text.

        Raises
        ------
        ValueError
            If the server has not reported a text for the id.
        """
        text = self.decode([token_id])
        if text == f"<{token_id}>":
            raise ValueError(
                f"the server reports no text for the token id {token_id}; take ids from model.encode(word)"
            )
        return text

    def close(self) -> None:
        """Close the connections; they are opened again when they are needed."""
        self.client.close()

    def _response(
        self,
        conversation: Conversation,
        pictures: Sequence[Image.Image],
        tokens: Sequence[ServedToken],
        text: str | None = None,
        scored: bool = False,
    ) -> Response:
        """Make the response of an answer."""
        prefixes = _prefixes(tokens, text)
        pieces, spans = token_spans(prefixes)
        values = np.exp(np.array([token.log_probability for token in tokens], dtype=np.float64)).astype(np.float32)
        probabilities = values if scored and len(values) and np.isfinite(values).all() else None
        ids, written = [token.id for token in tokens], prefixes[-1] if prefixes else ""
        return Response(
            tuple(pictures),
            conversation.prompt,
            written,
            ids,
            pieces,
            spans,
            probabilities,
            self.name,
            self.revision,
            conversation,
        )


def _asked(
    image: Images | None,
    prompt: str | None,
    messages: Sequence[Mapping[str, Any]] | None,
    template: Mapping[str, Any] | None,
    continued: bool,
) -> tuple[Conversation, list[Image.Image]]:
    """Check what is asked, and take the pictures out."""
    if messages is not None:
        if image is not None or prompt is not None:
            raise TypeError("give either an image and a prompt, or messages=")
        return read_messages(messages, None, template, continued)
    if image is None:
        raise TypeError("give an image and a prompt, or messages=")
    if not isinstance(prompt, str):
        raise TypeError(f"the prompt must be a text, got {type(prompt).__name__}")
    if not prompt.strip():
        raise ValueError("the prompt is empty; ask a question or give an instruction")
    pictures = open_images(image)
    return replace(short_form(prompt, len(pictures)), template=dict(template or {})), pictures


def _sent(conversation: Conversation, pictures: Sequence[Image.Image]) -> list[dict[str, Any]]:
    """Return the messages with whole pictures."""
    return chat_messages(conversation, [np.asarray(picture.convert("RGB")) for picture in pictures])


def _prefixes(tokens: Sequence[ServedToken], text: str | None) -> list[str]:
    """Return the text of the first tokens, for each number of them; a replacement character where a character is cut."""
    if text is None and all(token.data is not None for token in tokens):
        joined = [b"".join(token.data or b"" for token in tokens[: k + 1]) for k in range(len(tokens))]
        return [data.decode("utf-8", "replace") for data in joined]
    whole = "".join(token.text for token in tokens) if text is None else text
    prefixes, at = [], 0
    for token in tokens:
        fits = whole.startswith(token.text, at)
        at += len(token.text) if fits else 0
        prefixes.append(whole[:at] + ("" if fits else "\ufffd"))
    return [*prefixes[:-1], whole] if prefixes else []
