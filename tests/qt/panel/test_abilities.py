"""What can be done with a device: functions, variables, and the card above them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QTableWidget,
)

from setup_wizard.domain.errors import (
    CloudUnreachable,
    DeviceNotYours,
    DeviceOffline,
    DeviceSlow,
    NotExposed,
    TokenRefused,
)
from setup_wizard.qt.panel.device_card import DeviceCard
from setup_wizard.qt.panel.functions import Functions
from setup_wizard.qt.panel.variables import Variables
from tests.flow.samples import ACCESS, CUSTOMER, FRESH_ACCESS, KEY
from tests.qt.helpers.questions import Answer, press
from tests.qt.panel.outside import CELLAR, KITCHEN

FAILURES = (
    DeviceOffline(device="x"),
    DeviceSlow(device="x"),
    NotExposed(name="led"),
    DeviceNotYours(device="x"),
    CloudUnreachable(),
)


@pytest.fixture
def functions(qapp, look, errands, names):
    made = Functions(look, errands, names)
    made.show_device(KITCHEN)
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def variables(qapp, look, errands, names):
    made = Variables(look, errands, names)
    made.show_device(KITCHEN)
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def card(qapp, look, session, errands, names):
    made = DeviceCard(look, session, errands, names)
    made.show_device(KITCHEN)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def child(root, kind, name):
    found = root.findChild(kind, name)
    assert found is not None, name
    return found


def history(functions) -> list[str]:
    listed = child(functions, QListWidget, "history")
    return [listed.item(row).text() for row in range(listed.count())]


def value_of(variables, row: int) -> str:
    return child(variables, QTableWidget, "variables").item(row, 2).text()


# --- functions ------------------------------------------------------------------------------


def test_a_call_tells_what_came_back(functions, house, qtbot):
    QTest.keyClicks(child(functions, QLineEdit, "argument"), "on")

    with qtbot.waitSignal(functions.told):
        child(functions, QAbstractButton, "call").click()

    assert ("call", "led", "on") in house.cloud.asked
    assert history(functions)[0].startswith("led(on)\nreturned 42 after")


def test_enter_in_the_argument_calls(functions, house, qtbot):
    with qtbot.waitSignal(functions.told):
        QTest.keyClick(child(functions, QLineEdit, "argument"), Qt.Key.Key_Return)

    assert ("call", "led", "") in house.cloud.asked


def test_a_call_is_repeated_from_the_history(functions, house, qtbot):
    QTest.keyClicks(child(functions, QLineEdit, "argument"), "on")
    with qtbot.waitSignal(functions.told):
        child(functions, QAbstractButton, "call").click()
    child(functions, QLineEdit, "argument").clear()
    listed = child(functions, QListWidget, "history")

    with qtbot.waitSignal(functions.told):
        listed.itemActivated.emit(listed.item(0))

    assert house.cloud.asked.count(("call", "led", "on")) == 2
    assert len(history(functions)) == 2


def test_bytes_are_counted_as_they_are_typed(functions):
    QTest.keyClicks(child(functions, QLineEdit, "argument"), "a")
    child(functions, QLineEdit, "argument").setText("grün")

    assert child(functions, QLabel, "argument_bytes").text() == "5 of 622 bytes"


@pytest.mark.parametrize(("system", "allowed"), [("0.6.3", 63), ("1.5.2", 622), ("3.1.0", 864)])
def test_what_is_too_long_for_this_device_cannot_be_sent(functions, system, allowed):
    functions.show_device(replace(KITCHEN, system_version=system))
    field, call = (
        child(functions, QLineEdit, "argument"),
        child(functions, QAbstractButton, "call"),
    )

    field.setText("x" * allowed)
    assert call.isEnabled()

    field.setText("x" * allowed + "y")
    assert not call.isEnabled()
    assert "too long" in child(functions, QLabel, "argument_bytes").text()


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.code)
def test_each_failure_of_a_call_is_its_own_sentence(functions, house, look, qtbot, failure):
    house.cloud.trouble["call"] = failure

    with qtbot.waitSignal(functions.told):
        child(functions, QAbstractButton, "call").click()

    said = look.words.error(failure)
    assert said.sentence in history(functions)[0]
    assert len({look.words.error(each).sentence for each in FAILURES}) == len(FAILURES)


def test_a_device_without_functions_says_so(functions):
    functions.show_device(CELLAR)

    assert "offers no functions" in child(functions, QLabel, "no_functions").text()
    assert not child(functions, QAbstractButton, "call").isVisibleTo(functions)


def test_a_new_list_keeps_the_chosen_function_and_what_was_typed(functions):
    child(functions, QComboBox, "function").setCurrentText("reset")
    child(functions, QLineEdit, "argument").setText("now")

    functions.show_device(replace(KITCHEN, functions=("led", "reset", "more")))

    assert child(functions, QComboBox, "function").currentText() == "reset"
    assert child(functions, QLineEdit, "argument").text() == "now"


# --- variables ------------------------------------------------------------------------------


def test_all_variables_are_read_at_once(variables, qtbot):
    child(variables, QAbstractButton, "read_all").click()

    qtbot.waitUntil(lambda: value_of(variables, 0) == "21.5")
    qtbot.waitUntil(lambda: value_of(variables, 1) == "<b>auto</b>")


def test_one_is_read_when_asked_for(variables, house, qtbot):
    child(variables, QTableWidget, "variables").setCurrentCell(1, 0)

    child(variables, QAbstractButton, "read").click()
    qtbot.waitUntil(lambda: value_of(variables, 1) == "<b>auto</b>")

    assert ("read", "temperature") not in house.cloud.asked


def test_they_are_read_again_and_again_when_that_is_wanted(variables, house, qtbot):
    variables._every.setItemData(1, 10)

    variables._every.setCurrentIndex(1)
    qtbot.waitUntil(lambda: house.cloud.asked.count(("read", "mode")) >= 3)
    variables._every.setCurrentIndex(0)

    assert not variables._clock.isActive()


def test_a_slow_variable_is_not_asked_again_meanwhile(variables, house, qtbot):
    house.cloud.patience.clear()

    variables.read_all()
    variables.read_all()
    qtbot.waitUntil(lambda: len(house.cloud.asked) >= 2)

    assert house.cloud.asked.count(("read", "mode")) == 1
    house.cloud.patience.set()
    qtbot.waitUntil(lambda: value_of(variables, 1) == "<b>auto</b>")


def test_a_failure_names_the_variable(variables, house, look, qtbot):
    house.cloud.trouble["read"] = DeviceOffline(device="x")

    with qtbot.waitSignal(variables.told):
        child(variables, QAbstractButton, "read").click()

    text = child(variables, QLabel, "variable_trouble").text()
    assert text.startswith("temperature: ")
    assert look.words.error(DeviceOffline(device="x")).sentence in text


def test_the_answer_of_another_device_is_not_shown(variables, house, qtbot):
    house.cloud.patience.clear()
    variables.read("temperature")
    other = replace(CELLAR, variables={"temperature": "double"})
    variables.show_device(other)
    house.cloud.patience.set()

    qtbot.waitUntil(lambda: not variables._asked)

    assert value_of(variables, 0) == ""


# --- the card -------------------------------------------------------------------------------


def test_a_ping_tells_that_it_answers(card, qtbot):
    with qtbot.waitSignal(card.told) as told:
        child(card, QAbstractButton, "ping").click()

    assert told.args[0].startswith("Kitchen answers, after")


def test_identify_lights_it_and_stops_by_itself(card, house, qtbot):
    card._lights_off.setInterval(1)

    with qtbot.waitSignal(card.told):
        child(card, QAbstractButton, "identify").click()

    qtbot.waitUntil(lambda: ("signal", KITCHEN.device_id, False) in house.cloud.asked)


def test_a_new_name_goes_to_the_cloud_and_to_the_maker(card, house, qtbot):
    with qtbot.waitSignal(card.renamed) as renamed:
        card.rename(KITCHEN, "Hall")

    assert renamed.args == [KITCHEN.device_id, "Hall"]
    assert house.backend.recorded == [(KITCHEN.device_id, "Hall")]


def test_to_give_it_up_is_asked_by_name_and_keeping_it_is_the_usual(card, house, qtbot):
    answer = Answer(press("unclaim_no"))
    child(card, QAbstractButton, "unclaim").click()

    assert "Kitchen" in answer.asked[0]
    assert ("unclaim", KITCHEN.device_id) not in house.cloud.asked


def test_to_give_it_up_gives_it_up(card, house, qtbot):
    answer = Answer(press("unclaim_yes"))
    with qtbot.waitSignal(card.changed):
        child(card, QAbstractButton, "unclaim").click()

    assert len(answer.asked) == 1
    assert ("unclaim", KITCHEN.device_id) in house.cloud.asked


# --- the way to the cloud -------------------------------------------------------------------


def test_a_refused_token_is_renewed_once(functions, house, qtbot):
    def renewed(access):
        if access == FRESH_ACCESS:
            house.cloud.trouble.clear()
        house.opened.append(access)
        return house.cloud

    house.cloud.trouble["call"] = TokenRefused()
    house.backend.renewed = FRESH_ACCESS
    house._open_cloud = renewed

    with qtbot.waitSignal(functions.told):
        child(functions, QAbstractButton, "call").click()

    assert house.opened == [ACCESS, FRESH_ACCESS]
    assert "returned 42" in history(functions)[0]


def test_an_end_of_the_session_is_mended_by_a_new_one(session, house):
    from setup_wizard.cancellation import StopSwitch
    from setup_wizard.domain.errors import SignInExpired

    house.backend.fail("renew_access", SignInExpired())

    session.renew(StopSwitch())

    assert house.backend.signed_in == [(CUSTOMER, KEY)]


def test_a_name_in_the_question_is_text(card):
    card.show_device(CELLAR)
    formats: list[Qt.TextFormat] = []

    def answer(box: QMessageBox) -> None:
        formats.append(box.textFormat())
        press("unclaim_no")(box)

    waiting = Answer(answer)
    child(card, QAbstractButton, "unclaim").click()

    assert "<b>bold</b>" in waiting.asked[0]
    assert formats == [Qt.TextFormat.PlainText]
