"""The window as a whole: questions before stopping, ways on after failures, words, and themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QThread
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from setup_wizard.brand import load_brand
from setup_wizard.domain import errors
from setup_wizard.flow import messages as m
from setup_wizard.flow.machine import advance
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.qt.theme import apply_theme
from setup_wizard.qt.widgets import NetworkList
from tests.failures import leaves
from tests.flow import roads
from tests.flow.samples import ACCESS, CUSTOMER, DEVICE, HOME, KEY, PASSPHRASE, WRONG
from tests.qt.helpers import scenes
from tests.qt.helpers.geometry import seen
from tests.qt.helpers.questions import Answer, escape, press
from tests.qt.helpers.scenes import SCENES, example, where_it_shows
from tests.qt.helpers.stage import settle

UNSPOKEN = re.compile(
    r"particle|softap|wiced|claim|token|oauth|backend|socket|http|json|tcp|configure-ap|ssid"
    r"|passphrase|exception|error|none\b|please|oops|!",
    re.IGNORECASE,
)


def texts(root: QWidget) -> list[str]:
    """Everything that eyes or ears can find, but for what the person typed."""
    found = [root.windowTitle()]
    for part in seen(root):
        found += [part.accessibleName(), part.accessibleDescription(), part.toolTip()]
        if isinstance(part, QLabel | QAbstractButton):
            found.append(part.text())
        if isinstance(part, QLineEdit):
            found.append(part.placeholderText())
    return [text for text in found if text]


def failures() -> Iterator[tuple[type[errors.SetupError], State]]:
    """Every failure, wherever it shows; one window for all, for opening one takes the time."""
    for leaf in leaves():
        for state in where_it_shows(example(leaf)).values():
            yield leaf, state


# --- closing ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_closing_asks_only_while_the_device_is_being_set_up(stage):
    opened = stage(painted=False)
    for name, state in SCENES.items():
        opened.show(state())
        opened.window.show()
        question = Answer(press("stay"))

        closed = opened.window.close()
        question.stop()

        asks = opened.state.step is Step.SETTING_UP and opened.state.working
        assert (len(question.asked) == 1) is asks, name
        assert closed is not asks, name


@pytest.mark.parametrize(
    ("answer", "closed"), [(press("stay"), False), (escape, False), (press("stop"), True)]
)
def test_the_answer_counts(stage, answer, closed):
    opened = stage(scenes.saved())
    question = Answer(answer)

    assert opened.window.close() is closed
    assert question.asked == [
        "Stop setting up Lumen? Lumen may be half way. You can start again at any time."
    ]


def test_the_question_goes_when_the_set_up_ends_meanwhile(stage):
    opened = stage(scenes.saved())
    succeeded = m.SetupSucceeded(replace(DEVICE, online=True), ACCESS)
    question = Answer(lambda _box: opened.hear(succeeded))

    assert not opened.window.close()

    assert len(question.asked) == 1
    assert opened.state.step is Step.DONE


def test_stopping_in_the_middle_ends_all_threads(home, qtbot):
    _choose_network(home, qtbot)
    home.house.link.patience.clear()
    home.press(PASSPHRASE.reveal())
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.step is Step.SETTING_UP)
    question = Answer(press("stop"))

    assert home.window.close()
    assert home.controller.stop()

    assert len(question.asked) == 1
    threads = home.controller.findChildren(QThread)
    assert [thread.isRunning() for thread in threads] == [False] * 3


def _choose_network(home, qtbot) -> None:
    home.start()
    home.field("email").setText(CUSTOMER)
    home.field("passphrase").setText(KEY.reveal())
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.step is Step.LISTENING)
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.step is Step.NETWORK and home.state.scanned)


# --- the ways on ------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_failure_is_in_plain_words_and_there_is_a_way_on_or_back(stage):
    opened = stage(painted=False)
    for leaf, state in failures():
        opened.show(state)

        assert ways_from(opened), leaf.code
        opened.button("error_details").click() if _fails(opened) else None
        said = [text.replace(leaf.code, "") for text in texts(opened.window)]
        assert [text for text in said if UNSPOKEN.search(text)] == [], leaf.code
        action = opened.window.findChild(QAbstractButton, "error_action")
        if action is not None and action.isVisibleTo(opened.window):
            before = opened.state
            action.click()
            assert opened.state.run > before.run, leaf.code
            assert opened.state.error is None, leaf.code


def ways_from(opened) -> list[QAbstractButton]:
    names = ("primary", "back", "secondary", "error_action")
    buttons = [opened.window.findChild(QAbstractButton, name) for name in names]
    return [b for b in buttons if b and b.isVisibleTo(opened.window) and b.isEnabled()]


def _fails(opened) -> bool:
    details = opened.window.findChild(QWidget, "error_details")
    return details is not None and details.isVisibleTo(opened.window)


def test_a_failure_is_mended_by_its_button(home, qtbot):
    home.start()
    home.house.backend.fail("reach", *[errors.BackendUnreachable()] * 3)
    home.field("email").setText(CUSTOMER)
    home.field("passphrase").setText(KEY.reveal())
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.error is not None)
    settle(home.app)
    assert home.focus() == "error_action"

    home.button("error_action").click()
    qtbot.waitUntil(lambda: home.state.step is Step.LISTENING)

    assert home.house.backend.count("reach") == 4


def test_a_refused_key_leads_back_to_it_with_the_address_kept(home, qtbot):
    home.house.backend.fail("sign_in", errors.KeyRefused())
    home.start()
    home.field("email").setText(CUSTOMER)
    home.field("passphrase").setText("hidden-slip")
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.error is not None)
    settle(home.app)

    assert home.state.step is Step.SIGN_IN
    assert home.field("email").text() == CUSTOMER
    assert home.focus() == "passphrase"


def test_a_wrong_password_is_kept_shown_and_sent_again(home, qtbot):
    _choose_network(home, qtbot)
    home.field("passphrase").setText(WRONG.reveal())
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.step is Step.WRONG_PASSPHRASE)
    field = home.field("passphrase")

    assert field.text() == WRONG.reveal()
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    error = home.window.findChild(QWidget, "error_sentence")
    assert error is None or not error.isVisibleTo(home.window)

    field.setText("hidden-other")
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.step is Step.SETTING_UP)
    qtbot.waitUntil(lambda: home.state.step is Step.WRONG_PASSPHRASE)
    assert home.field("passphrase").text() == "hidden-other"

    home.field("passphrase").setText(PASSPHRASE.reveal())
    home.button("primary").click()
    qtbot.waitUntil(lambda: home.state.step is Step.DONE)
    assert home.house.told == PASSPHRASE


def test_another_network_instead_of_the_password(stage):
    opened = stage(scenes.wrong_passphrase())

    opened.button("back").click()

    assert opened.state.step is Step.NETWORK
    assert opened.state.error is None


def test_another_device_finds_empty_fields(stage):
    opened = stage(scenes.choosing())
    opened.field("passphrase").setText(PASSPHRASE.reveal())
    opened.button("by_hand").click()
    opened.field("network_name").setText("Hidden House")
    opened.show(scenes.wrong_passphrase())
    opened.show(scenes.done_alive())
    opened.field("name").setText("Kitchen")

    opened.button("secondary").click()
    assert opened.state.step is Step.PREPARE

    left = {
        field.text()
        for step in (Step.NETWORK, Step.WRONG_PASSPHRASE, Step.DONE)
        for field in opened.window.page_of(step).findChildren(QLineEdit)
    }
    assert left == {""}
    opened.show(scenes.choosing())
    networks = opened.window.page.findChild(NetworkList, "networks")
    assert networks.isVisibleTo(opened.window)
    assert networks.selected().name == HOME.name


def test_back_while_a_page_goes_on_by_itself_stays_back(stage, qtbot):
    opened = stage(scenes.prepare_running())
    opened.hear(roads.PREPARED)

    opened.button("back").click()
    qtbot.wait(1)
    opened.window.page_of(Step.PREPARE).press_primary()

    assert opened.state.step is Step.WELCOME


# --- the last page ----------------------------------------------------------------------------


def test_the_newest_event_is_on_top(stage):
    opened = stage(scenes.done_alive())

    rows = opened.window.page.findChild(QWidget, "events").rows()

    assert (rows[0].name, rows[0].data) == ("button", "pressed")
    assert rows[1].data == "21.9"


def test_a_name_that_is_being_typed_survives_live_events(stage):
    opened = stage(scenes.done_online())
    opened.field("name").setText("Kit")

    opened.hear(scenes.spoke(1))

    assert opened.field("name").text() == "Kit"


def test_a_live_journey_ends_alive(home, qtbot):
    _choose_network(home, qtbot)
    home.field("passphrase").setText(PASSPHRASE.reveal())
    home.button("primary").click()
    qtbot.waitUntil(lambda: "temperature" in home.state.heard)

    assert home.window.page.title == "turbo_weasel is online"


# --- words and looks --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("brand", ["default", "moss"])
def test_no_page_speaks_of_what_is_behind_it(stage, brand):
    opened = stage(demo=True, brand=brand)
    for name, state in SCENES.items():
        opened.show(state())

        assert [text for text in texts(opened.window) if UNSPOKEN.search(text)] == [], name


def test_support_gets_the_code_and_nothing_else(stage):
    opened = stage(scenes.backend_down())

    opened.button("error_details").click()
    opened.button("error_copy").click()

    assert QGuiApplication.clipboard().text() == "SW-BACKEND-DOWN"
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("name", ["welcome", "network", "setting_up_saved", "done_alive"])
def test_the_window_follows_from_light_to_dark_and_back(stage, name):
    opened = stage(SCENES[name]())
    light = opened.window.grab().toImage()

    apply_theme(opened.app, load_brand(), dark=True, motion=False)
    settle(opened.app)
    dark = opened.window.grab().toImage()
    apply_theme(opened.app, load_brand(), dark=False, motion=False)
    settle(opened.app)

    assert dark.pixelColor(5, 300).name() == load_brand().dark.surface
    assert opened.window.grab().toImage() == light


def test_a_password_stays_through_a_change_of_theme(stage):
    opened = stage(scenes.choosing())
    opened.press("half")

    apply_theme(opened.app, load_brand(), dark=True, motion=False)
    settle(opened.app)

    assert opened.field("passphrase").text() == "half"
    assert opened.focus() == "passphrase"


def test_a_state_that_changes_nothing_leads_nowhere(stage):
    opened = stage(roads.welcome())

    state, command = advance(opened.state, m.RetryPressed())

    assert state is opened.state
    assert command is None
