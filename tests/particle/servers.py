"""Real peers on loopback that answer by a script."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOUND = 10.0  # seconds that a test waits for what should happen at once


@dataclass(frozen=True)
class Answer:
    """One scripted answer; a text body goes out as it is, everything else as JSON."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(frozen=True)
class Asked:
    """One request as the peer saw it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ScriptedServer:
    """Gives the same answer to everything until it is told another."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer = Answer()
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []

    def respond(self, request: Asked) -> Answer:
        self.asked.append(request)
        return self.answers.get(f"{request.method} {request.path}", self.answer)


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = script.respond(
                Asked(self.command, self.path, headers, self.rfile.read(length))
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.content)
            self.close_connection = True

        def log_message(self, *arguments: object) -> None:
            """Tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    script = ScriptedServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join(BOUND)
        server.server_close()


Visit = Callable[[socket.socket], None]


class RawServer:
    """Each connection gets the next visit of the script; the last one repeats."""

    def __init__(self, listener: socket.socket, visits: tuple[Visit, ...], scheme: str) -> None:
        self.url = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        self.requests: list[str] = []
        self.arrived = threading.Semaphore(0)
        self._visits = visits

    def welcome(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(4096)
            if not received:
                return
            head += received
        self.requests.append(head.decode())
        self.arrived.release()
        self._visits[min(len(self.requests), len(self._visits)) - 1](connection)


@contextmanager
def raw_server(*visits: Visit, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(listener, visits, "http" if tls is None else "https")
    visitors: list[threading.Thread] = []
    connections: list[socket.socket] = []

    def visit(connection: socket.socket) -> None:
        connection.settimeout(BOUND)
        connections.append(connection)
        try:
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
                connections.append(connection)
            server.welcome(connection)
        except OSError:
            pass  # the client hung up, as it should at the end of a test
        finally:
            connection.close()

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if stopping.is_set():
                connection.close()
                return
            visitors.append(threading.Thread(target=visit, args=(connection,)))
            visitors[-1].start()

    stopping = threading.Event()
    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        stopping.set()
        with closing(socket.create_connection(listener.getsockname())):
            acceptor.join(BOUND)
        for connection in connections:
            with suppress(OSError):  # over already
                connection.shutdown(socket.SHUT_RDWR)
        for visitor in visitors:
            visitor.join(BOUND)
        listener.close()


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def as_chunk(block: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(block), block)


def chunked(*blocks: bytes, then: Visit | None = None) -> Visit:
    """A stream with one HTTP chunk for each block, as the cloud frames it."""

    def visit(connection: socket.socket) -> None:
        connection.sendall(STREAM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"".join(as_chunk(block) for block in blocks))
        (then or until_hung_up)(connection)

    return visit


def unchunked(*blocks: bytes, then: Visit | None = None) -> Visit:
    """A stream that ends with its connection, as some proxies frame it."""

    def visit(connection: socket.socket) -> None:
        connection.sendall(STREAM_HEAD + b"Connection: close\r\n\r\n")
        for block in blocks:
            connection.sendall(block)
        (then or until_hung_up)(connection)

    return visit


def plain(answer: Answer) -> Visit:
    """An ordinary answer."""

    def visit(connection: socket.socket) -> None:
        lines = [f"HTTP/1.1 {answer.status} Scripted", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines += [f"Content-Length: {len(answer.content)}", "", ""]
        connection.sendall("\r\n".join(lines).encode() + answer.content)

    return visit


def until_hung_up(connection: socket.socket) -> None:
    """Silence, until the client goes."""
    while connection.recv(4096):
        pass


def end(connection: socket.socket) -> None:
    """Close in good order."""


def end_of_chunks(connection: socket.socket) -> None:
    connection.sendall(b"0\r\n\r\n")


def reset(connection: socket.socket) -> None:
    """Close so that the client sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def refused_url() -> str:
    """An address where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
