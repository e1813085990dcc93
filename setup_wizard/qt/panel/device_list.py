"""My devices: which are online, when each was heard last, and what it runs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.stream import Batch, Gap
from setup_wizard.flow.updates import updating_after
from setup_wizard.qt.panel.names import Names, heard_ago, moment_of
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.words import Words

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
_ROW = 52  # px
_DOT = 9
_NARROWEST = 190
_ID = Qt.ItemDataRole.UserRole
_STATUS = "spark/status"


class DeviceList(QListWidget):
    """The first row is all of them.

    Signals:
        chosen(object): the Device, or None for all.
        stirred(): one of them came, went or was updated: look again.
    """

    chosen = Signal(object)
    stirred = Signal()

    def __init__(
        self, theme: Theme, words: Words, names: Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("devices")
        self.setAccessibleName(words("panel.devices"))
        self._theme = theme
        self._words = words
        self._names = names
        self._devices: dict[str, Device] = {}
        self._heard: dict[str, float] = {}
        self._updating: set[str] = set()
        self._chosen_id: str | None = None
        self.setItemDelegate(_DeviceDelegate(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setMinimumWidth(theme.scaled(_NARROWEST))
        self._add(None, words("panel.all_devices"))
        self.setCurrentRow(0)
        self.currentItemChanged.connect(self._tell)

    # --- what is known ------------------------------------------------------------------------

    @property
    def device(self) -> Device | None:
        """The chosen one; None: all of them."""
        return self._devices.get(self._chosen_id or "")

    def show_devices(self, devices: Iterable[Device]) -> None:
        """As the cloud lists them now; the choice and the place stay."""
        ordered = sorted(devices, key=lambda d: (self._names.of(d).casefold(), str(d.device_id)))
        self._devices = {str(device.device_id): device for device in ordered}
        for device_id, device in self._devices.items():
            heard = moment_of(device.last_heard)
            if heard is not None:
                self._heard[device_id] = max(heard, self._heard.get(device_id, 0.0))
        wanted = [None, *self._devices]
        if wanted != [self.item(row).data(_ID) for row in range(self.count())]:
            self._rebuild(wanted)
        for row in range(1, self.count()):
            item = self.item(row)
            item.setText(self._names.of(self._devices[item.data(_ID)]))
        self.refresh()
        self.chosen.emit(self.device)

    def choose(self, device_id: DeviceId | None) -> None:
        """For whoever opens the panel for one of them."""
        for row in range(self.count()):
            if self.item(row).data(_ID) == (device_id and str(device_id)):
                self.setCurrentRow(row)

    def hear(self, batch: Batch) -> None:
        """Who spoke, and what the cloud itself told about them."""
        for row in batch.rows:
            if isinstance(row, Gap):
                continue
            self._heard[row.device_id] = batch.received_at
            if row.name.startswith("spark/"):
                self._hear_of(row)

    def _hear_of(self, event: DeviceEvent) -> None:
        updating = event.device_id in self._updating
        if updating_after(event, updating=updating) != updating:
            self._updating ^= {event.device_id}
        self.stirred.emit()

    def refresh(self) -> None:
        """Time passes: what was heard a while ago is said anew."""
        for row in range(1, self.count()):
            item = self.item(row)
            status, online = self._status(item.data(_ID))
            item.setData(_ID + 1, status)
            item.setData(_ID + 2, online)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {status}")

    def _status(self, device_id: str) -> tuple[str, str]:
        """A line for the row, and the colour of its dot."""
        device, words = self._devices[device_id], self._words
        heard = self._heard.get(device_id)
        spoke_lately = heard is not None and time.time() - heard < 60
        if device_id in self._updating:
            parts, role = [words("panel.updating")], "warn"
        elif device.online or spoke_lately:
            parts, role = [words("panel.online")], "good"
        else:
            parts, role = [words("panel.offline")], "line"
        parts.append(heard_ago(words, heard))
        if device.firmware_version:
            parts.append(words("panel.version", value=device.firmware_version))
        return "  ·  ".join(parts), role

    # --- rows ---------------------------------------------------------------------------------

    def _rebuild(self, wanted: list[str | None]) -> None:
        place = self.verticalScrollBar().value()
        quiet = self.blockSignals(True)
        self.clear()
        for device_id in wanted:
            self._add(device_id, self._words("panel.all_devices"))
        if self._chosen_id not in wanted:
            self._chosen_id = None
        self.setCurrentRow(wanted.index(self._chosen_id))
        self.blockSignals(quiet)
        self.verticalScrollBar().setValue(place)

    def _add(self, device_id: str | None, text: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_ID, device_id)
        self.addItem(item)

    def _tell(self, item: QListWidgetItem | None) -> None:
        self._chosen_id = item.data(_ID) if item is not None else None
        self.chosen.emit(self.device)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        delegate = self.itemDelegate()
        if isinstance(delegate, _DeviceDelegate):
            delegate.set_theme(theme)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(220), self._theme.scaled(300))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._devices:
            return
        painter = QPainter(self.viewport())
        painter.setFont(self._theme.font(Type.SMALL))
        painter.setPen(self._theme.colour("text_quiet"))
        inside = self.viewport().rect().adjusted(Space.BASE, 0, -Space.BASE, 0)
        inside.setTop(self._theme.scaled(_ROW) + Space.BASE)
        flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(inside, flags, self._words("panel.no_devices"))


class _DeviceDelegate(QStyledItemDelegate):
    """A dot, the name, and one quiet line."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, self._theme.scaled(_ROW if index.data(_ID) else _ROW * 3 // 4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = self._theme
        area: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, QRectF(area).adjusted(3, 2, -3, -2), state)
        left = area.left() + Space.NEAR
        dot = theme.scaled(_DOT)
        text_left = left + dot + Space.NEAR
        inside = QRect(text_left, area.top(), area.right() - text_left - Space.TIGHT, area.height())
        if index.data(_ID):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(index.data(_ID + 2) or "line"))
            middle = area.top() + area.height() * 0.34
            painter.drawEllipse(QRectF(left, middle - dot / 2, dot, dot))
            upper = QRect(inside.left(), area.top() + 6, inside.width(), area.height() // 2 - 6)
            lower = QRect(upper.left(), upper.bottom(), upper.width(), area.height() // 2 - 4)
            self._write(painter, upper, index.data() or "", Type.STRONG, theme.colour("text"))
            quiet = theme.colour("text_quiet")
            self._write(painter, lower, index.data(_ID + 1) or "", Type.SMALL, quiet)
        else:
            inside.setLeft(left)
            self._write(painter, inside, index.data() or "", Type.STRONG, theme.colour("text"))
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.colour("chosen"))
            painter.drawRoundedRect(area, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(area, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("focus"))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _write(
        self, painter: QPainter, area: QRect, text: str, type_: Type, colour: QColor
    ) -> None:
        font = self._theme.font(type_)
        painter.setFont(font)
        painter.setPen(colour)
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, flags, elided)
