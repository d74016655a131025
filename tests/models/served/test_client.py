"""The client against a real server on the loopback."""

import asyncio
import pickle
import threading

import pytest

from eagle_nb.errors import RefusedRequestError, RequestBudgetError, UnreachableServerError
from eagle_nb.models.served.client import Client
from eagle_nb.models.served.usage import Usage

BODY = {"messages": [{"role": "user", "content": "what?"}], "max_tokens": 1, "temperature": 0}


def client(**options):
    defaults = {"in_flight": 4, "retries": 3, "timeout": 5.0, "api_key_env": None}
    return Client(**(defaults | options))


def ask(client, server):
    return client.run(client.send("POST", f"{server.url}/chat/completions", BODY))


@pytest.mark.parametrize("fault", ["429", "500", "503", "408", "half", "close"])
def test_a_temporary_failure_is_repaired(serve, fault):
    server, sender = serve(), client()
    server.faults.extend([fault, fault] if fault not in ("half", "close") else [fault])
    if fault == "408":
        server.faults.clear()
        server.faults.append("500 timeout")
    assert ask(sender, server)["choices"]
    assert len(server.completions) == sender.usage.requests > 1


def test_silence_is_repaired(serve):
    server, sender = serve(), client(timeout=0.2)
    server.faults.append("silence")
    assert ask(sender, server)["choices"]


def test_silence_without_end_names_the_timeout(serve):
    server, sender = serve(), client(timeout=0.1, retries=0)
    server.faults.append("silence")
    with pytest.raises(UnreachableServerError, match=r"no answer within 0\.1 s"):
        ask(sender, server)


def test_retries_end(serve):
    server, sender = serve(), client(retries=2)
    server.faults.extend(["429"] * 9)
    with pytest.raises(UnreachableServerError, match=r"after 3 attempts: 429.*slow down"):
        ask(sender, server)
    assert len(server.completions) == 3


@pytest.mark.parametrize("fault", ["400 bad field", "503 insufficient_quota", "500 Unexpected empty grammar stack"])
def test_a_permanent_failure_is_raised_at_once_with_the_servers_text(serve, fault):
    server, sender = serve(), client()
    server.faults.append(fault)
    with pytest.raises(RefusedRequestError, match=fault[4:]) as raised:
        ask(sender, server)
    assert raised.value.status == int(fault[:3])
    assert len(server.completions) == 1


def test_a_server_that_is_not_there(serve):
    server = serve()
    server.close()
    with pytest.raises(UnreachableServerError, match="ConnectError"):
        ask(client(retries=0), server)
    server.__dict__["close"] = lambda: None


def test_requests_in_flight_are_limited(serve):
    server, sender = serve(), client(in_flight=3)
    together = threading.Barrier(3)
    server.on_request = lambda: together.wait(10)

    async def many():
        url = f"{server.url}/chat/completions"
        return await asyncio.gather(*[sender.send("POST", url, BODY) for _ in range(12)])

    assert len(sender.run(many())) == 12  # three at a time reach the barrier, so it lets all of them pass
    assert server.most_in_flight == 3


def test_it_works_while_another_loop_is_running(serve):
    server, sender = serve(), client()

    async def notebook():
        return ask(sender, server)

    assert asyncio.run(notebook())["choices"]


def test_an_interrupt_cancels_what_is_in_flight(serve, monkeypatch):
    server, sender = serve(), client(timeout=30)
    server.faults.extend(["silence"] * 4)
    reached = threading.Semaphore(0)
    server.on_request = reached.release

    class Future:
        def __init__(self, inner):
            self.inner = inner

        def result(self, timeout=None):
            if timeout is not None:
                return self.inner.result(timeout)
            for _ in range(4):
                assert reached.acquire(timeout=10)
            raise KeyboardInterrupt

        def __getattr__(self, name):
            return getattr(self.inner, name)

    real = asyncio.run_coroutine_threadsafe
    monkeypatch.setattr(asyncio, "run_coroutine_threadsafe", lambda work, loop: Future(real(work, loop)))

    async def many():
        url = f"{server.url}/chat/completions"
        return await asyncio.gather(*[sender.send("POST", url, BODY) for _ in range(8)])

    with pytest.raises(KeyboardInterrupt):
        sender.run(many())
    monkeypatch.undo()
    assert len(server.completions) == 4
    server.on_request = lambda: None
    assert ask(sender, server)["choices"]  # the slots are free again
    assert len(server.completions) == 5


def test_the_budget_bounds_requests(serve):
    server, sender = serve(), client(usage=Usage(2))
    ask(sender, server)
    ask(sender, server)
    with pytest.raises(RequestBudgetError):
        ask(sender, server)
    assert len(server.completions) == 2


def test_the_key_is_sent_and_shown_nowhere(serve, monkeypatch):
    server, sender = serve(), client(api_key_env="TEST_KEY")
    server.key = "secret-1"
    monkeypatch.setenv("TEST_KEY", "secret-2")
    with pytest.raises(RefusedRequestError, match="TEST_KEY") as raised:  # the server repeats the key
        ask(sender, server)
    assert "wrong key" in str(raised.value)
    assert "secret" not in str(raised.value) + repr(vars(raised.value)) + repr(vars(sender))
    monkeypatch.setenv("TEST_KEY", "secret\u00e9")
    with pytest.raises(RefusedRequestError, match="characters") as raised:
        ask(sender, server)
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("TEST_KEY", " secret-1\n")
    assert ask(sender, server)["choices"]
    assert b"secret" not in pickle.dumps(sender)


def test_a_copy_in_another_process_sends_requests_too(serve):
    server, sender = serve(), client()
    ask(sender, server)
    copy = pickle.loads(pickle.dumps(sender))
    assert ask(copy, server)["choices"]
    copy.close()
    assert ask(copy, server)["choices"]
