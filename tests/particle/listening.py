"""A listener to the event stream of a scripted peer, and the events that it publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.secret import Secret
from setup_wizard.particle.stream import live_events
from tests.particle.conftest import TOKEN, FakeCancellation
from tests.particle.servers import (
    RawServer,
    Visit,
    chunked,
    raw_server,
    unchunked,
)

DEVICE = DeviceId("0123456789abcdef01234567")
HELLO = b":ok\n\n"
STOP_LIMIT = 0.2  # seconds
FRAMINGS = pytest.mark.parametrize("framing", [chunked, unchunked])


def event(number: int) -> bytes:
    data = {
        "data": str(number),
        "ttl": 60,
        "published_at": "2015-07-18T00:12:18.174Z",
        "coreid": DEVICE.text,
    }
    return f"event: count\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def expected(number: int) -> DeviceEvent:
    return DeviceEvent("count", str(number), "2015-07-18T00:12:18.174Z", DEVICE.text, 60)


def listen(url: str, cancel: FakeCancellation, chance: float = 0.0) -> Iterator[DeviceEvent]:
    return live_events(CloudAccess(url, Secret(TOKEN)), DEVICE, cancel, chance=lambda: chance)


@contextmanager
def listening(
    *visits: Visit,
) -> Iterator[tuple[RawServer, Iterator[DeviceEvent], FakeCancellation]]:
    cancel = FakeCancellation()
    with raw_server(*visits) as server:
        events = listen(server.url, cancel)
        with closing(events):  # type: ignore[type-var]
            yield server, events, cancel
