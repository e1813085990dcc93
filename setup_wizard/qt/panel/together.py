"""An installation as a whole: one call or reading for all its devices, and what each answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from setup_wizard.domain.device import Device, DeviceId, Installation
from setup_wizard.live.limits import argument_length, longest_argument
from setup_wizard.ports import Cancellation, Cloud
from setup_wizard.qt.pages.page import Look, label_for
from setup_wizard.qt.panel.errands import Answer, Errands, Question
from setup_wizard.qt.panel.group_run import GroupRun
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.panel.results import ResultTable
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import plain_button, quiet_button
from setup_wizard.qt.widgets.fields import Card, DropDown, mark_invalid
from setup_wizard.qt.widgets.labels import small, strong


class Together(QWidget):
    """Signals: told(str): what a person should hear of."""

    told = Signal(str)

    def __init__(
        self, look: Look, errands: Errands, names: Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("together")
        self._words = words = look.words
        self._errands = errands
        self._group: Installation | None = None
        self._devices: tuple[Device, ...] = ()
        self._run: GroupRun | None = None
        self._none = small(words("panel.group_nothing"))
        self._none.setObjectName("group_nothing")
        self._function = self._drop_down("group_function", "panel.function")
        self._argument = QLineEdit()
        self._argument.setObjectName("group_argument")
        self._argument.setAccessibleName(words("panel.argument"))
        self._argument.textChanged.connect(self._count)
        self._argument.returnPressed.connect(self._call_pressed)
        self._label = label_for(words("panel.argument"), self._argument)
        self._bytes = small()
        self._bytes.setObjectName("group_argument_bytes")
        self._call = self._button("group_call", "panel.call", self._call_pressed)
        self._variable = self._drop_down("group_variable", "panel.variables")
        self._read = self._button("group_read", "panel.read", self._read_pressed)
        self._progress = small()
        self._progress.setObjectName("group_progress")
        self._cancel = quiet_button(words("panel.cancel"))
        self._cancel.setObjectName("group_cancel")
        self._cancel.clicked.connect(self.cancel)
        self._copy = quiet_button(words("panel.copy"))
        self._copy.setObjectName("group_copy")
        self._copy.clicked.connect(self._copy_pressed)
        self.results = ResultTable(look.theme, words, names)
        self._calling = [strong(words("panel.functions")), self._function, self._label]
        self._calling += [self._argument, self._bytes, self._call]
        self._reading = [strong(words("panel.variables")), self._variable, self._read]
        self._lay_out()
        self._settle()

    def _drop_down(self, name: str, key: str) -> DropDown:
        made = DropDown()
        made.setObjectName(name)
        made.setAccessibleName(self._words(key))
        return made

    def _button(self, name: str, key: str, act: Callable[[], None]) -> QPushButton:
        made = plain_button(self._words(key))
        made.setObjectName(name)
        made.clicked.connect(act)
        return made

    def _lay_out(self) -> None:
        ask, told = Card(), Card()
        for card in (ask, told):
            card.body.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.NEAR)
        bytes_row, read_row, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        bytes_row.addWidget(self._bytes, 1)
        bytes_row.addWidget(self._call)
        read_row.addWidget(self._variable, 1)
        read_row.addWidget(self._read)
        foot.addWidget(self._progress, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._copy)
        for row in (bytes_row, read_row, foot):
            row.setSpacing(Space.TIGHT)
        ask.body.addWidget(self._none)
        for part in self._calling[:4]:
            ask.body.addWidget(part)
        ask.body.addLayout(bytes_row)
        ask.body.addWidget(self._reading[0])
        ask.body.addLayout(read_row)
        self._told = told
        told.body.addWidget(strong(self._words("panel.results")))
        told.body.addWidget(self.results, 1)
        told.body.addLayout(foot)
        self._ground = QWidget()  # keeps the questions at the top while there is no answer
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Space.TIGHT)
        rows.addWidget(ask)
        rows.addWidget(told, 1)
        rows.addWidget(self._ground, 1)
        rows.setAlignment(ask, Qt.AlignmentFlag.AlignTop)

    # --- showing ------------------------------------------------------------------------------

    def show_installation(self, group: Installation, known: Mapping[str, Device]) -> None:
        """With what is known of the devices; the answers stay while it is the same one."""
        other = self._group is None or self._group.name != group.name
        self._group = group
        texts = map(str, group.device_ids)
        self._devices = tuple(known[each] for each in texts if each in known)
        if other:
            self.cancel()
            self.results.expect(())
            self._argument.clear()
        _offer(self._function, {name for each in self._devices for name in each.functions})
        _offer(self._variable, {name for each in self._devices for name in each.variables})
        self._settle()

    def _settle(self) -> None:
        """What can be seen and pressed at this moment."""
        can_call, can_read = self._function.count() > 0, self._variable.count() > 0
        for part in self._calling:
            part.setVisible(can_call)
        for part in self._reading:
            part.setVisible(can_read)
        self._none.setVisible(not can_call and not can_read)
        asked = self.results.rowCount() > 0
        self._told.setVisible(asked)
        self._ground.setVisible(not asked)
        self._cancel.setVisible(self._run is not None)
        self._copy.setVisible(self._run is None)
        self._progress.setText(self.results.progress())
        self._count()

    def _limit(self) -> int:
        """What the oldest of them takes."""
        limits = [longest_argument(each.system_version) for each in self._devices]
        return min(limits, default=longest_argument(None))

    def _count(self) -> None:
        length, allowed = argument_length(self._argument.text()), self._limit()
        fits = length <= allowed
        key = "panel.argument_bytes" if fits else "panel.argument_long"
        self._bytes.setText(self._words(key, length=length, allowed=allowed))
        mark_invalid(self._argument, invalid=not fits)
        self._call.setEnabled(fits and self._run is None)
        self._read.setEnabled(self._run is None)

    # --- asking -------------------------------------------------------------------------------

    def _call_pressed(self) -> None:
        if self._call.isEnabled() and not self._call.isHidden():
            function, argument = self._function.currentText(), self._argument.text()
            self._begin(lambda device_id: _call(device_id, function, argument))

    def _read_pressed(self) -> None:
        variable = self._variable.currentText()
        self._begin(lambda device_id: _read(device_id, variable))

    def _begin(self, question: Callable[[DeviceId], Question]) -> None:
        if self._group is None or self._run is not None:
            return
        device_ids = tuple(dict.fromkeys(self._group.device_ids))
        self._run = run = GroupRun(self._errands, device_ids, question)
        self.results.expect(device_ids)
        run.asked.connect(self.results.ask)
        run.answered.connect(self._answered)
        run.ended.connect(self._ended)
        self._settle()
        run.begin()

    def cancel(self) -> None:
        if self._run is not None:
            self._run.cancel()

    def _answered(self, device_id: DeviceId, answer: Answer) -> None:
        self.results.answer(device_id, answer)
        self._progress.setText(self.results.progress())

    def _ended(self) -> None:
        self._run = None
        self.results.end()
        self._settle()
        self.told.emit(self.results.progress())

    def _copy_pressed(self) -> None:
        self.told.emit(self._words("panel.copied", count=self.results.copy()))


def _offer(choice: DropDown, names: set[str]) -> None:
    """These, and the chosen one stays chosen."""
    offered = sorted(names, key=str.casefold)
    if offered != [choice.itemText(row) for row in range(choice.count())]:
        chosen = choice.currentText()
        choice.clear()
        choice.addItems(offered)
        choice.setCurrentIndex(max(0, choice.findText(chosen)))


def _call(device_id: DeviceId, function: str, argument: str) -> Question:
    def ask(cloud: Cloud, cancel: Cancellation) -> object:
        return cloud.call(device_id, function, argument, cancel)

    return ask


def _read(device_id: DeviceId, variable: str) -> Question:
    def ask(cloud: Cloud, cancel: Cancellation) -> object:
        return cloud.read(device_id, variable, cancel)

    return ask
