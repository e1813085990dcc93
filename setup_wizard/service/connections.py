"""Who may be connected: no more than there are files for, and nobody who does not say why.

uvicorn bounds neither: its `limit_concurrency` refuses requests, not connections, and the only time
that it takes is that between two requests, up to the first byte of the second.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_TIMEOUT = 10.0  # seconds; a head is one packet, and lost ones are sent again within a few
READING_TIMEOUT = 10.0  # seconds to take some of an answer; the largest is some 32 KiB
GOODBYE_TIMEOUT = 2.0  # seconds; an answer that was sent needs less, and a goodbye is a courtesy
MOST_CONNECTIONS = 4096  # of each process; where files are many, memory is the limit
PAUSE = 1.0  # seconds, until files that others hold may be free again
REMINDER = 60.0  # seconds between two lines of the log that say the same

_log = logging.getLogger(__name__)


def most_connections() -> int:
    """Two thirds of the files that may be open.

    The others are for calls, of which there may be 100 each to the cloud and to the accounts, for
    mails, the database and the log.
    """
    if sys.platform == "win32":
        return 256  # of the 512 that its `select` can wait for
    import resource  # Windows has none

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(files * 2 // 3, MOST_CONNECTIONS)


class Conversation(HttpToolsProtocol):
    """One connection, which is ended when the client keeps it waiting.

    For the head of the next request: the time runs from the beginning, and from the end of each
    answer. Of a body the application knows how long it may take. And for room to send an answer,
    which there is not while the client does not read.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin_waiting(HEAD_TIMEOUT)

    def on_headers_complete(self) -> None:
        if not self.flow.write_paused:  # otherwise it goes on: to ask more is not to read
            self._stop_waiting()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:  # otherwise the next request came before this answer
            self._begin_waiting(HEAD_TIMEOUT)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._begin_waiting(READING_TIMEOUT)

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.cycle.response_complete:  # otherwise it is the next head that is awaited
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _begin_waiting(self, seconds: float) -> None:
        self._stop_waiting()
        # Not `close`, which waits for a client to read what was sent to it.
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class Door:
    """Takes connections, one in each turn of the loop, for as long as there is room.

    Those that come then wait in the system's queue, where another worker may take them. asyncio's
    own server takes all that come, until there is no file for one more: then each that waits is a
    traceback in the log, again and again. And it takes all of a burst at once: of fifty clients one
    of two workers was seen to take forty-four, and connections last.
    """

    def __init__(
        self,
        loop: asyncio.SelectorEventLoop,
        listener: socket.socket,
        converse: Callable[[], asyncio.BaseProtocol],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._converse = converse
        self._tls = tls
        self._connected = 0
        self._most = most_connections()
        self._greeted: set[asyncio.Task[None]] = set()
        self._is_open = False
        self._reminded = -REMINDER

    def open(self) -> None:
        self._is_open = True
        self._loop.add_reader(self._listener, self._take)

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._listener)
            self._loop.call_soon(self._dismiss)  # who came in this turn is greeted before that

    async def wait_closed(self) -> None:
        """uvicorn waits for the conversations itself; in handshakes there are none."""

    def _dismiss(self) -> None:
        for each in self._greeted:
            each.cancel()

    def _take(self) -> None:
        try:
            accepted, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # it has gone, or another worker took it
        except OSError as error:  # others, in this process or not, hold all files
            self._remind("connections=paused reason=%s", error.strerror)
            self._loop.remove_reader(self._listener)
            self._loop.call_later(PAUSE, self._go_on)
            return
        self._connected += 1
        if self._connected >= self._most:
            self._remind("connections=full most=%s", self._most)
            self._loop.remove_reader(self._listener)
        task = self._loop.create_task(self._greet(_Connection(accepted, self._left)))
        self._greeted.add(task)
        task.add_done_callback(self._greeted.discard)

    async def _greet(self, connection: _Connection) -> None:
        # A handshake that fails is no fact about us; whoever it was is not connected any more.
        with suppress(OSError):
            await self._loop.connect_accepted_socket(
                self._converse,
                connection,
                ssl=self._tls,
                ssl_handshake_timeout=HEAD_TIMEOUT if self._tls else None,
                ssl_shutdown_timeout=GOODBYE_TIMEOUT if self._tls else None,
            )

    def _left(self) -> None:
        self._connected -= 1
        if self._connected == self._most - 1:
            self._go_on()

    def _go_on(self) -> None:
        if self._is_open and self._connected < self._most:
            self._loop.add_reader(self._listener, self._take)

    def _remind(self, line: str, fact: object) -> None:
        if self._loop.time() - self._reminded >= REMINDER:
            self._reminded = self._loop.time()
            _log.warning(line, fact)


class _Connection(socket.socket):
    """A connection that says when it is closed, which is when its file is free again."""

    def __init__(self, accepted: socket.socket, on_close: Callable[[], None]) -> None:
        kind = accepted.family, accepted.type, accepted.proto
        super().__init__(*kind, fileno=accepted.detach())
        self._on_close: Callable[[], None] | None = on_close

    def close(self) -> None:
        super().close()
        if self._on_close is not None:
            on_close, self._on_close = self._on_close, None
            on_close()
