"""The numbers in an event's data: the data itself, or numbers inside its JSON, each by its path."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import orjson

DEEPEST = 4  # levels; deeper is a document, not a measurement
MOST_IN_ONE = 32  # numbers of one event; more is a recording, not a measurement
_STARTS = frozenset("-0123456789{[")


def numbers_in(data: str | None) -> list[tuple[str, float]]:
    """Path and number, such as `("", 21.5)` or `("air.humidity", 40.0)` or `("axis[2]", 0.1)`."""
    if not data or data[0] not in _STARTS:
        return []
    try:
        document = orjson.loads(data)
    except ValueError:
        return []
    if type(document) is float or type(document) is int:
        number = float(document)
        return [("", number)] if isfinite(number) else []
    if not isinstance(document, dict | list):
        return []
    found: list[tuple[str, float]] = []
    for path, number in _walk(document, "", DEEPEST):
        found.append((path, number))
        if len(found) == MOST_IN_ONE:
            break
    return found


def _walk(part: object, path: str, levels: int) -> Iterator[tuple[str, float]]:
    if type(part) is float or type(part) is int:
        if isfinite(part):
            yield path, float(part)
    elif levels == 0:
        return
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from _walk(inner, f"{path}.{name}" if path else name, levels - 1)
    elif isinstance(part, list):
        for index, inner in enumerate(part):
            yield from _walk(inner, f"{path}[{index}]", levels - 1)
