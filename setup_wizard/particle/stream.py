"""A device's live events: parsed, reconnected with growing pauses, stopped at once."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    Cancelled,
    CloudBusy,
    CloudError,
    DeviceNotYours,
    TokenRefused,
)
from setup_wizard.particle.reader import StreamReader
from setup_wizard.particle.sse import EventTooLong, SseParser
from setup_wizard.ports import Cancellation

CANCEL_SLICE = 0.05  # how late a stop may be seen; nobody notices that
SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
STEADY_AFTER = 10.0  # opened every 11 s at most, we stay far below 100 times in five minutes

_log = logging.getLogger(__name__)


def live_events(
    access: CloudAccess,
    device_id: DeviceId,
    cancel: Cancellation,
    *,
    chance: Callable[[], float] = random.random,
) -> Iterator[DeviceEvent]:
    """Events until cancelled. Raises TokenRefused and DeviceNotYours, for which no wait helps."""
    failures = 0
    try:
        while True:
            failure: CloudError | EventTooLong
            opened: float | None = None
            parser = SseParser()
            reader = StreamReader(access, device_id)
            try:
                while True:
                    cancel.check()
                    block = reader.take(CANCEL_SLICE)
                    if block and opened is None:
                        opened = cancel.now()
                    for name, text in parser.feed(block):
                        cancel.check()
                        event = decoded(name, text)
                        if event is not None:
                            yield event
            except (TokenRefused, DeviceNotYours):
                raise
            except (CloudError, EventTooLong) as error:
                failure = error
            finally:
                reader.stop()
            if opened is not None and cancel.now() - opened >= STEADY_AFTER:
                failures = 0
            pause = _pause(failures, failure, chance())
            failures += 1
            _log.info(
                "event stream lost device_id=%s cause=%s pause=%.1f s", device_id, failure, pause
            )
            cancel.wait(pause)
    except Cancelled:
        return


def _pause(failures: int, failure: Exception, chance: float) -> float:
    """1 to 2 s at first, later up to 60 s, by chance, or all programs would come back at once."""
    longest = min(SHORTEST_PAUSE * 2.0 ** (min(failures, 10) + 1), LONGEST_PAUSE)
    pause = SHORTEST_PAUSE + (longest - SHORTEST_PAUSE) * chance
    if isinstance(failure, CloudBusy):
        return max(pause, float(failure.parameters["seconds"]))
    return pause


def decoded(name: str, text: str) -> DeviceEvent | None:
    """The event; None for what is not an event of the cloud, which is no reason to stop."""
    try:
        document = json.loads(text)
        data, ttl = document.get("data"), document.get("ttl")
        published_at, device_id = document["published_at"], document["coreid"]
        if isinstance(published_at, str) and isinstance(device_id, str):
            return DeviceEvent(
                name,
                data if isinstance(data, str) else None,
                published_at,
                device_id,
                # A number, and in the cloud's own documents text.
                int(ttl) if isinstance(ttl, (int, str)) else 60,
            )
    except (ValueError, KeyError, AttributeError):
        pass
    _log.warning("event without usable data name=%s length=%d", name, len(text))
    return None
