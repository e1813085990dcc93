"""The stream that looks after itself: its states, its gaps and the cloud's limits."""

from __future__ import annotations

import json
import threading
import time

import pytest

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.errors import (
    CloudUnreachable,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.stream import (
    Connecting,
    Gap,
    Live,
    Loss,
    Quiet,
    Reconnecting,
    Source,
)
from setup_wizard.particle.clock import seconds_awake_or_asleep
from setup_wizard.particle.openings import MOST, WINDOW, Openings
from setup_wizard.particle.reader import path_of
from setup_wizard.particle.sse import HOPELESS, LONGEST_EVENT
from setup_wizard.particle.stream import QUIET_AFTER, EventStream
from tests.particle.conftest import TOKEN
from tests.particle.listening import DEVICE, HELLO, event, expected
from tests.particle.self_keeping import (
    listener,
)
from tests.particle.servers import (
    BOUND,
    Answer,
    chunked,
    end,
    end_of_chunks,
    plain,
    refused_url,
    until_hung_up,
)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (Source(), "/v1/devices/events"),
        (Source(prefix="spark/status"), "/v1/devices/events/spark%2Fstatus"),
        (Source(DEVICE), f"/v1/devices/{DEVICE}/events"),
        (Source(product="lamp-v1"), "/v1/products/lamp-v1/events"),
        (Source(DEVICE, product="a/b"), f"/v1/products/a%2Fb/devices/{DEVICE}/events"),
    ],
)
def test_each_source_has_its_place_in_the_cloud(source: Source, path: str) -> None:
    assert path_of(source) == path


def test_a_stream_connects_lives_falls_quiet_and_lives_again() -> None:
    more = threading.Event()

    def then_more(connection):
        assert more.wait(BOUND)
        connection.sendall(b"1\r\n\n\r\n")
        until_hung_up(connection)

    with listener(chunked(HELLO, event(1), then=then_more)) as (_, listening):
        assert listening.stream._state() == Connecting()
        assert listening.until_rows(1) == [expected(1)]
        assert listening.until_state(Live) == Live()
        listening.clock += QUIET_AFTER + 1
        assert listening.until_state(Quiet) == Quiet(QUIET_AFTER + 1)
        more.set()
        assert listening.until_state(Live) == Live()


def test_a_lost_connection_comes_back_with_a_gap() -> None:
    with listener(chunked(event(1), then=end), chunked(event(2))) as (_, listening):
        state = listening.until_state(Reconnecting)
        assert isinstance(state, Reconnecting)
        assert (state.seconds, type(state.cause)) == (1.0, CloudUnreachable)
        listening.clock += 0.4
        later = listening.until_state(Reconnecting)
        assert isinstance(later, Reconnecting)
        assert later.seconds == pytest.approx(0.6)
        listening.clock += 2.6
        first, gap, second = listening.until_rows(3)
        assert (first, second) == (expected(1), expected(2))
        assert isinstance(gap, Gap)
        assert gap.loss is Loss.DISCONNECTED
        assert gap.seconds == pytest.approx(3.0)


def test_a_stream_that_never_stood_has_no_gap() -> None:
    with listener(plain(Answer(500)), chunked(event(2))) as (_, listening):
        listening.until_state(Reconnecting)
        listening.clock += 5.0
        assert listening.until_rows(1) == [expected(2)]


def test_what_is_too_long_becomes_a_row_and_the_connection_goes_on() -> None:
    long = b"data: " + b"x" * (2 * LONGEST_EVENT) + b"\n\n"
    with listener(chunked(event(1), long, event(2))) as (server, listening):
        assert listening.until_rows(3) == [expected(1), Gap(Loss.TOO_LONG, 0.0), expected(2)] or (
            sorted(map(type, listening.rows), key=str)  # in one block the order is lost
            == sorted([DeviceEvent, DeviceEvent, Gap], key=str)
        )
        assert len(server.requests) == 1


def test_ten_megabytes_without_an_end_are_dropped_said_and_left() -> None:
    endless = b"x" * (HOPELESS + LONGEST_EVENT)
    with listener(chunked(endless), chunked(event(2))) as (_, listening):
        listening.until_state(Reconnecting)
        assert {row.loss for row in listening.rows if isinstance(row, Gap)} == {Loss.TOO_LONG}
        listening.clock += 5.0
        listening.until(lambda batch: expected(2) in batch.rows)


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "null",
        '{"data":1}',
        '{"coreid":"x","published_at":"y","ttl":"z"}',
        "[" * 9999,
    ],
)
def test_what_is_not_an_event_of_the_cloud_is_counted(text: str) -> None:
    strange = f"event: e\ndata: {text}\n\n".encode()
    with listener(chunked(strange, event(1))) as (_, listening):
        assert listening.until_rows(1) == [expected(1)]
        assert listening.unreadable == 1


