"""An event stream that looks after itself: it reconnects, spares the cloud and renews its token."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    BackendBusy,
    Cancelled,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    DeviceNotYours,
    ProductEventsNotOffered,
    SetupError,
    TokenRefused,
)
from setup_wizard.domain.stream import (
    Batch,
    Connecting,
    Gap,
    Live,
    Loss,
    Quiet,
    Reconnecting,
    Row,
    Source,
    Stopped,
    StreamState,
)
from setup_wizard.particle.clock import seconds_awake_or_asleep
from setup_wizard.particle.decode import decoded
from setup_wizard.particle.openings import Openings
from setup_wizard.particle.reader import IDLE_LIMIT, StreamReader
from setup_wizard.particle.sse import EventTooLong, SseParser
from setup_wizard.ports import Cancellation, Renew, Stream

BITE = 32 * 1024  # bytes decoded at a time: what comes of more leaves the processor's cache
CANCEL_SLICE = 0.05  # how late a stop may be seen; nobody notices that
SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
STEADY_AFTER = 10.0  # seconds; only a connection that held so long makes the pauses short again
QUIET_AFTER = 15.0  # seconds; the cloud's signs of life come every 9 to 13
ASLEEP_AFTER = IDLE_LIMIT + 5.0  # seconds; a reader that was awake would have given up
RENEW_EARLY = 300.0  # seconds before the end of a token, or the last quarter of a short one
RENEW_AGAIN = 60.0  # seconds after a renewal that failed while the old token still serves

_log = logging.getLogger(__name__)


class EventStream(Stream):
    """Begins to listen when it is first taken from.

    Before its token ends, a second connection is opened with a new one, and the first is given up
    only then: nothing is lost, and an event that falls into that moment may be told twice.
    """

    def __init__(
        self,
        access: CloudAccess,
        source: Source,
        *,
        renew: Renew | None = None,
        openings: Openings | None = None,
        now: Callable[[], float] = seconds_awake_or_asleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._access = access
        self._source = source
        self._renew = renew
        self._openings = openings or Openings()
        self._now = now
        self._chance = chance
        self._stopping = StopSwitch()
        self._pausing = threading.Event()
        """Set by stop(): ends a wait between two connections."""
        self._reader: StreamReader | None = None
        self._next: StreamReader | None = None
        """A connection with a newer token, until it stands."""
        self._parser = SseParser()
        self._passed_over = 0
        self._cause: SetupError | None = None
        self._ended = False
        self._failures = 0
        self._due = now()
        self._renewed = False
        """A new token was fetched because of a refusal, and has not proved itself yet."""
        self._wants_token: SetupError | None = None
        self._opened_at: float | None = None
        self._last_byte = 0.0
        self._lost_at: float | None = None
        """When there was a connection last; None while there is no hole."""
        self._renew_at = self._end_of(access)

    def take(self, timeout: float) -> Batch:
        rows: list[Row] = []
        unreadable = 0
        if self._stopping.turned or self._ended:
            self._hang_up()
        elif reader := self._reader or self._open(timeout):
            try:
                unreadable = self._read(reader, timeout, rows)
            except SetupError as error:
                self._lost(_meant(error, self._source))
            except EventTooLong:
                rows.append(Gap(Loss.TOO_LONG, 0.0))
                self._lost(CloudBroken(status=200))
        if self._stopping.turned:
            self._hang_up()
        return Batch(tuple(rows), self._state(), time.time(), time.monotonic(), unreadable)

    def stop(self) -> None:
        self._stopping.turn()
        self._pausing.set()
        for reader in (self._reader, self._next):
            if reader is not None:
                reader.stop()

    # --- one connection -----------------------------------------------------------------------

    def _open(self, timeout: float) -> StreamReader | None:
        """A connection that is being made; None while it is not yet time."""
        if (left := self._due - self._now()) > 0:
            self._pausing.wait(min(timeout, left))
            if self._due > self._now() or self._stopping.turned:
                return None
        if pause := self._openings.take(self._now()):
            self._due = self._now() + pause
            return None
        refusal = self._wants_token
        self._parser, self._passed_over = SseParser(), 0
        self._opened_at = None
        self._reader = self._connection(new_token=refusal is not None, refusal=refusal)
        if self._stopping.turned:
            self._reader.stop()  # by another thread, which may not have seen it
        return self._reader

    def _connection(self, *, new_token: bool, refusal: SetupError | None = None) -> StreamReader:
        access, renew = self._access, self._renew

        def find_access() -> CloudAccess:
            if not new_token or renew is None:
                return access
            fresh = renew(self._stopping)
            if refusal is not None and fresh.access_token == access.access_token:
                raise refusal  # there is no other token
            return fresh

        return StreamReader(find_access, self._source, begun=self._now())

    def _read(self, reader: StreamReader, timeout: float, rows: list[Row]) -> int:
        """What came, as rows; how much of it was unreadable."""
        block = reader.take(timeout)
        if reader.is_late(self._now()):
            raise CloudUnreachable
        if self._opened_at is None and reader.is_open:
            self._stands(reader, rows)
        unreadable = self._parse(block, rows)
        if self._opened_at is not None and self._now() - self._last_byte >= ASLEEP_AFTER:
            # The computer slept. The peer is gone, and nobody would tell us for half a minute.
            self._lost(CloudUnreachable())
            self._due = self._now()
            return unreadable
        self._keep_token()
        if self._next is not None and self._next.is_open:
            unreadable += self._change_over(reader, self._next, rows)
        return unreadable

    def _parse(self, block: bytes, rows: list[Row]) -> int:
        if not block:
            return 0
        self._last_byte = self._now()
        unreadable = 0
        for start in range(0, len(block), BITE):
            events, worse = decoded(self._parser.feed(block[start : start + BITE]))
            rows += events
            unreadable += worse
        while self._passed_over < self._parser.passed_over:
            self._passed_over += 1
            rows.append(Gap(Loss.TOO_LONG, 0.0))
        if unreadable:
            _log.info("events without usable data count=%d", unreadable)
        return unreadable

    def _stands(self, reader: StreamReader, rows: list[Row]) -> None:
        """The cloud has answered with a stream."""
        now = self._now()
        self._opened_at = self._last_byte = now
        if self._lost_at is not None:
            rows.append(Gap(Loss.DISCONNECTED, now - self._lost_at))
            self._lost_at = None
        self._use_token_of(reader)

    def _lost(self, error: SetupError) -> None:
        """Decide whether to come back, and when."""
        now = self._now()
        if self._reader is not None:
            self._reader.stop()
            self._use_token_of(self._reader)
            self._reader = None
        if self._opened_at is not None:
            self._lost_at = self._last_byte
            if now - self._opened_at >= STEADY_AFTER:
                self._failures = 0
                self._renewed = False
        self._opened_at = None
        self._cause = error
        self._drop_next()
        if isinstance(error, TokenRefused | DeviceNotYours) and self._renew and not self._renewed:
            self._renewed, self._wants_token = True, error
            self._due = now
        elif error.retryable or isinstance(error, CloudBusy | BackendBusy):
            pause = _pause(self._failures, error, self._chance())
            self._failures += 1
            self._due = now + pause
            _log.info("event stream lost cause=%s pause=%.1f s", error, pause)
        else:
            self._ended = True
            _log.info("event stream ended cause=%s", error)

    def _hang_up(self) -> None:
        self._ended = True
        if self._reader is not None:
            self._reader.stop()
            self._reader = None
        self._drop_next()

    def _state(self) -> StreamState:
        if self._stopping.turned:
            return Stopped()
        if self._ended:
            return Stopped(self._cause)
        now = self._now()
        if self._opened_at is not None:
            silence = now - self._last_byte
            return Quiet(silence) if silence >= QUIET_AFTER else Live()
        left = 0.0 if self._reader is not None else max(0.0, self._due - now)
        if self._cause is not None:
            return Reconnecting(left, self._cause)
        # Only other streams of this program can make the first opening wait.
        return Reconnecting(left, CloudBusy(seconds=round(left))) if left else Connecting()

    # --- the token ----------------------------------------------------------------------------

    def _end_of(self, access: CloudAccess) -> float | None:
        """When the token should be changed for a newer one; None: nobody said how long it holds."""
        if self._renew is None or not access.lifetime:
            return None
        early = min(RENEW_EARLY, access.lifetime / 4)
        return self._now() + access.lifetime - early

    def _use_token_of(self, reader: StreamReader) -> None:
        if reader.access is not None and reader.access is not self._access:
            self._access = reader.access
            self._wants_token = None
            self._renew_at = self._end_of(self._access)

    def _keep_token(self) -> None:
        """Begin a second connection in time; forget one that came to nothing."""
        now = self._now()
        new = self._next
        if new is not None and not new.is_open and (new.has_ended or new.is_late(now)):
            self._drop_next()
            self._renew_at = now + RENEW_AGAIN
        if self._next is None and self._renew_at is not None and now >= self._renew_at:
            pause = self._openings.take(now)
            self._renew_at = now + pause if pause else None
            if not pause:
                self._next = self._connection(new_token=True)
                if self._stopping.turned:
                    self._next.stop()

    def _change_over(self, old: StreamReader, new: StreamReader, rows: list[Row]) -> int:
        """Take the last of the old connection, then go on with the new one."""
        unreadable = 0
        if not old.has_ended:
            unreadable = self._parse(old.take(0.0), rows)
        old.stop()
        self._reader, self._next = new, None
        self._parser, self._passed_over = SseParser(), 0
        self._opened_at = self._last_byte = self._now()
        self._use_token_of(new)
        return unreadable

    def _drop_next(self) -> None:
        if self._next is not None:
            self._next.stop()
            self._next = None


def live_events(
    access: CloudAccess,
    device_id: DeviceId,
    cancel: Cancellation,
    *,
    chance: Callable[[], float] = random.random,
) -> Iterator[DeviceEvent]:
    """Events until cancelled. Raises TokenRefused and DeviceNotYours, for which no wait helps."""
    stream = EventStream(access, Source(device_id), now=cancel.now, chance=chance)
    try:
        while True:
            cancel.check()
            batch = stream.take(CANCEL_SLICE)
            for row in batch.rows:
                if isinstance(row, DeviceEvent):
                    yield row
                    cancel.check()
            match batch.state:
                case Stopped(cause):
                    raise cause or CloudUnreachable
                case Reconnecting(seconds) if seconds:
                    cancel.wait(seconds)
                case _:
                    pass
    except Cancelled:
        return
    finally:
        stream.stop()


def _meant(error: SetupError, source: Source) -> SetupError:
    """A product that the cloud does not know is not there a minute later either."""
    missing = error.parameters.get("status") == HTTPStatus.NOT_FOUND
    if isinstance(error, CloudBroken) and missing and source.product is not None:
        return ProductEventsNotOffered(product=source.product)
    return error


def _pause(failures: int, failure: SetupError, chance: float) -> float:
    """1 to 2 s at first, later up to 60 s, by chance, or all programs would come back at once."""
    longest = min(SHORTEST_PAUSE * 2.0 ** (min(failures, 10) + 1), LONGEST_PAUSE)
    pause = SHORTEST_PAUSE + (longest - SHORTEST_PAUSE) * chance
    if isinstance(failure, CloudBusy | BackendBusy):
        return max(pause, float(failure.parameters["seconds"]))
    return pause
