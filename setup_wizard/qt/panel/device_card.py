"""What can be done with one device: find it, ask it, name it, give it up."""

from __future__ import annotations

import threading
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QInputDialog, QMessageBox, QPushButton, QWidget

from setup_wizard.domain.device import LONGEST_NAME, Device, DeviceId, Installation
from setup_wizard.domain.errors import SetupError
from setup_wizard.ports import Cancellation, Cloud
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.errands import Answer, Errands, Question
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import plain_button
from setup_wizard.qt.widgets.fields import Card
from setup_wizard.qt.widgets.labels import small, strong

IDENTIFY_MS = 10_000  # long enough to walk along a wall and find it
LAST_ORDER = 0.2  # s a closing panel waits for a light to go out: longer is felt


class DeviceCard(Card):
    """Signals:
    told(str): what a person should hear of.
    changed(): the list of devices is another one now.
    renamed(object, str): the id and the new name of a device.
    """

    told = Signal(str)
    changed = Signal()
    renamed = Signal(object, str)

    def __init__(
        self,
        look: Look,
        session: PanelAccess,
        errands: Errands,
        names: Names,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("device_card")
        self._words = words = look.words
        self._session = session
        self._errands = errands
        self._names = names
        self._device: Device | None = None
        self._identified: Device | None = None
        self._lights_off = QTimer(self)
        self._lights_off.setSingleShot(True)
        self._lights_off.setInterval(IDENTIFY_MS)
        self._lights_off.timeout.connect(self._stop_identifying)
        self._title = strong()
        self._title.setObjectName("device_name")
        self._says = small()
        self._says.setObjectName("device_says")
        buttons = QGridLayout()
        buttons.setSpacing(Space.TIGHT)
        self._buttons: list[QPushButton] = []
        for place, (name, key, act) in enumerate(
            (
                ("identify", "panel.identify", self._identify_pressed),
                ("ping", "panel.ping", self._ping_pressed),
                ("rename_device", "panel.rename", self._rename_pressed),
                ("unclaim", "panel.unclaim", self._unclaim_pressed),
            )
        ):
            button = plain_button(words(key))
            button.setObjectName(name)
            button.clicked.connect(act)
            buttons.addWidget(button, place // 2, place % 2)
            self._buttons.append(button)
        self._buttons[0].setToolTip(words("panel.identify_about"))
        self._buttons[0].setAccessibleDescription(words("panel.identify_about"))
        self.body.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.NEAR)
        self.body.addWidget(self._title)
        self.body.addWidget(self._says)
        self.body.addLayout(buttons)
        self.show_device(None)

    def show_device(self, device: Device | None) -> None:
        before, self._device = self._device, device
        if device is None:
            self._title.setText(self._words("panel.all_devices"))
            self._say(self._words("panel.choose_device"))
        else:
            self._title.setText(self._names.of(device))
            if before is None or before.device_id != device.device_id:
                self._say("")
        for button in self._buttons:
            button.setVisible(device is not None)

    def show_product(self, problem: str = "") -> None:
        """Everything of the product; `problem` says why it cannot be heard."""
        self.show_device(None)
        self._title.setText(self._words("panel.product"))
        self._say(problem or self._words("panel.product_about"))

    def show_installation(self, group: Installation) -> None:
        self.show_device(None)
        self._title.setText(group.name)
        self._say(self._words("panel.group_about"))

    def _say(self, text: str) -> None:
        self._says.setText(text)
        self._says.setVisible(bool(text))

    def _report(self, device: Device, text: str) -> None:
        """What became of a device that was asked; another one may be shown by now."""
        if self._device is not None and self._device.device_id == device.device_id:
            self._say(text)
        self.told.emit(text)

    def _failed(self, device: Device, error: SetupError) -> None:
        said = self._words.error(error)
        self._report(device, f"{self._names.of(device)}: {said.sentence} {said.advice}")

    # --- identify and ping --------------------------------------------------------------------

    def _identify_pressed(self) -> None:
        device = self._device
        if device is None:
            return
        before, lit = self._identified, self._lights_off.isActive()
        self._lights_off.stop()
        self._identified = device
        if lit and before is not None and before.device_id != device.device_id:
            self._put_out(before)
        question = _signal(device.device_id, on=True)
        self._errands.ask(question, partial(self._identifying, device))

    def _identifying(self, device: Device, answer: Answer) -> None:
        """Without an answer it may be lit all the same, so it is put out in any case."""
        wanted = self._identified is not None and self._identified.device_id == device.device_id
        if wanted:
            self._lights_off.start()
        else:
            self._put_out(device)  # only now: the order must not overtake the one before
        if answer.error is not None:
            self._failed(device, answer.error)
        elif wanted:
            self._report(device, self._identifying_text(device))

    def _identifying_text(self, device: Device) -> str:
        return self._words("panel.identifying", name=self._names.of(device))

    def _stop_identifying(self) -> None:
        device, self._identified = self._identified, None
        if device is not None:
            self._put_out(device)

    def _put_out(self, device: Device) -> None:
        self._errands.ask(_signal(device.device_id, on=False), partial(self._went_out, device))

    def _went_out(self, device: Device, answer: Answer) -> None:
        """A light that goes on for longer does no harm: it stops with the next restart."""
        if answer.error is None and self._says.text() == self._identifying_text(device):
            self._say("")

    def leave_no_light(self) -> None:
        """The last order of a panel that closes; it waits for it, but not for long."""
        device, self._identified = self._identified, None
        self._lights_off.stop()
        if device is None:
            return
        put_out, done = _signal(device.device_id, on=False), threading.Event()

        def ask(cloud: Cloud, cancel: Cancellation) -> object:
            try:
                return put_out(cloud, cancel)
            finally:
                done.set()

        self._errands.ask(ask, partial(self._went_out, device))
        done.wait(LAST_ORDER)

    def _ping_pressed(self) -> None:
        device = self._device
        if device is not None:
            device_id = device.device_id
            self._say(self._words("panel.pinging", name=self._names.of(device)))

            def ask(cloud: Cloud, cancel: Cancellation) -> object:
                return cloud.ping(device_id, cancel)

            self._errands.ask(ask, partial(self._pinged, device))

    def _pinged(self, device: Device, answer: Answer) -> None:
        if answer.error is not None:
            self._failed(device, answer.error)
        else:
            facts = {"name": self._names.of(device), "seconds": f"{answer.seconds:.2f}"}
            key = "panel.ping_good" if answer.result is True else "panel.ping_bad"
            self._report(device, self._words(key, **facts))

    # --- its name -----------------------------------------------------------------------------

    def _rename_pressed(self) -> None:
        device = self._device
        if device is None:
            return
        dialog = QInputDialog(self.window())
        dialog.setObjectName("rename_dialog")
        dialog.setWindowTitle(self._words("panel.rename"))
        question = self._words("panel.rename_question", name=self._names.of(device))
        dialog.setLabelText(question)
        dialog.setTextValue(device.name)
        try:
            name = dialog.textValue().strip()[:LONGEST_NAME] if dialog.exec() else ""
        finally:
            dialog.deleteLater()
        if name and name != device.name:
            self.rename(device, name)

    def rename(self, device: Device, name: str) -> None:
        session = self._session

        def ask(cloud: Cloud, cancel: Cancellation) -> object:
            cloud.rename(device.device_id, name, cancel)
            session.record(device.device_id, name, cancel)
            return device.device_id, name

        self._errands.ask(ask, partial(self._renamed, device))

    def _renamed(self, device: Device, answer: Answer) -> None:
        self.changed.emit()
        if answer.error is not None:
            self._failed(device, answer.error)
        elif isinstance(answer.result, tuple):
            device_id, name = answer.result
            self.renamed.emit(device_id, name)
            self._report(device, self._words("panel.renamed", name=name))

    # --- giving it up -------------------------------------------------------------------------

    def _unclaim_pressed(self) -> None:
        device = self._device
        if device is not None and self._confirmed(self._names.of(device)):
            name = self._names.of(device)

            def ask(cloud: Cloud, cancel: Cancellation) -> object:
                cloud.unclaim(device.device_id, cancel)
                return name

            self._errands.ask(ask, partial(self._unclaimed, device))

    def _confirmed(self, name: str) -> bool:
        words = self._words
        box = QMessageBox(self.window())
        box.setObjectName("confirm_unclaim")
        box.setTextFormat(Qt.TextFormat.PlainText)  # a name may hold anything
        box.setText(words("panel.unclaim_question", name=name))
        box.setInformativeText(words("panel.unclaim_text"))
        yes = box.addButton(
            words("panel.unclaim_yes", name=name), QMessageBox.ButtonRole.DestructiveRole
        )
        yes.setObjectName("unclaim_yes")
        keep = box.addButton(words("panel.unclaim_no"), QMessageBox.ButtonRole.RejectRole)
        keep.setObjectName("unclaim_no")
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        try:
            box.exec()
            return box.clickedButton() is yes
        finally:
            box.deleteLater()

    def _unclaimed(self, device: Device, answer: Answer) -> None:
        if answer.error is not None:
            self._failed(device, answer.error)
        else:
            self._report(device, self._words("panel.unclaimed", name=answer.result))
        self.changed.emit()


def _signal(device_id: DeviceId, *, on: bool) -> Question:
    def ask(cloud: Cloud, cancel: Cancellation) -> object:
        cloud.signal(device_id, cancel, on=on)
        return None

    return ask