def test_odd_data_comes_through_as_it_is() -> None:
    odd = ["<b>bold</b>", "\ud800", "ü🌡", "null", "x" * 864]
    blocks = [
        f"event: {'n' * 65536}\ndata: ".encode()
        + json.dumps({"data": data, "published_at": "now", "coreid": "api"}).encode()
        + b"\n\n"
        for data in odd
    ]
    with listener(chunked(*blocks, b"event: e\xff\n" + event(1)[13:])) as (_, listening):
        rows = listening.until_rows(len(odd) + 1)

    events = [row for row in rows if isinstance(row, DeviceEvent)]
    assert [e.data for e in events[:-1]] == odd
    assert len(events[0].name) == 65536


# --- the cloud's limits ---------------------------------------------------------------------------


def test_a_cloud_that_restarts_all_the_time_is_not_asked_more_often_than_it_allows() -> None:
    with listener(chunked(event(1), then=end_of_chunks)) as (server, listening):
        began = listening.clock
        while listening.clock < began + WINDOW:
            batch = listening.stream.take(0.02)
            if isinstance(batch.state, Reconnecting) and batch.state.seconds:
                # Steady enough for short pauses, which is the worst that it can do.
                listening.stream._failures = 0
                listening.clock += batch.state.seconds
        assert len(server.requests) <= MOST


def test_openings_are_counted_over_five_minutes_for_all_streams_together() -> None:
    openings = Openings(most=3)

    assert [openings.take(float(now)) for now in (0, 1, 2, 3, 299)] == [0, 0, 0, 297, 1]
    assert openings.take(300.0) == 0.0
    assert openings.take(300.5) == 0.5


def test_a_stream_waits_for_its_turn() -> None:
    openings = Openings(most=1)
    openings.take(0.0)
    stream = EventStream(
        CloudAccess(refused_url(), Secret(TOKEN)), Source(), openings=openings, now=lambda: 100.0
    )

    state = stream.take(0.0).state
    assert isinstance(state, Reconnecting)
    assert state.seconds == 200.0


def test_the_network_gone_for_ten_minutes_comes_back() -> None:
    with listener(chunked(event(1), then=end), *[REFUSED_FOR_NOW] * 8, chunked(event(2))) as (
        _,
        listening,
    ):
        for _ in range(12):
            batch = listening.until(lambda batch: isinstance(batch.state, (Reconnecting, Live)))
            if isinstance(batch.state, Reconnecting):
                listening.clock += 60.0
        listening.until(lambda _: expected(2) in listening.rows)
        assert any(isinstance(row, Gap) and row.seconds >= 480.0 for row in listening.rows)


def test_after_ten_minutes_of_sleep_it_comes_back_at_once_with_a_gap() -> None:
    with listener(chunked(event(1)), chunked(event(2))) as (server, listening):
        listening.until_rows(1)
        listening.clock += 600.0  # and the peer, which is gone, says nothing of it

        rows = listening.until_rows(3)

        assert rows == [expected(1), Gap(Loss.DISCONNECTED, 600.0), expected(2)]
        assert len(server.requests) == 2
        assert listening.until_state(Live) == Live()


def test_sleep_in_the_middle_of_a_pause_ends_the_pause() -> None:
    busy = plain(Answer(429, {}, {"Retry-After": "300"}))
    with listener(busy, chunked(event(2))) as (_, listening):
        listening.until_state(Reconnecting)
        listening.clock += 600.0

        assert listening.until_rows(1) == [expected(2)]


@pytest.mark.parametrize("jump", [3_600.0, -3_600.0])
def test_a_clock_on_the_wall_that_jumps_changes_nothing(
    jump: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jumped() -> float:
        return wall() + jump

    wall = time.time
    with listener(chunked(event(1), then=end), chunked(event(2))) as (server, listening):
        listening.until_state(Reconnecting)
        monkeypatch.setattr(time, "time", jumped)
        state = listening.stream.take(0.0).state
        assert isinstance(state, Reconnecting)
        assert state.seconds == 1.0
        assert len(server.requests) == 1
        listening.clock += 1.0
        listening.until(lambda _: expected(2) in listening.rows)
        monkeypatch.setattr(time, "time", wall)
        assert listening.stream.take(0.0).state == Live()
        assert Gap(Loss.DISCONNECTED, 1.0) in listening.rows
        listening.clock += QUIET_AFTER + 1
        monkeypatch.setattr(time, "time", jumped)
        assert listening.stream.take(0.0).state == Quiet(QUIET_AFTER + 1)


def test_the_clock_of_streams_goes_forward_as_fast_as_the_other_one() -> None:
    before, began = seconds_awake_or_asleep(), time.monotonic()
    while time.monotonic() == began:
        pass
    passed = seconds_awake_or_asleep() - before

    assert 0.0 <= passed <= 10.0 + time.monotonic() - began


REFUSED_FOR_NOW = plain(Answer(502))
