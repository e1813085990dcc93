"""A stream keeps its token fresh, and stops at once and without a trace."""

from __future__ import annotations

import threading
import time

import pytest

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    BackendUnreachable,
    CloudBroken,
    DeviceNotYours,
    ProductEventsNotOffered,
    SignInExpired,
    TokenRefused,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.stream import (
    Batch,
    Live,
    Quiet,
    Reconnecting,
    Source,
    Stopped,
)
from setup_wizard.particle import reader
from setup_wizard.particle.stream import QUIET_AFTER, EventStream
from setup_wizard.ports import Cancellation
from tests.particle.conftest import TOKEN
from tests.particle.listening import STOP_LIMIT, event, expected
from tests.particle.self_keeping import (
    NEW_TOKEN,
    REFUSED,
    listener,
    renewed_listener,
)
from tests.particle.servers import (
    BOUND,
    Answer,
    Visit,
    chunked,
    end,
    plain,
    raw_server,
    until_hung_up,
)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_answered_with_one_new_token_at_once(status: int) -> None:
    refused = plain(Answer(status, {"error": "invalid_token" if status == 401 else "no"}))
    with renewed_listener(refused, chunked(event(1)), answers=(NEW_TOKEN,)) as (
        server,
        listening,
        left,
    ):
        assert listening.until_rows(1) == [expected(1)]
        assert left == []
        assert f"Bearer {NEW_TOKEN}" in server.requests[1]


def test_a_second_refusal_stops_the_stream_with_its_reason() -> None:
    with renewed_listener(REFUSED, answers=(NEW_TOKEN, "never")) as (server, listening, left):
        state = listening.until_state(Stopped)
        assert isinstance(state, Stopped)
        assert isinstance(state.cause, TokenRefused)
        assert left == ["never"]
        assert len(server.requests) == 2
        assert listening.stream.take(0.0).state == state


def test_the_same_token_again_is_not_tried() -> None:
    with renewed_listener(REFUSED, answers=(TOKEN,)) as (server, listening, _):
        listening.until_state(Stopped)
        assert len(server.requests) == 1


def test_without_a_backend_a_refusal_is_the_end() -> None:
    foreign = plain(Answer(403, {"error": "Permission Denied"}))
    with listener(foreign) as (server, listening):
        state = listening.until_state(Stopped)
        assert isinstance(state, Stopped)
        assert isinstance(state.cause, DeviceNotYours)
        assert len(server.requests) == 1


def test_a_product_that_the_cloud_does_not_know_is_the_end() -> None:
    unknown = plain(Answer(404, {"ok": False, "error": "Product not found."}))
    with listener(unknown, source=Source(product="nope")) as (server, listening):
        state = listening.until_state(Stopped)
        assert isinstance(state, Stopped)
        assert isinstance(state.cause, ProductEventsNotOffered)
        assert state.cause.parameters == {"product": "nope"}
        assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "source"), [(500, Source(product="nope")), (404, Source())])
def test_what_is_no_word_about_the_product_is_tried_again(status: int, source: Source) -> None:
    with listener(plain(Answer(status)), source=source) as (_, listening):
        state = listening.until_state(Reconnecting)
        assert isinstance(state, Reconnecting)
        assert isinstance(state.cause, CloudBroken)


def test_a_backend_that_is_away_is_asked_again_and_one_that_refuses_is_not() -> None:
    with renewed_listener(REFUSED, answers=(BackendUnreachable(), SignInExpired())) as (
        server,
        listening,
        left,
    ):
        listening.until(
            lambda batch: (
                isinstance(batch.state, Reconnecting)
                and isinstance(batch.state.cause, BackendUnreachable)
            )
        )
        listening.clock += 5.0
        state = listening.until_state(Stopped)
        assert isinstance(state, Stopped)
        assert isinstance(state.cause, SignInExpired)
        assert (len(server.requests), left) == (1, [])


def test_a_token_revoked_in_the_middle_is_replaced() -> None:
    with renewed_listener(
        chunked(event(1), then=end), REFUSED, chunked(event(2)), answers=(NEW_TOKEN,)
    ) as (_, listening, _):
        listening.until_state(Reconnecting)
        listening.clock += 5.0
        assert listening.until_rows(3)[0::2] == [expected(1), expected(2)]


