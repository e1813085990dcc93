"""The two ways to wrap a command and to unwrap its answer: raw TCP and HTTP. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from setup_wizard.domain.errors import DeviceGarbled, DeviceVanished
from setup_wizard.softap.address import Address
from setup_wizard.softap.codec import Command, is_whole

_OK = 200
_TOO_MANY_STREAMS = 503
_NO_HTTP = 0  # stands for the status of what is not HTTP
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class Framing(Protocol):
    """One way to talk to a device."""

    def request(self, command: Command, body: bytes) -> bytes:
        """The bytes to send, in one write."""

    def is_complete(self, command: Command, data: bytes, *, ended: bool) -> bool:
        """Whether nothing more is needed of an answer. Never raises."""

    def body(self, command: Command, data: bytes) -> bytes:
        """The JSON of a complete answer; empty when the device could not parse the request."""


class TcpFraming:
    """`NAME\\nLENGTH\\n\\nBODY`; the answer is two line feeds and JSON."""

    def request(self, command: Command, body: bytes) -> bytes:
        return b"%s\n%d\n\n%s" % (command.encode(), len(body), body)

    def is_complete(self, command: Command, data: bytes, *, ended: bool) -> bool:
        """Some firmware leaves its first connection open, so the JSON decides, not the end."""
        text = data.strip()
        if not text:
            return ended and data == b"\n\n"
        if not text.startswith(b"{"):
            return True  # not a device, and no further byte makes it one
        return is_whole(command, text) or (ended and text.endswith(b"]}"))

    def body(self, command: Command, data: bytes) -> bytes:
        text = data.strip()
        if text and not text.startswith(b"{"):
            raise DeviceGarbled(command=command)
        return text


@dataclass(frozen=True)
class HttpFraming:
    """HTTP/1.1 as narrow as the device takes it."""

    address: Address

    def request(self, command: Command, body: bytes) -> bytes:
        """Header names and values are spelt as the device compares them, case and space included.

        Any other content type than these two of its list is answered 404. Only this exact
        `Connection: close` makes the device close.
        """
        host, port = self.address
        lines = [
            f"{'POST' if body else 'GET'} /{command} HTTP/1.1",
            f"Host: {host}:{port}",
            "Connection: close",
        ]
        if body:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def is_complete(self, command: Command, data: bytes, *, ended: bool) -> bool:
        answer = _read_http(data)
        if answer is None:
            return False
        if answer.status != _OK or is_whole(command, answer.body):
            return True
        return ended if answer.until_end else answer.is_whole

    def body(self, command: Command, data: bytes) -> bytes:
        answer = _read_http(data)
        if answer is None:
            raise DeviceVanished(command=command)
        if answer.status == _TOO_MANY_STREAMS:
            raise DeviceVanished(command=command)
        if answer.status != _OK:
            raise DeviceGarbled(command=command)
        return answer.body.strip()


@dataclass(frozen=True)
class _HttpAnswer:
    """What has arrived of an answer so far."""

    status: int
    body: bytes = b""
    is_whole: bool = False
    until_end: bool = False
    """Only the end of the stream tells where the body ends."""


def _read_http(data: bytes) -> _HttpAnswer | None:
    """None as long as the head is open."""
    if not data.startswith(b"HTTP/1."[: len(data)]):
        return _HttpAnswer(_NO_HTTP)
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        return None
    status_line, *lines = head.split(b"\r\n")
    status = _STATUS_LINE.fullmatch(status_line)
    if status is None:
        return _HttpAnswer(_NO_HTTP)
    headers = {}
    for line in lines:
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip().lower()
    return _read_http_body(int(status[1]), headers, rest)


def _read_http_body(status: int, headers: dict[bytes, bytes], rest: bytes) -> _HttpAnswer:
    if headers.get(b"transfer-encoding") == b"chunked":
        return _read_chunks(status, rest)
    length = headers.get(b"content-length")
    if length is None:
        return _HttpAnswer(status, rest, until_end=True)
    if not re.fullmatch(rb"\d{1,8}", length):
        return _HttpAnswer(_NO_HTTP)
    return _HttpAnswer(status, rest[: int(length)], is_whole=len(rest) >= int(length))


def _read_chunks(status: int, rest: bytes) -> _HttpAnswer:
    """The device sends one chunk for each of its writes: a public key is a chunk per digit."""
    body = bytearray()
    position = 0
    while (end := rest.find(b"\r\n", position)) >= 0:
        size = _CHUNK_SIZE.match(rest, position, end)
        if size is None:
            return _HttpAnswer(_NO_HTTP)
        length = int(size[0], 16)
        if length == 0:
            return _HttpAnswer(status, bytes(body), is_whole=True)
        body += rest[end + 2 : end + 2 + length]
        position = end + 2 + length + 2
    return _HttpAnswer(status, bytes(body))
