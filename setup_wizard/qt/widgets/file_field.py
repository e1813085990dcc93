"""Where a file is named: typed, pasted, or chosen in the system's own dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import plain_button


class FileField(QWidget):
    """A line edit with the path, and a button beside it. It opens no file itself.

    Signals: changed().
    """

    changed = Signal()

    def __init__(self, object_name: str, name: str, choose: str) -> None:
        super().__init__()
        self._name = name
        self.line_edit = QLineEdit()
        self.line_edit.setObjectName(object_name)
        self.line_edit.setAccessibleName(name)
        self.line_edit.textChanged.connect(self._typed)
        self._button = plain_button(choose)
        self._button.setObjectName(f"choose_{object_name}")
        self._button.setAccessibleName(f"{name}: {choose}")
        self._button.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self.line_edit, 1)
        row.addWidget(self._button)
        self.setFocusProxy(self.line_edit)

    def path(self) -> Path | None:
        text = self.line_edit.text().strip()
        return Path(text) if text else None

    def set_path(self, path: str) -> None:
        """The end of a long path is what tells files apart, and is what can be seen."""
        self.line_edit.setText(path)
        self.line_edit.end(False)

    def clear(self) -> None:
        self.line_edit.clear()

    def _choose(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # here: few people ever need it

        folder = str(path.parent) if (path := self.path()) else ""
        chosen, _ = QFileDialog.getOpenFileName(self, self._name, folder)
        if chosen:
            self.set_path(chosen)

    def _typed(self, _text: str) -> None:
        self.changed.emit()
