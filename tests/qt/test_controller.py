"""Three threads, one state: what is late does not count, what is replaced stops, all ends."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, QThread, QTimer, Signal

from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import Unexpected
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import Pending, State
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside
from setup_wizard.qt.controller import Controller
from tests.flow import roads
from tests.flow.samples import (
    CREDENTIALS,
    DEVICE,
    DEVICE_ID,
    IDENTITY,
    OTHER_IDENTITY,
    PASSPHRASE,
    PROVISION,
    event,
)
from tests.qt.helpers.home import House
from tests.qt.helpers.stage import nowhere
from tests.silence import AT_ONCE, silent_server

MANY = 5_000  # PySide6 6.12.0 aborts after some 560
WATCH = m.Watch(PROVISION.access, DEVICE_ID)


@pytest.fixture
def house():
    return House()


@pytest.fixture
def start(qtbot):
    """Runs controllers and ends them."""
    running: list[Controller] = []

    def run(state: State, open_outside) -> Controller:
        made = Controller(state, open_outside)
        running.append(made)
        made.start()
        return made

    yield run
    for made in running:
        assert made.stop()


def reported(state: State, report: m.Report) -> m.Reported:
    return m.Reported(state.run, report)


def test_a_report_of_older_work_is_ignored(qtbot):
    controller = Controller(roads.preparing(), nowhere)
    shown: list[State] = []
    controller.state_changed.connect(shown.append)

    controller.dispatch(m.Reported(controller.state.run - 1, m.Prepared(PROVISION, None)))

    assert shown == []
    assert controller.state.provision is None


def test_a_report_of_the_newest_work_counts(qtbot):
    controller = Controller(roads.preparing(), nowhere)

    controller.dispatch(reported(controller.state, m.Prepared(PROVISION, None)))

    assert controller.state.provision == PROVISION


def test_an_event_that_changes_nothing_is_not_shown(qtbot):
    controller = Controller(roads.welcome(), nowhere)
    shown: list[State] = []
    controller.state_changed.connect(shown.append)

    controller.dispatch(m.RetryPressed())

    assert shown == []


def test_work_is_done_off_the_windows_thread(start, house, qtbot):
    threads: list[threading.Thread] = []

    def open_outside() -> Outside:
        threads.append(threading.current_thread())
        return house.open()

    controller = start(roads.welcome(), open_outside)
    controller.dispatch(m.StartPressed())
    qtbot.waitUntil(lambda: controller.state.provision is not None)

    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_going_back_stops_the_work_and_its_late_words_do_not_count(start, house, qtbot):
    house.link.patience.clear()
    controller = start(roads.listening(), house.open)
    controller.dispatch(m.ListeningConfirmed())
    switch = controller._switches[controller.state.run][-1]

    controller.dispatch(m.BackPressed())
    house.link.patience.set()

    assert switch.turned
    assert controller.state.step is Step.LISTENING
    controller.dispatch(m.ListeningConfirmed())
    qtbot.waitUntil(lambda: controller.state.identity == IDENTITY)


def test_a_name_given_beside_the_live_events_leaves_them_running(start, house, qtbot):
    controller = start(roads.finished(), house.open)
    controller._hand_over(WATCH)
    switch = controller._switches[controller.state.run][-1]

    controller.dispatch(m.NamePressed("Desk lamp"))
    qtbot.waitUntil(lambda: controller.state.name == "Desk lamp")

    assert not switch.turned


def test_stop_ends_all_threads_in_the_middle_of_the_work(house, qtbot):
    house.link.patience.clear()
    controller = Controller(roads.listening(), house.open)
    controller.start()
    controller.dispatch(m.ListeningConfirmed())
    controller._hand_over(WATCH)
    qtbot.waitUntil(lambda: house.cloud.count("events") == 1)

    assert controller.stop()
    assert [thread.isRunning() for thread in controller.findChildren(QThread)] == [
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("how", ["stop", "back"])
def test_a_backend_that_is_silent_holds_nobody_up(house, qtbot, how):
    with silent_server() as server:
        controller = Controller(roads.welcome(), lambda: silent(house, server.url))
        controller.start()
        controller.dispatch(m.StartPressed())
        server.take()
        begun = time.monotonic()

        if how == "back":
            controller.dispatch(m.BackPressed())
            controller.dispatch(m.StartPressed())
            server.take()
        assert controller.stop()
        assert time.monotonic() - begun < AT_ONCE


def silent(house: House, url: str) -> Outside:
    return replace(house.open(), backend=HttpBackend(url))


def quick_rounds(monkeypatch) -> None:
    monkeypatch.setattr("setup_wizard.qt.controller.KEEP_PAUSE", 0.01)
    monkeypatch.setattr("setup_wizard.flow.evidence.EVIDENCE_PAUSE", 0.01)
    monkeypatch.setattr("setup_wizard.flow.patience.KEEP_BUDGET", 0.05)


FIRST = m.KeepChecking(1, m.Verify(PROVISION, IDENTITY, CREDENTIALS), here=False)
SECOND = m.KeepChecking(2, m.Verify(PROVISION, OTHER_IDENTITY, CREDENTIALS), here=False)


def test_the_pause_before_a_look_holds_up_no_other_look(start, house, qtbot):
    controller = start(roads.welcome(), house.open)
    controller._hand_over(FIRST)

    switch = StopSwitch()

    controller._look_wanted.emit(2, SECOND, switch)

    qtbot.waitUntil(lambda: house.cloud.count("devices") > 0)
    switch.turn()


def test_two_devices_that_were_left_behind_are_looked_for_in_turn(start, house, qtbot, monkeypatch):
    quick_rounds(monkeypatch)
    looked_for: list[DeviceId] = []
    listen = house.cloud.listen

    def heard(device_id: DeviceId):
        looked_for.append(device_id)
        return listen(device_id)

    house.cloud.listen = heard
    pending = (Pending(FIRST), Pending(SECOND))
    controller = start(replace(roads.welcome(), run=3, pending=pending), house.open)

    controller._hand_over(FIRST)
    controller._hand_over(SECOND)
    qtbot.waitUntil(lambda: len(looked_for) >= 8)

    assert abs(looked_for.count(DEVICE_ID) - looked_for.count(OTHER_IDENTITY.device_id)) <= 2


def test_a_look_that_nobody_wants_any_more_does_not_begin(start, house, qtbot, monkeypatch):
    quick_rounds(monkeypatch)
    pending = (Pending(FIRST), Pending(SECOND))
    controller = start(replace(roads.welcome(), run=3, pending=pending), house.open)
    wanted: list[int] = []
    controller._look_wanted.connect(lambda number, *_: wanted.append(number))

    controller._hand_over(FIRST)
    controller._hand_over(SECOND)
    controller.dispatch(m.NoticeClosed(DEVICE_ID))
    qtbot.waitUntil(lambda: len(wanted) >= 2)

    assert set(wanted) == {2}


def test_no_look_begins_after_the_end(house, qtbot):
    controller = Controller(roads.welcome(), house.open)
    controller.start()
    controller._hand_over(FIRST)

    assert controller.stop()

    assert [timer for timer in controller.findChildren(QTimer) if timer.isActive()] == []


def test_a_device_that_was_left_behind_is_found_beside_the_next_one(
    start, house, qtbot, monkeypatch
):
    quick_rounds(monkeypatch)
    house.link.answering = None
    controller = start(roads.saved(), house.open)
    controller.dispatch(reported(controller.state, m.VerificationPending()))
    controller.dispatch(m.SetUpAnotherPressed())
    qtbot.waitUntil(lambda: controller.state.provision is not None)
    number = controller.state.pending[0].work.number
    qtbot.waitUntil(lambda: house.cloud.count("devices") > 3)  # round after round
    waiting = controller.state
    assert waiting.late is None

    house.cloud.answering = True
    house.cloud.listed = (replace(DEVICE, online=True),)
    qtbot.waitUntil(lambda: controller.state.late is not None)

    late = controller.state.late
    assert late is not None
    assert late.device.online
    assert controller.state.step is Step.PREPARE
    assert number not in controller._switches


def test_a_page_that_looks_on_is_left_at_once(start, house, qtbot):
    controller = start(roads.saved(), house.open)
    house.link.answering = None
    controller.dispatch(reported(controller.state, m.VerificationPending()))
    switch = controller._switches[controller.state.run][-1]

    controller.dispatch(m.LightBlinksAgain())

    assert switch.turned


def test_stop_can_be_called_again(house, qtbot):
    controller = Controller(roads.welcome(), house.open)
    controller.start()

    assert controller.stop()
    assert controller.stop()


def test_a_fault_of_ours_is_a_sentence_without_its_text(start, house, qtbot, caplog):
    text = PASSPHRASE.reveal()

    def broken(_cancel: object) -> None:
        raise ZeroDivisionError(text)

    house.backend.reach = broken
    controller = start(roads.welcome(), house.open)

    with caplog.at_level(logging.DEBUG):
        controller.dispatch(m.StartPressed())
        qtbot.waitUntil(lambda: controller.state.error is not None)

    error = controller.state.error
    assert isinstance(error, Unexpected)
    assert error.parameters == {"kind": "ZeroDivisionError"}
    assert not controller.state.working
    assert "kind=ZeroDivisionError" in caplog.text
    assert text not in caplog.text + str(error)


def test_an_outside_that_cannot_be_opened_is_tried_again(start, house, qtbot):
    tries: list[int] = []

    def open_outside() -> Outside:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("hidden-place")
        return house.open()

    controller = start(roads.welcome(), open_outside)
    controller.dispatch(m.StartPressed())
    qtbot.waitUntil(lambda: controller.state.error is not None)
    controller.dispatch(m.RetryPressed())
    qtbot.waitUntil(lambda: controller.state.provision is not None)

    assert len(tries) == 2


def test_an_answer_to_a_state_from_within_it_keeps_each_work_with_its_number(start, house, qtbot):
    controller = start(roads.welcome(), house.open)
    handed: list[tuple[int, m.Work]] = []
    controller._setup_wanted.connect(lambda run, work, _switch: handed.append((run, work)))

    def cancel(state: State) -> None:
        if state.step is Step.PREPARE:
            controller.dispatch(m.BackPressed())

    controller.state_changed.connect(cancel)
    controller.dispatch(m.StartPressed())

    assert controller.state.step is Step.WELCOME
    assert [run for run, _ in handed if run == controller.state.run] == []
    assert controller._switches == {}


@pytest.mark.slow
def test_thousands_of_signals_do_not_end_the_program(qtbot):
    class Voice(QObject):
        said = Signal(object)
        flagged = Signal(bool)

    voice = Voice()
    heard: list[object] = []
    voice.said.connect(heard.append)
    voice.flagged.connect(heard.append)

    for number in range(MANY):
        voice.said.emit(number)
        voice.flagged.emit(True)

    assert len(heard) == 2 * MANY


@pytest.mark.slow
def test_thousands_of_live_events_from_the_other_thread_all_arrive(start, house, qtbot):
    house.cloud.live = tuple(event(number) for number in range(MANY))
    controller = start(roads.finished(), house.open)
    count: list[State] = []
    controller.state_changed.connect(count.append)

    controller._hand_over(WATCH)
    qtbot.waitUntil(lambda: len(count) >= MANY, timeout=20_000)

    assert controller.state.spoken[-1].data == str(MANY - 1)
