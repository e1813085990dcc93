"""A scripted device on loopback, and a person's clock that tests can turn."""

from __future__ import annotations

import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

import pytest

from setup_wizard.domain.errors import Cancelled
from setup_wizard.ports import Cancellation
from setup_wizard.softap.address import Address

LONGEST_TEST = 20.0  # seconds; a guard only, nothing waits for it when all is well


class Person(Cancellation):
    """Waits in no time, and moves the clock on when a script says so."""

    def __init__(self, *, hurry: float = 0.0) -> None:
        self.waits: list[float] = []
        self.cancelled_at: float | None = None
        self._ahead = 0.0
        self._hurry = hurry
        """Seconds by which each look at the clock moves it on."""

    def cancel(self) -> None:
        self.cancelled_at = time.monotonic()

    def jump(self, seconds: float) -> None:
        self._ahead += seconds

    def check(self) -> None:
        if self.cancelled_at is not None:
            raise Cancelled

    def wait(self, seconds: float) -> None:
        self.check()
        self.waits.append(seconds)
        self.jump(seconds)

    def now(self) -> float:
        self._ahead += self._hurry
        return time.monotonic() + self._ahead


class Visit:
    """One connection to a door, with the request that came by it."""

    def __init__(self, connection: socket.socket, request: bytes) -> None:
        self.connection = connection
        self.request = request
        self.stays_open = False

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


Act = Callable[[Visit], None]


class Door:
    """Plays one act per connection, the last one for ever."""

    def __init__(self, *acts: Act) -> None:
        self.requests: list[bytes] = []
        self._acts = list(acts)
        self._open: list[socket.socket] = []
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.02)
        self.address: Address = self._listener.getsockname()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(LONGEST_TEST)
        self._listener.close()
        for connection in self._open:
            connection.close()

    @property
    def commands(self) -> list[str]:
        return [command_of(request) for request in self.requests]

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(LONGEST_TEST)
            self._open.append(connection)
            visit = Visit(connection, _read_request(connection))
            self.requests.append(visit.request)
            act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
            act(visit)
            if not visit.stays_open:
                connection.close()


def command_of(request: bytes) -> str:
    found = re.match(rb"(?:(?:GET|POST) /)?([a-z-]+)", request)
    return found[1].decode() if found else ""


def _read_request(connection: socket.socket) -> bytes:
    """Read exactly as much as the request announces, with nothing of the client's own code."""
    data = b""
    while True:
        tcp = re.match(rb"[a-z-]+\n(\d+)\n\n", data)
        http = re.match(rb"(?:GET|POST) .*?\r\n\r\n", data, re.DOTALL)
        if tcp and len(data) >= tcp.end() + int(tcp[1]):
            return data
        if http:
            length = re.search(rb"\r\nContent-Length: (\d+)\r\n", http[0])
            if len(data) >= http.end() + (int(length[1]) if length else 0):
                return data
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece


def says(data: bytes, *, stays_open: bool = False) -> Act:
    """Answer, then close or not."""

    def act(visit: Visit) -> None:
        visit.stays_open = stays_open
        visit.say(data)

    return act


def resets(data: bytes = b"") -> Act:
    def act(visit: Visit) -> None:
        visit.say(data)
        visit.reset()

    return act


def stays_silent(person: Person, data: bytes = b"", *, for_seconds: float = 120.0) -> Act:
    """Never finish the answer; the person's clock moves on by that long."""

    def act(visit: Visit) -> None:
        visit.stays_open = True
        visit.say(data)
        person.jump(for_seconds)

    return act


def cancels(person: Person) -> Act:
    """Never answer; the person gives up meanwhile."""

    def act(visit: Visit) -> None:
        visit.stays_open = True
        person.cancel()

    return act


@contextmanager
def refusing() -> Iterator[Address]:
    """An address where nobody listens, kept so that nobody else gets it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()


@contextmanager
def black_hole() -> Iterator[Address]:
    """An address that drops what comes: a listener with a full queue."""
    if sys.platform != "linux":
        pytest.skip("other systems refuse where Linux drops")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address: Address = listener.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(address)
            yield address
        finally:
            for filler in fillers:
                filler.close()


class ScriptedDevice:
    """A device that answers every command by both ways. As an act: `Door(device.answers)`."""

    def __init__(self, replies: Mapping[str, bytes]) -> None:
        self.replies = dict(replies)
        self.bodies: list[tuple[str, bytes]] = []

    def answers(self, visit: Visit) -> None:
        command = command_of(visit.request)
        over_http = b" HTTP/1.1\r\n" in visit.request
        body = visit.request.partition(b"\r\n\r\n" if over_http else b"\n\n")[2]
        self.bodies.append((command, body))
        reply = self.replies[command]
        if over_http:
            visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(reply) + reply)
        else:
            visit.say(b"\n\n" + reply)

    def body_of(self, command: str) -> bytes:
        return dict(self.bodies)[command]
