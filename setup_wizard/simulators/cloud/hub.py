"""From one publication to every open stream, never faster than the slowest of them reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from setup_wizard.simulators.cloud.events import Event, Framing

BACKLOG = 64 * 1024  # bytes waiting for one stream before a series of events waits for it
LONGEST_BACKLOG = 8 * 1024 * 1024  # single events never wait; whoever is this far behind is cut
_SHORTEST_PAUSE = 0.001  # a fast series goes out in groups, a millisecond apart


class Subscriber:
    """One open stream: what it wants, and the bytes that wait for it."""

    def __init__(self, wants: Callable[[Event], bool], framing: Framing) -> None:
        self.wants = wants
        self.framing = framing
        self.is_over = False
        self.cut: Callable[[], None] | None = None
        """Ends the connection at once, even for a client that does not read."""
        self._waiting: list[bytes] = []
        self._size = 0
        self._stirred = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def offer(self, data: bytes) -> None:
        self._waiting.append(data)
        self._size += len(data)
        self._stirred.set()
        if self._size >= BACKLOG:
            self._has_room.clear()
        if self._size >= LONGEST_BACKLOG:
            self.end(cut=True)

    async def room(self) -> None:
        """Return when the stream keeps up, or is over."""
        await self._has_room.wait()

    async def stirred(self) -> None:
        """Return when there is something to send, or the stream is over."""
        await self._stirred.wait()

    def take(self) -> bytes:
        """Everything that waits."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        self._has_room.set()
        if not self.is_over:
            self._stirred.clear()
        return data

    def end(self, *, cut: bool) -> None:
        """Close the stream: in the middle (cut) or properly."""
        self.is_over = True
        self._stirred.set()
        self._has_room.set()
        if cut and self.cut is not None:
            self.cut()


class Hub:
    """All open streams. For the thread of one event loop."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self.published = 0
        self.opened = 0
        """Streams so far."""
        self._series: set[asyncio.Task[None]] = set()

    def publish(self, event: Event, *, times: int = 1) -> None:
        """Encode once for each framing and hand the same bytes to everyone who wants them."""
        self.published += times
        encoded: dict[Framing, bytes] = {}
        for subscriber in self.subscribers:
            if subscriber.is_over or not subscriber.wants(event):
                continue
            framing = subscriber.framing
            if framing not in encoded:
                encoded[framing] = framing.event(event) * times
            subscriber.offer(encoded[framing])

    def publish_series(self, make: Callable[[], Event], count: int, *, rate: float) -> None:
        """Publish many of a kind in the background: so many in a second, or as fast as read."""
        task = asyncio.get_running_loop().create_task(self._publish_series(make, count, rate))
        self._series.add(task)
        task.add_done_callback(self._series.discard)

    async def _publish_series(self, make: Callable[[], Event], count: int, rate: float) -> None:
        now = asyncio.get_running_loop().time
        started, sent = now(), 0
        while sent < count:
            event = make()
            group = max(1, BACKLOG // len(Framing(product=True).event(event)))
            due = int((now() - started) * rate) + 1 - sent if rate else count - sent
            times = min(group, due, count - sent)
            if times > 0:
                self.publish(event, times=times)
                sent += times
            await self._everyone_keeps_up(event)
            if rate:
                await asyncio.sleep(max(_SHORTEST_PAUSE, started + sent / rate - now()))
            else:
                await asyncio.sleep(0)

    async def _everyone_keeps_up(self, event: Event) -> None:
        for subscriber in tuple(self.subscribers):
            if subscriber.wants(event):
                await subscriber.room()

    def stir(self) -> None:
        """Let every stream look at the faults again."""
        for subscriber in self.subscribers:
            subscriber.offer(b"")

    def end_streams(self, *, cut: bool) -> None:
        for subscriber in self.subscribers:
            subscriber.end(cut=cut)
