"""Rows of the log as CSV and as JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from setup_wizard.domain.stream import Gap, Row
from setup_wizard.live.log import Entry

COLUMNS = ("received_at", "published_at", "device_id", "name", "data", "ttl")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_document(received_at: float, row: Row) -> dict[str, object]:
    """One row as JSON says it."""
    time = iso_time(received_at)
    if isinstance(row, Gap):
        return {"gap": row.loss.value, "seconds": round(row.seconds, 3), "received_at": time}
    return {
        "name": row.name,
        "data": row.data,
        "published_at": row.published_at,
        "device_id": row.device_id,
        "ttl": row.ttl,
        "received_at": time,
    }


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One line for each row, with its line end. Half surrogates stay as JSON spells them."""
    for entry in entries:
        yield json.dumps(as_document(entry.received_at, entry.row)) + "\n"


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A heading and one record for each row, with their line ends.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers do not.
    """
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield _taken(line)
    for _, received_at, row in entries:
        time = iso_time(received_at)
        if isinstance(row, Gap):
            writer.writerow((time, "", "", "(gap)", f"{row.loss.value}: {row.seconds:.1f} s", ""))
        else:
            told = (row.published_at, row.device_id, row.name, row.data or "")
            writer.writerow((time, *map(as_text, told), row.ttl))
        yield _taken(line)


def iso_time(moment: float) -> str:
    """As the cloud writes time: milliseconds and a Z."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def as_text(text: str) -> str:
    """What a spreadsheet shows as it is: no formula that somebody else wrote."""
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text
