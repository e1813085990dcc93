"""One client's connection, and the count of what goes over all of them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from dataclasses import dataclass

_READ_SIZE = 65536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Traffic:
    """What went over both ports since the start."""

    connections: int = 0
    received: int = 0
    """Bytes."""
    sent: int = 0
    """Bytes."""
    busy: float = 0.0
    """Seconds that the device itself took from a whole request to its answer."""


class Line:
    """A connected socket in the event loop's hands.

    Not asyncio's streams: they take several turns of the loop before the first byte is read, more
    time than the device needs for its answer.
    """

    def __init__(self, connection: socket.socket, traffic: Traffic) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._traffic = traffic
        traffic.connections += 1
        self.heard_at = time.perf_counter()
        """When the client last said something."""

    @property
    def is_closed(self) -> bool:
        return self._connection.fileno() < 0

    async def read(self) -> bytes:
        """What is there; empty when the client has ended."""
        data = await asyncio.get_running_loop().sock_recv(self._connection, _READ_SIZE)
        self.heard_at = time.perf_counter()
        self._traffic.received += len(data)
        return data

    async def write(self, data: bytes) -> None:
        self._traffic.sent += len(data)
        await asyncio.get_running_loop().sock_sendall(self._connection, data)

    async def hold(self) -> None:
        """Stay connected and deaf until the client goes."""
        while await self.read():
            pass

    def close(self) -> None:
        """Say that nothing more comes; what the client has sent meanwhile is lost."""
        # Bytes that were never read would turn the end into a reset.
        with contextlib.suppress(OSError):
            while self._connection.recv(_READ_SIZE):
                pass
        self._connection.close()

    def reset(self) -> None:
        """Break off, so that the client is told of an error."""
        with contextlib.suppress(OSError):  # the client was quicker
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._connection.close()
