"""An installation in the panel: a heading in the list, and one question for all its devices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from setup_wizard.domain.device import Device, DeviceId, Installation
from setup_wizard.domain.errors import (
    BackendUnreachable,
    DeviceNotYours,
    DeviceOffline,
    DeviceSlow,
    NotExposed,
)
from setup_wizard.qt.panel.errands import AT_ONCE as ERRANDS_AT_ONCE
from setup_wizard.qt.panel.group_run import AT_ONCE
from setup_wizard.qt.panel.together import Together
from tests.qt.panel.outside import CELLAR, KITCHEN, said

STRANGER = DeviceId("3a0011000300000000000001")
HALL = Installation("Hall <b>7</b>", (KITCHEN.device_id, CELLAR.device_id, STRANGER))
KNOWN = {str(each.device_id): each for each in (KITCHEN, CELLAR)}
ALONE = replace(KITCHEN, device_id=DeviceId("3a0000000000000000000002"), name="Alone")


def child(root, kind, name):
    found = root.findChild(kind, name)
    assert found is not None, name
    return found


def press(root, name: str) -> None:
    child(root, QAbstractButton, name).click()


@pytest.fixture
def together(qapp, look, errands, names):
    names.know(KNOWN.values())
    made = Together(look, errands, names)
    made.show_installation(HALL, KNOWN)
    made.resize(300, 600)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def results(together) -> list[str]:
    table = together.results
    return [table.item(row, 1).text() for row in range(table.rowCount())]


# --- asking all of them -----------------------------------------------------------------------


def test_a_call_goes_to_every_device_and_each_has_its_own_result(together, house, qtbot, look):
    house.cloud.away = {
        CELLAR.device_id: DeviceOffline(device="x"),
        STRANGER: DeviceNotYours(device="x"),
    }
    QTest.keyClicks(child(together, QLineEdit, "group_argument"), "on")

    with qtbot.waitSignal(together.told) as told:
        press(together, "group_call")

    assert house.cloud.asked.count(("call", "led", "on")) == 3
    good, offline, not_yours = results(together)
    assert good == "42"
    assert offline.startswith(look.words.error(DeviceOffline(device="x")).sentence)
    assert not_yours.startswith(look.words.error(DeviceNotYours(device="x")).sentence)
    assert together.results.item(0, 0).text() == "Kitchen"
    assert together.results.item(2, 0).text().endswith(" 3A00110003")
    assert float(together.results.item(0, 2).text()) >= 0
    assert told.args == ["3 of 3 answered, 2 without success"]


@pytest.mark.parametrize(
    "error", [DeviceSlow(device="x"), NotExposed(name="mode")], ids=["slow", "missing"]
)
def test_a_reading_tells_why_a_device_has_none(together, house, qtbot, look, error):
    house.cloud.away = {CELLAR.device_id: error}
    child(together, QComboBox, "group_variable").setCurrentText("mode")

    with qtbot.waitSignal(together.told):
        press(together, "group_read")

    assert results(together)[0] == "<b>auto</b>"
    assert results(together)[1].startswith(look.words.error(error).sentence)


def test_answers_appear_as_they_come(together, house, qtbot, monkeypatch):
    cellar_answers = house.cloud.patience
    reach = house.cloud._reach

    def wait_in_the_cellar(device_id):
        if device_id == CELLAR.device_id:
            assert cellar_answers.wait(5)
        reach(device_id)

    monkeypatch.setattr(house.cloud, "_reach", wait_in_the_cellar)
    monkeypatch.setattr(house.cloud, "_did", lambda *_facts: None)
    cellar_answers.clear()

    press(together, "group_call")
    progress = child(together, QLabel, "group_progress")
    qtbot.waitUntil(lambda: progress.text() == "2 of 3 answered, 0 without success")

    assert results(together) == ["42", "asking", "42"]
    assert not child(together, QAbstractButton, "group_call").isEnabled()
    with qtbot.waitSignal(together.told):
        cellar_answers.set()
    assert results(together) == ["42", "42", "42"]


def test_cancelled_nobody_else_is_asked_and_the_rows_say_so(together, house, qtbot):
    house.cloud.patience.clear()
    many = tuple(DeviceId(f"{each:024x}") for each in range(12))
    mine = (KITCHEN.device_id, *many)
    together.show_installation(replace(HALL, name="Tower", device_ids=mine), KNOWN)
    press(together, "group_call")
    qtbot.waitUntil(lambda: len(house.cloud.asked) == AT_ONCE)

    with qtbot.waitSignal(together.told) as told:
        press(together, "group_cancel")

    assert told.args == ["0 of 13 answered, 0 without success"]
    assert results(together)[: AT_ONCE + 1] == [
        *["not waited for; it may have been done"] * AT_ONCE,
        "not asked",
    ]
    house.cloud.patience.set()
    with qtbot.waitSignal(together.told) as told:
        press(together, "group_call")
    assert told.args == ["13 of 13 answered, 0 without success"]
    assert len(house.cloud.asked) == AT_ONCE + 13


def test_a_refusal_of_one_does_not_stop_the_others_of_many(together, house, qtbot):
    many = (KITCHEN.device_id, *(DeviceId(f"{each:024x}") for each in range(40)))
    house.cloud.away = {many[0]: DeviceOffline(device="x")}
    together.show_installation(replace(HALL, name="Tower", device_ids=many), KNOWN)

    with qtbot.waitSignal(together.told) as told:
        press(together, "group_call")

    assert told.args == ["41 of 41 answered, 1 without success"]


def test_a_run_leaves_room_for_what_else_the_panel_asks():
    assert AT_ONCE < ERRANDS_AT_ONCE


def test_the_table_is_copied_as_a_spreadsheet_takes_it(together, house, qtbot):
    house.cloud.values["mode"] = "=1+1\tand\nmore"
    child(together, QComboBox, "group_variable").setCurrentText("mode")
    with qtbot.waitSignal(together.told):
        press(together, "group_read")

    press(together, "group_copy")

    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0] == "Device\tResult\tSeconds"
    assert 'Kitchen\t"\'=1+1\tand\nmore"\t' in text.replace("\r\n", "\n")


def test_the_argument_must_fit_the_oldest_device(together, look):
    old = replace(CELLAR, system_version="0.7.0")
    together.show_installation(HALL, KNOWN | {str(old.device_id): old})

    child(together, QLineEdit, "group_argument").setText("a" * 64)

    assert not child(together, QAbstractButton, "group_call").isEnabled()


def test_what_nobody_offers_cannot_be_asked(together, house):
    together.show_installation(Installation("Empty"), {})

    assert child(together, QLabel, "group_nothing").isVisibleTo(together)
    child(together, QLineEdit, "group_argument").returnPressed.emit()
    assert house.cloud.asked == []


def test_a_newer_list_keeps_results_and_what_was_typed(together, qtbot):
    with qtbot.waitSignal(together.told):
        press(together, "group_call")
    child(together, QLineEdit, "group_argument").setText("half")
    child(together, QComboBox, "group_function").setCurrentText("reset")

    together.show_installation(HALL, {KITCHEN.device_id.text: KITCHEN})

    assert results(together) == ["42", "42", "42"]
    assert child(together, QLineEdit, "group_argument").text() == "half"
    assert child(together, QComboBox, "group_function").currentText() == "reset"


# --- in the list ------------------------------------------------------------------------------


@pytest.fixture
def grouped(house, open_panel, qtbot):
    house.cloud.listed = (KITCHEN, CELLAR, ALONE)
    house.backend.grouped = (HALL, Installation("Attic"))
    panel = open_panel()
    qtbot.waitUntil(lambda: panel.devices.count() == 7)
    return panel


def titles(panel) -> list[str]:
    return [panel.devices.item(row).text() for row in range(panel.devices.count())]


def test_devices_stand_below_their_installation_and_the_others_come_last(grouped):
    assert titles(grouped) == [
        "All devices",
        "Attic",
        "Hall <b>7</b>",
        CELLAR.name,
        "Kitchen",
        "In no installation",
        "Alone",
    ]
    told = grouped.devices.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Hall <b>7</b>, 1 of 3 online"


def test_without_installations_there_are_no_headings(open_panel, qtbot):
    panel = open_panel()

    qtbot.waitUntil(lambda: panel.devices.count() == 3)

    assert titles(panel) == ["All devices", CELLAR.name, "Kitchen"]


def test_the_keyboard_passes_over_the_heading_that_is_no_installation(grouped):
    grouped.devices.setCurrentRow(4)

    QTest.keyClick(grouped.devices, Qt.Key.Key_Down)

    assert grouped.devices.device == ALONE


def test_a_chosen_installation_shows_its_events_only_and_asks_all_its_devices(
    grouped, house, qtbot
):
    house.cloud.handed.put(said(), said(device=ALONE.device_id), said(device=STRANGER))
    qtbot.waitUntil(lambda: grouped.events.model.rowCount() == 3)

    grouped.devices.setCurrentRow(2)

    assert grouped.events.model.rowCount() == 2
    assert child(grouped, QLabel, "device_name").text() == HALL.name
    together = child(grouped, Together, "together")
    assert together.isVisible()
    with qtbot.waitSignal(together.told):
        press(together, "group_call")
    assert results(together) == ["42", "42", "42"]
    grouped.devices.setCurrentRow(4)
    assert not together.isVisible()


def test_an_installation_that_is_gone_is_chosen_no_longer(grouped, house, qtbot):
    grouped.devices.setCurrentRow(2)
    house.backend.grouped = ()

    grouped.look_again()

    qtbot.waitUntil(lambda: grouped.devices.count() == 4)
    assert grouped.devices.choice is None
    assert grouped.events.log.filter.wants_all


def test_a_maker_s_side_that_is_down_leaves_the_groups_as_they_were(grouped, house, qtbot):
    house.backend.fail("installations", BackendUnreachable())
    asked = house.backend.calls.count("installations")

    grouped.look_again()

    qtbot.waitUntil(lambda: house.backend.calls.count("installations") > asked)
    qtbot.waitUntil(lambda: not grouped._grouping)
    assert len(titles(grouped)) == 7


def test_a_panel_that_is_closed_in_the_middle_of_a_run_leaves_nothing(grouped, house, qtbot):
    grouped.devices.setCurrentRow(2)
    house.cloud.patience.clear()
    press(grouped, "group_call")
    qtbot.waitUntil(lambda: ("call", "led", "") in house.cloud.asked)

    grouped.close()

    assert grouped.errands.stop()


def test_version_and_state_of_an_update_are_in_the_row(grouped, house, qtbot):
    row = titles(grouped).index("Kitchen")

    def told() -> str:
        return grouped.devices.item(row).data(Qt.ItemDataRole.AccessibleTextRole)

    assert "version 1.5.2" in told()
    house.cloud.handed.put(said(name="spark/flash/status", data="started"))
    qtbot.waitUntil(lambda: grouped.events.model.rowCount() == 1)
    grouped.devices.refresh()

    assert "Updating itself" in told()
    assert isinstance(grouped.devices.known[str(KITCHEN.device_id)], Device)
