"""Who it is for: each way in on its own, what was typed kept, and a code with its second chance."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from setup_wizard.domain.errors import (
    CodeExpired,
    CodeRefused,
    CodeSpent,
    CodeWrong,
    CustomerRefused,
    TooManyTries,
)
from setup_wizard.domain.sign_in import ByAccount, ByCode, ByKey, SignInWay
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.steps import Step
from setup_wizard.qt.pages.sign_in_code import WAIT_SECONDS
from tests.flow import roads
from tests.flow.roads import after, failed
from tests.flow.samples import CUSTOMER
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import part, settle


@pytest.fixture
def acts(stage):
    """Opens a window and remembers what its pages say the person did."""

    def open_stage(state, **look):
        opened = stage(state, **look)
        said: list[object] = []
        for step in (Step.SIGN_IN, Step.SIGN_IN_CODE):
            opened.window.page_of(step).happened.connect(said.append)
        return opened, said

    return open_stage


def seen(opened, name: str) -> bool:
    child = opened.window.page.findChild(object, name)
    return child is not None and child.isVisibleTo(opened.window)


def secret(opened, name: str) -> QLineEdit:
    return opened.window.page.findChild(object, name).line_edit


def error_of(opened) -> str:
    return part(opened.window, QLabel, "error_sentence").text()


# --- which way --------------------------------------------------------------------------------


def test_a_customer_types_an_address_and_nothing_else(acts):
    opened, said = acts(roads.sign_in())
    assert not seen(opened, "installer_key")
    assert not opened.button("primary").isEnabled()

    opened.field("email").setText(f"  {CUSTOMER} ")
    opened.button("primary").click()

    assert said == [door.CodeWanted(CUSTOMER)]


def test_an_installer_finds_their_way_and_goes_back_with_everything_kept(acts):
    opened, said = acts(roads.sign_in())
    opened.field("email").setText(CUSTOMER)

    opened.button_named("by_key").click()
    settle(opened.app)
    assert opened.focus() == "passphrase"
    secret(opened, "installer_key").setText(" hidden-key\n")
    opened.button_named("by_code").click()
    opened.button_named("by_key").click()
    opened.button("primary").click()

    (pressed,) = said
    assert isinstance(pressed, door.SignInPressed)
    assert isinstance(pressed.proof, ByKey)
    assert pressed.proof.customer == CUSTOMER
    assert pressed.proof.installer_key is not None
    assert pressed.proof.installer_key.reveal() == "hidden-key"


def test_an_installers_computer_asks_for_the_customer_only(acts):
    opened, said = acts(roads.sign_in(), asks_key=False)
    assert not seen(opened, "installer_key")

    opened.field("email").setText(CUSTOMER)
    opened.button("primary").click()

    assert said == [door.SignInPressed(ByKey(CUSTOMER))]


def test_an_account_needs_its_pass_and_no_address(acts):
    opened, said = acts(roads.sign_in())
    opened.button_named("by_account").click()
    settle(opened.app)
    assert not seen(opened, "email")

    secret(opened, "account_pass").setText("hidden-pass ")
    opened.button("primary").click()

    (pressed,) = said
    assert isinstance(pressed, door.SignInPressed)
    assert isinstance(pressed.proof, ByAccount)
    assert pressed.proof.id_token.reveal() == "hidden-pass"


@pytest.mark.parametrize("way", SignInWay)
def test_what_the_backend_does_not_offer_is_not_shown(stage, way):
    opened = stage(scenes.offering(way))

    links = [name for name in ("by_code", "by_account", "by_key") if seen(opened, name)]
    assert links == []
    assert seen(opened, "account_pass") == (way is SignInWay.ACCOUNT)
    assert seen(opened, "installer_key") == (way is SignInWay.INSTALLER_KEY)


def test_nobody_presses_twice_while_it_is_sent(acts):
    opened, said = acts(after(roads.sign_in(), door.CodeWanted(CUSTOMER)))

    assert opened.field("email").text() == CUSTOMER
    assert not opened.button("primary").isEnabled()
    assert opened.button("primary").text() == "Sending…"
    assert opened.button("back").text() == "Cancel"
    opened.window.page.press_primary()
    assert said == []


def test_an_address_that_cannot_be_used_is_there_to_be_put_right(stage):
    opened = stage(after(roads.sign_in(), door.CodeWanted("jane@"), failed(CustomerRefused())))

    assert opened.focus() == "email"
    assert opened.field("email").text() == "jane@"


# --- the code ---------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456"])
def test_a_code_is_taken_as_it_is_written_in_the_mail(acts, typed):
    opened, said = acts(roads.code())
    assert CUSTOMER in opened.window.page.accessibleDescription()

    opened.field("code").setText(typed)
    opened.button("primary").click()

    (pressed,) = said
    assert isinstance(pressed, door.SignInPressed)
    assert isinstance(pressed.proof, ByCode)
    assert (pressed.proof.customer, pressed.proof.code.reveal()) == (CUSTOMER, "123456")


@pytest.mark.parametrize("typed", ["", "12345", "abcdefgh"])
def test_what_cannot_be_a_code_is_not_sent(acts, typed):
    opened, said = acts(roads.code())

    opened.field("code").setText(typed)
    opened.window.page.press_primary()

    assert (said, opened.button("primary").isEnabled()) == ([], False)


def test_another_code_can_be_had_after_a_while_that_counts_down(acts):
    opened, said = acts(roads.code())
    again = opened.button_named("again")
    assert (again.isEnabled(), again.text()) == (False, f"Another code in {WAIT_SECONDS} s")

    _seconds_pass(opened, 1)
    assert again.text() == f"Another code in {WAIT_SECONDS - 1} s"
    _seconds_pass(opened, WAIT_SECONDS - 1)
    assert (again.isEnabled(), again.text()) == (True, "Send another code")

    again.click()
    assert said == [door.CodeWanted(CUSTOMER)]


def test_a_newer_code_begins_the_wait_anew_and_clears_the_old_one(stage):
    opened = stage(roads.code())
    _seconds_pass(opened, WAIT_SECONDS)
    opened.field("code").setText("123456")

    opened.show(after(opened.state, door.CodeWanted(CUSTOMER), NEWER))

    assert opened.field("code").text() == ""
    assert not opened.button_named("again").isEnabled()


NEWER = door.CodeSent(CUSTOMER, 600, until=900.0)
SAID = {
    CodeRefused(): "This code does not fit, or is no longer good.",
    CodeWrong(tries=3): "This is not the code that we sent.",
    CodeSpent(): "This code was tried too often, and is no longer good.",
    CodeExpired(): "This code is too old.",
    TooManyTries(seconds=240): "That was tried too often.",
}


@pytest.mark.parametrize("error", SAID, ids=lambda error: error.code)
def test_each_no_has_a_sentence_of_its_own_and_what_was_typed_is_kept(stage, error):
    opened = stage(roads.code())
    opened.field("code").setText("123456")
    opened.show(roads.trying_code())

    opened.show(after(roads.trying_code(), failed(error)))

    assert error_of(opened) == SAID[error]
    assert opened.field("code").text() == "123456"
    assert opened.focus() == "code"


def test_how_many_tries_are_left_is_said(stage):
    opened = stage(scenes.code_wrong())

    assert "Tries left: 4." in part(opened.window, QLabel, "error_advice").text()


def test_a_wrong_code_is_replaced_by_typing(stage):
    opened = stage(roads.code())
    opened.field("code").setText("123456")
    opened.show(roads.trying_code())
    opened.show(scenes.code_wrong())

    opened.press("654321")

    assert opened.field("code").text() == "654321"


@pytest.mark.parametrize("error", [CodeExpired(), CodeSpent()], ids=lambda error: error.code)
def test_nobody_waits_for_another_code_where_only_that_helps(stage, error):
    opened = stage(roads.code())

    opened.show(after(roads.trying_code(), failed(error)))

    assert opened.button_named("again").isEnabled()


# --- out --------------------------------------------------------------------------------------


def test_signing_out_forgets_what_was_typed(stage):
    opened = stage(roads.sign_in())
    opened.field("email").setText(CUSTOMER)
    opened.show(scenes.listening_as_customer())

    opened.window.findChild(QAbstractButton, "sign_out").click()
    settle(opened.app)

    assert opened.state.step is Step.WELCOME
    assert not opened.button("primary").isEnabled()
    opened.hear(door.SignedOut())
    assert opened.button("primary").isEnabled()
    opened.show(roads.sign_in())
    assert opened.field("email").text() == ""


@pytest.mark.parametrize("name", ["welcome", "sign_in", "network", "setting_up"])
def test_there_is_no_link_where_there_is_nothing_to_sign_out_of(stage, name):
    opened = stage(scenes.SCENES[name]())

    assert not opened.window.findChild(QAbstractButton, "sign_out").isVisibleTo(opened.window)


# --- the demo ---------------------------------------------------------------------------------


def test_the_demo_shows_what_lies_in_the_letter_box(stage):
    opened = stage(roads.code(), demo=True)

    opened.button("demo_button").click()

    assert opened.field("code").text() == opened.hands.code(CUSTOMER)


def test_the_demo_knows_the_installers_key(stage):
    opened = stage(scenes.by_key(), demo=True)

    opened.button("demo_button").click()

    assert opened.field("email").text() == opened.hands.customer
    assert secret(opened, "installer_key").text() == opened.hands.installer_key


def _seconds_pass(opened, seconds: int) -> None:
    """What the page's clock does, without its pauses."""
    clock = opened.window.page._clock
    for _ in range(seconds):
        clock.timeout.emit()
