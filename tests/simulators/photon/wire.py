"""A plain TCP client for the tests, with a limit on every wait."""

from __future__ import annotations

import socket

TIMEOUT = 5.0


def connect(address: str) -> socket.socket:
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)), timeout=TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def receive(connection: socket.socket, *, most: int | None = None) -> bytes:
    """Read to the end of the stream, or until `most` bytes are there."""
    received = b""
    while most is None or len(received) < most:
        data = connection.recv(65536)
        if not data:
            break
        received += data
    return received


def ask(address: str, request: bytes) -> bytes:
    """Send a request and read all that comes until the device closes."""
    with connect(address) as connection:
        connection.sendall(request)
        return receive(connection)


def refuses(address: str) -> bool:
    try:
        connect(address).close()
    except ConnectionRefusedError:
        return True
    return False


def is_silent(connection: socket.socket, seconds: float = 0.1) -> bool:
    """Whether neither a byte nor the end of the stream comes for a while."""
    connection.settimeout(seconds)
    try:
        connection.recv(1)
    except TimeoutError:
        return True
    return False
