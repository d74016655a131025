"""Connect to a server: find its model and the best way to ask for probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .client import Client
from .endpoint import Endpoint, checked_url
from .model import ServedModel
from .probing import TIERS, choose_tier, find_model
from .usage import Usage


def load_server(
    base_url: str,
    model: str | None = None,
    tier: str = "auto",
    in_flight: int = 8,
    top: int = 20,
    retries: int = 5,
    timeout: float = 120,
    api_key_env: str | None = "OPENAI_API_KEY",
    extra_body: Mapping[str, Any] | None = None,
    *,
    budget: int | str | None = None,
    price: tuple[float, float] | None = None,
    samples: int = 32,
    tolerance: float = 1e-3,
) -> ServedModel:
    """Connect to a model behind a URL: vLLM, SGLang, llama.cpp, or a vendor's chat completions.

    The images leave this machine: they are sent to the server.

    Parameters
    ----------
    base_url : str
        Address of the OpenAI-compatible interface, such as ``http://127.0.0.1:8000/v1``. It must not hold a key.
    model : str, optional
        Name of the model on the server; by default its only one.
    tier : {"auto", "ids", "prompt", "forced", "sglang", "tokens", "continued", "sampled"}
        How probabilities are asked for; "auto" takes the best one that the server offers, without sampling:

        - "ids": token ids to vLLM's ``/inference/v1/generate``; one request scores all tokens, exactly;
        - "prompt": vLLM's ``prompt_logprobs``; one request scores all tokens, exactly;
        - "forced": llama.cpp; a grammar forces the answer; one request scores all tokens, exactly;
        - "sglang": SGLang's ``/generate``; one request scores all tokens, exactly;
        - "tokens": the beginning of the answer and ``top_logprobs``; one request per token, bounds outside the list;
        - "continued": as "tokens", where a server does not continue an answer and has to be asked to; approximate;
        - "sampled": the share of sampled answers that say a word, with a confidence interval.
    in_flight : int
        Maximum number of requests at the same time.
    top : int
        How many of the most probable tokens "tokens" and "continued" ask for. Vendors allow at most 20.
    retries : int
        How often a request is sent again after a temporary failure (408, 409, 429, 5xx, lost connections, silence).
    timeout : float
        Seconds that a request may take.
    api_key_env : str, optional
        Name of the environment variable that holds the key. The key itself is never stored.
    extra_body : mapping, optional
        Further fields of every chat completion; None removes a field, as in ``{"max_tokens": None, "max_completion_tokens": 16}``.
    budget : int or str, optional
        A limit: "500 requests", "200000 tokens", or "2 USD" with a price. Requests beyond it are not sent.
    price : (float, float), optional
        USD per million prompt tokens and per million generated tokens.
    samples : int
        Sampled answers per coalition, of the tier "sampled".
    tolerance : float
        Largest difference between a token's log-probability when it was generated and when it is scored. Servers of reduced precision
        need more.

    Returns
    -------
    ServedModel
        The model.

    Raises
    ------
    ValueError
        If an argument is out of range, or the model is not served.
    TierError
        (a ValueError) If the server does not offer the tier; the message says what to start it with.
    UnreachableServerError, RefusedRequestError
        If the server does not answer, or refuses the requests.

    Examples
    --------
    >>> load_server("localhost:8000")
    Traceback (most recent call last):
    ValueError: base_url must be an address such as 'http://127.0.0.1:8000/v1', got 'localhost:8000'
    """
    url = checked_url(base_url)
    if tier != "auto" and tier not in TIERS:
        raise ValueError(f"unknown tier {tier!r}; tiers are auto, {', '.join(TIERS)}")
    for name, value, least in (
        ("in_flight", in_flight, 1),
        ("top", top, 1),
        ("retries", retries, 0),
        ("samples", samples, 2),
    ):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}")
    for name, number in (("timeout", timeout), ("tolerance", tolerance)):
        if isinstance(number, bool) or not isinstance(number, int | float) or not number > 0:
            raise ValueError(f"{name} must be a positive number, got {number!r}")
    if api_key_env is not None and not str(api_key_env).replace("_", "").isalnum():
        raise ValueError("api_key_env is the name of an environment variable, not the key itself")
    client = Client(in_flight, retries, float(timeout), api_key_env, Usage(budget, price))
    return client.run(_connected(client, url, model, tier, top, samples, extra_body, tolerance))


async def _connected(
    client: Client,
    url: str,
    model: str | None,
    tier: str,
    top: int,
    samples: int,
    extra_body: Mapping[str, Any] | None,
    tolerance: float,
) -> ServedModel:
    """Find the model and the tier."""
    name, kind, entry = await find_model(client, url, model)
    endpoint = Endpoint(client, url, name, kind, top, samples, extra_body)
    return ServedModel(await choose_tier(endpoint, tier), tolerance, entry)


def is_address(name: str) -> bool:
    """Return whether the name of a model is the address of a server.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    bool
        Whether it begins with ``http://`` or ``https://``.
    """
    return name.strip().lower().startswith(("http://", "https://"))


def load_model_of_server(address: str, options: Sequence[str], batch_size: int | None = None) -> ServedModel:
    """Connect to the server that ``load_model`` was given the address of.

    Parameters
    ----------
    address : str
        The address; after a ``#``, the name of the model.
    options : sequence of str
        Options of `load_model` that were given and mean nothing for a server.
    batch_size : int, optional
        The number of requests at the same time.

    Returns
    -------
    ServedModel
        The model.

    Raises
    ------
    ValueError
        If there are such options.
    """
    if options:
        raise ValueError(
            f"{', '.join(options)} cannot be set for a model behind a URL: start the server with it, and use load_server(base_url) for what "
            "can be set"
        )
    url, _, model = address.strip().partition("#")
    return load_server(url, model or None, in_flight=batch_size or 8)
