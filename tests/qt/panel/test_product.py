"""Everything of the product, for staff who may: offered, heard, refused, and left again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel

from setup_wizard.domain.device import Installation
from setup_wizard.domain.errors import ProductEventsNotOffered, SignInExpired, TokenRefused
from setup_wizard.domain.sign_in import Session
from setup_wizard.domain.stream import Source, Stopped
from setup_wizard.live.series import MOST_SERIES
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.device_row import Role, Whole
from setup_wizard.qt.panel.errands import Answer
from setup_wizard.qt.panel.event_model import Column
from tests.flow.samples import ACCESS, BY_KEY, SESSION
from tests.qt.panel.outside import CELLAR, KITCHEN, said

STRANGER = "0a1b2c" + "f" * 18
MINE = Source()
PRODUCT = Source(product="lamps")


@pytest.fixture
def staff() -> Session:
    return replace(SESSION, watches_product=True)


@pytest.fixture
def session(house, staff) -> PanelAccess:
    return PanelAccess(ACCESS, house.open, session=staff, proof=BY_KEY)


@pytest.fixture
def panel(open_panel, house, qtbot):
    made = open_panel()
    qtbot.waitUntil(lambda: made.devices.count() == 4)
    qtbot.waitUntil(lambda: house.cloud.sources == [MINE])
    return made


def choose_product(panel) -> None:
    panel.devices.setCurrentRow(1)


def hear_product(panel, house, qtbot) -> None:
    choose_product(panel)
    qtbot.waitUntil(lambda: house.cloud.sources[-1] == PRODUCT)


def column(panel, which: Column) -> list[str]:
    """Of the events; where another choice began is a row of its own."""
    model = panel.events.model
    return [model.text(row, which) for row in range(model.rowCount()) if not model.is_gap(row)]


def text(panel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert found is not None
    return found.text()


# --- offered --------------------------------------------------------------------------------


def test_it_is_offered_beside_all_my_devices_and_has_its_name(panel):
    row = panel.devices.item(1)

    assert row.text() == "Everything of the product"
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Everything of the product"
    assert row.data(Role.DOT) is None
    assert panel.devices.item(0).text() == "All devices"


@pytest.mark.parametrize("staff", [None, SESSION])
def test_customers_and_installers_are_not_offered_it(open_panel, qtbot, staff):
    panel = open_panel()

    qtbot.waitUntil(lambda: panel.devices.count() == 3)

    assert panel.devices.item(1).text() != "Everything of the product"


def test_it_stays_where_it_is_when_installations_come(panel, qtbot):
    panel.devices.show_installations([Installation("Hall 7", (KITCHEN.device_id,))])

    texts = [panel.devices.item(row).text() for row in range(panel.devices.count())]

    assert texts[:3] == ["All devices", "Everything of the product", "Hall 7"]


def test_it_is_reached_by_the_keyboard(panel, house, qtbot):
    qtbot.keyClick(panel.devices, Qt.Key.Key_Down)

    assert panel.devices.choice is Whole.PRODUCT
    qtbot.waitUntil(lambda: house.cloud.sources[-1] == PRODUCT)


# --- heard ----------------------------------------------------------------------------------


def test_devices_that_nobody_knows_here_are_shown_by_their_ids(panel, house, qtbot):
    hear_product(panel, house, qtbot)

    house.cloud.handed_product.put(said(device=STRANGER), said())

    qtbot.waitUntil(lambda: len(column(panel, Column.DEVICE)) == 2)
    assert panel.events.model.is_gap(0)
    assert "Another choice" in panel.events.model.text(0, Column.DATA)
    stranger, mine = column(panel, Column.DEVICE)
    assert "0A1B2C" in stranger
    assert mine == "Kitchen"
    assert panel._state.text == "Live"


def test_what_is_asked_of_a_device_is_not_offered_there(panel, house, qtbot):
    panel.devices.choose(KITCHEN.device_id)
    hear_product(panel, house, qtbot)

    assert text(panel, "device_name") == "Everything of the product"
    assert "of your own" in text(panel, "device_says")
    for name in ("identify", "ping", "rename_device", "unclaim", "call"):
        assert not panel.findChild(QAbstractButton, name).isVisible(), name
    assert panel.findChild(QComboBox, "function").count() == 0


def test_a_strangers_news_do_not_make_the_list_look_again(panel, house, qtbot):
    hear_product(panel, house, qtbot)
    asked = house.cloud.asked.count(("devices",))

    house.cloud.handed_product.put(
        *[said(name="spark/status", data="online", device=f"{number:024x}") for number in range(9)]
    )

    qtbot.waitUntil(lambda: len(column(panel, Column.DEVICE)) == 9)
    assert not panel._stir_clock.isActive()
    assert house.cloud.asked.count(("devices",)) == asked
    assert panel.devices._spoke == {}


def test_a_new_device_of_my_own_makes_the_list_look_again(panel, house, qtbot):
    with qtbot.waitSignal(panel.devices.stirred):
        house.cloud.handed.put(said(name="spark/status", data="online", device=STRANGER))


def test_a_new_device_of_my_own_does_so_too_after_the_product_was_heard(panel, house, qtbot):
    hear_product(panel, house, qtbot)
    house.cloud.handed_product.put(said(name="spark/status", data="online", device=STRANGER))
    qtbot.waitUntil(lambda: len(column(panel, Column.DEVICE)) == 1)
    assert not panel._stir_clock.isActive()

    panel.devices.choose(None)
    qtbot.waitUntil(lambda: house.cloud.sources == [MINE, PRODUCT, MINE])

    with qtbot.waitSignal(panel.devices.stirred):
        house.cloud.handed.put(said(name="spark/status", data="online", device="e" * 24))


def test_back_at_my_devices_only_they_are_heard_and_shown(panel, house, qtbot):
    hear_product(panel, house, qtbot)
    product = house.cloud.handed_product
    product.put(said(device=STRANGER), said(data="1"), said(device="api", data="2"))
    qtbot.waitUntil(lambda: len(column(panel, Column.DATA)) == 3)

    panel.devices.choose(None)

    qtbot.waitUntil(lambda: house.cloud.sources == [MINE, PRODUCT, MINE])
    qtbot.waitUntil(lambda: column(panel, Column.DATA) == ["1", "2"])
    assert product.stopped
    house.cloud.handed.put(said(data="3"))
    qtbot.waitUntil(lambda: column(panel, Column.DATA) == ["1", "2", "3"])


def test_one_device_can_be_chosen_out_of_what_was_heard(panel, house, qtbot):
    hear_product(panel, house, qtbot)
    house.cloud.handed_product.put(said(device=STRANGER), said(data="1"))
    qtbot.waitUntil(lambda: len(column(panel, Column.DATA)) == 2)

    panel.devices.choose(KITCHEN.device_id)

    qtbot.waitUntil(lambda: column(panel, Column.DATA) == ["1"])
    assert panel.findChild(QComboBox, "function").count() == 2


def test_a_product_of_many_devices_leaves_room_in_the_plot_for_mine(panel, house, qtbot):
    house.cloud.handed.put(said(data="1"))
    qtbot.waitUntil(lambda: len(column(panel, Column.DATA)) == 1)
    hear_product(panel, house, qtbot)
    house.cloud.handed_product.put(*[said(device=f"{number:024x}") for number in range(300)])
    qtbot.waitUntil(lambda: len(panel.plot.book.series) == MOST_SERIES)

    panel.devices.choose(None)
    qtbot.waitUntil(lambda: house.cloud.sources == [MINE, PRODUCT, MINE])
    house.cloud.handed.put(said(data="2"), said(device=CELLAR.device_id))

    ids = [str(device.device_id) for device in (KITCHEN, CELLAR)]
    qtbot.waitUntil(lambda: [line.key.device_id for line in panel.plot.plot.lines] == ids)
    counts = [each.count for each in panel.plot.book.series.values()]
    assert counts == [2, 1], "what was heard of mine before stays"


def test_who_passes_it_with_the_arrow_keys_turns_nothing(panel, house, qtbot):
    for _ in range(2):
        qtbot.keyClick(panel.devices, Qt.Key.Key_Down)

    qtbot.waitUntil(lambda: not panel._sources._settling.isActive())

    assert panel.devices.device is not None
    assert house.cloud.sources == [MINE]
    assert "product_access" not in house.backend.calls


def test_the_way_is_asked_for_once(panel, house, qtbot):
    hear_product(panel, house, qtbot)
    panel.devices.choose(None)
    qtbot.waitUntil(lambda: house.cloud.sources[-1] == MINE)

    hear_product(panel, house, qtbot)

    assert house.backend.calls.count("product_access") == 1


def test_closed_while_it_is_heard_nothing_stays_open(panel, house, qtbot):
    hear_product(panel, house, qtbot)

    panel.close()

    assert panel._feed.wait(1.0)
    assert house.cloud.handed_product.stopped
    assert house.cloud.handed.stopped


# --- refused --------------------------------------------------------------------------------


def test_where_the_maker_has_set_none_that_is_said_and_my_devices_are_heard_on(
    panel, house, qtbot, look
):
    house.backend.fail("product_access", ProductEventsNotOffered())
    words = look.words.error(ProductEventsNotOffered())

    choose_product(panel)

    qtbot.waitUntil(lambda: words.sentence in text(panel, "device_says"))
    assert words.advice in text(panel, "panel_told")
    assert house.cloud.sources == [MINE]
    house.cloud.handed.put(said())
    qtbot.waitUntil(lambda: len(column(panel, Column.DATA)) == 1)
    panel.look_again()
    qtbot.waitUntil(lambda: not panel._listing)
    assert words.sentence in text(panel, "device_says"), "a new list does not take it away"


def test_what_was_refused_is_asked_again_when_it_is_chosen_again(panel, house, qtbot):
    house.backend.fail("product_access", ProductEventsNotOffered())
    choose_product(panel)
    qtbot.waitUntil(lambda: panel._sources.error is not None)

    panel.devices.choose(None)
    hear_product(panel, house, qtbot)

    assert panel._sources.error is None


def test_what_was_refused_is_asked_again_by_look_again(panel, house, qtbot):
    house.backend.fail("product_access", ProductEventsNotOffered())
    choose_product(panel)
    qtbot.waitUntil(lambda: panel._sources.error is not None)

    panel.findChild(QAbstractButton, "refresh_devices").click()

    qtbot.waitUntil(lambda: house.cloud.sources[-1] == PRODUCT)
    assert panel._sources.error is None
    assert "whoever has them" in text(panel, "device_says")


def test_while_it_is_heard_look_again_turns_nothing(panel, house, qtbot):
    hear_product(panel, house, qtbot)

    panel.findChild(QAbstractButton, "refresh_devices").click()

    assert not panel._sources._settling.isActive()


@pytest.fixture
def asked(panel, monkeypatch) -> list[Callable[[Answer], None]]:
    """Who waits for an answer about the product; nobody answers but the test."""
    waiting: list[Callable[[Answer], None]] = []
    monkeypatch.setattr(panel.errands, "ask", lambda _question, hear: waiting.append(hear))
    choose_product(panel)
    return waiting


def ask_twice(panel, asked, qtbot) -> None:
    qtbot.waitUntil(lambda: len(asked) == 1)
    panel.devices.choose(None)
    choose_product(panel)
    qtbot.waitUntil(lambda: len(asked) == 2)


def test_an_older_answer_says_nothing_any_more(panel, asked, qtbot):
    ask_twice(panel, asked, qtbot)

    asked[0](Answer(1.0, error=ProductEventsNotOffered()))

    assert panel._sources.error is None
    assert text(panel, "panel_told") == ""


def test_an_older_answer_does_not_turn_what_the_newer_one_refused(panel, asked, house, qtbot):
    ask_twice(panel, asked, qtbot)

    asked[1](Answer(1.0, error=ProductEventsNotOffered()))
    asked[0](Answer(2.0))

    assert panel._sources.error is not None
    assert not panel._sources.heard_others


def test_an_answer_to_an_older_wish_does_not_count_before_it_is_asked_again(panel, asked, qtbot):
    qtbot.waitUntil(lambda: len(asked) == 1)
    panel.devices.choose(None)
    choose_product(panel)

    asked[0](Answer(1.0, error=ProductEventsNotOffered()))

    assert panel._sources.error is None


def test_a_session_that_is_over_is_opened_anew_by_the_key(panel, house, qtbot):
    house.backend.fail("product_access", SignInExpired())

    hear_product(panel, house, qtbot)

    assert "sign_in" in house.backend.calls


def test_a_token_that_was_withdrawn_is_said_and_my_devices_can_be_heard_again(
    panel, house, qtbot, look
):
    hear_product(panel, house, qtbot)
    house.cloud.handed_product.put(state=Stopped(TokenRefused()))
    sentence = look.words.error(TokenRefused()).sentence
    qtbot.waitUntil(lambda: sentence in panel._state.text)

    panel.devices.choose(None)

    qtbot.waitUntil(lambda: house.cloud.sources[-1] == MINE)
    house.cloud.handed.put(said())
    qtbot.waitUntil(lambda: panel._state.text == "Live")
