"""A server on loopback that takes every connection and says nothing, and a person who stops."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Cancelled

BOUND = 10.0  # seconds that a test waits for what should happen at once
AT_ONCE = 1.0  # seconds; the promise is 0.2, the rest is for a busy computer


class SilentServer:
    """The system completes each connection; nobody here ever reads or writes."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.address: tuple[str, int] = listener.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"
        self._taken: list[socket.socket] = []

    def take(self) -> None:
        """Wait until somebody has connected."""
        connection, _ = self._listener.accept()
        self._taken.append(connection)

    def close(self) -> None:
        for connection in self._taken:
            connection.close()
        self._listener.close()


@contextmanager
def silent_server() -> Iterator[SilentServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(BOUND)
    server = SilentServer(listener)
    try:
        yield server
    finally:
        server.close()
        for thread in threading.enumerate():
            if thread.name == "call":  # left behind; the server's end is its end too
                thread.join(BOUND)


def seconds_to_stop(server: SilentServer, act: Callable[[StopSwitch], object]) -> float:
    """How long `act` goes on after the person stopped it in the middle of its silence."""
    switch = StopSwitch()
    stopped_at: list[float] = []

    def stop() -> None:
        server.take()
        stopped_at.append(time.monotonic())
        switch.turn()

    person = threading.Thread(target=stop)
    person.start()
    try:
        with pytest.raises(Cancelled):
            act(switch)
        return time.monotonic() - stopped_at[0]
    finally:
        person.join(BOUND)
