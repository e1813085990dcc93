"""Workers who share an address share a burst of clients too."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack
from itertools import pairwise

import pytest

from setup_wizard.service.loops import ServiceLoop

BURST = 12
AT_ONCE = 2  # one, and from Python 3.13 on asyncio takes one more than it is told


@pytest.mark.parametrize(
    ("loop", "is_even"), [(ServiceLoop, True), (asyncio.SelectorEventLoop, False)]
)
def test_of_a_burst_one_worker_takes_one_client_in_each_turn(
    loop: type[asyncio.SelectorEventLoop], is_even: bool
) -> None:
    """The loop as it comes shows that the test can fail."""
    taken: list[int] = []
    connected = 0

    class Taker(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            nonlocal connected
            connected += 1
            transport.close()

    async def take_all(listener: socket.socket) -> None:
        server = await asyncio.get_running_loop().create_server(Taker, sock=listener, backlog=100)
        while connected < BURST:
            taken.append(connected)
            await asyncio.sleep(0)
        taken.append(connected)
        server.close()

    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        for _ in range(BURST):
            stack.enter_context(socket.create_connection(listener.getsockname()))
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(asyncio.wait_for(take_all(listener), 10))

    largest = max(b - a for a, b in pairwise(taken))
    assert (largest <= AT_ONCE) is is_even
    assert taken[-1] == BURST
