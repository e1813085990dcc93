"""The list of networks keeps its choice and place, and works by keys and by ear."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from setup_wizard.qt.widgets import NetworkList, NetworkRow

HOME = NetworkRow("home", "HomeNet", 4, True, "This computer uses it")
CAFE = NetworkRow("cafe", "Café Nord", 3, False)
ATTIC = NetworkRow("attic", "Attic", 1, True)


@pytest.fixture
def networks(theme, qtbot) -> NetworkList:
    view = NetworkList(theme)
    qtbot.addWidget(view)
    view.set_rows([HOME, CAFE, ATTIC])
    return view


def many(count: int) -> list[NetworkRow]:
    return [NetworkRow(n, f"Network {n:02}", 2, True) for n in range(count)]


def test_nothing_is_chosen_before_the_person_chooses(networks):
    assert networks.selected() is None


def test_arrow_keys_choose(networks, qtbot):
    networks.select("home")

    with qtbot.waitSignal(networks.selection_changed) as signal:
        qtbot.keyClick(networks, Qt.Key.Key_Down)

    assert signal.args == [CAFE]
    assert networks.selected() == CAFE


def test_first_letters_choose(networks, qtbot):
    qtbot.keyClicks(networks, "att")

    assert networks.selected() == ATTIC


def test_enter_activates_the_chosen_network(networks, qtbot):
    networks.select("cafe")

    with qtbot.waitSignal(networks.row_activated) as signal:
        qtbot.keyClick(networks, Qt.Key.Key_Return)

    assert signal.args == [CAFE]


def test_enter_without_a_choice_is_left_to_the_page(networks, qtbot):
    with qtbot.assertNotEmitted(networks.row_activated):
        qtbot.keyClick(networks, Qt.Key.Key_Return)


def test_a_double_click_activates(networks, qtbot):
    networks.show()
    spot = networks.visualRect(networks.model().index(2, 0)).center()

    with qtbot.waitSignal(networks.row_activated) as signal:
        qtbot.mouseClick(networks.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        qtbot.mouseDClick(networks.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    assert signal.args == [ATTIC]


def test_the_choice_stays_with_its_network_through_a_rescan(networks, qtbot):
    networks.select("attic")

    with qtbot.assertNotEmitted(networks.selection_changed):
        networks.set_rows([ATTIC, NetworkRow("new", "New", 4, True), HOME])

    assert networks.selected() == ATTIC


def test_a_chosen_network_that_grew_stronger_is_told(networks, qtbot):
    networks.select("attic")
    stronger = NetworkRow("attic", "Attic", 3, True)

    with qtbot.waitSignal(networks.selection_changed) as signal:
        networks.set_rows([HOME, CAFE, stronger])

    assert signal.args == [stronger]


def test_a_chosen_network_that_left_the_air_is_told(networks, qtbot):
    networks.select("attic")

    with qtbot.waitSignal(networks.selection_changed) as signal:
        networks.set_rows([HOME, CAFE])

    assert signal.args == [None]


def test_what_the_person_looks_at_stays_in_place_through_a_rescan(networks, qtbot):
    networks.resize(400, 200)
    networks.show()
    networks.set_rows(many(40))
    networks.verticalScrollBar().setValue(500)
    seen = networks.indexAt(networks.viewport().rect().topLeft()).data()
    place = networks.visualRect(networks.indexAt(networks.viewport().rect().topLeft())).top()

    networks.set_rows([NetworkRow("new", "A new one", 4, True, "with a note"), *many(40)])

    top = networks.indexAt(networks.viewport().rect().topLeft())
    assert (top.data(), networks.visualRect(top).top()) == (seen, place)


def test_at_the_top_the_list_stays_at_the_top(networks):
    networks.resize(400, 200)
    networks.show()
    networks.set_rows(many(40))

    networks.set_rows([NetworkRow("new", "A new one", 4, True), *many(40)])

    assert networks.verticalScrollBar().value() == 0


@pytest.mark.parametrize(
    ("place", "spoken"),
    [
        (0, "HomeNet, strong signal, secured, This computer uses it"),
        (1, "Café Nord, good signal, open"),
        (2, "Attic, weak signal, secured"),
    ],
)
def test_ears_get_what_eyes_see(networks, heard, place, spoken):
    heard(networks)

    row = QAccessible.queryAccessibleInterface(networks).child(place)

    assert row.text(QAccessible.Text.Name) == spoken


def test_an_empty_list_says_what_will_appear(networks, heard):
    networks.set_placeholder("Lumen is looking around. About ten seconds.")

    networks.set_rows([])

    assert heard(networks)[1] == "Lumen is looking around. About ten seconds."
    networks.set_rows([HOME])
    assert heard(networks)[1] == ""


def test_selecting_a_network_that_is_not_there_says_so(networks):
    assert networks.select("unicorn") is False
    assert networks.selected() is None


def test_strange_strengths_are_drawn_as_the_nearest(networks):
    networks.set_rows([NetworkRow(1, "Loud", 9, True), NetworkRow(2, "Mute", -3, False)])

    assert not networks.grab().isNull()
