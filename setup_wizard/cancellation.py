"""The wish to stop, as a switch that one thread turns and another one watches."""

from __future__ import annotations

import threading
import time

from setup_wizard.domain.errors import Cancelled


class StopSwitch:
    """Implements `ports.Cancellation`; turned once, it stays turned."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def turn(self) -> None:
        self._event.set()

    @property
    def turned(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        if self._event.wait(max(0.0, seconds)):
            raise Cancelled

    def now(self) -> float:
        return time.monotonic()
