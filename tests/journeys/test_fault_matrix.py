"""Each command of the device meets each fault: the right code, the right step, and a way on.

A journey through the real machine, the runner and real sockets. The fault strikes one command
until it is lifted; then the person presses Retry and ends with a device online. The table is
printed at the end of the run.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from setup_wizard.bootstrap import open_brand
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import EVIDENCE_BUDGET, LEAVE_BUDGET
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.simulators.photon import Faults
from setup_wizard.softap import client, transport
from tests.journeys.fault_table import PROPERTY
from tests.journeys.leaping import SLICE, LeapingTraveller
from tests.journeys.traveller import WatchedWorld

AWAY_MS = 60_000
PATIENCE = 5.0  # seconds of real time; a guard only

FAULTS: Mapping[str, dict[str, object]] = {
    "refused": {"refused": True},
    "reset": {"reset": True},
    "silent": {"silent": True},
    "closed at once": {"drop_after_bytes": 0},
    "half an answer": {"drop_after_bytes": 8},
    "garbage": {"garbage": True},
    "page of a router": {"html": True},
    "wrong JSON types": {"wrong_types": True},
    "r not zero": {"result": -5},
    "10 times slower": {"latency_ms": 300, "scan_latency_ms": 25_000},
    "gone and back": {"refused": True, "back_ms": AWAY_MS, "times": 1},
}

DONE = "done"  # the retries overcome it, and nobody notices
NONE = "SW-NO-DEVICE"
GONE = "SW-DEVICE-GONE"
MUTE = "SW-DEVICE-SILENT"
ODD = "SW-DEVICE-GARBLED"
NO = "SW-DEVICE-REFUSED"

COMMANDS = ("device-id", "scan-ap", "set", "public-key", "configure-ap", "connect-ap")
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "refused":          (NONE, GONE, GONE, GONE, GONE, GONE),
    "reset":            (NONE, GONE, GONE, GONE, GONE, DONE),
    "silent":           (NONE, MUTE, MUTE, MUTE, MUTE, DONE),
    "closed at once":   (NONE, GONE, GONE, GONE, GONE, DONE),
    "half an answer":   (NONE, GONE, GONE, GONE, GONE, DONE),
    "garbage":          (NONE, ODD,  ODD,  ODD,  ODD,  DONE),
    "page of a router": (NONE, ODD,  ODD,  ODD,  ODD,  ODD),
    "wrong JSON types": (NONE, ODD,  ODD,  ODD,  ODD,  DONE),
    "r not zero":       (NONE, NO,   NO,   NO,   NO,   NO),
    "10 times slower":  (DONE, MUTE, DONE, DONE, DONE, DONE),
    "gone and back":    (DONE, GONE, GONE, GONE, GONE, GONE),
}  # fmt: skip
"""For each fault the code of each command.

