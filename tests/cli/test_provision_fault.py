"""A fault of the program itself ends the journey that it is in, and no other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli import provision
from setup_wizard.cli.journey import Journey
from setup_wizard.domain.errors import SetupError

SECRET = "sesame"


class Stumbling:
    """A journey of one act, which may have a fault."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.run = act
        self.ended_with: list[str] = []

    def fail(self, error: SetupError) -> None:
        self.ended_with.append(error.code)


def stumble() -> None:
    raise KeyError(SECRET)


def stumble_beside() -> None:
    helper = threading.Thread(target=stumble)
    helper.start()
    helper.join()


@pytest.mark.parametrize(
    ("act", "ended_with"), [(stumble, ["SW-UNEXPECTED"]), (stumble_beside, [])]
)
def test_only_a_fault_of_its_own_ends_a_journey(
    act: Callable[[], None],
    ended_with: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # as it was, afterwards
    journey = Stumbling(act)

    provision._run(cast(Journey, journey), StopSwitch())

    assert journey.ended_with == ended_with
    assert "kind=KeyError" in caplog.text
    assert SECRET not in caplog.text
