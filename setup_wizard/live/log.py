"""The event log: the newest rows, those of them that are shown, and an exact count of the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import Enum
from itertools import compress, islice, repeat
from typing import NamedTuple

from setup_wizard.domain.stream import Batch, Gap, Row
from setup_wizard.domain.value import value
from setup_wizard.live.filter import Filter

CAPACITY = 100_000  # rows; some 60 MB, and more than anybody scrolls through
SIEVED = 500  # rows at a time, which take a millisecond or two
RATE_WINDOW = 3.0  # seconds; shorter flickers, longer lags


class Drop(Enum):
    """Why an event that was received is not shown."""

    FILTERED = "filtered"
    PAUSED = "paused"
    UNREADABLE = "unreadable"
    SURPLUS = "surplus"
    """More came at once than the log keeps."""


@value
class Counters:
    """What became of the events. `received` is `shown` and all that was dropped, exactly."""

    received: int
    shown: int
    dropped: dict[Drop, int]
    """Every reason, also those with 0."""
    per_second: float
    gaps: int


class Entry(NamedTuple):
    """One row of the log with the time when it came."""

    number: int
    """Counted from 0 since the log was made or cleared; a row keeps its number."""
    received_at: float
    row: Row


class EventLog:
    """A ring of rows and a view of those that the filter wants. For one thread.

    While paused, the view stands still and the ring goes on; resuming shows what is still there
    of what came meanwhile.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._filter = Filter()
        self._paused = False
        self._since_pause = 0
        """Rows of the ring that came while paused."""
        self._arrived = 0
        self._rows: deque[Row] = deque(maxlen=capacity)
        self._times: deque[float] = deque(maxlen=capacity)
        self._view: deque[Row] = deque(maxlen=capacity)
        self._view_times: deque[float] = deque(maxlen=capacity)
        self._forget_counts()

    def _forget_counts(self) -> None:
        self._added = 0
        self._received = 0
        self._shown = 0
        self._gaps = 0
        self._dropped = dict.fromkeys(Drop, 0)
        self._lately: deque[tuple[float, int]] = deque()

    # --- what comes in ------------------------------------------------------------------------

    def add_many(self, batch: Batch) -> int:
        """Take what a stream brought; how many rows were added at the end of the view."""
        rows = batch.rows
        gaps = sum(type(row) is Gap for row in rows)
        arrived = len(rows) - gaps + batch.unreadable
        self._received += arrived
        self._gaps += gaps
        self._dropped[Drop.UNREADABLE] += batch.unreadable
        if arrived:
            self._lately.append((batch.moment, arrived))
        surplus = rows[: max(0, len(rows) - self.capacity)]
        if surplus:
            self._dropped[Drop.SURPLUS] += _events(surplus)
            rows = rows[len(surplus) :]
        self._rows.extend(rows)
        self._times.extend(repeat(batch.received_at, len(rows)))
        self._arrived += len(rows)
        if self._paused:
            self._since_pause = min(self._since_pause + len(rows), self.capacity)
            self._dropped[Drop.PAUSED] += _events(rows)
            return 0
        return self._show(rows, repeat(batch.received_at, len(rows)))

    def _show(self, rows: tuple[Row, ...], times: Iterator[float]) -> int:
        if self._filter.wants_all:
            wanted, wanted_times = list(rows), list(times)
        else:
            chosen = self._filter.chosen(rows)
            wanted, wanted_times = list(compress(rows, chosen)), list(compress(times, chosen))
        shown = _events(wanted)
        self._shown += shown
        self._dropped[Drop.FILTERED] += _events(rows) - shown
        self._view.extend(wanted)
        self._view_times.extend(wanted_times)
        self._added += len(wanted)
        return len(wanted)

    # --- what is shown ------------------------------------------------------------------------

    def __len__(self) -> int:
        """Rows in the view."""
        return len(self._view)

    @property
    def first_number(self) -> int:
        """The number of the oldest row in the view: so many have fallen out of it."""
        return self._added - len(self._view)

    def entry(self, index: int) -> Entry:
        """A row of the view; 0 is the oldest."""
        number = self.first_number + index
        return Entry(number, self._view_times[index], self._view[index])

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        """Rows of the view in order, for export; adding meanwhile is not allowed."""
        first = self.first_number
        rows, times = islice(self._view, start, end), islice(self._view_times, start, end)
        for index, (row, moment) in enumerate(zip(rows, times, strict=True), start):
            yield Entry(first + index, moment, row)

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def arrived(self) -> int:
        """Rows that ever were in the ring."""
        return self._arrived

    @property
    def oldest(self) -> int:
        """The place in `arrived` of the oldest row that the ring still holds."""
        return self._arrived - len(self._rows)

    def held(self, place: int, count: int) -> list[Row]:
        """Rows of the ring, shown or not, from this place in `arrived` on."""
        start = place - self.oldest
        return list(islice(self._rows, start, start + count))

    def use_filter(self, wanted: Filter, chosen: list[bool]) -> None:
        """Show anew what the ring holds of it. What was counted before stays as it was counted."""
        self._filter = wanted
        kept = len(self._rows) - self._since_pause
        self._view = deque(compress(islice(self._rows, kept), chosen), maxlen=self.capacity)
        self._view_times = deque(compress(islice(self._times, kept), chosen), maxlen=self.capacity)
        # No number is used twice, so that a row that somebody points at is never another one.
        self._added += len(self._view)

    @property
    def paused(self) -> bool:
        return self._paused

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> int:
        """Go on; how many rows were added at the end of the view."""
        start = len(self._rows) - self._since_pause
        rows = tuple(islice(self._rows, start, None))
        times = islice(self._times, start, None)
        self._paused, self._since_pause = False, 0
        self._dropped[Drop.PAUSED] -= _events(rows)
        return self._show(rows, times)

    def clear(self) -> None:
        """Forget all rows and counts; filter and pause stay."""
        for ring in (self._rows, self._times, self._view, self._view_times):
            ring.clear()
        self._since_pause = 0
        self._forget_counts()

    def counters(self, moment: float) -> Counters:
        """As of now, on the clock of the batches."""
        while self._lately and self._lately[0][0] <= moment - RATE_WINDOW:
            self._lately.popleft()
        lately = sum(count for _, count in self._lately)
        return Counters(
            self._received, self._shown, dict(self._dropped), lately / RATE_WINDOW, self._gaps
        )


class Sieve:
    """Looks through a log for another filter, a part at a time; more may come meanwhile.

    A hundred thousand long rows take a fifth of a second, in which a window would stand still.
    """

    def __init__(self, log: EventLog, wanted: Filter) -> None:
        self.wanted = wanted
        self._log = log
        self._begin = self._seen = log.oldest
        """Places in `arrived`."""
        self._chosen: list[bool] = []

    def step(self) -> bool:
        """Look at some more; True when there is no row left to look at."""
        gone = self._log.oldest - self._seen
        if gone > 0:
            self._chosen += repeat(False, gone)
            self._seen += gone
        rows = self._log.held(self._seen, SIEVED)
        self._chosen += self.wanted.chosen(rows)
        self._seen += len(rows)
        return self._seen == self._log.arrived

    def apply(self) -> None:
        """Look at what is left, and let the log show what was found."""
        while not self.step():
            pass
        self._log.use_filter(self.wanted, self._chosen[self._log.oldest - self._begin :])


def _events(rows: tuple[Row, ...] | list[Row]) -> int:
    return len(rows) - sum(type(row) is Gap for row in rows)
