"""The event log keeps the newest rows, shows what is wanted and counts every event exactly once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.stream import Gap, Loss
from setup_wizard.live.filter import Filter
from setup_wizard.live.log import SIEVED, Drop, EventLog, Sieve
from tests.live.batches import OTHER, batch, event

HOLE = Gap(Loss.DISCONNECTED, 3.0)


def data_of(log: EventLog) -> list[str | None]:
    return [e.row.data for e in log.entries() if isinstance(e.row, DeviceEvent)]


def numbered(*numbers: int) -> list[DeviceEvent]:
    return [event(str(number)) for number in numbers]


def test_rows_are_shown_in_order_with_their_time_and_number() -> None:
    log = EventLog()

    assert log.add_many(batch(*numbered(1, 2), moment=5.0)) == 2
    assert log.add_many(batch(HOLE, moment=6.0)) == 1
    assert [(e.number, e.received_at, e.row) for e in log.entries()] == [
        (0, 1_000_005.0, event("1")),
        (1, 1_000_005.0, event("2")),
        (2, 1_000_006.0, HOLE),
    ]
    assert log.entry(1) == next(log.entries(1, 2))


def test_the_oldest_rows_fall_out_and_the_others_keep_their_numbers() -> None:
    log = EventLog(capacity=3)
    log.add_many(batch(*numbered(0, 1, 2)))
    log.add_many(batch(*numbered(3, 4)))

    assert data_of(log) == ["2", "3", "4"]
    assert log.first_number == 2
    assert log.entry(0).number == 2


def test_more_at_once_than_there_is_room_for_is_counted() -> None:
    log = EventLog(capacity=3)

    assert log.add_many(batch(*numbered(0, 1, 2, 3, 4))) == 3
    assert data_of(log) == ["2", "3", "4"]
    counters = log.counters(0.0)
    assert (counters.received, counters.shown, counters.dropped[Drop.SURPLUS]) == (5, 3, 2)


def test_a_filter_shows_what_it_wants_of_old_and_new() -> None:
    log = EventLog()
    log.add_many(batch(event("1"), event("2", name="button")))
    Sieve(log, Filter(prefix="but")).apply()

    assert data_of(log) == ["2"]
    assert log.add_many(batch(event("3"), event("4", name="buttons"))) == 1
    assert data_of(log) == ["2", "4"]
    Sieve(log, Filter()).apply()
    assert data_of(log) == ["1", "2", "3", "4"]


def test_a_filter_may_take_its_time_while_rows_come_and_fall_out() -> None:
    log = EventLog(capacity=3 * SIEVED)
    log.add_many(batch(*numbered(*range(3 * SIEVED))))
    sieve = Sieve(log, Filter(text="7"))

    assert not sieve.step()
    assert len(log) == 3 * SIEVED
    log.add_many(batch(*numbered(*range(3 * SIEVED, 5 * SIEVED + 10))))  # more than it has seen
    assert not sieve.step()
    log.pause()
    log.add_many(batch(event("777")))
    sieve.apply()

    left = map(str, range(2 * SIEVED + 11, 5 * SIEVED + 10))
    assert data_of(log) == [each for each in left if "7" in each]
    assert log.filter == Filter(text="7")


def test_a_log_that_is_cleared_under_a_sieve_shows_what_came_then() -> None:
    log = EventLog()
    log.add_many(batch(*numbered(*range(20))))
    sieve = Sieve(log, Filter(text="7"))
    sieve.step()
    log.clear()
    log.add_many(batch(event("7"), event("8")))

    sieve.apply()

    assert data_of(log) == ["7"]


def test_a_filter_looks_at_device_and_text_in_any_case() -> None:
    rows = [event("Grün"), event("rot", device=OTHER), event(None), event("x", name="GRÜN")]

    assert Filter(text="grün").chosen(rows) == [True, False, False, True]
    assert Filter(devices=frozenset({OTHER})).chosen(rows) == [False, True, False, False]
    assert Filter(prefix="temp", text="rot").chosen(rows) == [False, True, False, False]


def test_gaps_are_shown_whatever_is_wanted_and_are_no_events() -> None:
    log = EventLog()
    Sieve(log, Filter(prefix="nothing")).apply()

    assert log.add_many(batch(event(), HOLE)) == 1
    counters = log.counters(0.0)
    assert (counters.received, counters.gaps, counters.dropped[Drop.FILTERED]) == (1, 1, 1)


def test_a_pause_keeps_counting_and_resuming_shows_what_came() -> None:
    log = EventLog()
    log.add_many(batch(event("1")))
    log.pause()

    assert log.add_many(batch(event("2"), HOLE)) == 0
    assert data_of(log) == ["1"]
    counters = log.counters(0.0)
    assert (counters.received, counters.shown, counters.dropped[Drop.PAUSED]) == (2, 1, 1)
    assert log.resume() == 2
    assert data_of(log) == ["1", "2"]
    assert log.counters(0.0).dropped[Drop.PAUSED] == 0


def test_a_long_pause_loses_what_the_ring_cannot_hold_and_says_so() -> None:
    log = EventLog(capacity=3)
    log.pause()
    log.add_many(batch(*numbered(0, 1)))
    log.add_many(batch(*numbered(2, 3, 4)))

    assert log.resume() == 3
    assert data_of(log) == ["2", "3", "4"]
    counters = log.counters(0.0)
    assert (counters.received, counters.shown, counters.dropped[Drop.PAUSED]) == (5, 3, 2)


def test_a_filter_changed_in_a_pause_shows_nothing_that_came_meanwhile() -> None:
    log = EventLog()
    log.add_many(batch(event("1")))
    log.pause()
    log.add_many(batch(event("11")))
    Sieve(log, Filter(text="1")).apply()

    assert data_of(log) == ["1"]


def test_the_rate_is_that_of_the_last_seconds() -> None:
    log = EventLog()
    for second in range(10):
        log.add_many(batch(*numbered(*range(30)), moment=float(second)))

    assert log.counters(9.0).per_second == 30.0
    assert log.counters(60.0).per_second == 0.0


def test_clearing_forgets_rows_and_counts_and_keeps_the_filter() -> None:
    log = EventLog()
    Sieve(log, Filter(text="7")).apply()
    log.add_many(batch(*numbered(7, 8)))
    log.clear()

    assert (len(log), log.counters(0.0).received, log.filter) == (0, 0, Filter(text="7"))
    assert log.add_many(batch(*numbered(7, 8))) == 1
    assert log.entry(0).number == 0


_DEEDS = st.one_of(
    st.lists(st.sampled_from([event("7"), event("8"), HOLE]), max_size=9),
    st.sampled_from(["pause", "resume", "all", "sevens"]),
    st.integers(0, 3),
)


@given(st.lists(_DEEDS, max_size=20))
def test_shown_and_dropped_always_make_up_what_was_received(
    deeds: list[list[DeviceEvent | Gap] | str | int],
) -> None:
    log, sent = EventLog(capacity=5), 0
    for deed in deeds:
        match deed:
            case "pause":
                log.pause()
            case "resume":
                log.resume()
            case str():
                Sieve(log, Filter(text="7" if deed == "sevens" else "")).apply()
            case int():
                log.add_many(batch(unreadable=deed))
                sent += deed
            case rows:
                log.add_many(batch(*rows))
                sent += sum(isinstance(row, DeviceEvent) for row in rows)

        counters = log.counters(0.0)
        assert counters.received == sent == counters.shown + sum(counters.dropped.values())
        assert all(count >= 0 for count in counters.dropped.values())
        assert len(log) <= 5
        assert [e.number for e in log.entries()] == [log.first_number + i for i in range(len(log))]