A lost answer to connect-ap is no error, nor is one that cannot be read; a router's page is, for
then the device never heard of it.
"""

STEPS = {"device-id": Step.JOIN, "scan-ap": Step.JOIN}
"""Where the person is told; everything later is told on the page that sets up."""

BEFORE = {"set": "device-id", "public-key": "set", "configure-ap": "public-key"}
BEFORE |= {"connect-ap": "configure-ap"}
"""The command after whose answer the next one of the client finds nobody."""


def tries(answer_budget: float) -> float:
    one = client.CONNECT_TIMEOUT + answer_budget
    return client.TRIES * one + (client.TRIES - 1) * client.PAUSE


BUDGETS = {
    "device-id": m.FindDevice().seconds + 4 * client.GLANCE,
    "scan-ap": tries(client.SCAN_BUDGET),
    "set": tries(client.ANSWER_BUDGET),
    "public-key": tries(client.ANSWER_BUDGET),
    "configure-ap": tries(client.CONFIGURE_BUDGET),
    "connect-ap": tries(client.LEAVE_BUDGET) + LEAVE_BUDGET,
}
"""Seconds until the person is told."""

CELLS = [
    (fault, command, code)
    for fault, codes in EXPECTED.items()
    for command, code in zip(COMMANDS, codes, strict=True)
]


@dataclass(frozen=True)
class End:
    """Where a journey has come to, and how long its last part took."""

    state: State
    seconds: float

    def __str__(self) -> str:
        if self.state.error is None:
            return self.state.step.value
        return f"{self.state.error.code} {self.state.step.value}"


class Sufferer(LeapingTraveller):
    """Meets one fault at one command."""

    def __init__(
        self, world: WatchedWorld, fault: str, command: str, *, times: int | None = None
    ) -> None:
        super().__init__(world)
        self._fault, self._command = {"times": times, **FAULTS[fault]}, command

    def suffer(self) -> End:
        """The journey, until it is done or an error is shown."""
        self.prepare()
        self.world.hold_button()
        if self._command == "scan-ap":
            self.on_report = lambda report, _: (
                self._strike() if isinstance(report, m.DeviceFound) else None
            )
        end = self._timed(
            lambda: self.act(m.ContinuePressed(), m.ListeningConfirmed()),
            strikes=self._command == "device-id",
        )
        if end.state.error is not None:
            return end
        self.act(m.ContinuePressed())
        return self._timed(self.set_up, strikes=self._command in BEFORE)

    def go_on(self) -> State:
        """The fault is over; Retry, and on to the end."""
        self.stride = 1.0
        self._lift()
        state = self.act(m.RetryPressed())
        if state.step is Step.JOIN:
            self.act(m.ContinuePressed())
            return self.set_up()
        return state

    def _timed(self, travel: Callable[[], State], *, strikes: bool) -> End:
        if strikes:
            self._strike()
        began = self.time.now()
        return End(travel(), self.time.now() - began)

    def _strike(self) -> None:
        # Who refuses cannot know what would be asked: it happens after the command before.
        refuses = "refused" in self._fault
        command = BEFORE.get(self._command) if refuses else self._command
        self.world.photon.faults = Faults.parse({**self._fault, "command": command})

    def _lift(self) -> None:
        if "back_ms" in self._fault:
            wait_until(self._is_back)
        else:
            self.world.photon.faults = Faults()

    def _is_back(self) -> bool:
        self.time.leap(AWAY_MS / 1000)
        return accepts(self.world.photon.tcp_address)


@pytest.fixture(autouse=True)
def slice_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_SLICE", SLICE)


@pytest.mark.parametrize(
    ("fault", "command", "code"), CELLS, ids=[f"{command} {fault}" for fault, command, _ in CELLS]
)
def test_a_fault_ends_in_its_own_code_and_step_and_a_retry_succeeds(
    hasty_world: WatchedWorld,
    record_property: Callable[[str, object], None],
    fault: str,
    command: str,
    code: str,
) -> None:
    sufferer = Sufferer(hasty_world, fault, command)
    if code == NONE and fault != "silent":  # whose looks take their time
        sufferer.stride = 3.0  # 100 looks in vain say what 300 would

    end = sufferer.suffer()

    place = CELLS.index((fault, command, code))
    record_property(PROPERTY, (place, fault, command, str(end)))
    if code == DONE:
        assert str(end) == DONE
        assert end.seconds <= BUDGETS[command] + EVIDENCE_BUDGET
        return
    assert end.state.error is not None
    step = STEPS.get(command, Step.SETTING_UP)
    assert (end.state.error.code, end.state.step) == (code, step)
    assert not end.state.working
    assert end.seconds <= BUDGETS[command]
    said = open_brand("default")[1].error(end.state.error)
    assert said.sentence
    assert said.advice
    retried = sufferer.go_on()
    assert (retried.step, retried.error) == (Step.DONE, None)


LASTING = ("refused", "r not zero", "gone and back")
PASSING = [
    (fault, command)
    for fault, command, _ in CELLS
    if fault not in LASTING and (fault, command) != ("page of a router", "connect-ap")
]
"""Faults that may strike once and be over."""


@pytest.mark.parametrize(("fault", "command"), PASSING)
def test_a_fault_that_strikes_once_is_overcome_unseen(
    hasty_world: WatchedWorld, fault: str, command: str
) -> None:
    sufferer = Sufferer(hasty_world, fault, command, times=1)

    end = sufferer.suffer()

    assert (end.state.step, end.state.error) == (Step.DONE, None)
    assert not any(isinstance(report, m.SetupFailed) for report in sufferer.reports)


def accepts(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True


def wait_until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / SLICE)):
        if holds():
            return
        pause.wait(SLICE)
    pytest.fail("it never came true")
