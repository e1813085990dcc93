"""The whole panel: what comes shows everywhere, a choice counts, and nothing stays behind."""

from __future__ import annotations

import json
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QWidget,
)

from setup_wizard.domain.errors import CloudUnreachable, TokenRefused
from setup_wizard.domain.stream import (
    Connecting,
    Gap,
    Live,
    Loss,
    Quiet,
    Reconnecting,
    Stopped,
)
from setup_wizard.live.export import COLUMNS
from setup_wizard.qt.panel.details import readable
from setup_wizard.qt.panel.state_line import said_of
from tests.qt.helpers.stage import Dress, dress, settle
from tests.qt.panel.outside import CELLAR, KITCHEN, said


def part(panel, kind, name):
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def rows(panel) -> int:
    return panel.events.model.rowCount()


def counts(panel) -> str:
    panel.events.refresh()
    return part(panel, QLabel, "counts").text()


@pytest.fixture
def panel(open_panel, qtbot):
    made = open_panel()
    qtbot.waitUntil(lambda: made.devices.count() == 3)
    return made


def bring(panel, house, qtbot, *told) -> None:
    want = panel.events.log.counters(0.0).received + sum(hasattr(each, "name") for each in told)
    house.cloud.handed.put(*told)
    qtbot.waitUntil(lambda: panel.events.log.counters(0.0).received == want)


# --- what comes in --------------------------------------------------------------------------


def test_what_is_said_appears_in_table_and_plot(panel, house, qtbot):
    bring(panel, house, qtbot, said(), said(name="button", data="pressed"))

    assert rows(panel) == 2
    assert [line.title for line in panel.plot.plot.lines] == ["temperature"]
    assert "2 events" in counts(panel)


def test_the_state_of_the_stream_is_shown(panel, house, qtbot):
    house.cloud.handed.put(state=Reconnecting(7.2, CloudUnreachable()))

    qtbot.waitUntil(lambda: "in 8 s" in panel._state.text)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (Connecting(), "Connecting"),
        (Live(), "Live"),
        (Quiet(17.9), "Quiet for 17 s"),
        (Reconnecting(0.0, CloudUnreachable()), "Connection lost. Trying again"),
        (Stopped(), "Stopped"),
    ],
)
def test_each_state_has_its_words(look, state, text):
    assert said_of(state, look.words)[0] == text


def test_a_stream_that_stopped_says_why_and_what_to_do(look):
    error = look.words.error(TokenRefused())

    text, role = said_of(Stopped(TokenRefused()), look.words)

    assert error.sentence in text
    assert error.advice in text
    assert role == "bad"


# --- devices --------------------------------------------------------------------------------


def test_choosing_a_device_shows_its_events_and_what_it_can_do(panel, house, qtbot):
    bring(panel, house, qtbot, said(), said(device=CELLAR.device_id))

    panel.devices.choose(KITCHEN.device_id)

    assert rows(panel) == 1
    assert part(panel, QComboBox, "function").count() == 2
    assert part(panel, QLabel, "device_name").text() == "Kitchen"

    panel.devices.choose(None)

    assert rows(panel) == 2


def test_it_opens_with_the_device_that_was_set_up(open_panel, qtbot):
    panel = open_panel(device_id=KITCHEN.device_id)

    qtbot.waitUntil(lambda: panel.devices.device == KITCHEN)


def test_a_device_that_speaks_is_heard_just_now(panel, house, qtbot):
    bring(panel, house, qtbot, said(device=CELLAR.device_id))
    panel.devices.refresh()

    spoken = panel.devices.item(1).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken == "Cellar <b>bold</b>, Online  ·  just now"


def test_an_update_is_shown_from_its_beginning_to_its_end(panel, house, qtbot):
    bring(panel, house, qtbot, said(name="spark/flash/status", data="started"))
    panel.devices.refresh()
    spoken = panel.devices.item(2).data(Qt.ItemDataRole.AccessibleTextRole)

    bring(panel, house, qtbot, said(name="spark/flash/status", data="failed"))
    panel.devices.refresh()
    after = panel.devices.item(2).data(Qt.ItemDataRole.AccessibleTextRole)

    assert "Updating itself" in spoken
    assert "Updating" not in after


