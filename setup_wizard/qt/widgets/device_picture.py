"""The maker's device with its light, which breathes and blinks as the real one does."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QSizePolicy, QWidget

from setup_wizard.brand import DeviceLook
from setup_wizard.qt.theme import Theme
from setup_wizard.qt.widgets.picture import part_of, pixmap, shape_of
from setup_wizard.qt.widgets.themed import FRAME_MS, ThemedWidget, Ticker

_HEIGHT = 168  # px at the default text size
_LOWEST = 0.5  # share of its height down to which a picture gives way to words
_BREATH = 1.2  # s
_BLINK = 0.7  # s; about what a Photon in listening mode does
_GLOW = 3.4  # radius of the glow in radii of the light
_FINGER = 1.7  # radius of the ring in radii of the button
_FINGER_BEAT = 1.6  # s


class LightPattern(Enum):
    """What the light does."""

    OFF = "off"
    STEADY = "steady"
    BREATHING = "breathing"
    BLINKING = "blinking"


_MOVING = (LightPattern.BREATHING, LightPattern.BLINKING)


class DevicePainter:
    """Paints one device into a rectangle: drawing, light, glow and finger ring."""

    def __init__(self, device: DeviceLook, clock: Callable[[], float] = time.monotonic) -> None:
        self._device = device
        self._clock = clock
        self._colour: QColor | None = None
        self._pattern = LightPattern.OFF
        self._finger = False
        self._parts: dict[str, QRectF] = {}

    def set_light(self, colour: str | None, pattern: LightPattern) -> None:
        off = colour is None or pattern is LightPattern.OFF
        self._colour = None if off else QColor(colour)
        self._pattern = LightPattern.OFF if off else pattern

    def set_finger(self, *, visible: bool) -> None:
        self._finger = visible

    @property
    def moves(self) -> bool:
        return self._finger or self._pattern in _MOVING

    def shape(self) -> tuple[float, float]:
        shape = shape_of(self._device.picture)
        return shape.width(), shape.height()

    def paint(self, painter: QPainter, theme: Theme, area: QRectF, ratio: float) -> None:
        strength = self._strength(theme)
        light = theme.colour("faint")
        if self._colour is not None:
            light = _blend(light, self._colour, strength)
        size = area.size().toSize()
        drawing = pixmap(theme, self._device.picture, size, ratio)
        painter.drawPixmap(area.topLeft(), drawing)
        spot = self._part(theme, "light", area)
        if self._colour is not None:
            self._paint_glow(painter, self._colour, spot, strength)
            self._paint_light(painter, theme, spot, light, strength)
        if self._finger:
            self._paint_finger(painter, theme, self._part(theme, "mode-button", area))

    def _paint_glow(self, painter: QPainter, colour: QColor, spot: QRectF, strength: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = max(spot.width(), spot.height()) / 2 * _GLOW
        glow = QRadialGradient(spot.center(), radius)
        for place, alpha in ((0.0, 0.55), (0.35, 0.34), (0.7, 0.1), (1.0, 0.0)):
            shine = QColor(colour)
            shine.setAlphaF(alpha * strength)
            glow.setColorAt(place, shine)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(glow)
        painter.drawEllipse(spot.center(), radius, radius)
        painter.restore()

    def _paint_light(
        self, painter: QPainter, theme: Theme, spot: QRectF, light: QColor, strength: float
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("text"), spot.height() * 0.12))
        painter.setBrush(light)
        painter.drawEllipse(spot)
        gleam = QColor(Qt.GlobalColor.white)
        gleam.setAlphaF(0.55 * strength)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gleam)
        middle = spot.center() - QPointF(spot.width() * 0.16, spot.height() * 0.18)
        painter.drawEllipse(middle, spot.width() * 0.13, spot.height() * 0.11)
        painter.restore()

    def _paint_finger(self, painter: QPainter, theme: Theme, spot: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = max(spot.width(), spot.height()) / 2 * _FINGER
        accent = theme.colour("accent")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, max(2.0, radius * 0.17)))
        painter.drawEllipse(spot.center(), radius, radius)
        wave = (self._clock() / _FINGER_BEAT) % 1 if theme.motion else 0.45
        accent.setAlphaF(0.5 * (1 - wave))
        painter.setPen(QPen(accent, max(1.5, radius * 0.12)))
        painter.drawEllipse(spot.center(), radius * (1 + 0.7 * wave), radius * (1 + 0.7 * wave))
        painter.restore()

    def _strength(self, theme: Theme) -> float:
        """How bright the light is now, from 0 to 1."""
        if not theme.motion or self._pattern not in _MOVING:
            return 1.0
        return brightness(self._pattern, self._clock())

    def _part(self, theme: Theme, part: str, area: QRectF) -> QRectF:
        if part not in self._parts:
            self._parts[part] = part_of(theme, self._device.picture, part)
        share = self._parts[part]
        return QRectF(
            area.x() + share.x() * area.width(),
            area.y() + share.y() * area.height(),
            share.width() * area.width(),
            share.height() * area.height(),
        )


class DevicePicture(ThemedWidget):
    """The device, large, alone on its page."""

    def __init__(
        self,
        theme: Theme,
        device: DeviceLook,
        parent: QWidget | None = None,
        *,
        height: int = _HEIGHT,
    ) -> None:
        super().__init__(theme, parent)
        self._height = height
        self._painter = DevicePainter(device)
        self._ticker = Ticker(self, FRAME_MS, self.update)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_light(self, colour: str | None, pattern: LightPattern = LightPattern.STEADY) -> None:
        self._painter.set_light(colour, pattern)
        self._follow()

    def set_finger(self, visible: bool) -> None:
        self._painter.set_finger(visible=visible)
        self._follow()

    def set_description(self, text: str) -> None:
        """What ears get; without it the picture is decoration."""
        self.setAccessibleName(text)

    def is_moving(self) -> bool:
        return self._ticker.is_running()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._follow()

    def sizeHint(self) -> QSize:
        return self._size(self._theme.scaled(self._height))

    def minimumSizeHint(self) -> QSize:
        return self._size(self._theme.scaled(self._height * _LOWEST))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        size = self._size(min(self.height(), self.sizeHint().height()))
        area = QRectF((self.width() - size.width()) // 2, 0, size.width(), size.height())
        self._painter.paint(painter, self._theme, area, self.devicePixelRatioF())

    def _size(self, tall: int) -> QSize:
        width, height = self._painter.shape()
        return QSize(round(tall * width / height), tall)

    def _follow(self) -> None:
        self._ticker.run(wanted=self._theme.motion and self._painter.moves)
        self.update()


def brightness(pattern: LightPattern, now: float) -> float:
    """How bright a light is at this second, from 0 to 1."""
    match pattern:
        case LightPattern.BLINKING:
            return 1.0 if now % _BLINK < _BLINK / 2 else 0.0
        case LightPattern.BREATHING:
            return 0.5 - 0.5 * math.cos(2 * math.pi * now / _BREATH)
    return 1.0


def _blend(off: QColor, on: QColor, strength: float) -> QColor:
    return QColor.fromRgbF(
        *(
            a + (b - a) * strength
            for a, b in zip(off.getRgbF()[:3], on.getRgbF()[:3], strict=True)  # type: ignore[index]
        )
    )
