"""The maker's own test on the last page: seen, heard, and tried again."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from setup_wizard.domain import errors
from setup_wizard.domain.life import LifeDue, LifeFailed, LifePassed
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from tests.flow import roads
from tests.flow.samples import BUTTON, LED
from tests.flow.test_life import pressed
from tests.qt.helpers import scenes
from tests.qt.helpers.geometry import place


def row(opened):
    (only,) = opened.window.page.findChild(QWidget, "proof").rows()
    return only


def begin(opened) -> float:
    """The test runs from now on."""
    now = time.monotonic()
    opened.hear(life.Listening(), life.LifeAwaited(now, now + 60.0))
    return now


def again(opened) -> QPushButton:
    return opened.window.page.findChild(QPushButton, "proof_again")


def test_it_says_what_to_do_and_how_long_it_waits(stage):
    opened = stage(roads.with_test())

    begin(opened)

    assert row(opened).text == "Press the button on Lumen now"
    assert (row(opened).state.value, row(opened).note) == ("running", "Waiting")
    assert row(opened).budget == pytest.approx(60.0)
    assert not again(opened).isVisible()


def test_the_tick_tells_what_came_and_after_how_long(stage):
    opened = stage(roads.with_test())
    began = begin(opened)

    opened.hear(pressed(at=began + 1.25))

    assert row(opened).state.value == "done"
    assert row(opened).note == "Lumen said “pressed” after 1.2 s"
    assert not again(opened).isVisible()


def test_it_is_announced_when_it_passes(stage, monkeypatch):
    opened = stage(roads.with_test())
    said: list[str] = []
    monkeypatch.setattr(opened.window, "_announce", said.append)
    began = begin(opened)

    opened.hear(scenes.spoke(1), pressed(at=began + 2.0), scenes.spoke(2))

    assert said[-1] == "Press the button on Lumen now\nLumen said “pressed” after 2.0 s"
    assert len([text for text in said if "pressed" in text]) == 1


def test_silence_is_calm_and_can_be_tried_again_by_keyboard(stage):
    opened = stage(roads.unproved())
    assert row(opened).state.value == "waiting"
    assert row(opened).note == ("Lumen has not shown it within 60 s. It is set up all the same.")
    assert opened.window.findChild(QWidget, "error") is None

    again(opened).setFocus()
    opened.press(Qt.Key.Key_Return)

    assert opened.state.life == LifeDue(BUTTON, asked=True)
    assert not again(opened).isVisible()
    assert opened.focus() == "primary"


@pytest.mark.parametrize(
    ("report", "note"),
    [
        (life.LifeAnswered(7, 10.5), "Lumen answered 7, not 2. It is set up all the same."),
        (life.LifeRefused(errors.DeviceOffline(), 12.0), None),
        (life.LifeRefused(errors.NotExposed(name="led"), 12.0), None),
    ],
)
def test_a_function_that_goes_wrong_has_a_cross_and_its_reason(stage, report, note):
    state = roads.after(roads.proving(LED), report)
    opened = stage(state)
    assert isinstance(state.life, LifeFailed)
    reason = note or opened.look.words.error(state.life.error).sentence

    assert (row(opened).state.value, row(opened).note) == ("failed", reason)
    assert again(opened).isVisible()


def test_nothing_jumps_from_the_first_wait_to_the_tick(stage):
    opened = stage(roads.with_test())
    events = opened.window.page.findChild(QWidget, "events")
    places = [place(opened.window, events)]

    began = begin(opened)
    places.append(place(opened.window, events))
    for state in (scenes.proof_silent(), scenes.proof_refused(), scenes.proof_different()):
        opened.show(state)
        places.append(place(opened.window, events))
    opened.show(roads.with_test())
    opened.hear(pressed(at=began))
    places.append(place(opened.window, events))

    assert len({(each.top(), each.bottom()) for each in places}) == 1


def test_a_maker_without_a_test_shows_none(stage):
    opened = stage(scenes.done_online())

    assert not opened.window.page.findChild(QWidget, "proof").isVisible()


def test_the_time_ends_by_itself(stage, qtbot):
    opened = stage(roads.with_test())
    now = time.monotonic()
    opened.hear(life.Listening(), life.LifeAwaited(now, now + 0.05))

    qtbot.waitUntil(lambda: isinstance(opened.state.life, LifeFailed))

    assert again(opened).isVisible()


def test_what_came_in_time_stays_passed(stage, qtbot):
    opened = stage(roads.with_test())
    began = begin(opened)
    opened.hear(pressed(at=began + 0.5), life.LifeTimeOver(began + 60.0))

    assert isinstance(opened.state.life, LifePassed)


def test_the_next_device_begins_without_the_tick(stage):
    opened = stage(scenes.done_alive())

    opened.controller.dispatch(m.SetUpAnotherPressed())

    assert opened.state.life is None
