"""What the cloud tells about a device is taken without waiting, and survives a lost stream."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import Cancelled
from setup_wizard.domain.secret import Secret
from setup_wizard.particle import ear as ear_module
from setup_wizard.particle.ear import StatusEar
from tests.particle.conftest import TOKEN
from tests.particle.servers import (
    BOUND,
    Answer,
    Visit,
    chunked,
    end_of_chunks,
    plain,
    raw_server,
    refused_url,
)
from tests.silence import silent_server

DEVICE = DeviceId("0123456789abcdef01234567")
OTHER = "ffffffffffffffffffffffff"
HELLO = b":ok\n\n"


def told(name: str, data: str, device: str = DEVICE.text) -> bytes:
    body = {"data": data, "ttl": 60, "published_at": "2026-01-01T00:00:00.000Z", "coreid": device}
    return f"event: {name}\ndata: {json.dumps(body)}\n\n".encode()


def until_told(ear: StatusEar) -> Iterator[DeviceEvent]:
    """Events, each as soon as it is there; a bounded number of looks."""
    switch, pause = StopSwitch(), threading.Event()
    for _ in range(int(BOUND / 0.01)):
        yield from ear.take(switch)
        pause.wait(0.01)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear_module, "REOPEN_PAUSE", 0.02)


def ear_at(url: str) -> StatusEar:
    return StatusEar(CloudAccess(url, Secret(TOKEN)), DEVICE)


def first(ear: StatusEar) -> tuple[str, str | None]:
    event = next(until_told(ear))
    return event.name, event.data


def test_the_events_of_this_device_are_heard_and_of_no_other() -> None:
    visit = chunked(
        HELLO, told("spark/status", "online", OTHER), told("spark/flash/status", "started")
    )
    with raw_server(visit) as server, closing(ear_at(server.url)) as ear:
        assert first(ear) == ("spark/flash/status", "started")
        assert server.requests[0].startswith("GET /v1/devices/events/spark HTTP/1.1")
        assert f"Authorization: Bearer {TOKEN}" in server.requests[0]


def test_a_look_never_waits() -> None:
    with silent_server() as server, closing(ear_at(server.url)) as ear:
        assert [ear.take(StopSwitch()) for _ in range(50)] == [()] * 50


@pytest.mark.parametrize(
    "lost",
    [
        chunked(HELLO, then=end_of_chunks),
        plain(Answer(500, {})),
        plain(Answer(401, {"error": "invalid_token"})),
        plain(Answer(429, {})),
    ],
    ids=["ended", "broken", "refused", "busy"],
)
def test_a_lost_stream_is_opened_again(lost: Visit) -> None:
    again = chunked(HELLO, told("spark/status", "online"))
    with raw_server(lost, again) as server, closing(ear_at(server.url)) as ear:
        assert first(ear) == ("spark/status", "online")


def test_where_there_is_no_way_yet_nothing_is_heard() -> None:
    with closing(ear_at(refused_url())) as ear:
        assert ear.take(StopSwitch()) == ()


def test_it_is_not_opened_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear_module, "REOPEN_PAUSE", 3600.0)
    with raw_server(plain(Answer(500, {}))) as server, closing(ear_at(server.url)) as ear:
        ear.take(StopSwitch())
        assert server.arrived.acquire(timeout=BOUND)
        if ear._reader is not None:  # the first look may have come after the answer
            ear._reader._thread.join(BOUND)
        for _ in range(20):
            ear.take(StopSwitch())

        assert len(server.requests) == 1


def test_a_stop_is_heard() -> None:
    switch = StopSwitch()
    switch.turn()

    with pytest.raises(Cancelled):
        ear_at(refused_url()).take(switch)


def test_closing_twice_is_no_matter() -> None:
    with silent_server() as server:
        ear = ear_at(server.url)
        ear.take(StopSwitch())
        ear.close()
        ear.close()
