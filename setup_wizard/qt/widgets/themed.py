"""What all painted widgets share: a theme that can change, and time that passes only in sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from setup_wizard.qt.theme import Theme

FRAME_MS = 33  # 30 pictures a second look smooth for slow movements and cost little


class ThemedWidget(QWidget):
    """A widget that paints itself in the colours of a theme."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()


class Ticker(QObject):
    """Calls back at an interval while it is wanted and its widget is visible, and never else."""

    def __init__(self, widget: QWidget, interval: int, callback: Callable[[], object]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(interval)
        self._timer.timeout.connect(callback)
        widget.installEventFilter(self)

    def run(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._follow(visible=self._widget.isVisible())

    def set_interval(self, interval: int) -> None:
        self._timer.setInterval(interval)

    def is_running(self) -> bool:
        return self._timer.isActive()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._follow(visible=True)
        elif event.type() == QEvent.Type.Hide:
            self._follow(visible=False)
        return super().eventFilter(watched, event)

    def _follow(self, *, visible: bool) -> None:
        if self._wanted and visible:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()
