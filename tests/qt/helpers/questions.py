"""Answers to the question whether set-up may be stopped, given from inside its event loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

_LOOK_MS = 5


class Answer(QObject):
    """Waits for the question and answers it; `asked` holds its sentences."""

    def __init__(self, answer: Callable[[QMessageBox], object]) -> None:
        super().__init__()
        self.asked: list[str] = []
        self._answer = answer
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self._timer.stop()
            self.asked.append(f"{box.text()} {box.informativeText()}")
            self._answer(box)


def press(name: str) -> Callable[[QMessageBox], object]:
    """Click the button with this name."""

    def answer(box: QMessageBox) -> None:
        button = box.findChild(QAbstractButton, name)
        assert button is not None
        button.click()

    return answer


def escape(box: QMessageBox) -> None:
    QTest.keyClick(box, Qt.Key.Key_Escape)
