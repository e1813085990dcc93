"""What is made only when it is needed looks as the window does by then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton

from setup_wizard.flow.state import State
from setup_wizard.qt.theme import apply_theme
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import Stage, part, settle


def unfold_company(stage: Stage) -> None:
    part(stage.window, QAbstractButton, "more").click()


def turn_dark(stage: Stage) -> None:
    apply_theme(stage.app, stage.look.brand, dark=True, motion=False)


def picture(stage: Stage) -> QImage:
    settle(stage.app)
    return stage.window.grab().toImage()


def nothing(_stage: Stage) -> None:
    pass


@pytest.mark.parametrize(
    ("scene", "act"),
    [
        pytest.param(scenes.backend_down, nothing, id="a failure"),
        pytest.param(scenes.late_success, nothing, id="late news"),
        pytest.param(scenes.wrong_passphrase, nothing, id="a page"),
        pytest.param(scenes.choosing_company, unfold_company, id="more fields"),
    ],
)
def test_after_the_system_turned_dark(
    stage, scene: Callable[[], State], act: Callable[[Stage], None]
) -> None:
    always = stage(dark=True)
    always.show(scene())
    act(always)
    wanted = picture(always)
    always.close()
    turned = stage()

    turn_dark(turned)
    turned.show(scene())
    act(turned)

    assert picture(turned) == wanted


def test_what_is_there_follows_too(stage) -> None:
    always = stage(scenes.choosing_company(), dark=True)
    unfold_company(always)
    wanted = picture(always)
    always.close()
    turned = stage(scenes.choosing_company())
    unfold_company(turned)

    turn_dark(turned)

    assert picture(turned) == wanted
