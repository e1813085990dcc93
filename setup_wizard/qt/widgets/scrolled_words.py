"""Words that scroll where there is not room for all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from setup_wizard.qt.theme import Space


class ScrolledWords(QScrollArea):
    """Labels one below the other: as high as they need, and never clipped where that is too much.

    The keyboard reaches its scroll bar, and only while there is something to scroll.
    """

    def __init__(self, *labels: QLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        inside = QWidget(self)
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Space.HAIR)
        for label in labels:
            self._rows.addWidget(label)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # a scroll area would paint it over the ground
        self.viewport().setAutoFillBackground(False)
        self._settle()

    def begin(self, name: str) -> None:
        """The labels say something else: from its first line on, and this is what ears call it."""
        bar = self.verticalScrollBar()
        bar.setAccessibleName(name)
        bar.setValue(0)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._rows.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        return self._rows.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._rows.totalMinimumSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # a scroll area keeps from its own parent how much is inside
            self._settle()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle()
        super().resizeEvent(event)

    def _settle(self) -> None:
        """Qt's own rule asks whether all fits beside the bar, so a bar would never go again."""
        scrolls = self.heightForWidth(self.width()) > self.height()
        policies, focus = Qt.ScrollBarPolicy, Qt.FocusPolicy
        self.setVerticalScrollBarPolicy(
            policies.ScrollBarAlwaysOn if scrolls else policies.ScrollBarAlwaysOff
        )
        bar = self.verticalScrollBar()
        bar.setFocusPolicy(focus.TabFocus if scrolls else focus.NoFocus)
