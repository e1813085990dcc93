"""The colours of a picture, all at once: to ask Qt for each point takes a hundred times as long."""

from __future__ import annotations

from PySide6.QtGui import QImage


def rows(image: QImage) -> list[list[int]]:
    """Alpha, red, green and blue of each point, line by line from the top."""
    converted = image.convertToFormat(QImage.Format.Format_ARGB32)  # it owns the points
    points = memoryview(converted.constBits()).cast("I").tolist()
    width = image.width()
    return [points[start : start + width] for start in range(0, len(points), width)]


def colours_of(image: QImage) -> set[str]:
    """Each as #rrggbb."""
    return {f"#{point & 0xFFFFFF:06x}" for point in set().union(*rows(image))}
