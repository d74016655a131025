"""A server that answers from recorded exchanges: small JSON files of requests and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .table_server import TableServer

FOLDER = Path(__file__).parent / "exchanges"


class RecordedServer(TableServer):
    """Answers the first recorded request whose fields all occur in the request; refuses any other."""

    def __init__(self, name: str) -> None:
        content = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.exchanges, self.models = content["exchanges"], content["models"]
        super().__init__()

    def answered(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        for exchange in self.exchanges:
            if exchange["path"] == path and _contains(body, exchange["request"]):
                return exchange["response"]
        return None


def _contains(body: Any, part: Any) -> bool:
    if isinstance(part, dict) and isinstance(
        body, list
    ):  # messages: the assistant's beginning, or how the last text ends
        content = body[-1]["content"]
        text = content if isinstance(content, str) else content[-1]["text"]
        if "last" in part:
            return body[-1]["role"] == "assistant" and text == part["last"]
        return text.endswith(part["ends"])
    if isinstance(part, dict):
        return isinstance(body, dict) and all(
            key in body and _contains(body[key], value) for key, value in part.items()
        )
    return bool(body == part)
