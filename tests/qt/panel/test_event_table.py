"""The table of events: what it shows, where it stands, and what is taken out of it."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from setup_wizard.domain.stream import Gap, Loss
from setup_wizard.live.filter import Filter
from setup_wizard.live.log import EventLog, Sieve
from setup_wizard.qt.panel.event_model import Column, EventModel
from setup_wizard.qt.panel.event_table import EventTable
from setup_wizard.qt.theme import Space
from tests.qt.helpers.stage import settle
from tests.qt.panel.outside import batch_of, said

CAPACITY = 200


@pytest.fixture
def model(look, names):
    return EventModel(EventLog(CAPACITY), look.words, names)


@pytest.fixture
def table(qapp, look, model):
    made = EventTable(look.theme, model)
    made.resize(700, 300)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def numbered(first: int, count: int):
    return batch_of(*(said(data=str(number)) for number in range(first, first + count)))


def top(table) -> str:
    """The data of the first row in sight."""
    return table.model().text(table.rowAt(0), Column.DATA)


def test_it_grows_by_one_signal_for_each_batch(model, qtbot):
    with qtbot.waitSignal(model.rowsInserted) as inserted:
        model.take([numbered(0, 20), numbered(20, 30)])

    assert inserted.args[1:] == [0, 49]
    assert model.rowCount() == 50


def test_a_full_table_keeps_its_rows_and_shows_the_newest(model):
    model.take([numbered(0, CAPACITY)])
    fallen: list[int] = []
    model.moved_on.connect(fallen.append)

    model.take([numbered(CAPACITY, 50)])

    assert fallen == [50]
    assert model.rowCount() == CAPACITY
    assert [model.text(0, Column.DATA), model.text(CAPACITY - 1, Column.DATA)] == ["50", "249"]


def test_a_row_is_one_line_whatever_was_sent(model):
    model.take(
        [
            batch_of(
                said(data="<h1>hi</h1>\n\n two"),
                said(data=None),
                said(data="x" * 70_000),
                said(name="n\n" * 32_768),
            )
        ]
    )

    assert model.text(0, Column.DATA) == "<h1>hi</h1> two"
    assert model.text(1, Column.DATA) == ""
    assert len(model.text(2, Column.DATA)) < 1_000
    assert len(model.text(3, Column.NAME)) < 1_000
    assert "\n" not in model.text(3, Column.NAME)


def test_a_gap_is_a_row_that_says_so(model):
    losses = (Loss.DISCONNECTED, Loss.TOO_LONG, Loss.TURNED)

    model.take([batch_of(*(Gap(loss, 12.3) for loss in losses))])

    assert "12 s" in model.text(0, Column.DATA)
    assert "longer than any event" in model.text(1, Column.DATA)
    assert "Another choice" in model.text(2, Column.DATA)
    assert model.cells(0)[1]


def test_the_id_of_an_unnamed_device_is_seen_whole(table, model):
    model.take([batch_of(said(device="3a001b000447343138333038"))])

    (metrics,) = (each[2] for each in table._ink if each[0] is Column.DEVICE)
    needed = metrics.horizontalAdvance(model.text(0, Column.DEVICE)) + 2 * Space.TIGHT
    assert "3A001B0004" in model.text(0, Column.DEVICE)
    assert table.columnWidth(Column.DEVICE) >= needed


def test_a_program_has_a_name_and_a_stranger_the_beginning_of_its_id(model):
    model.take([batch_of(said(device="api"), said(device="ab12cd" + "f" * 18))])

    assert model.text(0, Column.DEVICE) == "A program"
    assert model.text(1, Column.DEVICE).endswith(" AB12CDFFFF")


def test_it_follows_the_newest(qapp, table, model):
    for start in range(0, 3 * CAPACITY, 50):
        model.take([numbered(start, 50)])
        settle(qapp)

        bar = table.verticalScrollBar()
        assert bar.value() == bar.maximum()


def test_who_scrolled_up_keeps_the_place_while_rows_fall_out(qapp, table, model):
    model.take([numbered(0, CAPACITY)])
    settle(qapp)
    table.verticalScrollBar().setValue(100)
    before = top(table)

    model.take([numbered(CAPACITY, 60)])
    settle(qapp)

    assert not table.follows
    assert top(table) == before


def test_the_end_key_follows_again(qapp, table, model):
    model.take([numbered(0, CAPACITY)])
    settle(qapp)
    table.verticalScrollBar().setValue(10)

    QTest.keyClick(table, Qt.Key.Key_End)

    assert table.follows


def test_a_chosen_row_stays_chosen_while_rows_fall_out(qapp, table, model):
    model.take([numbered(0, CAPACITY)])
    settle(qapp)
    table.selectRow(150)

    model.take([numbered(CAPACITY, 60)])
    settle(qapp)

    (chosen,) = table.selectionModel().selectedRows()
    assert model.text(chosen.row(), Column.DATA) == "150"
    assert table.currentIndex().row() == chosen.row()


def test_a_chosen_row_that_fell_out_is_chosen_no_longer(qapp, table, model):
    model.take([numbered(0, CAPACITY)])
    settle(qapp)
    table.selectRow(5)

    model.take([numbered(CAPACITY, 60)])

    assert not table.selectionModel().hasSelection()


def test_choosing_a_row_tells_its_event_and_holds_the_place(qapp, table, model, qtbot):
    model.take([numbered(0, 50)])
    settle(qapp)

    with qtbot.waitSignal(table.entry_chosen) as told:
        table.selectRow(7)

    assert told.args[0].row.data == "7"
    assert not table.follows


def test_the_keyboard_begins_where_the_eye_is(qapp, table, model):
    model.take([numbered(0, CAPACITY)])
    settle(qapp)
    table.setFocus()

    QTest.keyClick(table, Qt.Key.Key_Up)

    assert table.currentIndex().row() > CAPACITY - 20


def test_chosen_rows_are_copied_exactly(qapp, table, model):
    model.take([batch_of(said(data='{"a":\n1}'))])
    table.selectRow(0)

    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert json.loads(QGuiApplication.clipboard().text())["data"] == '{"a":\n1}'


def test_a_filter_shows_what_is_kept_of_it(model):
    model.take([batch_of(*(said(name=name) for name in ("air", "temperature", "air")))])

    model.set_filter(Sieve(model.log, Filter(prefix="air")))

    assert model.rowCount() == 2


def test_a_pause_holds_the_table_and_counts_on(model):
    model.take([numbered(0, 5)])
    model.log.pause()
    model.take([numbered(5, 5)])

    assert model.rowCount() == 5
    assert model.log.counters(0.0).received == 10

    model.resume()

    assert model.rowCount() == 10
