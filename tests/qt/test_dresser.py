"""The window follows the system's looks while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from setup_wizard.brand import load_brand
from setup_wizard.qt.app import Dresser


@pytest.fixture
def dresser(qapp: QApplication) -> Iterator[Dresser]:
    dresser = Dresser(qapp, load_brand())
    dresser.follow(QGuiApplication.styleHints())
    qapp.setStyleSheet("")
    yield dresser
    dresser.deleteLater()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


def turn_dark(hints: QStyleHints) -> None:
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)


def want_contrast(hints: QStyleHints) -> None:
    contrast = Qt.ContrastPreference.HighContrast
    hints.accessibility().contrastPreferenceChanged.emit(contrast)


@pytest.mark.parametrize("change", [turn_dark, want_contrast])
def test_a_change_of_the_systems_looks_dresses_the_window_anew(
    dresser: Dresser, qapp: QApplication, change: Callable[[QStyleHints], None]
) -> None:
    change(QGuiApplication.styleHints())

    assert "QPushButton" in qapp.styleSheet()
