"""The device's HTTP: packets in, requests and answers out, with its few and odd rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from setup_wizard.simulators.photon.device import COMMANDS

_SEGMENT = 1460
"""A head has to come in one TCP segment."""
_REQUEST_LINE = re.compile(rb"(?:GET|POST|PUT) (.*?) HTTP/1\.1", re.DOTALL)
_LENGTH = b"Content-Length: "
_TYPE = b"Content-Type: "
_LENGTH_MODULUS = 2**16  # lengths are 16 bits wide and wrap

# Types that the server knows and that are not the type of the pages. An unknown one is welcome.
_WRONG_TYPES = (
    b"application/x-tlv8",
    b"application/x-apple-binary-plist",
    b"application/x-ns-proxy-autoconfig",
    b"application/javascript",
    b"application/json",
    b"application/hap+json",
    b"application/pairing+tlv8",
    b"application/hap+verify",
    b"text/html",
    b"text/plain",
    b"text/event-stream",
    b"text/css",
    b"image/png",
    b"image/gif",
    b"image/microsoft",
    b"image/svg+xml",
)

_NO_CACHE = (
    b"Cache-Control: no-store, no-cache, must-revalidate, post-check=0, pre-check=0\r\n"
    b"Pragma: no-cache\r\n"
    b"Connection: Keep-Alive\r\n"
)
_CHUNKED = b"Access-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\n"

TO_INDEX = b"HTTP/1.1 301\r\nLocation: /index\r\nContent-Length: 0\r\n\r\n"
WRONG_TYPE = (
    b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"
    + _NO_CACHE
    + b"Content-Length: 0\r\n\r\n"
)
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Command:
    """A request for one of the device's commands."""

    name: str
    body: bytes | None


@dataclass
class _Pending:
    path: str
    missing: int
    body: bytearray = field(default_factory=bytearray)


@dataclass
class HttpReader:
    """One connection; each packet yields a command, ready-made bytes, or nothing."""

    closes: bool = False
    """The client has asked, in these very words, to close after the answer."""
    _pending: _Pending | None = None

    @property
    def is_done(self) -> bool:
        """Whether the connection is to be closed now."""
        return self.closes and self._pending is None

    def packet(self, data: bytes) -> Command | bytes | None:
        self.closes = self.closes or b"Connection: close" in data
        if self._pending is None:
            return self._first(data)
        return self._more(self._pending, data)

    def _first(self, data: bytes) -> Command | bytes | None:
        head, end, body = data.partition(b"\r\n\r\n")
        line = _REQUEST_LINE.match(data)
        if not end or len(head) + len(end) > _SEGMENT or line is None:
            return None
        path = _unescape(line[1]).partition(b"?")[0].decode("latin-1")
        if _value(head, _TYPE).startswith(_WRONG_TYPES):
            return WRONG_TYPE
        if path == "/":
            return TO_INDEX
        length = re.match(rb"\s*\d*", _value(head, _LENGTH))
        if _LENGTH not in head or length is None:
            return _page(path, b"")  # without a length whatever follows is not read
        pending = _Pending(path, int(length[0].strip() or b"0") % _LENGTH_MODULUS)
        return self._more(pending, body)

    def _more(self, pending: _Pending, data: bytes) -> Command | bytes | None:
        pending.missing = (pending.missing - len(data)) % _LENGTH_MODULUS
        pending.body += data
        self._pending = pending if pending.missing else None
        return None if pending.missing else _page(pending.path, bytes(pending.body))


def answer(pieces: Iterable[bytes]) -> bytes:
    """Frame the answer of a command: each piece is a chunk."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + _NO_CACHE + _CHUNKED
    return head + _chunks(pieces)


def _page(path: str, body: bytes) -> Command | bytes:
    name = path.removeprefix("/")
    if path.startswith("/") and name in COMMANDS:
        return Command(name, body or None)
    if path == "/index":
        head = b"HTTP/1.1 301\r\nContent-Type: text/plain\r\n" + _NO_CACHE + b"Location: /hello\r\n"
    else:
        head = b"HTTP/1.1 404 Not Found\r\nContent-Type: */*\r\n" + _NO_CACHE
    return head + _CHUNKED + _chunks(())


def _chunks(pieces: Iterable[bytes]) -> bytes:
    chunks = (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
    return b"".join(chunks) + b"0\r\n\r\n"


def _value(head: bytes, name: bytes) -> bytes:
    return head.partition(name)[2]


def _unescape(url: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), url)
