"""Nobody waits for a backend that is silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from setup_wizard import backend as backend_module
from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import BackendUnreachable, Cancelled
from setup_wizard.domain.secret import Secret
from setup_wizard.ports import Cancellation
from tests.particle.servers import Answer, raw_server, scripted_server
from tests.silence import AT_ONCE, SilentServer, seconds_to_stop, silent_server

DEVICE = DeviceId("0123456789abcdef01234567")
SIGNED_IN = Answer(
    201, {"session_token": "session-token-1", "customer": "jane@example.com", "expires_in": 3600}
)
KEY = Secret("installer-key-1")

CALLS: dict[str, Callable[[HttpBackend, Cancellation], object]] = {
    "reach": lambda backend, cancel: backend.reach(cancel),
    "sign_in": lambda backend, cancel: backend.sign_in("jane@example.com", KEY, cancel),
    "provision": lambda backend, cancel: backend.provision(cancel),
    "renew_access": lambda backend, cancel: backend.renew_access(cancel),
    "record": lambda backend, cancel: backend.record(DEVICE, "Kitchen", cancel),
}


@pytest.fixture
def silence() -> Iterator[SilentServer]:
    with silent_server() as server:
        yield server


def signed_in() -> HttpBackend:
    """One that signed in while its backend still spoke."""
    with scripted_server() as server:
        server.answers["POST /v1/sessions"] = SIGNED_IN
        backend = HttpBackend(server.url)
        backend.sign_in("jane@example.com", KEY, StopSwitch())
        return backend


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_silent_backend_is_left_at_once(
    silence: SilentServer, call: Callable[[HttpBackend, Cancellation], object]
) -> None:
    backend = signed_in()
    backend._web.base = silence.url

    assert seconds_to_stop(silence, lambda cancel: call(backend, cancel)) < AT_ONCE


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_nothing_is_asked_once_the_person_stopped(
    call: Callable[[HttpBackend, Cancellation], object],
) -> None:
    switch = StopSwitch()
    backend = signed_in()
    with scripted_server() as server:
        backend._web.base = server.url
        switch.turn()

        with pytest.raises(Cancelled):
            call(backend, switch)

        assert server.asked == []


def test_a_stop_leaves_the_session_as_it_was(silence: SilentServer) -> None:
    backend = signed_in()
    backend._web.base = silence.url
    seconds_to_stop(silence, backend.renew_access)

    with scripted_server() as server:
        server.answer = Answer(200, {})
        backend._web.base = server.url
        backend.record(DEVICE, "Kitchen", StopSwitch())

        assert server.asked[0].headers["authorization"] == "Bearer session-token-1"


def test_a_backend_that_only_trickles_has_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte starts the time-out of a read anew, so the call has a limit of its own."""
    monkeypatch.setattr(backend_module, "CONNECT_TIMEOUT", 0.1)
    monkeypatch.setattr(backend_module, "ANSWER_TIMEOUT", 0.3)
    ended = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not ended.wait(0.05):
            connection.sendall(b"z")

    with raw_server(trickle) as server:
        try:
            with pytest.raises(BackendUnreachable):
                HttpBackend(server.url).reach(StopSwitch())
        finally:
            ended.set()