def test_news_of_a_device_asks_for_the_list_again(panel, house, qtbot):
    panel._stir_clock.setInterval(1)
    asked = house.cloud.asked.count(("devices",))

    bring(panel, house, qtbot, said(name="spark/status", data="offline"))

    qtbot.waitUntil(lambda: house.cloud.asked.count(("devices",)) > asked)


def test_a_list_that_comes_again_keeps_the_choice(panel, house, qtbot):
    panel.devices.choose(KITCHEN.device_id)
    house.cloud.listed = (KITCHEN,)

    panel.look_again()
    qtbot.waitUntil(lambda: panel.devices.count() == 2)

    assert panel.devices.device == KITCHEN


def test_a_list_that_does_not_come_says_why(panel, house, look, qtbot):
    house.cloud.trouble["devices"] = CloudUnreachable()

    panel.look_again()

    sentence = look.words.error(CloudUnreachable()).sentence
    qtbot.waitUntil(lambda: sentence in part(panel, QLabel, "panel_told").text())


# --- the events -----------------------------------------------------------------------------


def test_a_filter_is_followed_after_the_last_key(panel, house, qtbot):
    bring(panel, house, qtbot, said(), said(name="button", data="Pressed"))

    part(panel, QLineEdit, "search").setText("PRESS")

    qtbot.waitUntil(lambda: rows(panel) == 1)


def test_an_empty_table_says_what_will_appear(panel):
    panel.events.refresh()

    assert "Press the button on Lumen" in panel.events.table.accessibleDescription()


def test_a_table_without_a_match_says_so(panel, house, qtbot):
    bring(panel, house, qtbot, said())
    part(panel, QLineEdit, "prefix").setText("none")
    qtbot.waitUntil(lambda: rows(panel) == 0)

    panel.events.refresh()

    assert "None of 1 events" in panel.events.table.accessibleDescription()


def test_a_pause_counts_on_and_says_so(panel, house, qtbot):
    pause = part(panel, QAbstractButton, "pause")
    pause.click()
    bring(panel, house, qtbot, said())

    assert rows(panel) == 0
    assert "1 while paused" in counts(panel)

    pause.click()

    assert rows(panel) == 1
    assert pause.text() == "Pause"


def test_clearing_forgets_rows_and_counts(panel, house, qtbot):
    bring(panel, house, qtbot, said())

    part(panel, QAbstractButton, "clear").click()

    assert rows(panel) == 0
    assert counts(panel) == "0 events"


def test_html_is_shown_as_text(panel, house, qtbot):
    bring(panel, house, qtbot, said(name="note", data="<h1>big</h1>"))

    panel.events.table.selectRow(0)

    assert part(panel, QPlainTextEdit, "details_text").toPlainText() == "<h1>big</h1>"


def test_what_is_read_stays_in_sight_when_its_details_take_room(panel, house, qtbot, qapp):
    bring(panel, house, qtbot, *(said(data=str(number)) for number in range(60)))
    settle(qapp)
    panel.events.table.selectRow(59)
    settle(qapp)

    bring(panel, house, qtbot, *(said(data=str(number)) for number in range(60, 90)))
    settle(qapp)

    table = panel.events.table
    assert not table.follows
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


def test_a_gap_has_details_too(panel, house, qtbot):
    bring(panel, house, qtbot, Gap(Loss.DISCONNECTED, 9.0), said())

    panel.events.table.selectRow(0)

    assert "9 s" in part(panel, QPlainTextEdit, "details_text").toPlainText()


