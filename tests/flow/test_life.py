"""The maker's own test: it begins when the device is there, and never spoils a set-up."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.errors import CloudUnreachable, DeviceOffline, NotExposed
from setup_wizard.domain.life import (
    LifeDue,
    LifeFailed,
    LifePassed,
    LifeTest,
    LifeWaiting,
)
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow.life import told
from setup_wizard.flow.machine import advance
from setup_wizard.flow.steps import Step
from tests.flow import roads
from tests.flow.everything import REPORTS
from tests.flow.fakes import World
from tests.flow.roads import after, play
from tests.flow.samples import ACCESS, BUTTON, DEVICE_ID, LED, event

ALL = (*REPORTS[m.Watch], *REPORTS[life.TestLife], life.LifeTestPressed())


def pressed(data: str | None = "pressed", *, name: str = "button", at: float = 11.2):
    return m.DeviceSpoke((DeviceEvent(name, data, "", str(DEVICE_ID)),), at)


# --- when it begins ---------------------------------------------------------------------------


@pytest.mark.parametrize("test", [BUTTON, LED])
def test_it_is_asked_for_once_as_soon_as_the_device_is_listened_to(test: LifeTest) -> None:
    state = roads.with_test(test)
    assert state.life == LifeDue(test)

    state, command = play(state, life.Listening())

    assert command == life.TestLife(ACCESS, DEVICE_ID, test)
    assert play(state, life.Listening()) == (state, None)


def test_a_device_that_has_not_answered_yet_is_not_tested_before_it_speaks() -> None:
    state, before = play(roads.with_test(online=False), life.Listening())
    _, then = play(state, m.DeviceSpoke((event(),)))

    assert before is None
    assert isinstance(then, life.TestLife)


def test_a_maker_without_a_test_has_none() -> None:
    state, command = play(roads.finished(), life.Listening())

    assert (state.life, command) == (None, None)
    assert play(state, life.LifeTestPressed()) == (state, None)
    assert told(state.life) is None


def test_the_next_device_is_tested_too() -> None:
    state = after(roads.unproved(), m.SetUpAnotherPressed())

    assert (state.life_test, state.life) == (BUTTON, None)


# --- an event ---------------------------------------------------------------------------------


def test_the_event_passes_it_with_its_time() -> None:
    state = after(roads.proving(), pressed())

    assert state.life == LifePassed(BUTTON, 11.2 - 10.0, "pressed")
    assert told(state.life) == {
        "kind": "event",
        "name": "button",
        "passed": True,
        "seconds": 1.2,
        "data": "pressed",
        "error": None,
    }


@pytest.mark.parametrize(
    "other", [pressed("held"), pressed(None), pressed(name="buttons"), pressed(name="Button")]
)
def test_only_this_very_event_passes_it(other: m.DeviceSpoke) -> None:
    assert isinstance(after(roads.proving(), other).life, LifeWaiting)


def test_any_data_will_do_where_none_is_named() -> None:
    state = after(roads.proving(replace(BUTTON, data=None)), pressed(None))

    assert isinstance(state.life, LifePassed)


def test_an_event_from_before_it_began_does_not_count() -> None:
    state = after(roads.with_test(), pressed(), life.Listening(), life.LifeAwaited(10.0, 70.0))

    assert isinstance(state.life, LifeWaiting)


def test_silence_is_no_failure_of_the_set_up_and_can_be_tried_again() -> None:
    state = roads.unproved()
    assert state.life == LifeFailed(BUTTON, 60.0)
    assert (state.step, state.error, state.working) == (Step.DONE, None, False)

    state, command = play(state, life.LifeTestPressed())
    state = after(state, life.LifeAwaited(90.0, 150.0), pressed(at=92.0))

    assert isinstance(command, life.TestLife)
    assert state.life == LifePassed(BUTTON, 2.0, "pressed")
    assert play(state, life.LifeTestPressed()) == (state, None)


def test_a_watch_that_broke_and_is_taken_up_again_begins_the_test_anew() -> None:
    state = after(roads.proving(), m.SetupFailed(CloudUnreachable()), m.RetryPressed())

    assert state.life == LifeDue(BUTTON)
    assert isinstance(play(state, life.Listening())[1], life.TestLife)


# --- a function -------------------------------------------------------------------------------


def test_the_value_that_is_expected_passes_it() -> None:
    state = after(roads.proving(LED), life.LifeAnswered(2, 10.5))

    assert state.life == LifePassed(LED, 0.5, 2)
    assert told(state.life) == {
        "kind": "function",
        "name": "led",
        "passed": True,
        "seconds": 0.5,
        "return_value": 2,
        "error": None,
    }


def test_another_value_does_not() -> None:
    assert after(roads.proving(LED), life.LifeAnswered(-1, 10.5)).life == LifeFailed(LED, 0.5, -1)


@pytest.mark.parametrize("error", [DeviceOffline(), NotExposed(name="led")])
def test_a_call_that_fails_is_told_with_its_reason_beside_a_good_set_up(error) -> None:
    state = after(roads.proving(LED), life.LifeRefused(error, 12.0))

    assert state.life == LifeFailed(LED, 2.0, error=error)
    assert (state.step, state.error) == (Step.DONE, None)
    assert (told(state.life) or {})["error"] == error.code


# --- all of it --------------------------------------------------------------------------------


@pytest.mark.parametrize("test", [BUTTON, LED])
def test_whatever_is_reported_in_any_order_stays_on_the_last_page(test: LifeTest) -> None:
    for happened in product(ALL, repeat=2):
        state = after(roads.proving(test), *happened)

        assert state.step is Step.DONE
        assert state.life is not None
        assert not state.working


@pytest.mark.parametrize("at", roads.EVERYWHERE)
def test_another_try_is_a_matter_of_the_last_page(at) -> None:
    before = at()

    state, command = advance(before, life.LifeTestPressed())

    assert (command is None) == (at is not roads.unproved)
    assert command is not None or state is before


# --- the work ---------------------------------------------------------------------------------


def test_waiting_for_an_event_takes_nobodys_time() -> None:
    began, *more = World().perform(life.TestLife(ACCESS, DEVICE_ID, BUTTON))

    assert isinstance(began, life.LifeAwaited)
    assert began.until - began.at == BUTTON.seconds
    assert more == []


def test_a_function_is_called_with_its_argument() -> None:
    began, answered = World().perform(life.TestLife(ACCESS, DEVICE_ID, LED))

    assert isinstance(began, life.LifeAwaited)
    assert isinstance(answered, life.LifeAnswered)
    assert answered.value == len("on")


def test_a_call_that_goes_wrong_is_an_answer_too() -> None:
    world = World()
    error = DeviceOffline()
    world.cloud.fail("call", error)

    _, refused = world.perform(life.TestLife(ACCESS, DEVICE_ID, LED))

    assert isinstance(refused, life.LifeRefused)
    assert refused.error is error
