"""Find out which tiers a server offers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import RefusedRequestError, RequestBudgetError, ServerError, TierError
from ...inputs.messages import short_form
from .client import Client
from .continued import ContinuedTier
from .endpoint import OWNERS, Endpoint
from .exchanged import Messages
from .forced import ForcedTier
from .ids import IdsTier
from .pictures import chat_messages
from .prompt import PromptTier
from .sampled import SampledTier
from .sglang import SGLangTier
from .tier import Tier, TierUnavailable
from .tokens import TokensTier

TIERS: dict[str, type[Tier]] = {
    kind.name: kind for kind in (IdsTier, PromptTier, ForcedTier, SGLangTier, TokensTier, ContinuedTier, SampledTier)
}
"""All tiers by name, best first."""

OFFERED = {
    "vllm": ("ids", "prompt", "tokens", "continued"),
    "sglang": ("sglang", "tokens", "continued"),
    "llama.cpp": ("forced", "tokens", "continued"),
    "": ("ids", "prompt", "forced", "sglang", "tokens", "continued"),
}
"""Tiers that are tried, by the kind of server. Sampling is used only when it is asked for."""

PROBE_RETRIES = 2
"""Most retries of a request that finds out what a server offers."""


async def find_model(client: Client, base_url: str, model: str | None) -> tuple[str, str, dict[str, Any]]:
    """Ask a server for its models.

    Parameters
    ----------
    client : Client
        The client.
    base_url : str
        The address.
    model : str or None
        The model to use; None for the only one.

    Returns
    -------
    model : str
        Its name.
    kind : str
        The kind of server, "" where it does not say.
    entry : dict
        What the server lists about the model.

    Raises
    ------
    ValueError
        If the model is not served, or there are several to choose from.
    """
    try:
        answer = await client.send("GET", f"{base_url}/models")
    except RefusedRequestError as error:
        if error.status in (401, 403):
            raise
        if model is None:
            raise ValueError(
                f"the server does not list its models ({error}); give the model's name as model="
            ) from error
        return model, "", {}
    listed = answer.get("data") if isinstance(answer, dict) else None
    entries = {str(entry.get("id")): entry for entry in listed or [] if isinstance(entry, dict) and entry.get("id")}
    if model is None:
        if len(entries) != 1:
            raise ValueError(f"the server offers {sorted(entries)[:20] or 'no model'}; give one as model=")
        (model,) = entries
    aliases = {alias for entry in entries.values() for alias in entry.get("aliases") or ()}
    if entries and model not in entries and model not in aliases and len(entries) < 20:
        raise ValueError(f"the server does not offer the model {model!r}; it offers {sorted(entries)}")
    entry = entries.get(model, {})
    return model, OWNERS.get(str(entry.get("owned_by", "")).lower(), ""), dict(entry)


async def choose_tier(endpoint: Endpoint, tier: str) -> Tier:
    """Return the best tier that a server offers.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    tier : str
        "auto", or the name of the tier to use.

    Returns
    -------
    Tier
        The tier.

    Raises
    ------
    TierError
        If the server offers none, or not the one that is asked for.
    """
    messages = probe_messages()
    client = endpoint.client
    retries, client.retries = client.retries, min(client.retries, PROBE_RETRIES)
    try:
        return await _first_offered(endpoint, tier, messages)
    finally:
        client.retries = retries


async def _first_offered(endpoint: Endpoint, tier: str, messages: Messages) -> Tier:
    """Probe one tier after the other."""
    names = OFFERED[endpoint.kind] if tier == "auto" else (tier,)
    reasons = []
    for name in names:
        candidate = TIERS[name](endpoint)
        try:
            await candidate.probe(messages)
            return candidate
        except (TierUnavailable, ServerError) as reason:
            refused = next((r for r in (reason, reason.__cause__) if isinstance(r, RefusedRequestError)), None)
            if isinstance(reason, RequestBudgetError) or (refused is not None and refused.status in (401, 403)):
                raise (refused or reason) from None
            if tier != "auto" and isinstance(reason.__cause__, TierError):
                raise reason.__cause__ from None
            reasons.append(f"- {name}: {reason}\n  start {candidate.start}")
    listed = "\n".join(reasons)
    if tier != "auto":
        raise TierError(f"the server does not offer the tier {tier!r}:\n{listed}")
    raise TierError(
        f"the server reports no probabilities in any way that is known:\n{listed}\n"
        'Without probabilities, tier="sampled" counts how often sampled answers say a word'
    )


def probe_messages() -> Messages:
    """Return a short question about a small picture.

    Returns
    -------
    list of dict
        Messages.
    """
    rows, columns = np.mgrid[0:64, 0:64]
    picture = np.stack([4 * rows, 4 * columns, np.full_like(rows, 128)], axis=-1).astype(np.uint8)
    return chat_messages(short_form("Describe the image."), [picture])
