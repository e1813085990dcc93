"""Live events over real sockets: every framing, and every way to end."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from itertools import islice

import pytest

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.errors import DeviceNotYours, SetupError, TokenRefused
from setup_wizard.domain.secret import Secret
from setup_wizard.particle import reader
from setup_wizard.particle.stream import live_events
from tests.particle.conftest import TOKEN, FakeCancellation
from tests.particle.leaks import everything_said
from tests.particle.listening import (
    DEVICE,
    FRAMINGS,
    HELLO,
    event,
    expected,
    listen,
    listening,
)
from tests.particle.servers import (
    BOUND,
    Answer,
    Visit,
    chunked,
    end,
    end_of_chunks,
    plain,
    raw_server,
    refused_url,
    reset,
    unchunked,
    until_hung_up,
)


@FRAMINGS
def test_events_come_as_they_were_published(framing: Callable[..., Visit]) -> None:
    with listening(framing(HELLO, event(1), b"\n", event(2))) as (server, events, _):
        assert list(islice(events, 2)) == [expected(1), expected(2)]

    head = server.requests[0].lower()
    assert head.startswith(f"get /v1/devices/{DEVICE}/events http/1.1\r\n")
    assert f"authorization: bearer {TOKEN}\r\n" in head
    assert "accept: text/event-stream\r\n" in head
    assert "accept-encoding: identity\r\n" in head


@FRAMINGS
def test_an_event_is_handed_on_while_the_stream_stays_quiet(
    framing: Callable[..., Visit],
) -> None:
    told = threading.Event()

    def second_after_first(connection: socket.socket) -> None:
        assert told.wait(BOUND)
        block = event(2)
        connection.sendall(block if framing is unchunked else b"%x\r\n%s\r\n" % (len(block), block))
        until_hung_up(connection)

    with listening(framing(event(1), then=second_after_first)) as (_, events, _):
        assert next(events) == expected(1)
        told.set()
        assert next(events) == expected(2)


@FRAMINGS
@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"], ids=["CRLF", "CR"])
def test_other_line_ends_are_understood(framing: Callable[..., Visit], line_end: bytes) -> None:
    with listening(framing(event(1).replace(b"\n", line_end))) as (_, events, _):
        assert next(events) == expected(1)


@FRAMINGS
def test_a_stream_in_single_bytes_is_understood(framing: Callable[..., Visit]) -> None:
    stream = HELLO + event(1) + event(2)

    with listening(framing(*(stream[i : i + 1] for i in range(len(stream))))) as (_, events, _):
        assert list(islice(events, 2)) == [expected(1), expected(2)]


@FRAMINGS
def test_five_thousand_events_arrive_in_order_and_none_is_lost(
    framing: Callable[..., Visit],
) -> None:
    with listening(framing(*map(event, range(5000)))) as (_, events, _):
        received = list(islice(events, 5000))

    assert received == [expected(number) for number in range(5000)]


def test_a_taker_who_is_slow_makes_the_cloud_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "HELD_LIMIT", 1000)
    sent = threading.Event()

    def and_tell(connection: socket.socket) -> None:
        sent.set()
        until_hung_up(connection)

    flood = event(0) * 50_000
    with listening(unchunked(flood, then=and_tell)) as (_, events, _):
        next(events)

        assert not sent.wait(0.2)
        assert sum(1 for _ in islice(events, 49_999)) == 49_999
        assert sent.wait(BOUND)


@pytest.mark.parametrize(
    ("data", "result"),
    [
        ({"data": None}, DeviceEvent("e", None, "now", "api")),
        ({"ttl": "16"}, DeviceEvent("e", None, "now", "api", 16)),
        ({"data": 'ä"\n'}, DeviceEvent("e", 'ä"\n', "now", "api")),
        ({"userid": "x", "version": 3}, DeviceEvent("e", None, "now", "api")),
    ],
)
def test_what_an_event_may_hold(data: dict[str, object], result: DeviceEvent) -> None:
    text = json.dumps({"published_at": "now", "coreid": "api"} | data)

    with listening(chunked(f"event: e\ndata: {text}\n\n".encode())) as (_, events, _):
        assert next(events) == result


@pytest.mark.parametrize(
    "text", ["no JSON", "[]", "{}", '{"coreid":1}', '{"coreid":"x","published_at":"y","ttl":"z"}']
)
def test_what_is_not_an_event_of_the_cloud_is_passed_over(text: str) -> None:
    strange = f"event: e\ndata: {text}\n\n".encode()

    with listening(chunked(strange, event(1))) as (server, events, _):
        assert next(events) == expected(1)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "drop",
    [
        chunked(event(1), then=end),
        chunked(event(1), then=end_of_chunks),
        chunked(event(1), then=reset),
        unchunked(event(1), then=end),
        unchunked(event(1), then=reset),
        chunked(event(1), then=lambda connection: connection.sendall(b"nonsense\r\n")),
    ],
    ids=["cut", "last chunk", "reset", "end", "reset, unchunked", "bad chunk"],
)
def test_a_drop_is_noticed_and_the_stream_goes_on(drop: Visit) -> None:
    with listening(drop, chunked(event(2))) as (server, events, cancel):
        # A reset may destroy what was sent just before it.
        received = list(iter(lambda: next(events), expected(2)))

        assert received in ([expected(1)], [])
        assert len(server.requests) == 2
        assert cancel.waited == [1.0]


def test_an_event_cut_by_a_drop_is_not_mixed_with_the_next_connection() -> None:
    first = event(1)

    with listening(unchunked(first[:40], then=end), chunked(first[40:], event(2))) as (
        _,
        events,
        _,
    ):
        assert next(events) == expected(2)


def test_silence_for_longer_than_the_keep_alives_is_a_drop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "IDLE_LIMIT", 0.2)

    with listening(chunked(event(1)), chunked(event(2))) as (_, events, cancel):
        assert next(events) == expected(1)
        assert next(events) == expected(2)
        assert set(cancel.waited) == {1.0}


def test_the_idle_limit_outlasts_two_keep_alives() -> None:
    assert reader.IDLE_LIMIT > 2 * 13


@pytest.mark.parametrize(
    ("chance", "pauses"),
    [(0.0, [1.0] * 8), (1.0, [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0])],
)
def test_pauses_grow_to_a_minute_with_chance(chance: float, pauses: list[float]) -> None:
    cancel = FakeCancellation(pauses=8)

    assert list(listen(refused_url(), cancel, chance)) == []
    assert cancel.waited == pauses


def test_after_a_steady_connection_the_pauses_begin_anew() -> None:
    cancel = FakeCancellation(pauses=5)
    broken = plain(Answer(500))
    with raw_server(broken, broken, chunked(event(1), then=end), broken) as server:
        for _ in listen(server.url, cancel, chance=1.0):
            cancel.clock += 10.0

    assert cancel.waited == [2.0, 4.0, 2.0, 4.0, 8.0]


def test_a_server_that_hangs_up_at_once_is_not_asked_ever_faster() -> None:
    cancel = FakeCancellation(pauses=4)
    with raw_server(chunked(event(1), then=end_of_chunks)) as server:
        list(listen(server.url, cancel, chance=1.0))

    assert cancel.waited == [2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (Answer(429), 60.0),
        (Answer(529), 60.0),
        (Answer(429, headers={"Retry-After": "120"}), 120.0),
        (Answer(500), 2.0),
        (Answer(302, headers={"Location": "/elsewhere"}), 2.0),
        (Answer(200, "<html>a hotel</html>", {"Content-Type": "text/html"}), 2.0),
        (Answer(204, "", {"Content-Type": "text/event-stream"}), 2.0),
    ],
)
def test_an_answer_that_is_no_stream_is_tried_again_later(answer: Answer, pause: float) -> None:
    cancel = FakeCancellation()
    with raw_server(plain(answer), chunked(event(1))) as server:
        events = listen(server.url, cancel, chance=1.0)
        with closing(events):  # type: ignore[type-var]
            assert next(events) == expected(1)

    assert cancel.waited == [pause]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(401, {"error": "invalid_token"}), TokenRefused),
        (Answer(400, {"error_description": "The access token was not found"}), TokenRefused),
        (Answer(403, {"error": "Permission Denied"}), DeviceNotYours),
    ],
)
def test_a_refusal_ends_the_stream_and_tells_no_token(
    answer: Answer, error: type[SetupError]
) -> None:
    with listening(plain(answer)) as (server, events, cancel):
        with pytest.raises(error) as raised:
            next(events)

        assert len(server.requests) == 1
        assert cancel.waited == []
        assert TOKEN not in everything_said(raised.value)


def test_a_token_that_no_header_can_hold_ends_the_stream() -> None:
    access = CloudAccess(refused_url(), Secret("line\n"))

    with pytest.raises(TokenRefused):
        next(live_events(access, DEVICE, FakeCancellation()))
