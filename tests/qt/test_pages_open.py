"""The window as a whole: what is on the screen, and that it stays the one in front."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from setup_wizard.flow.machine import start
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.window import Window
from tests.qt.helpers.stage import Dress, dress


def nothing() -> Outside:
    raise AssertionError("nothing is asked of the outside here")


@pytest.mark.parametrize("brand", ["default", "moss"])
def test_no_page_shows_itself_before_its_turn(qapp: QApplication, brand: str) -> None:
    """A widget that is shown before it has a parent is a window of its own, and takes the focus."""
    look = dress(qapp, Dress(brand=brand))
    controller = Controller(start(needs_sign_in=True), nothing)
    window = Window(look, controller, PageBook(asks_key=True))
    window.show()
    window.activateWindow()
    window.show_state(controller.state)
    seen: set[str] = set()

    for step in Step:
        window.page_of(step)
        seen |= {type(w).__name__ for w in qapp.topLevelWidgets() if w.isVisible()}
        qapp.processEvents()

    assert seen == {"Window"}
    assert window.isActiveWindow()
    window.close()
    window.deleteLater()
