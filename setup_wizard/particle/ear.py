"""What the cloud tells about one device by itself, taken without waiting."""

from __future__ import annotations

import logging

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import CloudUnreachable, SetupError
from setup_wizard.domain.stream import Source
from setup_wizard.particle.decode import decoded
from setup_wizard.particle.reader import StreamReader
from setup_wizard.particle.sse import EventTooLong, SseParser
from setup_wizard.ports import Cancellation, Ear

REOPEN_PAUSE = 5.0  # seconds; the cloud allows 100 openings in five minutes, this is 60 at most
PREFIX = "spark"  # the events of the cloud itself: coming, going and updating

_log = logging.getLogger(__name__)


class StatusEar(Ear):
    """Listens to all devices of the token's owner and keeps what is about this one.

    The device's own stream is refused until the device is owned; this one tells from the very
    moment of it. Where there is no way to the cloud yet, it is tried again later.
    """

    def __init__(self, access: CloudAccess, device_id: DeviceId) -> None:
        self._access = access
        self._device_id = device_id
        self._reader: StreamReader | None = None
        self._parser = SseParser()
        self._not_before: float | None = None

    def take(self, cancel: Cancellation) -> tuple[DeviceEvent, ...]:
        cancel.check()
        if self._reader is None:
            if self._not_before is not None and cancel.now() < self._not_before:
                return ()
            self._parser = SseParser()
            self._reader = StreamReader(
                lambda: self._access, Source(prefix=PREFIX), begun=cancel.now()
            )
        try:
            told = self._parser.feed(self._reader.take(0.0))
            if self._reader.is_late(cancel.now()):
                raise CloudUnreachable
        except (SetupError, EventTooLong) as error:
            _log.info("status stream lost device_id=%s cause=%s", self._device_id, error)
            self.close()
            self._not_before = cancel.now() + REOPEN_PAUSE
            return ()
        events, _ = decoded(told)
        mine = self._device_id.text
        return tuple(event for event in events if event.device_id.lower() == mine)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.stop()
            self._reader = None
