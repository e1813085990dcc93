"""A company network on the network's page: its fields, its files, and what is kept of a try."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel

from setup_wizard.domain.enterprise import CertificateFiles, PasswordSignIn
from setup_wizard.domain.errors import KeyPasswordMissing, KeyPasswordWrong
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Stage, Step
from tests.flow.roads import after, done, failed
from tests.flow.samples import OFFICE
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import part, settle
from tests.qt.pages.test_network_page import choose, pressed, words_on

PASSWORD, CERTIFICATE = 0, 1


@pytest.fixture
def page(stage):
    return stage(scenes.choosing_company())


def sign_in_by(opened, kind: int) -> None:
    drop_down = part(opened.window.page, QComboBox, "sign_in_kind")
    drop_down.setFocus()
    drop_down.setCurrentIndex(kind)
    settle(opened.app)


def labels(opened) -> set[str]:
    found = opened.window.page.findChildren(QLabel)
    return {label.text() for label in found if label.isVisibleTo(opened.window) and label.buddy()}


def test_a_user_name_and_a_password_are_asked_for_and_go_out_as_typed(page) -> None:
    page.field("user_name").setText("jörg@firma ☕")
    assert not page.button("primary").isEnabled()
    page.field("passphrase").setText(" two  blanks ")

    sign_in = PasswordSignIn("jörg@firma ☕".encode(), Secret(" two  blanks "))
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=sign_in)


def test_only_what_is_needed_is_asked_for(page) -> None:
    by_password = labels(page)
    sign_in_by(page, CERTIFICATE)
    by_certificate = labels(page)

    assert by_password == {"Sign-in", "User name", "Password"}
    assert by_certificate == {"Sign-in", "Certificate file", "Key file"}
    assert not page.button("primary").isEnabled()


def test_another_network_asks_for_its_own_and_keeps_what_was_typed(page) -> None:
    page.field("user_name").setText("jane")
    choose(page, "Home")
    at_home = labels(page)
    choose(page, "Office")

    assert at_home == {"Password for Home"}
    assert page.field("user_name").text() == "jane"


def test_more_is_folded_away_until_it_is_wanted(page) -> None:
    page.field("user_name").setText("jane")
    page.field("passphrase").setText("secret")
    page.button("more").click()
    settle(page.app)
    assert page.focus() == "outer_identity"
    page.press("anonymous")

    assert "Name to show outside" in labels(page)
    sign_in = PasswordSignIn(b"jane", Secret("secret"), b"anonymous")
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=sign_in)


@pytest.mark.parametrize(
    ("typed", "hint"), [("COMPANY\\jane", "name@company"), ("j" * 65, "1 to 64 characters")]
)
def test_a_user_name_that_no_device_can_be_told_is_said_while_it_is_typed(page, typed, hint):
    page.field("passphrase").setText("secret")
    page.field("user_name").setText(typed)

    assert hint in words_on(page)
    assert not page.button("primary").isEnabled()
    page.field("user_name").setText("jane")
    assert hint not in words_on(page)
    assert page.button("primary").isEnabled()


def test_what_is_only_missing_is_no_mistake(page) -> None:
    before = words_on(page)
    page.field("user_name").setText("jane")

    assert words_on(page) == before


def test_files_are_chosen_in_the_systems_dialog(page, monkeypatch) -> None:
    chosen = iter(["/home/jane/jane.crt", "/home/jane/jane.key", ""])
    asked: list[tuple[str, str]] = []

    def choose_file(_parent, title: str, folder: str) -> tuple[str, str]:
        asked.append((title, folder))
        return next(chosen), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose_file)
    sign_in_by(page, CERTIFICATE)
    page.button("choose_certificate").click()
    page.button("choose_private_key").click()
    page.button("choose_certificate").click()

    assert asked == [
        ("Certificate file", ""),
        ("Key file", ""),
        ("Certificate file", "/home/jane"),
    ]
    files = CertificateFiles(Path("/home/jane/jane.crt"), Path("/home/jane/jane.key"))
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=files)


@pytest.mark.parametrize("name", ["jane.p12", "JANE.PFX"])
def test_a_file_that_holds_both_asks_for_no_key_file(page, name: str) -> None:
    sign_in_by(page, CERTIFICATE)
    page.field("private_key").setText("left-over.key")
    page.field("certificate").setText(name)

    assert "Key file" not in labels(page)
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=CertificateFiles(Path(name)))


def test_everything_about_a_certificate_goes_along(page) -> None:
    sign_in_by(page, CERTIFICATE)
    page.field("certificate").setText("jane.crt")
    page.button("more").click()
    page.field("ca").setText("ca.crt")
    page.field("outer_identity").setText("anonymous")

    files = CertificateFiles(Path("jane.crt"), None, None, Path("ca.crt"), b"anonymous")
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=files)


@pytest.mark.parametrize("error", [KeyPasswordMissing, KeyPasswordWrong])
def test_a_file_that_wants_a_password_gets_a_field_for_it_and_the_rest_is_kept(page, error):
    sign_in_by(page, CERTIFICATE)
    page.field("certificate").setText("jane.p12")
    page.field("certificate").setFocus()
    page.press(Qt.Key.Key_Return)
    page.hear(failed(error(name="jane.p12")))

    assert page.state.step is Step.NETWORK
    assert page.field("certificate").text() == "jane.p12"
    assert "Password of the key file" in labels(page)
    assert page.focus() == "passphrase"
    page.press("secret")
    files = CertificateFiles(Path("jane.p12"), key_password=Secret("secret"))
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=files)


def test_another_file_may_need_no_password(page) -> None:
    sign_in_by(page, CERTIFICATE)
    page.field("certificate").setText("jane.p12")
    page.button("primary").click()
    page.hear(failed(KeyPasswordMissing(name="jane.p12")))
    page.field("passphrase").setText("secret")
    page.field("certificate").setText("other.p12")

    assert "Password of the key file" not in labels(page)
    assert pressed(page) == m.SetUpPressed(OFFICE, sign_in=CertificateFiles(Path("other.p12")))


def test_what_was_done_about_a_failure_outlives_the_next_news(page) -> None:
    sign_in_by(page, CERTIFICATE)
    page.field("certificate").setText("jane.p12")
    page.field("certificate").setFocus()
    page.press(Qt.Key.Key_Return)
    page.hear(failed(KeyPasswordMissing(name="jane.p12")))
    page.field("certificate").setText("other.p12")
    page.show(page.state)

    assert "Password of the key file" not in labels(page)


def test_while_files_are_read_nothing_says_that_networks_are_looked_for(page) -> None:
    sign_in_by(page, CERTIFICATE)
    page.field("certificate").setText("jane.p12")
    page.button("primary").click()

    assert page.state.working
    assert page.button("rescan").text() == "Look again"


def test_a_network_that_did_not_let_it_in_shows_what_was_typed(page) -> None:
    page.field("user_name").setText("jane@example.com")
    page.field("passphrase").setText("hidden-password")
    page.button("primary").click()
    page.hear(*done(Stage.SAVE))
    page.show(after(page.state, m.LightBlinksAgain()))

    assert "Office did not let" in words_on(page)
    assert page.field("user_name").text() == "jane@example.com"
    assert page.field("passphrase").echoMode() is page.field("passphrase").EchoMode.Normal
    assert page.focus() == "passphrase"


def test_by_hand_it_can_be_named_too(page) -> None:
    page.button("by_hand").click()
    page.field("network_name").setText("Hidden office")
    security = page.window.page.findChild(QComboBox, "security")
    security.setCurrentIndex(security.findText("Company network (WPA2)"))
    settle(page.app)
    page.field("user_name").setText("jane")
    page.field("passphrase").setText("secret")

    network = Network(b"Hidden office", Security.WPA2_ENTERPRISE)
    sign_in = PasswordSignIn(b"jane", Secret("secret"))
    assert pressed(page) == m.SetUpPressed(network, sign_in=sign_in)


def test_enter_on_the_network_leads_to_its_first_field(page) -> None:
    page.window.page.findChild(object, "networks").setFocus()
    page.press(Qt.Key.Key_Return)

    assert page.focus() == "user_name"


def test_the_chosen_network_stays_in_sight_when_the_fields_need_the_room(stage) -> None:
    opened = stage(scenes.choosing())
    networks = opened.window.page.findChild(object, "networks")
    opened.show(scenes.choosing_company())
    choose(opened, "Office")
    sign_in_by(opened, CERTIFICATE)

    row = networks.visualRect(networks.currentIndex())
    assert networks.viewport().rect().contains(row)


def test_the_next_device_finds_nothing_of_the_last_one(page) -> None:
    page.field("user_name").setText("jane")
    page.field("passphrase").setText("secret")
    page.window.page.start_over()

    assert page.field("user_name").text() == ""
    assert page.field("passphrase").text() == ""


def test_the_demo_knows_who_may_sign_in(stage) -> None:
    opened = stage(scenes.choosing_company(), demo=True)
    assert "jane@office.example signs in to Office" in words_on(opened)
    opened.window.findChild(object, "rehearsal").press()

    sign_in = PasswordSignIn(b"jane@office.example", Secret("password of Office"))
    assert pressed(opened) == m.SetUpPressed(OFFICE, sign_in=sign_in)
