"""Series of numbers over time, in bounded memory, with every peak kept however old it is."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Sequence
from typing import NamedTuple

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.stream import Batch, Gap
from setup_wizard.live.numbers import numbers_in

MOST_SERIES = 256  # 6 MB in all; whoever publishes more names than that is not plotting
BUCKETS = 8192  # of one series; an even number, several for each column of a wide screen
STAGGER, STAGGERED = 64, 32  # buckets less from one series to the next, and so many times
MOST_GAPS = 1024


class SeriesKey(NamedTuple):
    """Whose number it is: a device, its event, and the path inside the event's JSON."""

    device_id: str
    name: str
    path: str = ""
    """Empty where the data is the number itself."""


class Column(NamedTuple):
    """What a series did in one column of the picture."""

    place: int
    """From the left, counted from 0."""
    low: float
    high: float
    last: float
    broken: bool
    """Between the column before and this one, events may be missing: draw no line."""


class Series:
    """Numbers in the order of time, held as lowest, highest and last of each bucket.

    A bucket is one number at first. When the series is full, every two neighbours become one.
    """

    def __init__(self, buckets: int = BUCKETS) -> None:
        self._buckets = buckets
        self.count = 0
        """Numbers so far."""
        self._per_bucket = 1
        self._in_last = 0
        self._moments = array("d")
        self._lows = array("d")
        self._highs = array("d")
        self._lasts = array("d")

    def add(self, moment: float, number: float) -> None:
        self.count += 1
        if 0 < self._in_last < self._per_bucket:
            self._in_last += 1
            self._lasts[-1] = number
            if number < self._lows[-1]:
                self._lows[-1] = number
            elif number > self._highs[-1]:
                self._highs[-1] = number
            return
        if len(self._moments) >= self._buckets:
            self._halve()
        self._in_last = 1
        self._moments.append(moment)
        self._lows.append(number)
        self._highs.append(number)
        self._lasts.append(number)

    def cut(self) -> None:
        """Events may be missing here: no bucket reaches over it, nor two that become one."""
        self._in_last = 0
        if len(self._moments) % 2:
            for kept in (self._moments, self._lows, self._highs, self._lasts):
                kept.append(kept[-1])

    def _halve(self) -> None:
        self._moments = self._moments[::2]
        self._lows = array("d", map(min, self._lows[::2], self._lows[1::2]))
        self._highs = array("d", map(max, self._highs[::2], self._highs[1::2]))
        self._lasts = self._lasts[1::2]
        self._per_bucket *= 2

    @property
    def span(self) -> tuple[float, float] | None:
        """First and last moment; None while there is nothing."""
        return (self._moments[0], self._moments[-1]) if self._moments else None

    @property
    def last(self) -> float | None:
        return self._lasts[-1] if self._lasts else None

    def columns(
        self, start: float, end: float, *, count: int, gaps: Sequence[float] = ()
    ) -> list[Column]:
        """The columns between two moments that hold numbers; `gaps` are moments, in order."""
        columns: list[Column] = []
        if end <= start or count < 1:
            return columns
        moments, width = self._moments, (end - start) / count
        place = bisect_left(moments, start)
        until = bisect_right(moments, end)
        before = -1.0
        while place < until:
            first = moments[place]
            index = min(int((first - start) / width), count - 1)
            stop = until
            if index < count - 1:
                stop = bisect_left(moments, start + (index + 1) * width, place, until)
                stop = max(stop, place + 1)  # a moment on the very edge, by rounding
            broken = bool(columns) and bisect_right(gaps, first) > bisect_right(gaps, before)
            columns.append(
                Column(
                    index,
                    min(self._lows[place:stop]),
                    max(self._highs[place:stop]),
                    self._lasts[stop - 1],
                    broken,
                )
            )
            before = moments[stop - 1]
            place = stop
        return columns

    def near(self, moment: float) -> tuple[float, float] | None:
        """Moment and number of the bucket nearest to a moment."""
        if not self._moments:
            return None
        place = bisect_left(self._moments, moment)
        places = [each for each in (place - 1, place) if 0 <= each < len(self._moments)]
        nearest = min(places, key=lambda each: abs(self._moments[each] - moment))
        return self._moments[nearest], self._lasts[nearest]


class SeriesBook:
    """Every series that the events hold, found by themselves. For one thread."""

    def __init__(self) -> None:
        self.series: dict[SeriesKey, Series] = {}
        """In the order in which they appeared."""
        self.overlooked = 0
        """Numbers of series beyond the most that are kept."""
        self._gaps: deque[float] = deque(maxlen=MOST_GAPS)
        self._clock_offset = 0.0
        self._keys: dict[tuple[str, str, str], Series] = {}

    def add_many(self, batch: Batch) -> bool:
        """Take what a stream brought; True when there is a series more than before."""
        before, moment, series = len(self.series), batch.moment, self._keys
        self._clock_offset = batch.received_at - moment
        for row in batch.rows:
            if isinstance(row, Gap):
                self._gaps.append(moment)
                for each in self.series.values():
                    each.cut()
                continue
            for path, number in numbers_in(row.data):
                known = series.get((row.device_id, row.name, path)) or self._begin(row, path)
                if known is not None:
                    known.add(moment, number)
        return len(self.series) > before

    def _begin(self, event: DeviceEvent, path: str) -> Series | None:
        if len(self.series) >= MOST_SERIES:
            self.overlooked += 1
            return None
        key = SeriesKey(event.device_id, event.name, path)
        # Not all of one size: a fleet's series would all be halved at the same moment.
        apart = STAGGER * (len(self.series) % STAGGERED)
        self.series[key] = made = Series(BUCKETS - apart)
        self._keys[event.device_id, event.name, path] = made
        return made

    @property
    def gaps(self) -> tuple[float, ...]:
        """Moments after which events may be missing until the next one, in order."""
        return tuple(self._gaps)

    def columns(self, key: SeriesKey, start: float, end: float, *, count: int) -> list[Column]:
        """One series between two moments as so many columns of a picture; the empty ones lack."""
        return self.series[key].columns(start, end, count=count, gaps=self._gaps)

    def time_of(self, moment: float) -> float:
        """Seconds since 1970 of a moment, by this computer's clock as it was last."""
        return moment + self._clock_offset

    def keep_only(self, device_ids: Collection[str]) -> None:
        """Let go of all other devices' series, so that there is room for those of these."""
        self.series = {k: kept for k, kept in self.series.items() if k.device_id in device_ids}
        self._keys = {k: kept for k, kept in self._keys.items() if k[0] in device_ids}

    def clear(self) -> None:
        self.series.clear()
        self._keys.clear()
        self._gaps.clear()
        self.overlooked = 0
