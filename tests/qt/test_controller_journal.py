"""The journal is told of everything, last, and nothing that goes wrong with it costs any work."""

from __future__ import annotations

import pytest

from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Step
from setup_wizard.qt.controller import Controller
from tests.flow import roads
from tests.qt.helpers.stage import Paper, nowhere


@pytest.fixture
def controller(qtbot):
    made = Controller(roads.welcome(), nowhere)
    made.journal = Paper()
    return made


@pytest.fixture
def order(controller):
    """What is done, in its order."""
    done: list[str] = []
    controller._setup_wanted.connect(lambda *_: done.append("work"))
    return done


def test_the_work_is_handed_over_before_the_journal_is_written(controller, order):
    controller.journal.note = lambda *_: order.append("journal")

    controller.dispatch(m.StartPressed())

    assert order == ["work", "journal"]


def test_what_answers_a_state_from_within_it_is_noted_after_what_led_to_it(controller):
    controller.state_changed.connect(
        lambda state: state.step is Step.PREPARE and controller.dispatch(m.BackPressed())
    )

    controller.dispatch(m.StartPressed())

    assert controller.journal.noted == [m.StartPressed(), m.BackPressed()]


def test_a_journal_that_fails_costs_no_work_and_one_line(controller, order, caplog):
    def broken(*_: object) -> None:
        raise ValueError("hidden-place")

    controller.journal.note = broken

    controller.dispatch(m.StartPressed())
    controller.dispatch(m.BackPressed())
    controller.dispatch(m.StartPressed())

    assert order == ["work", "work"]
    assert [record.getMessage() for record in caplog.records] == ["journal=off kind=ValueError"]
