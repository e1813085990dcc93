"""A network that is not in the list: its name and its security, named by hand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from setup_wizard.domain.wifi import Network, Security
from setup_wizard.qt.pages.page import label_for
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import DropDown, mark_invalid, small
from setup_wizard.words import Words

_CHOICES = (
    ("wpa2", Security.WPA2),
    ("wpa", Security.WPA),
    ("wep", Security.WEP),
    ("open", Security.OPEN),
    ("company", Security.WPA2_ENTERPRISE),
)


class ManualNetwork(QWidget):
    """Signals:
    changed(): the name or the security is another one.
    """

    changed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        self._name = QLineEdit()
        self._name.setObjectName("network_name")
        self._name.setAccessibleName(words("network.name"))
        self._name.textChanged.connect(self._changed)
        self._error = small("")
        self._error.setProperty("kind", "mistake")
        self._security = DropDown()
        self._security.setObjectName("security")
        self._security.setAccessibleName(words("network.security"))
        for name, security in _CHOICES:
            self._security.addItem(words(f"network.security_{name}"), security.code)
        self._security.currentIndexChanged.connect(self._changed)
        column.addWidget(label_for(words("network.name"), self._name))
        column.addWidget(self._name)
        column.addWidget(self._error)
        column.addSpacing(Space.TIGHT)
        column.addWidget(label_for(words("network.security"), self._security))
        column.addWidget(self._security)
        column.addStretch(1)

    def network(self) -> Network | None:
        """None while there is no name. Spaces are part of a name and stay."""
        ssid = self._name.text().encode()
        if not ssid:
            return None
        return Network(ssid, self.security)

    @property
    def security(self) -> Security:
        return Security(int(self._security.currentData()))

    def set_error(self, text: str) -> None:
        self._error.setText(text)
        mark_invalid(self._name, invalid=bool(text))

    def clear(self) -> None:
        self._name.clear()
        self._security.setCurrentIndex(0)

    @property
    def first_focus(self) -> QWidget:
        return self._name

    def _changed(self, _change: object = None) -> None:
        self.changed.emit()