def test_a_token_revoked_in_the_middle_is_replaced_once_and_then_it_is_over() -> None:
    with renewed_listener(
        chunked(event(1), then=end), REFUSED, REFUSED, answers=(NEW_TOKEN, "c" * 40)
    ) as (server, listening, left):
        listening.until_state(Reconnecting)
        listening.clock += 5.0
        state = listening.until_state(Stopped)
        assert isinstance(state, Stopped)
        assert isinstance(state.cause, TokenRefused)
        listening.clock += 600.0
        assert listening.stream.take(0.0).state == state
        assert (len(server.requests), left) == (3, ["c" * 40])


def test_a_token_is_renewed_before_it_ends_and_nothing_is_missed() -> None:
    change = threading.Event()

    def last_words(connection):
        assert change.wait(BOUND)
        until_hung_up(connection)

    with renewed_listener(
        chunked(event(1), then=last_words), chunked(event(2)), answers=(NEW_TOKEN,), lifetime=40
    ) as (server, listening, _):
        listening.until_rows(1)
        listening.clock += 29.0
        listening.stream.take(0.01)
        assert len(server.requests) == 1
        change.set()
        listening.clock += 2.0
        assert listening.until_rows(2) == [expected(1), expected(2)]
        assert listening.until_state(Live) == Live()
        assert f"Bearer {NEW_TOKEN}" in server.requests[1]


def test_a_renewal_that_fails_leaves_the_old_connection_alone() -> None:
    beats = threading.Semaphore(0)

    def beat(connection):
        for _ in range(2):
            assert beats.acquire(timeout=BOUND)
            connection.sendall(b"1\r\n\n\r\n")
        until_hung_up(connection)

    with renewed_listener(
        chunked(event(1), then=beat),
        chunked(event(2)),
        answers=(BackendUnreachable(), NEW_TOKEN),
        lifetime=40,
    ) as (server, listening, left):
        listening.until_rows(1)
        listening.clock += 31.0
        listening.until(lambda _: len(left) == 1)
        assert listening.until_state(Quiet) == Quiet(31.0)
        listening.until(lambda _: listening.stream._next is None)
        assert len(server.requests) == 1
        for _ in range(2):
            beats.release()
            listening.until_state(Live)
            listening.clock += 31.0
        assert listening.until_rows(2) == [expected(1), expected(2)]


@pytest.mark.parametrize(
    "visit",
    [chunked(event(1)), until_hung_up, plain(Answer(500)), REFUSED],
    ids=["live", "connecting", "reconnecting", "renewing"],
)
def test_any_thread_stops_it_within_a_blink_and_no_thread_is_left(visit: Visit) -> None:
    asked = threading.Event()

    def renew(cancel: Cancellation) -> CloudAccess:
        asked.set()
        cancel.wait(BOUND)
        raise BackendUnreachable

    with listener(visit, renew=renew) as (server, listening):
        batches: list[Batch] = []

        def take() -> None:
            while not isinstance((batch := listening.stream.take(BOUND)).state, Stopped):
                batches.append(batch)

        taker = threading.Thread(target=take)
        taker.start()
        assert server.arrived.acquire(timeout=BOUND)
        if visit is REFUSED:
            assert asked.wait(BOUND)
        began = time.monotonic()
        listening.stream.stop()
        taker.join(BOUND)
        assert time.monotonic() - began < STOP_LIMIT
        assert listening.stream.take(0.0).state == Stopped()
        # A connection that is being made cannot be ended from outside; it ends by its time-out.
        assert visit is until_hung_up or left_over() == []


def left_over() -> list[threading.Thread]:
    threads = [thread for thread in threading.enumerate() if thread.name == "event-stream"]
    for thread in threads:
        thread.join(STOP_LIMIT)
    return [thread for thread in threads if thread.is_alive()]


def test_nothing_secret_is_logged_or_raised(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with renewed_listener(chunked(event(1), then=end), REFUSED, answers=(NEW_TOKEN,)) as (
        _,
        listening,
        _,
    ):
        listening.until_state(Reconnecting)
        listening.clock += 5.0
        state = listening.until_state(Stopped)

    said = caplog.text + repr(state) + repr(listening.rows) + repr(vars(listening.stream))
    assert TOKEN not in said
    assert NEW_TOKEN not in said


def test_a_stream_begins_only_when_it_is_taken_from(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(chunked()) as server:
        EventStream(CloudAccess(server.url, Secret(TOKEN)), Source(DeviceId("a" * 24))).stop()
        assert server.requests == []
    assert reader.IDLE_LIMIT > QUIET_AFTER
