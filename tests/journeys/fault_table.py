"""The fault matrix as a table at the end of a test run, gathered from every worker."""

from __future__ import annotations

from collections.abc import Iterable

PROPERTY = "fault matrix"
Cell = tuple[int, str, str, str]
"""Place, fault, command, and how it ended."""


def table(cells: Iterable[Cell]) -> list[str]:
    """Lines with one row for each fault and one column for each command."""
    ends = {(fault, command): end for _, fault, command, end in sorted(cells)}
    faults = list(dict.fromkeys(fault for fault, _ in ends))
    commands = list(dict.fromkeys(command for _, command in ends))
    rows = [["", *commands]]
    rows += [[fault, *(ends.get((fault, command), "") for command in commands)] for fault in faults]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
