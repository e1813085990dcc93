"""An answer belongs to the device that was asked, and no light is left on."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from setup_wizard.domain.errors import DeviceOffline
from setup_wizard.qt.panel.device_card import DeviceCard
from tests.qt.panel.outside import CELLAR, KITCHEN

ON, OFF = True, False


@pytest.fixture
def card(qapp, look, session, errands, names):
    made = DeviceCard(look, session, errands, names)
    made.show_device(KITCHEN)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def press(root, name: str) -> None:
    button = root.findChild(QAbstractButton, name)
    assert button is not None, name
    button.click()


def says(card) -> str:
    return card.findChild(QLabel, "device_says").text()


def signals(house) -> list[tuple[object, ...]]:
    return [asked[1:] for asked in house.cloud.asked if asked[0] == "signal"]


def ask_and_choose_another(card, house, qtbot, name: str) -> str:
    """What is told when the answer comes after Cellar was chosen."""
    house.cloud.patience.clear()
    press(card, name)
    qtbot.waitUntil(lambda: bool(house.cloud.asked))
    card.show_device(CELLAR)
    with qtbot.waitSignal(card.told) as told:
        house.cloud.patience.set()
    return told.args[0]


# --- whose answer it is ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ping", "identify"])
def test_an_answer_names_the_device_that_was_asked(card, house, qtbot, name):
    told = ask_and_choose_another(card, house, qtbot, name)

    assert "Kitchen" in told
    assert "Cellar" not in told
    assert says(card) == ""


@pytest.mark.parametrize(("name", "call"), [("ping", "ping"), ("identify", "signal")])
def test_a_failure_names_the_device_that_was_asked(card, house, look, qtbot, name, call):
    house.cloud.trouble[call] = DeviceOffline(device="x")

    told = ask_and_choose_another(card, house, qtbot, name)

    assert told.startswith("Kitchen: ")
    assert look.words.error(DeviceOffline(device="x")).sentence in told
    assert says(card) == ""


def test_a_failure_to_rename_names_the_device_that_was_asked(card, house, qtbot):
    house.cloud.trouble["rename"] = DeviceOffline(device="x")
    card.rename(KITCHEN, "Hall")
    card.show_device(CELLAR)

    with qtbot.waitSignal(card.told) as told:
        pass

    assert told.args[0].startswith("Kitchen: ")
    assert says(card) == ""


# --- the light ------------------------------------------------------------------------------


def test_the_light_of_the_one_before_goes_out_when_another_is_looked_for(card, house, qtbot):
    with qtbot.waitSignal(card.told):
        press(card, "identify")
    card.show_device(CELLAR)

    with qtbot.waitSignal(card.told):
        press(card, "identify")

    qtbot.waitUntil(lambda: (KITCHEN.device_id, OFF) in signals(house))
    assert (CELLAR.device_id, OFF) not in signals(house)
    assert "Cellar" in says(card)


def test_a_light_that_goes_on_late_goes_out_again(card, house, qtbot):
    """The order to go out must not overtake the one to go on."""
    house.cloud.patience.clear()
    press(card, "identify")
    card.show_device(CELLAR)
    press(card, "identify")
    qtbot.waitUntil(lambda: (CELLAR.device_id, ON) in signals(house))
    assert (KITCHEN.device_id, OFF) not in signals(house)

    house.cloud.patience.set()

    qtbot.waitUntil(lambda: (KITCHEN.device_id, OFF) in signals(house))


def test_the_same_device_looked_for_twice_stays_lit(card, house, qtbot):
    for _ in range(2):
        with qtbot.waitSignal(card.told):
            press(card, "identify")

    assert signals(house) == [(KITCHEN.device_id, ON)] * 2
    assert card._lights_off.isActive()


def test_a_light_that_goes_out_leaves_what_was_said_since(card, house, qtbot):
    with qtbot.waitSignal(card.told):
        press(card, "identify")
    with qtbot.waitSignal(card.told):
        press(card, "ping")

    card._lights_off.setInterval(1)
    card._lights_off.start()
    qtbot.waitUntil(lambda: (KITCHEN.device_id, OFF) in signals(house))
    qtbot.waitUntil(lambda: not card._errands._waiting)

    assert says(card).startswith("Kitchen answers")


# --- the end of the panel -------------------------------------------------------------------


@pytest.fixture
def lit_panel(open_panel, qtbot):
    panel = open_panel()
    qtbot.waitUntil(lambda: panel.devices.count() == 3)
    panel.devices.choose(KITCHEN.device_id)
    with qtbot.waitSignal(panel._card.told):
        press(panel, "identify")
    return panel


def test_a_panel_that_closes_puts_the_light_out(lit_panel, house):
    lit_panel.close()

    assert signals(house) == [(KITCHEN.device_id, ON), (KITCHEN.device_id, OFF)]


def test_a_cloud_that_does_not_answer_hardly_holds_up_the_end(lit_panel, house):
    house.cloud.patience.clear()
    started = time.monotonic()

    lit_panel.close()

    assert time.monotonic() - started < 1.0  # 0.2 s, and what a busy machine adds
    assert lit_panel.errands.stop()


def test_a_panel_without_a_light_asks_for_none(open_panel, house):
    open_panel().close()

    assert signals(house) == []
