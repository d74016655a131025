"""The HTTP client: requests from a thread with a loop of its own, limited in number, sent again where that helps."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

import httpx

from ...errors import RefusedRequestError, UnreachableServerError
from .retrying import LONGEST_REQUEST, backoff, is_temporary, requested_wait
from .usage import Usage

T = TypeVar("T")

SHOWN = 600
"""Characters of a server's text that an error message shows."""


class Client:
    """Send requests from a thread with an event loop of its own.

    A notebook's loop runs already, so requests cannot wait for it. The key is read from the environment for every request; it is neither
    an attribute nor part of any message.

    Parameters
    ----------
    in_flight : int
        Maximum number of requests at the same time.
    retries : int
        How often a request is sent again after a temporary failure.
    timeout : float
        Seconds that a request may take.
    api_key_env : str or None
        Name of the environment variable that holds the key. Without the variable, no key is sent.
    usage : Usage
        Counts requests and bounds them.

    Attributes
    ----------
    in_flight, retries, timeout, api_key_env, usage
        The parameters.
    """

    def __init__(
        self, in_flight: int, retries: int, timeout: float, api_key_env: str | None, usage: Usage | None = None
    ) -> None:
        self.in_flight, self.retries, self.timeout = in_flight, retries, timeout
        self.api_key_env, self.usage = api_key_env, usage or Usage()
        self._reset()

    def _reset(self) -> None:
        """Forget the thread and what lives in its loop."""
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._http: httpx.AsyncClient | None = None
        self._slots: asyncio.Semaphore | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._paused_until = 0.0
        self._jitter = random.Random()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the thread out: another process starts its own."""
        return {name: getattr(self, name) for name in ("in_flight", "retries", "timeout", "api_key_env", "usage")}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state)
        self._reset()

    # -- the thread ------------------------------------------------------------------------------------

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the client's loop and wait for its result.

        An interrupt (Ctrl-C) cancels it, with every request that it has sent.

        Parameters
        ----------
        work : coroutine
            What to run.

        Returns
        -------
        object
            Its result.
        """
        loop = self._running_loop()
        future = asyncio.run_coroutine_threadsafe(self._tracked(work), loop)
        try:
            return future.result()
        except BaseException:
            if not future.done():
                future.cancel()
                with contextlib.suppress(Exception):  # nothing of the interrupted work may go on
                    asyncio.run_coroutine_threadsafe(self._finished(), loop).result(timeout=10)
            raise

    def close(self) -> None:
        """Cancel all requests, close the connections and end the thread."""
        loop, self._loop = self._loop, None
        if loop is None or self._owner != os.getpid():
            return
        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._closed(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop, in a thread that is started when it is first needed."""
        if self._owner != os.getpid():  # a forked child has its parent's objects, but not its thread
            self._reset()
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._http, self._slots, self._tasks = None, asyncio.Semaphore(self.in_flight), set()
                threading.Thread(target=_serve, args=(self._loop,), name="eagle_nb requests", daemon=True).start()
            return self._loop

    async def _tracked(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine as a task that `_finished` waits for."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await task
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _finished(self) -> None:
        """Wait until every cancelled task has ended."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _closed(self) -> None:
        """Cancel everything and close the connections."""
        for task in self._tasks:
            task.cancel()
        await self._finished()
        if self._http is not None:
            await self._http.aclose()

    # -- requests --------------------------------------------------------------------------------------

    async def send(
        self, method: str, url: str, body: Mapping[str, Any] | None = None, retries: int | None = None
    ) -> Any:
        """Send a request until it is answered.

        Parameters
        ----------
        method : {"GET", "POST"}
            HTTP method.
        url : str
            Address.
        body : mapping, optional
            What is sent, as JSON.
        retries : int, optional
            How often it is sent again after a temporary failure; by default the client's own number.

        Returns
        -------
        object
            The answer's JSON.

        Raises
        ------
        RefusedRequestError
            If the server refuses it for good; the message holds the server's text.
        UnreachableServerError
            If there is no answer, or only temporary errors, after every retry.
        RequestBudgetError
            If the budget is used up.
        """
        last = self.retries if retries is None else retries
        content = None if body is None else json.dumps(body).encode()
        assert self._slots is not None
        for attempt in range(last + 1):
            async with self._slots:
                await self._pause()
                answer, failure, wait = await self._attempt(method, url, content)
            if failure is None:
                if isinstance(answer, Mapping):
                    self.usage.record(answer)
                return answer
            if attempt == last:
                tried = f" after {attempt + 1} attempts" if attempt else ""
                raise UnreachableServerError(f"{method} {url} failed{tried}: {failure}")
            delay = backoff(attempt, self._jitter) if wait is None else wait
            if wait:  # the server asks everybody to wait
                self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + wait)
            await asyncio.sleep(delay)
        raise AssertionError("unreachable")

    async def _pause(self) -> None:
        """Wait as long as the server asked for."""
        rest = self._paused_until - asyncio.get_running_loop().time()
        if rest > 0:
            await asyncio.sleep(rest)

    async def _attempt(self, method: str, url: str, content: bytes | None) -> tuple[Any, str | None, float | None]:
        """Send a request once: its answer, or why it failed and how long the server asks to wait."""
        if self._http is None:
            self._http = httpx.AsyncClient(
                timeout=httpx.Timeout(self.timeout), limits=httpx.Limits(max_connections=None)
            )
        key = os.environ.get(self.api_key_env, "").strip() if self.api_key_env else ""
        if not (key.isascii() and key.isprintable()):
            raise RefusedRequestError(f"the key in {self.api_key_env} holds characters that a header cannot hold")
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self.usage.spend()
        try:
            async with asyncio.timeout(self.timeout):
                answer = await self._http.request(method, url, content=content, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            return None, f"no answer within {self.timeout:g} s; raise timeout=, or lower in_flight=", None
        except (httpx.TransportError, httpx.DecodingError) as error:
            return None, f"{type(error).__name__}: {_without(str(error), key)}", None
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise RefusedRequestError(f"{method} {url} cannot be sent: {type(error).__name__}") from None
        text = _without(answer.text, key)
        if answer.status_code >= 300:
            shown = f"{answer.status_code} {answer.reason_phrase}: {_message(text)}"
            wait = requested_wait(answer.headers.get("retry-after"))
            if not is_temporary(answer.status_code, text) or (wait or 0) > LONGEST_REQUEST:
                hint = f" (set the environment variable {self.api_key_env})" if answer.status_code in (401, 403) else ""
                raise RefusedRequestError(f"the server refused {method} {url}: {shown}{hint}", answer.status_code, text)
            return None, shown, wait
        try:
            return json.loads(answer.content), None, None
        except ValueError:
            return None, f"the answer is not JSON, or only a part of it: {text[:SHOWN]!r}", None


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


def _without(text: str, key: str) -> str:
    """Return a text without the key, which some servers repeat."""
    return text.replace(key, "***") if key else text


def _message(text: str) -> str:
    """Return the message of a server's error, which is JSON by most conventions."""
    try:
        content = json.loads(text)
    except ValueError:
        return text[:SHOWN]
    for name in ("error", "message", "detail"):
        if isinstance(content, Mapping) and content.get(name):
            content = content[name]
    return (content if isinstance(content, str) else json.dumps(content))[:SHOWN]
