"""Design tokens: distances, styles of text and the theme that a brand makes of them."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, IntEnum

from PySide6.QtGui import QColor, QFont, QFontDatabase

from setup_wizard.brand import Colours
from setup_wizard.domain.value import value

COLUMN_WIDTH = 560  # px; about 75 characters, the longest line that reads easily
PAGE_CHANGE_MS = 160
SPINNER_DELAY_MS = 400  # shorter waits feel instant; a spinner would only flash
BODY_SIZE = 15  # px, at the system's own default font size


class Space(IntEnum):
    """Distances in pixels."""

    HAIR = 4
    TIGHT = 8
    NEAR = 12
    BASE = 16
    WIDE = 24
    FAR = 40
    VAST = 64


class Type(Enum):
    """Styles of text: size and line height in pixels at the default size, and weight."""

    HEADLINE = (24, 32, QFont.Weight.DemiBold)
    BODY = (15, 22, QFont.Weight.Normal)
    STRONG = (15, 22, QFont.Weight.DemiBold)
    SMALL = (13, 18, QFont.Weight.Normal)
    MONO = (13, 18, QFont.Weight.Medium)

    @property
    def size(self) -> int:
        return self.value[0]

    @property
    def line_height(self) -> int:
        return self.value[1]

    @property
    def weight(self) -> QFont.Weight:
        return self.value[2]


@value
class Theme:
    """A brand in one of its moods, at one size of text."""

    colours: Colours
    dark: bool
    radius: int
    family: str
    body: int
    """Height of body text in pixels."""
    motion: bool

    def colour(self, role: str) -> QColor:
        """A colour by its role, or one that is mixed from them: shade, hairline, shadow, faint."""
        colours = self.colours
        match role:
            case "shade":  # the second tone of pictures
                return mix(QColor(colours.raised), QColor(colours.text), 0.16)
            case "hairline":  # parts that must not shout
                return mix(QColor(colours.surface), QColor(colours.text), 0.13)
            case "shadow":
                return mix(QColor(colours.surface), QColor(colours.text), 0.08)
            case "faint":  # the part of a gauge that is not reached
                return mix(QColor(colours.raised), QColor(colours.text), 0.22)
            case "chosen":
                return mix(QColor(colours.raised), QColor(colours.accent), 0.12)
            case "hover":
                return mix(QColor(colours.raised), QColor(colours.text), 0.05)
        return QColor(getattr(colours, role))

    def font(self, type_: Type) -> QFont:
        font = QFont()
        if type_ is Type.MONO:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        elif self.family:
            font.setFamily(self.family)
        font.setPixelSize(self.scaled(type_.size))
        font.setWeight(type_.weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def line_height(self, type_: Type) -> int:
        return self.scaled(type_.line_height)

    def scaled(self, pixels: float) -> int:
        """A length that grows with the text."""
        return round(pixels * self.body / BODY_SIZE)

    @property
    def column_width(self) -> int:
        return self.scaled(COLUMN_WIDTH)

    def for_staff(self) -> Theme:
        return replace(self, colours=replace(self.colours, accent=self.colours.staff))


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """The colour that lies the given share of the way from one to the other."""

    def between(start: int, end: int) -> int:
        return round(start + (end - start) * share)

    return QColor(
        between(one.red(), other.red()),
        between(one.green(), other.green()),
        between(one.blue(), other.blue()),
    )
