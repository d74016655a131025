"""A small server of chat completions on the loopback: real HTTP, answers computed in this process, and faults on demand."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import numpy as np
from PIL import Image

PIECES = (
    "a",
    " red",
    " ball",
    " on",
    " blue",
    " cloth",
    ".",
    " green",
    " cube",
    " the",
    " no",
    " yes",
    " x",
    " y",
    " z",
    "<end>",
)
END = len(PIECES) - 1
SENTENCE = (0, 1, 2, 3, 4, 5, 6, END)
PROMPT_IDS = (101, 102, 103)


class Backend(Protocol):
    """What answers: a table, or a model in this process."""

    end: int

    def split(self, text: str) -> list[int]: ...

    def piece(self, number: int) -> str: ...

    def distributions(self, pictures: list[Image.Image], prompt: str, ids: list[int]) -> np.ndarray:
        """Log-probabilities (T + 1, V) after each beginning of an answer, the empty one first."""
        ...


class TableBackend:
    """A language of sixteen tokens: after each token one other is likely, the more so the more of the picture is seen."""

    end = END

    def __init__(self, pieces: tuple[str, ...] = PIECES) -> None:
        self.pieces = pieces
        self.mixing = np.random.default_rng(5).normal(0, 1.5, (4, len(pieces)))

    def split(self, text: str) -> list[int]:
        ids = []
        while text:
            fitting = [k for k, piece in enumerate(self.pieces) if text.startswith(piece)]
            best = max(fitting, key=lambda k: len(self.pieces[k]))
            ids.append(best)
            text = text[len(self.pieces[best]) :]
        return ids

    def piece(self, number: int) -> str:
        return self.pieces[number]

    def distributions(self, pictures: list[Image.Image], prompt: str, ids: list[int]) -> np.ndarray:
        seen = sum((self.features(picture) for picture in pictures), np.zeros(4))
        rows = []
        for k in range(len(ids) + 1):
            logits = seen @ self.mixing + 0.1 * k
            logits[SENTENCE[min(k, len(SENTENCE) - 1)]] += 4 + 4 * seen[k % 4] + 9 * (k == len(SENTENCE) - 1)
            rows.append(logits - np.logaddexp.reduce(logits))
        return np.array(rows)

    @staticmethod
    def features(picture: Image.Image) -> np.ndarray:
        """Mean brightness of the quarters."""
        gray = np.asarray(picture.convert("L"), dtype=np.float64) / 255
        h, w = gray.shape[0] // 2, gray.shape[1] // 2
        return np.array([gray[:h, :w].mean(), gray[:h, w:].mean(), gray[h:, :w].mean(), gray[h:, w:].mean()])


class TableServer:
    """Serves a backend until it is closed.

    ``faults`` holds what happens to the next chat completions, one each: "429", "500", "503 quota", "half", "silence", "close". ``lies``
    holds what is wrong with every answer: "drops image", "wrong ids", "other scores", "new turn", "no prompt_logprobs", "no logprobs",
    "no n".
    """

    models: dict[str, Any]

    def __init__(self, backend: Backend | None = None, lies: set[str] | None = None, owner: str = "test") -> None:
        self.backend = backend or TableBackend()
        self.lies, self.owner = set(lies or ()), owner
        if not hasattr(self, "models"):
            self.models = {"data": [{"id": "table", "object": "model", "owned_by": owner}]}
        self.faults: deque[str] = deque()
        self.requests: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.in_flight = self.most_in_flight = 0
        self.on_request: Callable[[], None] = lambda: None
        self.key = ""
        self.released = threading.Event()
        self.samples = np.random.default_rng(0)
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"table": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def completions(self) -> list[dict[str, Any]]:
        return [body for path, body, _ in self.requests if path == "/v1/chat/completions"]

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> TableServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answered(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a request; None for a path that is not served."""
        return self.complete(body) if path == "/v1/chat/completions" else None

    # -- answers ------------------------------------------------------------------------------------

    def complete(self, body: dict[str, Any]) -> dict[str, Any]:
        messages = body["messages"]
        pictures, prompt = _read(messages)
        if "drops image" in self.lies:
            pictures = [Image.new("RGB", picture.size) for picture in pictures]
        begun = messages[-1]["content"] if messages[-1]["role"] == "assistant" else ""
        if "new turn" in self.lies:
            begun = ""
        ids = self.backend.split(begun)
        table = self.backend.distributions(pictures, prompt, ids)
        if "other scores" in self.lies and ids:
            table = table - 0.05
        answer: dict[str, Any] = {"usage": {"prompt_tokens": len(PROMPT_IDS) + len(ids), "completion_tokens": 1}}
        if body.get("prompt_logprobs") is not None and "no prompt_logprobs" not in self.lies:
            shown = [*ids[:-1], ids[-1] + 1] if ids and "wrong ids" in self.lies else ids
            answer["prompt_token_ids"] = [*PROMPT_IDS, *shown]
            entries = [{str(number): {"logprob": -1.0, "rank": 1, "decoded_token": "?"}} for number in PROMPT_IDS]
            own = [self._entry(table[k], number) for k, number in enumerate(shown)]
            answer["prompt_logprobs"] = [None, *entries[1:], *own]
        sample = getattr(self.backend, "sample", None)
        if body.get("temperature") and callable(sample):
            with self._lock:
                rng = np.random.default_rng(self.samples.integers(2**32))
            texts = sample(pictures, prompt, body["max_tokens"], self._wanted(body), rng)
            answer["choices"] = [{"message": {"content": "".join(map(self.backend.piece, text))}} for text in texts]
        else:
            answer["choices"] = [self._choice(body, pictures, prompt, ids) for _ in range(self._wanted(body))]
        return answer

    def _wanted(self, body: dict[str, Any]) -> int:
        return 1 if "no n" in self.lies else int(body.get("n", 1))

    def _entry(self, row: np.ndarray, number: int) -> dict[str, Any]:
        return {str(number): {"logprob": float(row[number]), "rank": 1, "decoded_token": self.backend.piece(number)}}

    def _choice(self, body: dict[str, Any], pictures: list[Image.Image], prompt: str, ids: list[int]) -> dict[str, Any]:
        written: list[int] = []
        content = []
        reason = "length"
        while len(written) < body["max_tokens"]:
            row = self.backend.distributions(pictures, prompt, [*ids, *written])[-1]
            if body.get("temperature"):
                with self._lock:
                    number = int(self.samples.choice(len(row), p=np.exp(row) / np.exp(row).sum()))
            else:
                number = int(row.argmax())
            content.append(self._listed(row, number, int(body.get("top_logprobs") or 0)))
            if number == self.backend.end:
                reason = "stop"
                break
            written.append(number)
        text = self._text(written)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
        if body.get("logprobs") and "no logprobs" not in self.lies:
            choice["logprobs"] = {"content": content}
        if body.get("return_token_ids"):
            choice["token_ids"] = [*written, *([self.backend.end] if reason == "stop" else [])]
        return choice

    def _text(self, ids: list[int]) -> str:
        data = getattr(self.backend, "data", None)
        if data is None:
            return "".join(self.backend.piece(number) for number in ids)
        return b"".join(data(number) for number in ids).decode("utf-8", "replace")

    def _listed(self, row: np.ndarray, number: int, top: int) -> dict[str, Any]:
        def entry(k: int) -> dict[str, Any]:
            piece, data = self.backend.piece(k), getattr(self.backend, "data", None)
            content = data(k) if data is not None else piece.encode()
            return {"token": piece, "logprob": float(row[k]), "bytes": list(content)}

        return entry(number) | {"top_logprobs": [entry(int(k)) for k in np.argsort(-row)[:top]]}


