"""Calls that block, made so that the person who stops never waits for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from setup_wizard.ports import Cancellation

SLICE = 0.05  # seconds; how late a stop may be seen: a fifth of what a person calls "at once"

Result = TypeVar("Result")


def interruptible(act: Callable[[], Result], cancel: Cancellation, *, limit: float) -> Result:
    """What `act` returns or raises; Cancelled at once when the person stops meanwhile.

    Name look-up, connecting, the TLS handshake and reading all block, and most of them cannot be
    ended from outside. So `act` runs in a thread of its own, which is left behind where it takes
    too long: it must not change what others see, and it ends by the time-outs of its own, or by
    what whoever called does to it afterwards. Raises TimeoutError after `limit` seconds, because
    a server that sends a byte now and then keeps every time-out of a read from striking.
    """
    cancel.check()
    call = _Call(act)
    call.start()
    until = cancel.now() + limit
    while not call.over.wait(SLICE):
        cancel.check()
        if cancel.now() >= until:  # by the clock: a loaded machine stretches every slice
            raise TimeoutError
    return call.outcome()


class _Call(threading.Thread, Generic[Result]):
    """One call; a daemon, so that the program never waits for it at its end."""

    def __init__(self, act: Callable[[], Result]) -> None:
        super().__init__(name="call", daemon=True)
        self.over = threading.Event()
        self._act = act
        self._returned: list[Result] = []
        self._raised: BaseException | None = None

    def run(self) -> None:
        try:
            self._returned.append(self._act())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for it
            self._raised = error
        finally:
            self.over.set()

    def outcome(self) -> Result:
        raised, self._raised = self._raised, None  # or error and call would hold each other
        if raised is not None:
            raise raised
        return self._returned[0]
