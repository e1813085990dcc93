"""Numbers are found by themselves, and no peak is lost however many there are."""

from __future__ import annotations

import pytest

from setup_wizard.domain.stream import Gap, Loss
from setup_wizard.live.numbers import MOST_IN_ONE, numbers_in
from setup_wizard.live.series import BUCKETS, MOST_SERIES, STAGGERED, Series, SeriesBook, SeriesKey
from tests.live.batches import DEVICE, OTHER, batch, event


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("21.5", [("", 21.5)]),
        ("-3", [("", -3.0)]),
        ("1e3", [("", 1000.0)]),
        ('{"t":21.5,"air":{"h":40}}', [("t", 21.5), ("air.h", 40.0)]),
        ("[1,2.5]", [("[0]", 1.0), ("[1]", 2.5)]),
        ('{"axis":[0.1,{"z":2}]}', [("axis[0]", 0.1), ("axis[1].z", 2.0)]),
        ('{"on":true,"name":"7","none":null}', []),
        ("true", []),
        ("NaN", []),
        ("1e999", []),
        ('{"a":{"b":{"c":{"d":{"e":1}}}}}', []),
        ("21.5 °C", []),
        ("<b>1</b>", []),
        ('"7"', []),
        ("{", []),
        ("", []),
        (None, []),
        ("9" * 400, []),
    ],
)
def test_numbers_of_an_event(data: str | None, found: list[tuple[str, float]]) -> None:
    assert numbers_in(data) == found


def test_a_recording_in_one_event_is_cut_short() -> None:
    assert len(numbers_in(str([1] * 100))) == MOST_IN_ONE


def test_numbers_before_and_after_a_gap_are_never_in_one_bucket() -> None:
    series = Series()
    for number in range(3 * BUCKETS):
        series.add(float(number), 1.0)
    series.cut()
    series.add(3.0 * BUCKETS, 9.0)

    (before, after) = series.columns(3.0 * BUCKETS - 10, 3.0 * BUCKETS + 10, count=2)

    assert (before.high, after.low) == (1.0, 9.0)


def test_two_buckets_beside_a_gap_do_not_become_one() -> None:
    series = Series()
    series.add(0.0, 1.0)
    series.cut()
    for number in range(BUCKETS + 1):
        series.add(100.0 + number, 9.0)

    first = series.columns(-10.0, 50.0, count=1)

    assert [(column.low, column.high) for column in first] == [(1.0, 1.0)]


def test_series_of_a_fleet_are_not_all_halved_at_once() -> None:
    book = SeriesBook()
    fleet = [f"{number:024x}" for number in range(STAGGERED)]
    book.add_many(batch(*(event(device=device) for device in fleet)))

    assert len({series._buckets for series in book.series.values()}) == STAGGERED
    assert all(series._buckets % 2 == 0 for series in book.series.values())


def test_half_a_surrogate_pair_is_no_number() -> None:
    assert numbers_in("1\ud800") == []


def test_every_device_event_and_path_is_a_series_of_its_own() -> None:
    book = SeriesBook()

    assert book.add_many(batch(event("1"), event("2", device=OTHER), event('{"a":3,"b":4}')))
    assert not book.add_many(batch(event("5"), event("text"), event(None), moment=1.0))
    assert {key: (series.count, series.last) for key, series in book.series.items()} == {
        SeriesKey(DEVICE, "temperature"): (2, 5.0),
        SeriesKey(OTHER, "temperature"): (1, 2.0),
        SeriesKey(DEVICE, "temperature", "a"): (1, 3.0),
        SeriesKey(DEVICE, "temperature", "b"): (1, 4.0),
    }


def test_no_more_series_than_can_be_looked_at() -> None:
    book = SeriesBook()
    book.add_many(batch(*(event("1", name=f"n{number}") for number in range(MOST_SERIES + 3))))

    assert (len(book.series), book.overlooked) == (MOST_SERIES, 3)


def test_who_is_heard_no_more_leaves_room_for_others() -> None:
    book = SeriesBook()
    book.add_many(batch(event("1"), *(event("1", device=f"{each:024x}") for each in range(300))))
    assert not book.add_many(batch(event("1", device=OTHER)))

    book.keep_only({DEVICE, OTHER})
    new = book.add_many(batch(event("2"), event("3", device=OTHER)))

    assert new
    assert {key.device_id: each.count for key, each in book.series.items()} == {DEVICE: 2, OTHER: 1}


def test_a_column_holds_lowest_highest_and_last() -> None:
    series = Series()
    for moment, number in enumerate((5.0, 9.0, 1.0, 4.0)):
        series.add(float(moment), number)

    (column,) = series.columns(0.0, 10.0, count=1)
    assert column == (0, 1.0, 9.0, 4.0, False)
    assert [c.place for c in series.columns(0.0, 4.0, count=4)] == [0, 1, 2, 3]
    assert [c.last for c in series.columns(1.0, 2.0, count=2)] == [9.0, 1.0]
    assert series.columns(50.0, 60.0, count=5) == []
    assert series.columns(1.0, 1.0, count=5) == []


def test_a_peak_outlives_a_million_numbers_in_bounded_memory() -> None:
    series = Series()
    for number in range(1_000_000):
        series.add(number / 100, 1000.0 if number == 4321 else -7.0 if number == 99_999 else 0.0)

    start, end = series.span or (0.0, 0.0)
    columns = series.columns(start, end, count=100)
    assert series.count == 1_000_000
    assert len(series._moments) <= BUCKETS
    assert (max(c.high for c in columns), min(c.low for c in columns)) == (1000.0, -7.0)
    assert start == 0.0
    assert end > 9990.0


def test_a_gap_breaks_the_line_once() -> None:
    book = SeriesBook()
    book.add_many(batch(event("1"), moment=1.0))
    book.add_many(batch(Gap(Loss.DISCONNECTED, 2.0), event("2"), moment=5.0))
    book.add_many(batch(event("3"), moment=6.0))

    columns = book.columns(SeriesKey(DEVICE, "temperature"), 0.0, 10.0, count=10)
    assert [(c.place, c.broken) for c in columns] == [(1, False), (5, True), (6, False)]


def test_the_nearest_number_is_found_for_the_hand() -> None:
    series = Series()
    assert series.near(1.0) is None
    series.add(1.0, 10.0)
    series.add(3.0, 30.0)

    assert series.near(0.0) == (1.0, 10.0)
    assert series.near(2.5) == (3.0, 30.0)
    assert series.near(9.0) == (3.0, 30.0)


def test_moments_become_times_by_the_clock_as_it_is_now() -> None:
    book = SeriesBook()
    book.add_many(batch(event("1"), moment=5.0))

    assert book.time_of(5.0) == 1_000_005.0
