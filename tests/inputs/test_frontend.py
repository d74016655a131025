"""Whether someone can answer: by the request that is executed, by Voila, or by the user's setting."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from eagle_nb.inputs.frontend import in_kernel, live_front_end


@pytest.fixture
def request_of(monkeypatch):
    """Run in a kernel that handles this request."""
    monkeypatch.delenv("EAGLE_NB_LIVE", raising=False)
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)

    def handle(message):
        kernel = SimpleNamespace(get_parent=lambda channel: message)
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: SimpleNamespace(kernel=kernel))

    return handle


def execution(**content):
    return {"header": {"msg_type": "execute_request"}, "content": content}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (execution(allow_stdin=True), True),
        (execution(allow_stdin=False), False),  # papermill, nbconvert --execute
        (execution(), False),
        ({"header": {"msg_type": "comm_msg"}, "content": {"data": {}}}, True),
        ({}, False),
    ],
)
def test_a_front_end_can_answer_input(request_of, message, expected):
    request_of(message)
    assert in_kernel()
    assert live_front_end() is expected


def test_voila_executes_without_input_and_is_live(request_of, monkeypatch):
    request_of(execution(allow_stdin=False))
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.8")
    assert live_front_end()


@pytest.mark.parametrize(("setting", "expected"), [("1", True), ("0", False)])
def test_the_setting_overrides_the_detection(request_of, monkeypatch, setting, expected):
    request_of(execution(allow_stdin=not expected))
    monkeypatch.setenv("EAGLE_NB_LIVE", setting)
    assert live_front_end() is expected


def test_another_setting_is_an_error(monkeypatch):
    monkeypatch.setenv("EAGLE_NB_LIVE", "yes")
    with pytest.raises(ValueError, match=r"EAGLE_NB_LIVE is '1' .* or '0' .*, got 'yes'"):
        live_front_end()


def test_a_script_has_no_front_end(monkeypatch):
    monkeypatch.setenv("EAGLE_NB_LIVE", "1")
    assert not in_kernel()
    assert not live_front_end()
