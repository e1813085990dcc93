"""One line with an icon: something good to know, something good, something to watch."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets.labels import quiet
from setup_wizard.qt.widgets.picture import Picture, icon_path
from setup_wizard.qt.widgets.themed import ThemedWidget


class NoticeKind(Enum):
    """Which icon, in which colour."""

    INFO = ("info", "text_quiet")
    GOOD = ("tick", "good")
    WARN = ("warn", "warn")


class Notice(ThemedWidget):
    """A quiet remark under a control."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._kind = NoticeKind.INFO
        self._icon = Picture(theme, icon_path("info"), 20, parent=self)
        self._text = quiet("", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_notice(None)

    def set_notice(self, text: str | None, kind: NoticeKind = NoticeKind.INFO) -> None:
        self._kind = kind
        self._text.setText(text or "")
        self.setAccessibleName(text or "")
        self._icon.setVisible(text is not None)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        name, role = self._kind.value
        self._icon.set_picture(icon_path(name))
        self._icon.set_ink(theme.colour(role).name())
