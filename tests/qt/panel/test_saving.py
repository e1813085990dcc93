"""A file is written to its end whatever becomes of the panel, and any failure is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QThreadPool

from setup_wizard.live.log import EventLog
from setup_wizard.qt.panel import event_area
from setup_wizard.qt.panel.event_area import EventArea

PATIENCE = 3_000  # ms


class SlowLines:
    """Two lines; the second one waits for the test."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self, _entries: object) -> Iterator[str]:
        yield "first\n"
        self.reached.set()
        assert self.go.wait(PATIENCE / 1000)
        yield "last\n"


@pytest.fixture
def area(qapp, look, names) -> Iterator[EventArea]:
    made = EventArea(look, names, EventLog(10))
    yield made
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def slow(monkeypatch) -> Iterator[SlowLines]:
    made = SlowLines()
    monkeypatch.setattr(event_area, "csv_lines", made)
    yield made
    made.go.set()


def test_a_file_is_written_to_its_end_when_the_panel_is_gone(
    qapp, look, names, slow, tmp_path, capfd
):
    area = EventArea(look, names, EventLog(10))
    area.save_to(tmp_path / "events.csv")
    assert slow.reached.wait(PATIENCE / 1000)

    area.deleteLater()
    del area
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    slow.go.set()
    assert QThreadPool.globalInstance().waitForDone(PATIENCE)
    qapp.processEvents()

    assert (tmp_path / "events.csv").read_text("utf-8") == "first\nlast\n"
    assert capfd.readouterr().err == ""


def test_a_program_that_ends_meanwhile_ends_quietly(area, slow, tmp_path, capfd):
    """Its end deletes every object, also those that belong to nobody."""
    area.save_to(tmp_path / "events.csv")
    assert slow.reached.wait(PATIENCE / 1000)

    shiboken6.delete(area._writing)
    slow.go.set()
    assert QThreadPool.globalInstance().waitForDone(PATIENCE)

    assert (tmp_path / "events.csv").read_text("utf-8") == "first\nlast\n"
    assert capfd.readouterr().err == ""


def test_a_fault_of_ours_is_told_as_well(area, qtbot, tmp_path, monkeypatch, caplog):
    private = "what somebody's device said"  # apart: a trace shows the line that raises

    def broken_lines(_entries: object) -> Iterator[str]:
        yield "first\n"
        raise ValueError(private)

    monkeypatch.setattr(event_area, "csv_lines", broken_lines)

    with qtbot.waitSignal(area.told) as told:
        area.save_to(tmp_path / "events.csv")

    assert told.args[0] == "It was not saved. Choose another place."
    assert "kind=ValueError" in caplog.text
    assert private not in caplog.text
