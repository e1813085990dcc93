"""Many ask at once in the panel, and a session that ended is opened again once for all of them."""

from __future__ import annotations

import threading

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.device import Installation
from setup_wizard.domain.errors import Cancelled, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session
from setup_wizard.ports import Cancellation
from setup_wizard.qt.panel.access import PanelAccess
from tests.flow.fake_backend import FakeBackend
from tests.flow.samples import ACCESS, BY_KEY

THREADS = 6
LIMIT = 10.0  # seconds


class Ended(FakeBackend):
    """Its session is over; all who ask hear of it before anybody signs in again."""

    def __init__(self, askers: int = THREADS) -> None:
        super().__init__()
        self._all = threading.Barrier(askers)
        self._met = threading.local()

    def installations(self, cancel: Cancellation) -> tuple[Installation, ...]:
        if not hasattr(self._met, "once"):
            self._met.once = True
            self._all.wait(LIMIT)
            raise SignInExpired
        return super().installations(cancel)


def test_many_who_ask_at_once_sign_in_once(house):
    house.backend = backend = Ended()
    access = PanelAccess(ACCESS, house.open, proof=BY_KEY)
    answers: list[tuple[Installation, ...]] = []

    def ask() -> None:
        answers.append(access.installations(StopSwitch()))

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(LIMIT)

    assert answers == [()] * THREADS
    assert len(backend.signed_in) == 1


def test_who_waits_for_another_s_sign_in_can_stop(house):
    class Slow(Ended):
        entering, free = threading.Event(), threading.Event()
        at_the_door: list[threading.Thread]

        def _sign_in(self, customer: str, proof: Secret | None, cancel: Cancellation) -> Session:
            self.at_the_door = [threading.current_thread()]
            self.entering.set()
            self.free.wait(LIMIT)
            return super()._sign_in(customer, proof, cancel)

    house.backend = backend = Slow(askers=2)
    access = PanelAccess(ACCESS, house.open, proof=BY_KEY)
    switch = StopSwitch()
    stopped: list[threading.Thread] = []

    def ask() -> None:
        with pytest.raises(Cancelled):
            access.installations(switch)
        stopped.append(threading.current_thread())
        backend.free.set()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for each in threads:
        each.start()
    assert backend.entering.wait(LIMIT)
    switch.turn()
    for each in threads:
        each.join(LIMIT)

    assert len(stopped) == 2
    assert stopped[1:] == backend.at_the_door
