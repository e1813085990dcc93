"""When the cloud may be asked: not while it is busy or away, and never too much at once.

Each kind of call is judged by itself, in the memory of each worker: a worker that does not know
yet asks once and then knows. What the cloud would punish is counted over all workers in `tokens`.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from setup_wizard.domain.errors import CloudBusy, CloudUnreachable

MOST_CALLS = 100  # under way at once; each takes a connection, and 80 ms when all is well
MOST_WAITING = 400  # for their turn; with more, none of them would get it in time
TURN_TIMEOUT = 2.0  # seconds to wait for a turn; a desktop waits 20 for its whole answer
CROWDED_PAUSE = 5  # seconds; by then the calls that stopped the others have ended
FAILURES = 5  # in a row, of one kind of call: then the cloud is away
AWAY_PAUSE = 5.0  # seconds without asking, then one call looks whether it is back


@dataclass
class _Kind:
    """How calls of one kind fared lately."""

    busy_until: float = 0.0
    away_until: float = 0.0
    failures: int = 0


class Breaker:
    """One worker's patience with the cloud."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kinds: defaultdict[str, _Kind] = defaultdict(_Kind)
        self._turns = asyncio.Semaphore(MOST_CALLS)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self, call: str) -> AsyncIterator[None]:
        """For one call; remembers how it ended. Raises CloudBusy and CloudUnreachable."""
        await self._take_turn(call)
        try:
            kind = self._kinds[call]
            self._check(call, kind)
            try:
                yield
            except CloudUnreachable:
                kind.failures += 1
                if kind.failures >= FAILURES:
                    kind.away_until = self._clock() + AWAY_PAUSE
                raise
            except CloudBusy as error:
                kind.busy_until = self._clock() + float(error.parameters["seconds"])
                raise
            else:
                kind.failures = 0
        finally:
            self._turns.release()

    async def _take_turn(self, call: str) -> None:
        if not self._turns.locked():
            await self._turns.acquire()  # at once, without a clock
            return
        if self._waiting >= MOST_WAITING:
            raise CloudBusy(call=call, seconds=CROWDED_PAUSE)
        self._waiting += 1
        try:
            async with asyncio.timeout(TURN_TIMEOUT):
                await self._turns.acquire()
        except TimeoutError as error:
            raise CloudBusy(call=call, seconds=CROWDED_PAUSE) from error
        finally:
            self._waiting -= 1

    def _check(self, call: str, kind: _Kind) -> None:
        now = self._clock()
        if now < kind.busy_until:
            raise CloudBusy(call=call, seconds=math.ceil(kind.busy_until - now))
        if kind.failures < FAILURES:
            return
        if now < kind.away_until:
            raise CloudUnreachable(call=call, reason="it was away just now")
        # This one looks; the others go on waiting, however its look ends.
        kind.away_until = now + AWAY_PAUSE
