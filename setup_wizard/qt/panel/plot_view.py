"""What is drawn, and from moments and numbers to places in the picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from setup_wizard.domain.value import value
from setup_wizard.live.series import SeriesKey


@value
class Line:
    """One series as it is to be drawn."""

    key: SeriesKey
    title: str
    colour: QColor


@value
class View:
    """What of the world is in sight, and where."""

    """From moments and numbers to places in the picture."""

    frame: QRectF
    start: float
    end: float
    low: float
    high: float
    column: float
    """Width of one, in pixels."""

    def x(self, moment: float) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return self.frame.left() + share * self.frame.width()

    def middle(self, place: int) -> float:
        """Of a column."""
        return self.frame.left() + (place + 0.5) * self.column

    def y(self, number: float) -> float:
        share = (number - self.low) / (self.high - self.low)
        return self.frame.bottom() - share * self.frame.height()
