"""Where the person left everything: sizes and places, kept from one opening to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget

_FORM = 1  # counted up when the window's parts change, so that old places do not fit any more


class Memory:
    """Keeps nothing where it is given no settings: pictures must not depend on the past."""

    def __init__(self, settings: QSettings | None) -> None:
        self._settings = settings

    def bring_back(self, window: QWidget) -> None:
        if self._settings is None or self._settings.value("panel/form", type=int) != _FORM:
            return
        geometry = self._settings.value("panel/geometry")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        for splitter in window.findChildren(QSplitter):
            state = self._settings.value(f"panel/{splitter.objectName()}")
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        for header in _headers(window):
            state = self._settings.value(f"panel/{_name(header)}")
            if isinstance(state, QByteArray):
                header.restoreState(state)

    def keep(self, window: QWidget) -> None:
        if self._settings is None:
            return
        self._settings.setValue("panel/form", _FORM)
        self._settings.setValue("panel/geometry", window.saveGeometry())
        for splitter in window.findChildren(QSplitter):
            self._settings.setValue(f"panel/{splitter.objectName()}", splitter.saveState())
        for header in _headers(window):
            self._settings.setValue(f"panel/{_name(header)}", header.saveState())


def _headers(window: QWidget) -> list[QHeaderView]:
    """Columns of tables; their rows have nothing to remember."""
    return [header for header in window.findChildren(QHeaderView) if header.isVisibleTo(window)]


def _name(header: QHeaderView) -> str:
    table = header.parentWidget()
    return f"{table.objectName() if table else ''}_columns"
