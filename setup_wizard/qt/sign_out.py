"""The quiet link in the corner by which a customer signs out."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from setup_wizard.flow.sign_in_messages import SignOutPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.widgets.buttons import link_button


class SignOutLink(QWidget):
    """There where somebody is signed in and may well have the internet."""

    def __init__(self, look: Look, controller: Controller) -> None:
        super().__init__()
        self.setObjectName("sign_out_bar")
        self._words = look.words
        self._link = link_button(look.words("sign_out"), self)
        self._link.setObjectName("sign_out")
        self._link.clicked.connect(self._pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._link)
        self._controller = controller
        controller.state_changed.connect(self.show_state)
        self.show_state(controller.state)

    @Slot(object)
    def show_state(self, state: State) -> None:
        self.setVisible(state.can_sign_out)
        who = self._words("sign_out.about", customer=state.customer) if state.customer else ""
        self._link.setToolTip(who)
        self._link.setAccessibleDescription(who)

    def _pressed(self) -> None:
        self._controller.dispatch(SignOutPressed())
