"""What is wrong with the places of things: clipped words, overlaps, parts out of sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from setup_wizard.qt.widgets.themed import ThemedWidget

_SOLID = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)


def faults(window: QWidget, parts: Sequence[QWidget] = ()) -> list[str]:
    """One line for each, empty where all is well; `parts` where they were looked for already."""
    parts = parts or list(seen(window))
    solid = [part for part in parts if _is_solid(part)]
    return [
        *(fault for part in solid if (fault := _clipped(part))),
        *(fault for part in solid if (fault := _outside(part))),
        *_overlaps(window, solid),
        *(f"{_name(a)} scrolls sideways" for a in parts if _scrolls_sideways(a)),
    ]


def seen(root: QWidget) -> Iterator[QWidget]:
    """Everything on it that is shown; most of a window belongs to pages that are not in front."""
    for child in root.children():
        if isinstance(child, QWidget) and not child.isHidden():
            yield child
            yield from seen(child)


def place(window: QWidget, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


def in_sight(window: QWidget, part: QWidget) -> bool:
    """Whether all of it can be seen without scrolling."""
    if not part.isVisibleTo(window):
        return False
    area, frame = place(window, part), part.parentWidget()
    while frame is not None:
        if not place(window, frame).contains(area):
            return False
        if frame is window:
            return True
        frame = frame.parentWidget()
    return False


def scroll_around(part: QWidget) -> QScrollArea | None:
    parent = part.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def _is_solid(part: QWidget) -> bool:
    if isinstance(part, QLabel):
        return bool(part.text())
    if isinstance(part, _SOLID):
        return True
    return isinstance(part, ThemedWidget) and not part.findChildren(QWidget)


def _clipped(part: QWidget) -> str:
    if isinstance(part, QLabel) and part.wordWrap():
        wanted = part.heightForWidth(part.width())
        if part.height() < wanted:
            return f"{_name(part)} is {part.height()} px high and needs {wanted}"
    elif isinstance(part, QLabel | QAbstractButton):
        least = part.minimumSizeHint()
        if part.width() < least.width() or part.height() < least.height():
            return f"{_name(part)} is {part.size().toTuple()} and needs {least.toTuple()}"
    elif part.height() < part.minimumSizeHint().height():
        return f"{_name(part)} is lower than it can be"
    return ""


def _outside(part: QWidget) -> str:
    parent = part.parentWidget()
    if parent is None or parent.rect().contains(part.geometry()):
        return ""
    return f"{_name(part)} {part.geometry().getRect()} leaves {parent.rect().getRect()}"


def _overlaps(window: QWidget, solid: list[QWidget]) -> list[str]:
    """Within the page, and within the frame around it; the two are not in each other's way."""
    found = []
    placed = [(part, place(window, part), scroll_around(part)) for part in solid]
    for (one, here, scroll), (other, there, same) in combinations(placed, 2):
        if scroll is same and here.intersects(there) and not _within(one, other):
            found.append(f"{_name(one)} overlaps {_name(other)}")
    return found


def _within(one: QWidget, other: QWidget) -> bool:
    return one.isAncestorOf(other) or other.isAncestorOf(one)


def _scrolls_sideways(part: QWidget) -> bool:
    inside = part.widget() if isinstance(part, QScrollArea) else None
    around = inside.parentWidget() if inside is not None else None
    return inside is not None and around is not None and inside.width() > around.width()


def _name(part: QWidget) -> str:
    text = part.text() if isinstance(part, QLabel | QAbstractButton) else ""
    return f"{type(part).__name__} {part.objectName() or text!r}"
