"""A passphrase arrives exactly as typed, and its field says what state it is in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from setup_wizard.qt.widgets import PassphraseField


@pytest.fixture
def field(theme, qtbot) -> PassphraseField:
    made = PassphraseField(theme)
    qtbot.addWidget(made)
    return made


def test_blanks_at_both_ends_are_kept(field, qtbot):
    qtbot.keyClicks(field.line_edit, "  two words ")

    assert field.text() == "  two words "


def test_it_is_hidden_until_asked_for(field, qtbot):
    eye = field.findChild(QToolButton, "show_passphrase")
    assert field.line_edit.echoMode() is QLineEdit.EchoMode.Password

    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton)

    assert field.line_edit.echoMode() is QLineEdit.EchoMode.Normal
    assert field.is_shown()


def test_the_eye_says_what_it_will_do(field, heard):
    eye = field.findChild(QToolButton, "show_passphrase")
    assert heard(eye)[0] == "Show password"

    field.set_shown(True)

    assert heard(eye)[0] == "Hide password"


def test_the_eye_works_by_keyboard(field, qtbot):
    eye = field.findChild(QToolButton, "show_passphrase")
    assert eye.focusPolicy() & Qt.FocusPolicy.TabFocus

    qtbot.keyClick(eye, Qt.Key.Key_Space)

    assert field.is_shown()


def test_typing_and_enter_are_told(field, qtbot):
    with qtbot.waitSignal(field.text_changed) as changed:
        qtbot.keyClicks(field.line_edit, "a")
    with qtbot.waitSignal(field.submitted):
        qtbot.keyClick(field.line_edit, Qt.Key.Key_Return)

    assert changed.args == ["a"]


def test_an_error_takes_the_place_of_the_hint_and_gives_it_back(field, heard):
    hint = field.findChild(QLabel, "passphrase_hint")
    field.set_hint("8 to 64 characters")

    field.set_error("A password has 8 to 64 characters")
    assert hint.text() == "A password has 8 to 64 characters"
    assert field.line_edit.property("invalid") is True
    field.set_error(None)

    assert hint.text() == "8 to 64 characters"
    assert field.line_edit.property("invalid") is False
    assert heard(field.line_edit)[1] == "8 to 64 characters"


def test_nothing_jumps_when_a_hint_appears(field):
    before = field.sizeHint().height()

    field.set_hint("13 characters")

    assert field.sizeHint().height() == before


def test_focus_goes_to_the_line(field, qtbot):
    field.show()
    qtbot.waitExposed(field)

    assert field.focusProxy() is field.line_edit


def test_its_name_is_heard(field, heard):
    field.set_name("Password of HomeNet")

    assert heard(field.line_edit)[0] == "Password of HomeNet"
