"""A theme in which things move, a clock that only moves when told, and a way to listen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtWidgets import QWidget

from setup_wizard.brand import Brand, load_brand
from setup_wizard.qt.theme import Theme, apply_theme


@pytest.fixture
def brand() -> Brand:
    return load_brand()


@pytest.fixture
def theme(qapp, brand) -> Iterator[Theme]:
    """Without motion."""
    yield apply_theme(qapp, brand, dark=False)
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


@pytest.fixture
def lively(theme: Theme) -> Theme:
    return replace(theme, motion=True)


class Clock:
    """Seconds that pass on demand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard():
    """What a screen reader gets for a widget: its name, and its description."""
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)

    def listen(widget: QWidget) -> tuple[str, str]:
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        return (
            interface.text(QAccessible.Text.Name),
            interface.text(QAccessible.Text.Description),
        )

    yield listen
    QAccessible.setActive(was_active)
