"""A cloud that answers by a script, and a stream that brings what the test hands it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.stream import Batch, Connecting, Live, Row, Source, Stopped, StreamState
from setup_wizard.ports import Cancellation, Cloud, Ear, Outside, Renew, Stream
from tests.flow.fake_backend import FakeBackend, FakeSessions
from tests.flow.fakes import FakeFiles, FakeLink, FakeWifi
from tests.flow.samples import DEVICE, OTHER_ID

KITCHEN = replace(
    DEVICE,
    name="Kitchen",
    online=True,
    functions=("led", "reset"),
    variables={"temperature": "double", "mode": "string"},
    firmware_version="1.5.2",
    system_version="1.5.2",
)
CELLAR = Device(OTHER_ID, name="Cellar <b>bold</b>")


class HandedStream(Stream):
    """Brings batches that the test put in; `take` waits as the real one does."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._batches: deque[Batch] = deque()
        self.state: StreamState = Connecting()
        self.stopped = False

    def put(self, *rows: Row, state: StreamState | None = None) -> None:
        with self._changed:
            self.state = state or Live()
            self._batches.append(batch_of(*rows, state=self.state))
            self._changed.notify()

    def take(self, timeout: float) -> Batch:
        with self._changed:
            if not self._batches and not self.stopped:
                self._changed.wait(timeout)
            if self.stopped:
                return batch_of(state=Stopped())
            return self._batches.popleft() if self._batches else batch_of(state=self.state)

    def stop(self) -> None:
        with self._changed:
            self.stopped = True
            self._changed.notify()


class PanelCloud(Cloud):
    """Devices, and what each question is answered: a value, or a failure."""

    def __init__(self) -> None:
        self.listed: tuple[Device, ...] = (KITCHEN, CELLAR)
        self.trouble: dict[str, SetupError] = {}
        """By the name of the call: raised instead of an answer."""
        self.away: dict[DeviceId, SetupError] = {}
        """By the device that is called or read: raised instead of an answer."""
        self.asked: list[tuple[object, ...]] = []
        self.values: dict[str, object] = {"temperature": 21.5, "mode": "<b>auto</b>"}
        self.handed = HandedStream()
        self.handed_product = HandedStream()
        self.sources: list[Source] = []
        """What was listened to, in order."""
        self.patience = threading.Event()
        self.patience.set()

    def _did(self, cancel: Cancellation, name: str, *facts: object) -> None:
        self.asked.append((name, *facts))
        while not self.patience.is_set():
            cancel.wait(0.01)
        if name in self.trouble:
            raise self.trouble[name]

    def devices(self, cancel: Cancellation) -> tuple[Device, ...]:
        self._did(cancel, "devices")
        return self.listed

    def device(self, device_id: DeviceId, cancel: Cancellation) -> Device:
        return next(each for each in self.listed if each.device_id == device_id)

    def ping(self, device_id: DeviceId, cancel: Cancellation) -> bool:
        self._did(cancel, "ping", device_id)
        return True

    def signal(self, device_id: DeviceId, cancel: Cancellation, *, on: bool) -> None:
        self._did(cancel, "signal", device_id, on)

    def rename(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        self._did(cancel, "rename", device_id, name)

    def unclaim(self, device_id: DeviceId, cancel: Cancellation) -> None:
        self._did(cancel, "unclaim", device_id)
        self.listed = tuple(each for each in self.listed if each.device_id != device_id)

    def call(self, device_id: DeviceId, function: str, argument: str, cancel: Cancellation) -> int:
        self._did(cancel, "call", function, argument)
        self._reach(device_id)
        return 42

    def read(self, device_id: DeviceId, variable: str, cancel: Cancellation) -> object:
        self._did(cancel, "read", variable)
        self._reach(device_id)
        return self.values[variable]

    def _reach(self, device_id: DeviceId) -> None:
        if device_id in self.away:
            raise self.away[device_id]

    def events(self, device_id: DeviceId, cancel: Cancellation) -> Iterator[DeviceEvent]:
        return iter(())

    def stream(self, source: Source, *, renew: Renew | None = None) -> Stream:
        self.sources.append(source)
        if source.product is not None:
            self.handed_product = _open(self.handed_product)
            return self.handed_product
        self.handed = _open(self.handed)
        return self.handed

    def listen(self, device_id: DeviceId) -> Ear:
        raise NotImplementedError


class House:
    """Everything outside, with the cloud above."""

    def __init__(self) -> None:
        self.cloud = PanelCloud()
        self.backend = FakeBackend()
        self.opened: list[CloudAccess] = []

    def open(self) -> Outside:
        return Outside(
            FakeLink(), FakeWifi(), FakeFiles(), self.backend, FakeSessions(), self._open_cloud
        )

    def _open_cloud(self, access: CloudAccess) -> Cloud:
        self.opened.append(access)
        return self.cloud


def _open(stream: HandedStream) -> HandedStream:
    """It, or the next where this one is over."""
    return HandedStream() if stream.stopped else stream


def batch_of(*rows: Row, state: StreamState | None = None) -> Batch:
    return Batch(rows, state or Live(), time.time(), time.monotonic())


def said(
    name: str = "temperature", data: str | None = "21.5", device: object = None
) -> DeviceEvent:
    who = str(device or KITCHEN.device_id)
    return DeviceEvent(name, data, "2026-01-01T00:00:00.000Z", who)