class _Handler(BaseHTTPRequestHandler):
    table: TableServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        self.table.requests.append((self.path, {}, dict(self.headers)))
        if self.path == "/v1/models":
            self._send(200, self.table.models)
        else:
            self._send(404, {"error": {"message": "no such path"}})

    def do_POST(self) -> None:
        table = self.table
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with table._lock:
            table.requests.append((self.path, body, dict(self.headers)))
            table.in_flight += 1
            table.most_in_flight = max(table.most_in_flight, table.in_flight)
        try:
            with suppress(ConnectionError):
                self._answer(body)
        finally:
            with table._lock:
                table.in_flight -= 1

    def _answer(self, body: dict[str, Any]) -> None:
        table = self.table
        if table.key and self.headers.get("Authorization") != f"Bearer {table.key}":
            self._send(401, {"error": {"message": f"wrong key: {self.headers.get('Authorization')}"}})
            return
        table.on_request()
        fault = table.faults.popleft() if table.faults else ""
        if fault == "silence":
            table.released.wait(30)
        elif fault == "close":
            self.close_connection = True
            self.connection.close()
        elif fault.startswith("429"):
            self._send(429, {"error": {"message": "slow down"}}, {"Retry-After": "0.01"})
        elif fault.startswith("5"):
            self._send(int(fault[:3]), {"error": {"message": f"failed{fault[3:]}"}}, {"Retry-After": "0"})
        elif fault.startswith("400"):
            self._send(400, {"error": {"message": "this is refused: " + fault}})
        elif fault == "half":
            text = json.dumps(table.answered(self.path, body)).encode()
            self._head(200, len(text))
            self.wfile.write(text[: len(text) // 2])
            self.close_connection = True
        else:
            content = table.answered(self.path, body)
            self._send(404 if content is None else 200, content or {"error": {"message": "no such path"}})

    def _head(self, status: int, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(length),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        text = json.dumps(content).encode()
        self._head(status, len(text), headers)
        self.wfile.write(text)


def _read(messages: list[dict[str, Any]]) -> tuple[list[Image.Image], str]:
    """The pictures and the texts of the user."""
    pictures, texts = [], []
    for message in messages:
        content = message["content"]
        if message["role"] == "assistant":
            continue
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            if part["type"] == "text":
                texts.append(part["text"])
            else:
                data = base64.b64decode(part["image_url"]["url"].removeprefix("data:image/png;base64,"))
                pictures.append(Image.open(io.BytesIO(data)).convert("RGB"))
    return pictures, "\n".join(texts)
