"""Our flat pictures and icons, filled with the theme's colours and drawn as sharp as the screen."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtWidgets import QSizePolicy, QWidget

from setup_wizard.brand import Colours
from setup_wizard.brand_table import VIEW_BOX
from setup_wizard.qt.theme import Theme
from setup_wizard.qt.widgets.themed import ThemedWidget
from setup_wizard.resources import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

_PLACE = re.compile(r"\{\{([a-z_]+)\}\}")
_MIXED = ("shade", "shadow", "faint", "hairline")
_SCREEN_RATIOS = (1.0, 2.0, 3.0)
_MOST_FILLED = 256  # drawings of a few kB; a window with its panel has some sixty


def pixmap(theme: Theme, picture: str | Path, size: QSize, ratio: float, **colours: str) -> QPixmap:
    """A picture in the theme's colours; further colours by name, such as `light` or `ink`."""
    return _drawn(filled(theme, picture, **colours), size, ratio)


def _drawn(drawing: bytes, size: QSize, ratio: float) -> QPixmap:
    pixels = size * ratio
    key = f"{hash(drawing):x} {len(drawing)} {pixels.width()}x{pixels.height()}@{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    from PySide6.QtSvg import QSvgRenderer  # not before the first picture: paint first

    drawn = QPixmap(pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, pixels.width(), pixels.height()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, drawn)
    return drawn


def icon(theme: Theme, name: str, *, size: int = 20, role: str = "text") -> QIcon:
    """One of resources/icons in the colour of a role, quiet where it is disabled."""
    from PySide6.QtGui import QIcon  # the first page has none

    made = QIcon()
    modes = {QIcon.Mode.Normal: role, QIcon.Mode.Disabled: "text_quiet"}
    for mode, colour in modes.items():
        drawing = filled(theme, icon_path(name), ink=theme.colour(colour).name())
        for ratio in _SCREEN_RATIOS:
            made.addPixmap(_drawn(drawing, QSize(size, size), ratio), mode)
    return made


@cache
def icon_path(name: str) -> Path:
    return resource("icons", f"{name}.svg")


@cache
def shape_of(picture: str | Path) -> QSizeF:
    """Width and height in the picture's own units."""
    found = VIEW_BOX.search(_source(_path(picture)))
    if found is None:
        raise ValueError(f'{picture} needs a viewBox="0 0 width height"')
    return QSizeF(float(found[1]), float(found[2]))


def part_of(theme: Theme, picture: str | Path, part: str) -> QRectF:
    """Where an element of the picture lies, as shares of its width and height."""
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(filled(theme, picture)))
    bounds = renderer.transformForElement(part).mapRect(renderer.boundsOnElement(part))
    whole = shape_of(picture)
    return QRectF(
        bounds.x() / whole.width(),
        bounds.y() / whole.height(),
        bounds.width() / whole.width(),
        bounds.height() / whole.height(),
    )


@lru_cache(_MOST_FILLED)
def filled(theme: Theme, picture: str | Path, **colours: str) -> bytes:
    """The drawing with every {{role}} replaced; a colour that nobody knows is a KeyError."""
    known = {role.name: getattr(theme.colours, role.name) for role in fields(Colours)}
    known |= {role: theme.colour(role).name() for role in _MIXED}
    known |= {"light": known["faint"], "ink": known["text"]} | colours
    return _PLACE.sub(lambda place: known[place[1]], _source(_path(picture))).encode()


@cache
def _source(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def _path(picture: str | Path) -> Path:
    return picture if isinstance(picture, Path) else resource("pictures", f"{picture}.svg")


class Picture(ThemedWidget):
    """A still picture of a given height; without a text it is decoration."""

    def __init__(
        self,
        theme: Theme,
        name: str | Path,
        height: int,
        *,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._name = name
        self._height = height
        self._colours: dict[str, str] = {}
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_picture(self, name: str | Path) -> None:
        self._name = name
        self.updateGeometry()
        self.update()

    def set_ink(self, colour: str) -> None:
        """The one colour of an icon."""
        self._colours = {"ink": colour}
        self.update()

    def sizeHint(self) -> QSize:
        shape = shape_of(self._name)
        height = self._theme.scaled(self._height)
        return QSize(round(height * shape.width() / shape.height()), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        drawn = pixmap(self._theme, self._name, self.sizeHint(), ratio, **self._colours)
        painter.drawPixmap(0, 0, drawn)
