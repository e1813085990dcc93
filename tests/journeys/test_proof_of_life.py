"""The maker's own test in the simulated world: from the set-up to what the device shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.errors import NotExposed
from setup_wizard.domain.life import EventTest, FunctionTest, LifeFailed, LifePassed
from setup_wizard.flow.steps import Step
from tests.journeys.traveller import Traveller, WatchedWorld

pytestmark = pytest.mark.slow
BUTTON = EventTest("Press the button", "button", 30.0, "pressed")
LED = FunctionTest("The light is on", "led", 1, "on")


@pytest.fixture
def traveller():
    with WatchedWorld(scan_seconds=0.0, pace=0.5) as world:
        yield Traveller(world)


def test_an_event_that_the_device_publishes_passes_it(traveller: Traveller) -> None:
    traveller.state = replace(traveller.state, life_test=BUTTON)
    traveller.set_up()

    traveller.watch_until(lambda state: isinstance(state.life, LifePassed))

    assert isinstance(traveller.state.life, LifePassed)
    assert traveller.state.life.answer == "pressed"


def test_a_function_of_the_device_passes_it(traveller: Traveller) -> None:
    traveller.state = replace(traveller.state, life_test=LED)
    traveller.set_up()

    traveller.watch_until(lambda state: isinstance(state.life, LifePassed))

    assert isinstance(traveller.state.life, LifePassed)
    assert traveller.state.life.answer == 1


def test_a_function_that_it_has_not_leaves_the_set_up_good(traveller: Traveller) -> None:
    traveller.state = replace(traveller.state, life_test=replace(LED, function="lid"))
    traveller.set_up()

    traveller.watch_until(lambda state: isinstance(state.life, LifeFailed))

    assert isinstance(traveller.state.life, LifeFailed)
    assert isinstance(traveller.state.life.error, NotExposed)
    assert (traveller.state.step, traveller.state.error) == (Step.DONE, None)
