"""Choosing a network: the list through a rescan, the road by hand, and what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox, QLabel

from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Step
from setup_wizard.qt.widgets import NetworkList
from tests.flow.roads import FOUND, after
from tests.flow.samples import CAFE, HOME, PASSPHRASE, PROVISION
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import settle


@pytest.fixture
def page(stage):
    return stage(scenes.choosing())


def chosen(opened) -> str:
    row = opened.window.page.findChild(NetworkList, "networks").selected()
    return row.name if row else ""


def choose(opened, name: str) -> None:
    networks = opened.window.page.findChild(NetworkList, "networks")
    row = next(row for row in networks.rows() if row.name == name)
    assert networks.select(row.key)
    settle(opened.app)


def pressed(opened) -> m.Action:
    said: list[m.Action] = []
    opened.window.page.happened.connect(said.append)
    opened.button("primary").click()
    assert len(said) == 1
    return said[0]


def words_on(opened) -> str:
    labels = opened.window.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(opened.window))


def test_the_computers_own_network_is_chosen_and_on_top(page):
    rows = page.window.page.findChild(NetworkList, "networks").rows()

    assert chosen(page) == "Home"
    assert (rows[0].name, rows[0].note) == ("Home", "this computer uses it")


def test_the_stronger_of_two_networks_of_that_name_is_chosen(stage):
    weak = Network(b"Home", Security.OPEN, rssi=-85)
    opened = stage(after(scenes.found(), m.NetworksFound((weak, HOME)), m.ContinuePressed()))

    rows = opened.window.page.findChild(NetworkList, "networks")

    assert [row.name for row in rows.rows()] == ["Home", "Home"]
    assert rows.selected() == rows.rows()[0]


@pytest.mark.parametrize("rssi", [-50, -71], ids=["same strength", "other strength"])
def test_a_rescan_keeps_the_choice_and_what_was_typed(page, rssi):
    choose(page, scenes.LONG.name)
    page.field("passphrase").setText("typed before")

    page.button("rescan").click()
    page.hear(m.NetworksFound((CAFE, HOME, replace(scenes.LONG, rssi=rssi, channel=1))))

    assert chosen(page) == scenes.LONG.name
    assert page.field("passphrase").text() == "typed before"


def test_after_a_rescan_the_newest_scan_is_what_is_set_up(page):
    newer = replace(HOME, rssi=-44, channel=11)
    page.hear()
    page.button("rescan").click()
    page.hear(m.NetworksFound((newer,)))
    page.field("passphrase").setText(PASSPHRASE.reveal())

    assert pressed(page) == m.SetUpPressed(newer, PASSPHRASE)


def test_looking_again_says_so_and_a_second_press_is_harmless(page):
    page.button("rescan").click()
    run = page.state.run
    page.button("rescan").click()

    assert page.button("rescan").text() == "Looking…"
    assert page.state.run == run


def test_another_network_keeps_the_password(page):
    page.field("passphrase").setText("typed before")

    choose(page, "Neighbour 1")

    assert page.field("passphrase").text() == "typed before"
    assert "Password for Neighbour 1" in words_on(page)


def test_an_open_network_asks_for_no_password(page):
    choose(page, "Cafe")

    assert "Cafe is open and needs no password." in words_on(page)
    assert "Password for" not in words_on(page)
    assert pressed(page) == m.SetUpPressed(CAFE, None)


def test_a_network_that_the_device_does_not_hear_is_explained(stage):
    opened = stage(scenes.choosing_without_own())

    assert "2.4 GHz" in words_on(opened)
    assert chosen(opened) == ""
    assert not opened.button("primary").isEnabled()


def test_the_explanation_goes_when_the_network_comes(stage):
    opened = stage(scenes.choosing_without_own())

    opened.button("rescan").click()
    opened.hear(m.NetworksFound((HOME,)))

    assert "2.4 GHz" not in words_on(opened)


def test_nothing_is_explained_where_the_system_does_not_tell_its_network(stage):
    state = after(scenes.with_sign_in(), m.Prepared(PROVISION, None), m.ContinuePressed())
    state = after(state, m.ListeningConfirmed(), FOUND)
    opened = stage(after(state, m.NetworksFound((HOME,)), m.ContinuePressed()))

    assert "2.4 GHz" not in words_on(opened)


@pytest.mark.parametrize(
    ("index", "security", "passphrase"),
    [
        (0, Security.WPA2, "correct horse"),
        (1, Security.WPA, "correct horse"),
        (2, Security.WEP, "abcde"),
        (3, Security.OPEN, None),
    ],
    ids=["wpa2", "wpa", "wep", "open"],
)
def test_a_network_that_is_not_listed_is_named_by_hand(page, index, security, passphrase):
    page.button("by_hand").click()
    settle(page.app)
    assert page.focus() == "network_name"
    page.press("Hidden House")
    page.window.page.findChild(QComboBox, "security").setCurrentIndex(index)
    if passphrase:
        page.field("passphrase").setText(passphrase)

    secret = Secret(passphrase) if passphrase else None
    assert pressed(page) == m.SetUpPressed(Network(b"Hidden House", security), secret)


def test_by_hand_the_password_field_is_there_before_the_name_is(page):
    page.button("by_hand").click()

    assert page.field("passphrase").isVisibleTo(page.window)
    assert not page.button("primary").isEnabled()


def test_a_name_that_no_device_can_be_told_is_said_while_it_is_typed(page):
    page.button("by_hand").click()

    page.field("network_name").setText('My "net"')

    assert "double quote" in words_on(page)


def test_the_way_back_to_the_list_keeps_the_choice(page):
    page.button("by_hand").click()
    page.button("by_hand").click()

    assert chosen(page) == "Home"
    assert page.focus() == "passphrase"


def test_back_from_the_set_up_finds_everything_as_it_was(stage):
    opened = stage(scenes.choosing())
    choose(opened, scenes.LONG.name)
    opened.field("passphrase").setText(PASSPHRASE.reveal())
    opened.button("primary").click()

    opened.show(after(opened.state, m.BackPressed()))

    assert opened.state.step is Step.NETWORK
    assert chosen(opened) == scenes.LONG.name
    assert opened.field("passphrase").text() == PASSPHRASE.reveal()


@pytest.mark.parametrize(
    ("typed", "hint", "possible"),
    [
        ("", "8–64 characters", False),
        ("seven77", "8–64 characters", False),
        ("eight888", "Length is right", True),
        ("x" * 64, "Length is right", True),
        ("x" * 65, "8–64 characters", False),
    ],
)
def test_the_length_is_checked_while_it_is_typed(page, typed, hint, possible):
    page.field("passphrase").setText(typed)

    assert hint in words_on(page)
    assert page.button("primary").isEnabled() is possible


def test_by_hand_nothing_is_said_about_a_list(page):
    page.button("by_hand").click()
    by_hand = words_on(page)
    page.button("by_hand").click()

    assert "strongest first" not in by_hand
    assert "strongest first" in words_on(page)
