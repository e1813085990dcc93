"""One event in full, its JSON made readable; whatever it holds is shown as text."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from setup_wizard.domain.stream import Gap
from setup_wizard.live.export import as_document
from setup_wizard.live.log import Entry
from setup_wizard.qt.panel.names import Names, clock_of
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.buttons import icon_button
from setup_wizard.words import Words

_LONGEST = 64 * 1024  # characters: what one event can have; more is not an event
_LOWEST = 132  # px


class Details(QWidget):
    """Signals: closed(): the person is done with it."""

    closed = Signal()

    def __init__(self, theme: Theme, words: Words, names: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self._words = words
        self._names = names
        self._entry: Entry | None = None
        self._title = QLabel()
        self._title.setObjectName("details_title")
        self._title.setProperty("kind", "strong")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        copy = icon_button(theme, "copy", words("copy"), self)
        copy.setObjectName("details_copy")
        copy.clicked.connect(self._copy_pressed)
        close = icon_button(theme, "cross", words("panel.details_close"), self)
        close.setObjectName("details_close")
        close.clicked.connect(self.closed)
        self._text = QPlainTextEdit()
        self._text.setObjectName("details_text")
        self._text.setAccessibleName(words("panel.details"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        head = QHBoxLayout()
        head.setSpacing(Space.HAIR)
        head.addWidget(self._title, 1)
        head.addWidget(copy)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.TIGHT, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addLayout(head)
        column.addWidget(self._text, 1)
        self.setMinimumHeight(theme.scaled(_LOWEST))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._text.setFont(theme.font(Type.MONO))

    def show_entry(self, entry: Entry, text: str) -> None:
        """`text` is what the row says of itself."""
        self._entry = entry
        time, row = clock_of(entry.received_at), entry.row
        if isinstance(row, Gap):
            self._title.setText(time)
            self._text.setPlainText(text)
            return
        self._title.setText(f"{time}  ·  {self._names.sender(row.device_id)}  ·  {row.name}")
        self._text.setPlainText(readable(row.data) or self._words("panel.no_data"))

    def _copy_pressed(self) -> None:
        if self._entry is not None:
            document = as_document(self._entry.received_at, self._entry.row)
            QGuiApplication.clipboard().setText(json.dumps(document, indent=2))


def readable(data: str | None) -> str:
    """JSON with one fact on each line; everything else as it came."""
    if not data:
        return ""
    if data[0] in "{[" and len(data) <= _LONGEST:
        try:
            return json.dumps(json.loads(data), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            pass
    return data[:_LONGEST]
