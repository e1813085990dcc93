"""My devices by installation: which are online, when each was heard, and what it runs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.device import Device, DeviceId, Installation
from setup_wizard.domain.stream import Batch, Gap
from setup_wizard.flow.updates import updating_after
from setup_wizard.qt.panel.device_row import HEADING, DeviceDelegate, Role, Whole
from setup_wizard.qt.panel.names import Names, heard_ago, moment_of
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.words import Words

_NARROWEST = 190  # px
_LATELY = 60  # s; the list may be as old as this
_OTHERS = ""
"""The key of the heading above devices that are in no installation."""
_PRODUCT = Whole.PRODUCT.value
"""The key of the row for the whole product."""
_GROUP = "installation "
"""How the key of an installation begins; no device id does."""


class DeviceList(QListWidget):
    """The first row is all of them; below it each installation with its devices.

    Staff who may have one more, for the whole product.

    Signals:
        chosen(object): the Device, the Installation or Whole.PRODUCT, or None for all devices.
        stirred(): one of them came, went or was updated: look again.
    """

    chosen = Signal(object)
    stirred = Signal()

    def __init__(
        self,
        theme: Theme,
        words: Words,
        names: Names,
        parent: QWidget | None = None,
        *,
        with_product: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("devices")
        self.setAccessibleName(words("panel.devices"))
        self._theme = theme
        self._words = words
        self._names = names
        self._with_product = with_product
        self._devices: dict[str, Device] = {}
        self._groups: dict[str, Installation] = {}
        self._heard: dict[str, float] = {}
        """For people, by the clock on the wall."""
        self._spoke: dict[str, float] = {}
        """By a clock that only moves forward."""
        self._updating: set[str] = set()
        self._chosen_id: str | None = None
        self.setItemDelegate(DeviceDelegate(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setMinimumWidth(theme.scaled(_NARROWEST))
        self._rebuild(self._wanted())
        self.currentItemChanged.connect(self._tell)

    # --- what is known ------------------------------------------------------------------------

    @property
    def device(self) -> Device | None:
        """The chosen one; None: all of them."""
        return self._devices.get(self._chosen_id or "")

    @property
    def known(self) -> Mapping[str, Device]:
        """By their ids."""
        return self._devices

    @property
    def choice(self) -> Device | Installation | Whole | None:
        if self._chosen_id == _PRODUCT:
            return Whole.PRODUCT
        return self.device or self._groups.get(self._chosen_id or "")

    def show_devices(self, devices: Iterable[Device]) -> None:
        """As the cloud lists them now; the choice and the place stay."""
        ordered = sorted(devices, key=lambda d: (self._names.of(d).casefold(), str(d.device_id)))
        self._devices = {str(device.device_id): device for device in ordered}
        for device_id, device in self._devices.items():
            heard = moment_of(device.last_heard)
            if heard is not None:
                self._heard[device_id] = max(heard, self._heard.get(device_id, 0.0))
        self._arrange()

    def show_installations(self, installations: Iterable[Installation]) -> None:
        """As the maker's side knows them now."""
        ordered = sorted(installations, key=lambda group: (group.name.casefold(), group.name))
        self._groups = {_GROUP + group.name: group for group in ordered}
        self._arrange()

    def _arrange(self) -> None:
        wanted = self._wanted()
        if wanted != [self.item(row).data(Role.KEY) for row in range(self.count())]:
            self._rebuild(wanted)
        for row in range(1, self.count()):
            item = self.item(row)
            item.setText(self._title(item.data(Role.KEY)))
        self.refresh()
        self.chosen.emit(self.choice)

    def _wanted(self) -> list[str | None]:
        """The keys of all rows, from the top."""
        wanted: list[str | None] = [None, _PRODUCT] if self._with_product else [None]
        left = dict.fromkeys(self._devices)
        for key, group in self._groups.items():
            inside = set(map(str, group.device_ids)) & left.keys()
            wanted += [key, *(each for each in left if each in inside)]
            left = {each: None for each in left if each not in inside}
        if self._groups and left:
            wanted.append(_OTHERS)
        return [*wanted, *left]

    def _title(self, key: str) -> str:
        if key in self._devices:
            return self._names.of(self._devices[key])
        if key == _PRODUCT:
            return self._words("panel.product")
        return self._groups[key].name if key in self._groups else self._words("panel.others")

    def choose(self, device_id: DeviceId | None) -> None:
        """For whoever opens the panel for one of them."""
        for row in range(self.count()):
            if self.item(row).data(Role.KEY) == (device_id and str(device_id)):
                self.setCurrentRow(row)

    def hear(self, batch: Batch, *, of_product: bool = False) -> None:
        """Who spoke, and what the cloud itself told about them."""
        for row in batch.rows:
            if isinstance(row, Gap) or (of_product and row.device_id not in self._devices):
                continue  # of a whole product's devices only mine are in the list
            self._heard[row.device_id] = batch.received_at
            self._spoke[row.device_id] = batch.moment
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
            key = item.data(Role.KEY)
            if key in self._devices:
                status, dot = self._status(key)
                item.setData(Role.DOT, dot)
            else:
                status = self._group_status(key)
            item.setData(Role.STATUS, status)
            told = f"{item.text()}, {status}" if status else item.text()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)

    def _group_status(self, key: str) -> str:
        if key not in self._groups:
            return ""
        ids = [str(device_id) for device_id in self._groups[key].device_ids]
        online = sum(each in self._devices and self._is_online(each) for each in ids)
        return self._words("panel.group_online", online=online, count=len(ids))

    def _is_online(self, device_id: str) -> bool:
        spoke = self._spoke.get(device_id)
        spoke_lately = spoke is not None and time.monotonic() - spoke < _LATELY
        return self._devices[device_id].online or spoke_lately

    def _status(self, device_id: str) -> tuple[str, str]:
        """A line for the row, and the colour of its dot."""
        device, words = self._devices[device_id], self._words
        heard = self._heard.get(device_id)
        if device_id in self._updating:
            parts, role = [words("panel.updating")], "warn"
        elif self._is_online(device_id):
            parts, role = [words("panel.online")], "good"
        else:
            parts, role = [words("panel.offline")], "line"
        if heard is not None or role != "good":
            parts.append(heard_ago(words, heard))
        if device.firmware_version:
            parts.append(words("panel.version", value=device.firmware_version))
        return "  ·  ".join(parts), role

    # --- rows ---------------------------------------------------------------------------------

    def _rebuild(self, wanted: list[str | None]) -> None:
        words, place = self._words, self.verticalScrollBar().value()
        quiet = self.blockSignals(True)
        self.clear()
        for key in wanted:
            self._add(key, self._title(key) if key is not None else words("panel.all_devices"))
        if self._chosen_id not in wanted:
            self._chosen_id = None
        self.setCurrentRow(wanted.index(self._chosen_id))
        self.blockSignals(quiet)
        self.verticalScrollBar().setValue(place)

    def _add(self, key: str | None, text: str) -> None:
        item = QListWidgetItem(text)
        item.setData(Role.KEY, key)
        if key == _OTHERS:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        elif key in self._devices:
            item.setData(Role.DOT, "line")  # a device's row is taller, also before its state
        self.addItem(item)

    def _tell(self, item: QListWidgetItem | None) -> None:
        self._chosen_id = item.data(Role.KEY) if item is not None else None
        self.chosen.emit(self.choice)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        delegate = self.itemDelegate()
        if isinstance(delegate, DeviceDelegate):
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
        inside.setTop(self._theme.scaled(HEADING) * self.count() + Space.BASE)
        flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(inside, flags, self._words("panel.no_devices"))
