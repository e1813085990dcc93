"""Calling a device's functions: the argument within its limit, and what came back each time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.value import value
from setup_wizard.live.limits import argument_length, longest_argument
from setup_wizard.ports import Cancellation, Cloud
from setup_wizard.qt.pages.page import Look, label_for
from setup_wizard.qt.panel.errands import Answer, Errands, Question
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import plain_button
from setup_wizard.qt.widgets.fields import Card, DropDown, mark_invalid
from setup_wizard.qt.widgets.labels import small, strong

MOST_REMEMBERED = 50  # calls; more is what the events are for
_CALL = Qt.ItemDataRole.UserRole


@value
class FunctionCall:
    """What was called, and how."""

    device_id: DeviceId
    function: str
    argument: str

    @property
    def text(self) -> str:
        return f"{self.function}({self.argument})"


class Functions(Card):
    """Signals: told(str): what a person should hear of."""

    told = Signal(str)

    def __init__(
        self, look: Look, errands: Errands, names: Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("functions_area")
        self._words = words = look.words
        self._errands = errands
        self._names = names
        self._device: Device | None = None
        self._none = small()
        self._none.setObjectName("no_functions")
        self._function = DropDown()
        self._function.setObjectName("function")
        self._function.setAccessibleName(words("panel.function"))
        self._argument = QLineEdit()
        self._argument.setObjectName("argument")
        self._argument.setAccessibleName(words("panel.argument"))
        self._argument.textChanged.connect(self._count)
        self._argument.returnPressed.connect(self._call_pressed)
        self._bytes = small()
        self._bytes.setObjectName("argument_bytes")
        self._call = plain_button(words("panel.call"))
        self._call.setObjectName("call")
        self._call.clicked.connect(self._call_pressed)
        self._label = label_for(words("panel.argument"), self._argument)
        self._history = QListWidget()
        self._history.setObjectName("history")
        self._history.setAccessibleName(words("panel.history"))
        self._history.setAccessibleDescription(words("panel.history_about"))
        self._history.setToolTip(words("panel.history_about"))
        self._history.setWordWrap(True)
        self._history.setMinimumHeight(look.theme.scaled(60))
        self._history.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._history.itemActivated.connect(self._repeat)
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._bytes, 1)
        row.addWidget(self._call)
        fields = QVBoxLayout()
        fields.setSpacing(Space.HAIR)
        fields.addWidget(self._function)
        fields.addWidget(self._label)
        fields.addWidget(self._argument)
        fields.addLayout(row)
        self.body.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.NEAR)
        self.body.addWidget(strong(words("panel.functions")))
        self.body.addWidget(self._none)
        self.body.addLayout(fields)
        self.body.addWidget(self._history, 1)
        self._ground = QWidget()  # keeps the words at the top while there is nothing else
        self.body.addWidget(self._ground, 1)
        self.show_device(None)

    # --- showing ------------------------------------------------------------------------------

    def show_device(self, device: Device | None) -> None:
        before, self._device = self._device, device
        offered = device.functions if device else ()
        known = tuple(self._function.itemText(row) for row in range(self._function.count()))
        if offered != known:
            chosen = self._function.currentText()
            self._function.clear()
            self._function.addItems(list(offered))
            self._function.setCurrentIndex(max(0, self._function.findText(chosen)))
        if device is None:
            self._none.setText(self._words("panel.choose_device"))
        else:
            self._none.setText(self._words("panel.no_functions", name=self._names.of(device)))
        for part in (self._function, self._label, self._argument, self._bytes, self._call):
            part.setVisible(bool(offered))
        self._none.setVisible(not offered)
        self._history.setVisible(self._history.count() > 0)
        self._ground.setVisible(self._history.isHidden())
        if before is None or device is None or before.device_id != device.device_id:
            self._argument.clear()
        self._count()

    def _limit(self) -> int:
        return longest_argument(self._device.system_version if self._device else None)

    def _count(self) -> None:
        length, allowed = argument_length(self._argument.text()), self._limit()
        fits = length <= allowed
        key = "panel.argument_bytes" if fits else "panel.argument_long"
        self._bytes.setText(self._words(key, length=length, allowed=allowed))
        mark_invalid(self._argument, invalid=not fits)
        self._call.setEnabled(fits and self._function.count() > 0)

    # --- calling ------------------------------------------------------------------------------

    def _call_pressed(self) -> None:
        if self._device is not None and self._call.isEnabled():
            function, argument = self._function.currentText(), self._argument.text()
            self.call(FunctionCall(self._device.device_id, function, argument))

    def _repeat(self, item: QListWidgetItem) -> None:
        self.call(item.data(_CALL))

    def call(self, wanted: FunctionCall) -> None:
        line = f"{wanted.text}\n{self._words('panel.calling', name=wanted.function)}"
        item = QListWidgetItem(line)
        item.setData(_CALL, wanted)
        self._history.insertItem(0, item)
        while self._history.count() > MOST_REMEMBERED:
            self._history.takeItem(self._history.count() - 1)  # its answer may still come
        self._history.setVisible(True)
        self._ground.setVisible(False)
        self._history.scrollToTop()
        self._errands.ask(_question(wanted), _Ending(self, item, wanted).hear)

    def show_answer(self, item: QListWidgetItem, wanted: FunctionCall, answer: Answer) -> None:
        words, seconds = self._words, f"{answer.seconds:.2f}"
        if answer.error is None:
            text = words("panel.returned", value=answer.result, seconds=seconds)
        else:
            said = words.error(answer.error)
            sentence = f"{said.sentence} {said.advice}"
            text = words("panel.call_failed", seconds=seconds, sentence=sentence)
        if self._history.row(item) >= 0:
            item.setText(f"{wanted.text}\n{text}")
        self.told.emit(f"{wanted.function}: {text}")


class _Ending:
    """Knows which line of the history an answer belongs to."""

    def __init__(self, shown: Functions, item: QListWidgetItem, wanted: FunctionCall) -> None:
        self._shown = shown
        self._item = item
        self._wanted = wanted

    def hear(self, answer: Answer) -> None:
        self._shown.show_answer(self._item, self._wanted, answer)


def _question(wanted: FunctionCall) -> Question:
    def ask(cloud: Cloud, cancel: Cancellation) -> object:
        return cloud.call(wanted.device_id, wanted.function, wanted.argument, cancel)

    return ask
