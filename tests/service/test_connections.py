"""Who connects and says nothing, or never comes to an end, is let go; the others are served."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from setup_wizard.service import connections
from setup_wizard.service.connections import most_connections
from setup_wizard.service.loops import ServiceLoop
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.fake_cloud import WAIT
from tests.service.running import LONG
from tests.service.test_tls import make_pair

ROOM = 4
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", ROOM)
    monkeypatch.setattr(connections, "HEAD_TIMEOUT", 0.3)
    monkeypatch.setattr(connections, "READING_TIMEOUT", 0.3)


@pytest.fixture
def service(settings: ServiceSettings) -> Iterator[RunningService]:
    with RunningService(settings) as running:
        yield running


@contextmanager
def _connected(service: RunningService) -> Iterator[socket.socket]:
    with socket.create_connection(_address(service.url), timeout=WAIT) as connection:
        yield connection


def _address(url: str) -> tuple[str, int]:
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    return address.hostname, address.port


def _answer(connection: socket.socket) -> bytes:
    """One whole answer of those that have a body and say how long it is."""
    received = b""
    while not received.endswith(b"}"):
        block = connection.recv(4096)
        assert block, received
        received += block
    return received


def _ends(connection: socket.socket) -> bool:
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True


def test_silent_connections_are_let_go_and_a_request_is_answered(
    service: RunningService, caplog: pytest.LogCaptureFixture
):
    with ExitStack() as stack:
        silent = [stack.enter_context(_connected(service)) for _ in range(ROOM * 3)]

        answer = requests.get(f"{service.url}/healthz", timeout=WAIT)

        assert answer.ok
        assert all(_ends(connection) for connection in silent)
    assert caplog.text.count(f"connections=full most={ROOM}") == 1


@pytest.mark.parametrize("part", [b"G", REQUEST[:-2]])
def test_half_a_head_is_not_waited_for(service: RunningService, part: bytes):
    with _connected(service) as connection:
        connection.sendall(part)

        assert _ends(connection)


def test_half_a_head_after_an_answer_is_not_waited_for_either(service: RunningService):
    with _connected(service) as connection:
        connection.sendall(REQUEST)
        answer = _answer(connection)
        connection.sendall(REQUEST[:-2])

        assert answer.startswith(b"HTTP/1.1 200 ")
        assert _ends(connection)


def test_connections_leave_files_for_everything_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)

    assert ROOM < most_connections() < files


def test_requests_that_come_at_once_are_all_answered(service: RunningService):
    with _connected(service) as connection:
        connection.sendall(REQUEST * 20)
        received = b""
        while block := connection.recv(65536):
            received += block

    assert received.count(b"HTTP/1.1 200 ") == 20


def test_a_handshake_that_does_not_go_on_is_let_go(settings: ServiceSettings, tmp_path: Path):
    files = make_pair(tmp_path, "first")
    encrypted = replace(settings, tls_certificate=files.certificate, tls_key=files.key)

    with RunningService(encrypted) as service, ExitStack() as stack:
        silent = [stack.enter_context(_connected(service)) for _ in range(ROOM * 2)]
        answer = requests.get(f"{service.url}/healthz", verify=str(files.certificate), timeout=WAIT)

        assert answer.ok
        assert all(_ends(connection) for connection in silent)


class _Starved(socket.socket):
    """A listener at a system that has no file for a connection at first."""

    refusals = 3

    def accept(self) -> tuple[socket.socket, object]:
        if self.refusals:
            self.refusals -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


def test_without_a_free_file_it_waits_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(connections, "PAUSE", 0.01)
    free = socket.create_server(("127.0.0.1", 0))

    async def listen(listener: socket.socket) -> None:
        arrived = asyncio.Event()

        class Taker(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                transport.close()
                arrived.set()

        loop = asyncio.get_running_loop()
        door = await loop.create_server(Taker, sock=listener, backlog=5)
        await asyncio.wait_for(arrived.wait(), WAIT)
        door.close()

    with (
        _Starved(free.family, free.type, free.proto, fileno=free.detach()) as listener,
        socket.create_connection(listener.getsockname()),
        asyncio.Runner(loop_factory=ServiceLoop) as runner,
    ):
        runner.run(listen(listener))

    assert listener.refusals == 0
    assert caplog.text.count("connections=paused reason=Too many open files") == 1


def test_clients_that_ask_and_never_read_are_let_go(service: RunningService):
    """Each asks for far more than the system keeps for them."""
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 400
    with ExitStack() as stack:
        for _ in range(ROOM):
            stack.enter_context(_connected(service)).sendall(asked)

        answer = requests.get(f"{service.url}/healthz", timeout=LONG)

    assert answer.ok
