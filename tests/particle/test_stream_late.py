"""A cloud that answers byte by byte, so that no time-out of a read strikes, is left in time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import CloudUnreachable
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.stream import Connecting, Gap, Live, Reconnecting
from setup_wizard.particle.ear import StatusEar
from setup_wizard.particle.reader import OPEN_LIMIT
from setup_wizard.particle.stream import QUIET_AFTER, RENEW_AGAIN
from tests.particle.conftest import TOKEN, FakeCancellation
from tests.particle.listening import DEVICE, HELLO, event, expected
from tests.particle.self_keeping import NEW_TOKEN, listener
from tests.particle.servers import BOUND, Visit, as_chunk, chunked, raw_server


@contextmanager
def trickling() -> Iterator[Visit]:
    """A visit whose head has no end, as long as somebody is there."""
    over = threading.Event()

    def visit(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.02):
            connection.sendall(b"z")

    try:
        yield visit
    finally:
        over.set()


def test_a_stream_whose_head_trickles_is_opened_again() -> None:
    with trickling() as slow, listener(slow, chunked(HELLO, event(1))) as (server, listening):
        listening.until_state(Connecting)
        assert server.arrived.acquire(timeout=BOUND)
        listening.clock += OPEN_LIMIT

        state = listening.until_state(Reconnecting)
        assert isinstance(state, Reconnecting)
        assert isinstance(state.cause, CloudUnreachable)
        listening.clock += state.seconds

        assert listening.until_rows(1) == [expected(1)]


def test_a_new_token_whose_stream_trickles_leaves_the_old_stream_alone() -> None:
    over = threading.Event()

    def renew(_cancel: object) -> CloudAccess:
        return CloudAccess(server.url, Secret(NEW_TOKEN), lifetime=40)

    def lively(connection: socket.socket) -> None:
        while not over.wait(0.02):
            connection.sendall(as_chunk(event(1)))

    with (
        trickling() as slow,
        listener(chunked(then=lively), slow, chunked(then=lively), renew=renew, lifetime=40) as (
            server,
            listening,
        ),
    ):
        try:
            listening.until_state(Live)
            while len(server.requests) < 3 and listening.clock < 9000.0:
                listening.clock += QUIET_AFTER
                listening.until_rows(len(listening.rows) + 1)
            asked, late = len(server.requests), listening.clock - 1000.0
        finally:
            over.set()

    assert asked == 3
    assert late >= 30.0 + OPEN_LIMIT + RENEW_AGAIN
    assert not any(isinstance(row, Gap) for row in listening.rows)


def test_the_ear_hears_again_after_a_head_that_trickled() -> None:
    cancel = FakeCancellation()
    with trickling() as slow, raw_server(slow, chunked(HELLO)) as server:
        ear = StatusEar(CloudAccess(server.url, Secret(TOKEN)), DEVICE)
        try:
            assert ear.take(cancel) == ()
            assert server.arrived.acquire(timeout=BOUND)
            cancel.clock += OPEN_LIMIT
            assert ear.take(cancel) == ()
            cancel.clock += OPEN_LIMIT
            ear.take(cancel)

            assert server.arrived.acquire(timeout=BOUND)
        finally:
            ear.close()
