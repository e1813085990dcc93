"""Esc is the way back, and asks before it cuts something short."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from setup_wizard.flow.state import State
from setup_wizard.flow.steps import BACK, Step
from tests.flow import roads
from tests.qt.helpers import scenes
from tests.qt.helpers.questions import Answer, press
from tests.qt.helpers.scenes import SCENES

ESCAPE = Qt.Key.Key_Escape


@pytest.mark.parametrize("step", [step for step in BACK if step is not Step.SETTING_UP])
def test_escape_is_back(stage, step):
    before: dict[Step, Callable[[], State]] = {
        Step.SIGN_IN: roads.sign_in,
        Step.SIGN_IN_CODE: roads.code,
        Step.PREPARE: scenes.prepare_running,
        Step.LISTENING: roads.listening,
        Step.JOIN: roads.looking,
        Step.NETWORK: scenes.choosing,
        Step.WRONG_PASSPHRASE: scenes.wrong_passphrase,
    }
    opened = stage(before[step]())

    opened.press(ESCAPE)

    assert opened.state.step is BACK[step]


@pytest.mark.parametrize("step", [Step.WELCOME, Step.DONE, Step.STILL_CHECKING])
def test_escape_where_there_is_no_way_back_does_nothing(stage, step):
    scene = {
        Step.WELCOME: "welcome",
        Step.DONE: "done_alive",
        Step.STILL_CHECKING: "still_checking",
    }
    opened = stage(SCENES[scene[step]]())

    opened.press(ESCAPE)

    assert opened.state.step is step
    assert opened.window.isVisible()


@pytest.mark.parametrize(
    ("answer", "step"), [("stay", Step.SETTING_UP), ("stop", Step.NETWORK)], ids=["stay", "stop"]
)
def test_escape_while_setting_up_asks_first(stage, answer, step):
    opened = stage(scenes.saved())
    question = Answer(press(answer))

    opened.press(ESCAPE)

    assert len(question.asked) == 1
    assert opened.state.step is step


def test_escape_after_a_failure_does_not_ask(stage):
    opened = stage(scenes.save_failed())

    opened.press(ESCAPE)

    assert opened.state.step is Step.NETWORK
