"""A server's address, the model on it, and how it is asked: what tiers build their requests with."""

from __future__ import annotations

import copy
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ...errors import TierError
from .client import Client
from .exchanged import Messages, ServedToken

OPENAI = {"temperature": 0, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
"""Sampling parameters that every server of chat completions knows."""

SAMPLING: dict[str, dict[str, Any]] = {
    "vllm": {"top_k": -1, "min_p": 0, "repetition_penalty": 1},
    "sglang": {"top_k": -1, "min_p": 0, "repetition_penalty": 1},
    "llama.cpp": {"top_k": 0, "min_p": 0, "repeat_penalty": 1},
    "": {},
}
"""Further sampling parameters by the kind of server. Without them, the defaults of a checkpoint would reach its generation."""

OWNERS = {"vllm": "vllm", "sglang": "sglang", "llamacpp": "llama.cpp", "llama.cpp": "llama.cpp"}
"""The kind of a server by the owner that its list of models names."""

PREFILL: tuple[dict[str, Any], ...] = ({"continue_final_message": True, "add_generation_prompt": False}, {})
"""What makes a server continue an assistant's message: vLLM and SGLang want to be asked, llama.cpp continues anyway."""


class Endpoint:
    """A model on a server.

    Parameters
    ----------
    client : Client
        Sends the requests.
    base_url : str
        Address of the OpenAI-compatible interface, such as ``http://127.0.0.1:8000/v1``.
    model : str
        Name of the model on the server.
    kind : {"vllm", "sglang", "llama.cpp", ""}
        The kind of server, "" for any other.
    top : int
        How many of the most probable tokens are asked for.
    samples : int
        Number of samples per coalition, of the tier ``sampled``.
    extra_body : mapping, optional
        Further fields of every request; None removes a field.

    Attributes
    ----------
    client, base_url, model, kind, top, samples, extra_body
        The parameters.
    root : str
        The address without ``/v1``, where a server has its own interface.
    vocabulary : dict of int to str
        Texts of token ids that the server has reported.
    """

    def __init__(
        self,
        client: Client,
        base_url: str,
        model: str,
        kind: str = "",
        top: int = 20,
        samples: int = 32,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None:
        self.client, self.base_url, self.model, self.kind = client, base_url, model, kind
        self.top, self.samples, self.extra_body = top, samples, dict(extra_body or {})
        self.root = base_url.removesuffix("/v1")
        self.vocabulary: dict[int, str] = {}

    def with_template(self, options: Mapping[str, Any]) -> Endpoint:
        """Return the same endpoint with options of the chat template.

        Parameters
        ----------
        options : mapping
            The options.

        Returns
        -------
        Endpoint
            It shares the client and the vocabulary.
        """
        other = copy.copy(self)
        other.extra_body = {**self.extra_body, "chat_template_kwargs": dict(options)}
        return other

    async def chat(self, body: Mapping[str, Any], retries: int | None = None) -> dict[str, Any]:
        """Ask for a chat completion.

        Parameters
        ----------
        body : mapping
            The request; the model, the sampling parameters of greedy decoding and `extra_body` are added to it.
        retries : int, optional
            As of `Client.send`.

        Returns
        -------
        dict
            The answer.
        """
        whole = {"model": self.model, **OPENAI, **SAMPLING[self.kind], "stream": False, **body, **self.extra_body}
        request = {name: value for name, value in whole.items() if value is not None}
        return _mapping(await self.client.send("POST", f"{self.base_url}/chat/completions", request, retries))

    async def native(self, path: str, body: Mapping[str, Any], retries: int | None = None) -> dict[str, Any]:
        """Ask a server's own interface; nothing is added to the request.

        Parameters
        ----------
        path : str
            Path below the server's root, such as ``/tokenize``.
        body : mapping
            The request.
        retries : int, optional
            As of `Client.send`.

        Returns
        -------
        dict
            The answer.
        """
        return _mapping(await self.client.send("POST", self.root + path, body, retries))

    def learn(self, tokens: Sequence[ServedToken]) -> list[ServedToken]:
        """Remember the texts of tokens.

        Parameters
        ----------
        tokens : sequence of ServedToken
            Tokens that the server has reported.

        Returns
        -------
        list of ServedToken
            The same.
        """
        for token in tokens:
            self.vocabulary.setdefault(token.id, token.text)
        return list(tokens)


def piece_id(data: bytes) -> int:
    """Return an id for a token that a server names by its text alone.

    Parameters
    ----------
    data : bytes
        The token's bytes.

    Returns
    -------
    int
        The same number below 2³¹ for the same bytes, in every process.
    """
    return int.from_bytes(hashlib.blake2b(data, digest_size=4).digest(), "big") >> 1


def reported_tokens(choice: Mapping[str, Any], ids: Sequence[int] | None = None) -> list[ServedToken]:
    """Read the generated tokens of a chat completion, without the token that ends the answer.

    Parameters
    ----------
    choice : mapping
        An entry of ``choices``; its ``logprobs`` hold the tokens.
    ids : sequence of int, optional
        The tokens' ids, where the server reports them.

    Returns
    -------
    list of ServedToken
        The tokens.
    """
    content = (choice.get("logprobs") or {}).get("content") or []
    tokens = []
    for k, entry in enumerate(content):
        text, data = str(entry.get("token", "")), entry_bytes(entry)
        number = ids[k] if ids is not None and k < len(ids) else entry_id(entry)
        tokens.append(ServedToken(int(number), text, log_probability(entry), data))
    if tokens and choice.get("finish_reason") == "stop":
        message = choice.get("message") or {}
        written = "".join(str(message.get(name) or "") for name in ("reasoning_content", "reasoning", "content"))
        last = tokens[-1].text
        if not last or not written.endswith((last, last.strip() or last)):
            tokens.pop()  # the end token
    return tokens


def log_probability(entry: Mapping[str, Any]) -> float:
    """Return the log-probability of a token that a chat completion lists.

    Parameters
    ----------
    entry : mapping
        Its entry.

    Returns
    -------
    float
        Natural logarithm; NaN where the server's value is no number, which JSON writes as null.
    """
    value = entry.get("logprob")
    return math.nan if value is None else float(value)


def entry_bytes(entry: Mapping[str, Any]) -> bytes:
    """Return the bytes of a token that a chat completion lists.

    Parameters
    ----------
    entry : mapping
        Its entry.

    Returns
    -------
    bytes
        As reported, or those of its text.
    """
    data = entry.get("bytes")
    return bytes(data) if data else str(entry.get("token", "")).encode()


def entry_id(entry: Mapping[str, Any]) -> int:
    """Return the id of a token that a chat completion lists.

    Parameters
    ----------
    entry : mapping
        Its entry.

    Returns
    -------
    int
        As reported, or an id that is derived from its bytes.
    """
    number = entry.get("id")
    reported = isinstance(number, int) and not isinstance(number, bool)
    return int(number) if reported and number is not None else piece_id(entry_bytes(entry))


def first_choice(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first choice of an answer.

    Parameters
    ----------
    answer : mapping
        The answer of a chat completion.

    Returns
    -------
    dict
        The choice.

    Raises
    ------
    TierError
        If there is none.
    """
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise TierError(f"the server's answer has no choices: {str(dict(answer))[:300]}")
    return choices[0]


def checked_url(base_url: str) -> str:
    """Return an address without a slash at its end.

    Parameters
    ----------
    base_url : str
        The address.

    Returns
    -------
    str
        The address.

    Raises
    ------
    ValueError
        If it is not an address of HTTP, or holds a password or a key.
    """
    if not isinstance(base_url, str):
        raise ValueError(f"base_url is a text such as 'http://127.0.0.1:8000/v1', got {type(base_url).__name__}")
    parts = urlsplit(base_url.strip())
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(
            f"base_url must not hold a password, a key or a query; put the key into an environment variable and name it: "
            f"load_server('{parts.scheme}://{parts.hostname}…', api_key_env='MY_KEY')"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"base_url must be an address such as 'http://127.0.0.1:8000/v1', got {base_url!r}")
    address = base_url.strip().rstrip("/").removesuffix("/chat/completions")
    return address if parts.path.strip("/") else f"{address}/v1"


def _mapping(answer: Any) -> dict[str, Any]:
    """Validate that an answer is an object and not an error."""
    if not isinstance(answer, dict):
        raise TierError(f"the server's answer is no JSON object: {str(answer)[:300]}")
    if "error" in answer and answer["error"] and "choices" not in answer:
        raise TierError(f"the server answered with an error: {str(answer['error'])[:300]}")
    return answer


def begun_answer(messages: Messages, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a request that holds the question and the beginning of the answer.

    Parameters
    ----------
    messages : list of dict
        The question; its last message may be the assistant's, which the answer continues.
    text : str
        The beginning of the answer.
    options : mapping
        What makes the server continue it, an entry of `PREFILL`.

    Returns
    -------
    dict
        The messages, and the options where there is something to continue.

    Examples
    --------
    >>> begun_answer([{"role": "user", "content": "what?"}], "a", {})["messages"][-1]
    {'role': 'assistant', 'content': 'a'}
    """
    last = messages[-1]
    if last["role"] == "assistant":
        content = last["content"]
        before = content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in content)
        return {"messages": [*messages[:-1], {**last, "content": before + text}], **options}
    if not text:
        return {"messages": messages}
    return {"messages": [*messages, {"role": "assistant", "content": text}], **options}
