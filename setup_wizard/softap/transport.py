"""One connection for one command: the only file of this package with sockets."""

from __future__ import annotations

import errno
import logging
import select
import socket
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

from setup_wizard.domain.errors import DeviceError, DeviceGarbled, DeviceSilent, DeviceVanished
from setup_wizard.ports import Cancellation
from setup_wizard.softap.address import Address

SocketOption = tuple[int, int, int | bytes]
"""Level, name and value, as `setsockopt` takes them."""

IsComplete = Callable[[bytes, bool], bool]
"""Of the bytes so far, and of whether the stream has ended: whether they are an answer."""

LARGEST_ANSWER = 256 * 1024  # bytes; a scan of a crowded house has some ten thousand
_SLICE = 0.05  # seconds; a wish to stop is heard within twice of that
_RECEIVE_SIZE = 65536
_counts = logging.getLogger(f"{__name__}.counts")  # facts only; the journal listens to it
_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN)


def exchange(
    address: Address,
    payload: bytes,
    is_complete: IsComplete,
    *,
    command: str,
    connect_timeout: float,
    answer_budget: float,
    cancel: Cancellation,
    bind: tuple[SocketOption, ...] = (),
) -> bytes:
    """Connect, send, read until the answer is complete, close. The command names the errors."""
    with dial(
        address, command=command, connect_timeout=connect_timeout, cancel=cancel, bind=bind
    ) as connection:
        deadline = cancel.now() + answer_budget
        connection.send(payload, deadline=deadline)
        return connection.receive(is_complete, deadline=deadline)


def dial(
    address: Address,
    *,
    command: str,
    connect_timeout: float,
    cancel: Cancellation,
    bind: tuple[SocketOption, ...] = (),
) -> Connection:
    """A connection, to be used with `with`. The device speaks IPv4 only."""
    connection = Connection(address, command, cancel)
    try:
        connection.connect(deadline=cancel.now() + connect_timeout, bind=bind)
    except BaseException as error:
        connection.close(error)
        raise
    return connection


class Connection:
    """A socket that never blocks longer than a slice."""

    __slots__ = ("_address", "_cancel", "_command", "_device", "_received", "_sent", "_started")

    def __init__(self, address: Address, command: str, cancel: Cancellation) -> None:
        self._address, self._command, self._cancel = address, command, cancel
        self._sent = self._received = 0  # bytes
        self._started = cancel.now()
        self._device = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(error)

    def close(self, error: BaseException | None = None) -> None:
        self._device.close()
        if not _counts.isEnabledFor(logging.DEBUG):
            return
        _counts.debug(
            "command=%(command)s port=%(port)d sent=%(sent)d received=%(received)d "
            "seconds=%(seconds).3f error=%(error)s",
            {
                "command": self._command,
                "port": self._address[1],
                "sent": self._sent,
                "received": self._received,
                "seconds": round(self._cancel.now() - self._started, 3),
                "error": error.code if isinstance(error, DeviceError) else None,
            },
        )

    def connect(self, *, deadline: float, bind: tuple[SocketOption, ...]) -> None:
        self._cancel.check()
        try:
            self._device.setblocking(False)
            for level, name, value in bind:
                self._device.setsockopt(level, name, value)
            failure = self._device.connect_ex(self._address)
            if failure not in _UNDER_WAY:
                raise OSError(failure, "connect")
            if not _is_connected(self._device):
                self._wait(deadline, writing=True)
                failure = self._device.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if failure:
                    raise OSError(failure, "connect")
        except OSError as error:
            raise self._named(error) from error

    def send(self, payload: bytes, *, deadline: float) -> None:
        """One write; more only if the system takes less, which a request of ours never sees."""
        while payload:
            try:
                sent = self._device.send(payload)
            except BlockingIOError:
                self._wait(deadline, writing=True)
                continue
            except OSError as error:
                raise self._named(error) from error
            self._sent += sent
            payload = payload[sent:]

    def receive(self, is_complete: IsComplete, *, deadline: float) -> bytes:
        """The bytes up to the point where they are an answer; what follows is left unread."""
        data = b""
        while True:
            self._wait(deadline)
            try:
                piece = self._device.recv(_RECEIVE_SIZE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._named(error) from error
            data += piece
            self._received += len(piece)
            if is_complete(data, not piece):
                return data
            if not piece:
                raise DeviceVanished(command=self._command)
            if len(data) > LARGEST_ANSWER:
                raise DeviceGarbled(command=self._command)

    def _wait(self, deadline: float, *, writing: bool = False) -> None:
        """Until the socket is ready, in slices: person, clock, socket."""
        while True:
            self._cancel.check()
            remaining = deadline - self._cancel.now()
            if remaining <= 0:
                raise DeviceSilent(command=self._command)
            if _is_ready(self._device, min(_SLICE, remaining), writing=writing):
                return

    def _named(self, error: OSError) -> DeviceError:
        if isinstance(error, TimeoutError):
            return DeviceSilent(command=self._command)
        return DeviceVanished(command=self._command)


def _is_connected(device: socket.socket) -> bool:
    """Whether the peer has answered already: then the request goes out with nothing between."""
    try:
        device.getpeername()
    except OSError:
        return False
    return True


def _is_ready(device: socket.socket, seconds: float, *, writing: bool) -> bool:
    """Whether it can be written to or read from, or has failed, within these seconds.

    The bare calls: a selector for each command costs as much time as its connection.
    """
    if sys.platform == "win32":  # no poll; a connect that fails is told as an exception
        reading, sending = ([], [device]) if writing else ([device], [])
        ready = any(select.select(reading, sending, sending, seconds))
    else:
        poller = select.poll()
        poller.register(device, select.POLLOUT if writing else select.POLLIN)
        ready = bool(poller.poll(seconds * 1000))
    return ready