def test_closed_details_give_their_room_back(panel, house, qtbot):
    bring(panel, house, qtbot, said())
    panel.events.table.selectRow(0)
    details = part(panel, QWidget, "details")
    assert details.isVisible()

    part(panel, QAbstractButton, "details_close").click()

    assert not details.isVisible()
    assert not panel.events.table.selectionModel().hasSelection()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('{"b":1,"a":[2]}', '{\n  "b": 1,\n  "a": [\n    2\n  ]\n}'),
        ("{not json", "{not json"),
        ("[" * 5_000, "[" * 5_000),
        ("21.5", "21.5"),
        (None, ""),
    ],
)
def test_data_are_made_readable_where_they_are_json(data, text):
    assert readable(data) == text


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_what_is_shown_is_saved(panel, house, qtbot, tmp_path, ending):
    bring(panel, house, qtbot, said(), said(name="other"))
    part(panel, QLineEdit, "prefix").setText("temp")
    qtbot.waitUntil(lambda: rows(panel) == 1)
    file = tmp_path / f"events{ending}"

    with qtbot.waitSignal(panel.events.told) as told:
        panel.events.save_to(file)

    lines = file.read_text("utf-8").splitlines()
    assert "1 rows" in told.args[0]
    if ending == ".csv":
        assert lines[0] == ",".join(COLUMNS)
        assert len(lines) == 2
    else:
        assert [json.loads(line)["name"] for line in lines] == ["temperature"]


def test_a_file_that_cannot_be_written_is_told(panel, house, qtbot, tmp_path):
    with qtbot.waitSignal(panel.events.told) as told:
        panel.events.save_to(tmp_path / "nowhere" / "events.csv")

    assert told.args[0] == "It was not saved: No such file or directory."


# --- remembered, named, and over ------------------------------------------------------------


def test_sizes_are_remembered(open_panel, qapp):
    first = open_panel()
    first.resize(first.width(), 700)  # no wider than the screen that tests have
    part(first, QSplitter, "middle_splitter").setSizes([200, 400])
    first.events.table.horizontalHeader().resizeSection(0, 99)
    settle(qapp)
    kept = part(first, QSplitter, "middle_splitter").sizes()
    first.close()

    again = open_panel()
    settle(qapp)

    assert again.height() == 700
    assert part(again, QSplitter, "middle_splitter").sizes() == kept
    assert again.events.table.horizontalHeader().sectionSize(0) == 99


def test_every_control_has_a_name_for_ears_and_one_for_tests(panel, house, qtbot):
    panel.devices.choose(KITCHEN.device_id)
    bring(panel, house, qtbot, said())
    panel.events.table.selectRow(0)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QListWidget)
    controls = [
        each
        for each in panel.findChildren(QWidget)
        if each.isVisibleTo(panel)
        and (isinstance(each, kinds) or each.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not isinstance(each.parentWidget(), QComboBox)
    ]

    def name(widget: QWidget) -> str:
        interface = QAccessible.queryAccessibleInterface(widget)
        return interface.text(QAccessible.Text.Name) if interface else ""

    splitters = [each for each in controls if not isinstance(each, QSplitter)]
    assert [each for each in splitters if not each.objectName()] == []
    assert [each.objectName() for each in splitters if not name(each).strip()] == []


@pytest.mark.parametrize("dark", [False, True])
def test_it_follows_the_theme(panel, house, qapp, qtbot, dark):
    bring(panel, house, qtbot, said(), said(data="22"))

    theme = dress(qapp, Dress(dark=dark)).theme
    panel.plot.refresh()
    settle(qapp)

    ground = panel.grab().toImage().pixelColor(4, 4).name()
    assert ground == theme.colour("surface").name()
    assert panel.plot.plot.lines[0].colour == theme.colour("accent")


def test_a_panel_closed_while_it_reconnects_leaves_no_thread(open_panel, house, qtbot):
    before = set(threading.enumerate())
    panel = open_panel()
    house.cloud.handed.put(state=Reconnecting(60.0, CloudUnreachable()))
    qtbot.waitUntil(lambda: "in 60 s" in panel._state.text)

    panel.close()

    assert panel._feed.wait(1.0)
    assert house.cloud.handed.stopped
    left = {each for each in set(threading.enumerate()) - before if not _of_qt(each)}
    assert left == set()


def _of_qt(thread: threading.Thread) -> bool:
    """The lent thread lives on; Python sees it as a dummy of its own."""
    return thread.name.startswith("Dummy")


def test_a_panel_closed_while_a_call_waits_hears_nothing_more(panel, house, qtbot):
    panel.devices.choose(KITCHEN.device_id)
    house.cloud.patience.clear()
    part(panel, QAbstractButton, "call").click()
    qtbot.waitUntil(lambda: ("call", "led", "") in house.cloud.asked)

    panel.close()

    assert panel.errands.stop()
