"""What became of a device that was left behind: one calm line over whatever page is in front."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from setup_wizard.flow.messages import NoticeClosed
from setup_wizard.flow.state import Pending
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import Notice, NoticeKind, link_button


class LateNote(QWidget):
    """Shows one piece of late news, until the person has read it.

    Signals:
        happened(object): an Action.
    """

    happened = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("late_note")
        self._words = look.words
        self._news: Pending | None = None
        self._notice = Notice(look.theme)
        self._notice.setObjectName("late_notice")
        close = link_button(look.words("late.close"))
        close.setObjectName("close_note")
        close.clicked.connect(self._close_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, Space.NEAR)
        row.setSpacing(Space.NEAR)
        row.addWidget(self._notice, 1)
        row.addWidget(close)
        self.setMaximumWidth(look.theme.column_width)

    def show_news(self, news: Pending | None) -> str:
        """Show it, or nothing; what is to be said aloud, if it is new."""
        if news == self._news:
            return ""
        self._news = news
        self.setVisible(news is not None)
        if news is None:
            return ""
        text, kind = self._text_of(news)
        self._notice.set_notice(text, kind)
        return text

    def _text_of(self, news: Pending) -> tuple[str, NoticeKind]:
        words = self._words
        short_id = news.work.device_id.short
        name = news.name or words("late.unnamed", short_id=short_id)
        if news.error is not None:
            sentence = words.error(news.error).sentence
            return words("late.failed", name=name, sentence=sentence), NoticeKind.WARN
        online = news.device is not None and news.device.online
        return words("late.online" if online else "late.yours", name=name), NoticeKind.GOOD

    def _close_pressed(self) -> None:
        if self._news is not None:
            self.happened.emit(NoticeClosed(self._news.work.device_id))
