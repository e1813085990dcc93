"""One connection for one command: the only file of this package with sockets."""

from __future__ import annotations

import errno
import selectors
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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


@contextmanager
def dial(
    address: Address,
    *,
    command: str,
    connect_timeout: float,
    cancel: Cancellation,
    bind: tuple[SocketOption, ...] = (),
) -> Iterator[Connection]:
    """A connection that is closed on every way out. The device speaks IPv4 only."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as device,
        selectors.DefaultSelector() as selector,
    ):
        connection = Connection(device, selector, command, cancel)
        connection.connect(address, deadline=cancel.now() + connect_timeout, bind=bind)
        yield connection


@dataclass(frozen=True)
class Connection:
    """A socket that never blocks longer than a slice."""

    device: socket.socket
    selector: selectors.BaseSelector
    command: str
    cancel: Cancellation

    def connect(self, address: Address, *, deadline: float, bind: tuple[SocketOption, ...]) -> None:
        self.cancel.check()
        try:
            self.device.setblocking(False)
            for level, name, value in bind:
                self.device.setsockopt(level, name, value)
            failure = self.device.connect_ex(address)
            if failure not in _UNDER_WAY:
                raise OSError(failure, "connect")
            self.selector.register(self.device, selectors.EVENT_WRITE)
            self._wait(selectors.EVENT_WRITE, deadline)
            failure = self.device.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failure:
                raise OSError(failure, "connect")
        except OSError as error:
            raise self._named(error) from error

    def send(self, payload: bytes, *, deadline: float) -> None:
        """One write; more only if the system takes less, which a request of ours never sees."""
        while payload:
            self._wait(selectors.EVENT_WRITE, deadline)
            try:
                sent = self.device.send(payload)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._named(error) from error
            payload = payload[sent:]

    def receive(self, is_complete: IsComplete, *, deadline: float) -> bytes:
        """The bytes up to the point where they are an answer; what follows is left unread."""
        data = b""
        while True:
            self._wait(selectors.EVENT_READ, deadline)
            try:
                piece = self.device.recv(_RECEIVE_SIZE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._named(error) from error
            data += piece
            if is_complete(data, not piece):
                return data
            if not piece:
                raise DeviceVanished(command=self.command)
            if len(data) > LARGEST_ANSWER:
                raise DeviceGarbled(command=self.command)

    def _wait(self, event: int, deadline: float) -> None:
        """Until the socket is ready, in slices: person, clock, socket."""
        self.selector.modify(self.device, event)
        while True:
            self.cancel.check()
            remaining = deadline - self.cancel.now()
            if remaining <= 0:
                raise DeviceSilent(command=self.command)
            if self.selector.select(min(_SLICE, remaining)):
                return

    def _named(self, error: OSError) -> DeviceError:
        if isinstance(error, TimeoutError):
            return DeviceSilent(command=self.command)
        return DeviceVanished(command=self.command)
