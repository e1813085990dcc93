"""What is shown leaves the program as CSV and as JSON Lines."""

from __future__ import annotations

import csv
import io
import json

import pytest

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.stream import Gap, Loss
from setup_wizard.live.export import csv_lines, json_lines
from setup_wizard.live.log import EventLog
from tests.live.batches import DEVICE, batch, event

NASTY = ['a,"b"\n<b>ü</b>', None, "\ud800", "\0", "🌡"]


def log_of(*rows: DeviceEvent | Gap) -> EventLog:
    log = EventLog()
    log.add_many(batch(*rows))
    return log


def test_json_lines_hold_what_watch_prints() -> None:
    lines = list(json_lines(log_of(event("21.5"), Gap(Loss.DISCONNECTED, 2.0)).entries()))

    assert [json.loads(line) for line in lines] == [
        {
            "name": "temperature",
            "data": "21.5",
            "published_at": "2026-01-01T00:00:00.000Z",
            "device_id": DEVICE,
            "ttl": 60,
            "received_at": "1970-01-12T13:46:40.000Z",
        },
        {"gap": "disconnected", "seconds": 2.0, "received_at": "1970-01-12T13:46:40.000Z"},
    ]


def test_json_lines_keep_any_data_exactly() -> None:
    lines = list(json_lines(log_of(*map(event, NASTY)).entries()))

    assert [json.loads(line)["data"] for line in lines] == NASTY
    assert all(line.count("\n") == 1 and line.isascii() for line in lines)


def test_csv_can_be_read_again() -> None:
    rows = log_of(event('a,"b"\nc'), event(None), Gap(Loss.TOO_LONG, 1.0))
    text = "".join(csv_lines(rows.entries()))

    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [line["data"] for line in table] == ['a,"b"\nc', "", "too_long: 1.0 s"]
    assert table[0]["name"] == "temperature"
    assert table[2]["name"] == "(gap)"


@pytest.mark.parametrize(
    ("data", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1", "-1"), ("+2.5e3", "+2.5e3"), ("-cmd", "'-cmd")],
)
def test_a_spreadsheet_runs_nothing(data: str, written: str) -> None:
    text = "".join(csv_lines(log_of(event(data)).entries()))

    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert line["data"] == written


def test_no_text_of_a_stream_is_run_by_a_spreadsheet() -> None:
    odd = DeviceEvent("=a", "=b", "=c", "=d", 60)
    text = "".join(csv_lines(log_of(odd).entries()))

    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    told = [line[column] for column in ("name", "data", "published_at", "device_id")]
    assert told == ["'=a", "'=b", "'=c", "'=d"]
