"""A scripted cloud, with what it tells by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import Cancelled
from setup_wizard.domain.stream import Source
from setup_wizard.ports import Cancellation, Cloud, Ear, Renew, Stream
from tests.flow.clock import Clock, Scripted


class FakeEar(Ear):
    def __init__(self, device_id: DeviceId) -> None:
        self.device_id = device_id
        self.waiting: list[DeviceEvent] = []
        self.closed = False

    def take(self, cancel: Cancellation) -> tuple[DeviceEvent, ...]:
        cancel.check()
        taken, self.waiting = tuple(self.waiting), []
        return taken

    def close(self) -> None:
        self.closed = True


class FakeCloud(Scripted, Cloud):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.listed: tuple[Device, ...] = ()
        self.answering = False
        self.live: tuple[DeviceEvent, ...] = ()
        self.goes_on = False
        """Whether the stream stays open after the last event, until it is cancelled."""
        self.ear: FakeEar | None = None
        self.named: list[tuple[DeviceId, str]] = []
        self.opened: list[CloudAccess] = []

    def open(self, access: CloudAccess) -> Cloud:
        self.opened.append(access)
        return self

    def devices(self, cancel: Cancellation) -> tuple[Device, ...]:
        cancel.check()
        self._called("devices")
        return self.listed

    def device(self, device_id: DeviceId, cancel: Cancellation) -> Device:
        cancel.check()
        self._called("device")
        return next(device for device in self.listed if device.device_id == device_id)

    def ping(self, device_id: DeviceId, cancel: Cancellation) -> bool:
        cancel.check()
        self._called("ping")
        return self.answering

    def rename(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        cancel.check()
        self._called("rename")
        self.named.append((device_id, name))
        self.listed = tuple(
            replace(d, name=name) if d.device_id == device_id else d for d in self.listed
        )

    def signal(self, device_id: DeviceId, cancel: Cancellation, *, on: bool) -> None:
        cancel.check()
        self._called("signal")

    def unclaim(self, device_id: DeviceId, cancel: Cancellation) -> None:
        cancel.check()
        self._called("unclaim")

    def stream(self, source: Source, *, renew: Renew | None = None) -> Stream:
        raise NotImplementedError

    def call(self, device_id: DeviceId, function: str, argument: str, cancel: Cancellation) -> int:
        cancel.check()
        self._called("call")
        return len(argument)

    def read(self, device_id: DeviceId, variable: str, cancel: Cancellation) -> object:
        cancel.check()
        self._called("read")
        return None

    def listen(self, device_id: DeviceId) -> Ear:
        self._called("listen")
        self.ear = FakeEar(device_id)
        return self.ear

    def tells(self, name: str, data: str | None) -> None:
        """An event of the cloud itself, for whoever listens."""
        if self.ear is not None and not self.ear.closed:
            self.ear.waiting.append(
                DeviceEvent(name, data, "2026-01-01T00:00:00Z", str(self.ear.device_id))
            )

    def events(self, device_id: DeviceId, cancel: Cancellation) -> Iterator[DeviceEvent]:
        self._called("events")
        yield from self.live
        try:
            while self.goes_on:
                cancel.wait(1.0)
        except Cancelled:
            return
