"""Everything can be done with keys alone, and the focus is always where the person expects it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from setup_wizard.domain.errors import NoNetworksSeen
from setup_wizard.domain.secret import Secret
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Step
from setup_wizard.qt.widgets import NetworkList
from tests.flow import roads
from tests.flow.samples import CUSTOMER, HOME, KEY, PASSPHRASE, WRONG
from tests.qt.helpers import scenes
from tests.qt.helpers.scenes import SCENES
from tests.qt.helpers.stage import settle

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab

FOCUS = {
    "welcome": "primary",
    "sign_in": "email",
    "sign_in_by_key": "email",
    "sign_in_by_account": "passphrase",
    "sign_in_refused": "passphrase",
    "sign_in_code": "code",
    "sign_in_code_trying": "code",
    "sign_in_code_wrong": "code",
    "listening_as_customer": "primary",
    "signing_out": "window",
    "sign_out_failed": "error_action",
    "prepare": "window",
    "prepare_failed": "error_action",
    "prepared": "primary",
    "listening": "primary",
    "join": "window",
    "join_found": "primary",
    "join_failed": "error_action",
    "network": "passphrase",
    "network_without_own": "networks",
    "network_failed": "passphrase",
    "network_company": "user_name",
    "network_company_refused": "user_name",
    "setting_up": "window",
    "setting_up_rejoin": "window",
    "setting_up_saved": "window",
    "setting_up_updating": "window",
    "network_too_weak": "passphrase",
    "network_late_success": "passphrase",
    "network_late_cause": "passphrase",
    "setting_up_failed": "error_action",
    "wrong_passphrase": "passphrase",
    "wrong_passphrase_long": "passphrase",
    "still_checking": "primary",
    "done_offline": "primary",
    "done_online": "primary",
    "done_alive": "primary",
    "done_proving": "primary",
    "done_asking": "primary",
    "done_proof_silent": "primary",
    "done_proof_refused": "primary",
    "done_proof_different": "primary",
    "done_failed": "primary",
}


@pytest.fixture
def acts(stage):
    """Opens a window and remembers what the person did."""

    def open_stage(state, **look):
        opened = stage(state, **look)
        return opened, opened.said

    return open_stage


@pytest.mark.slow
def test_the_whole_journey_by_keys_alone(home, qtbot):
    def arrive(step: Step, focus: str) -> None:
        qtbot.waitUntil(lambda: (home.state.step, home.focus()) == (step, focus))

    arrive(Step.WELCOME, "primary")
    home.press(ENTER)
    arrive(Step.SIGN_IN, "email")
    home.press(CUSTOMER)
    home.press(TAB)
    home.press(KEY.reveal())
    home.press(ENTER)
    arrive(Step.LISTENING, "primary")
    home.press(ENTER)
    arrive(Step.NETWORK, "passphrase")
    home.press(WRONG.reveal())
    home.press(ENTER)
    arrive(Step.WRONG_PASSPHRASE, "passphrase")
    home.field("passphrase").selectAll()
    home.press(PASSPHRASE.reveal())
    home.press(ENTER)
    arrive(Step.DONE, "primary")
    wanted: list[bool] = []
    home.window.page.panel_wanted.connect(lambda: wanted.append(True))
    home.press(ENTER)

    assert home.house.backend.signed_in == [(CUSTOMER, KEY)]
    assert home.house.told == PASSPHRASE
    assert wanted == [True], "it opens the panel"


@pytest.mark.slow
def test_focus_is_where_the_person_goes_on(stage):
    opened = stage(painted=False)
    found: dict[str, str] = {}

    for name, state in SCENES.items():
        opened.start_over()
        opened.show(state())

        found[name] = opened.focus()
        if found[name] == "passphrase":
            assert isinstance(opened.window.focusWidget(), QLineEdit), "what is typed into"

    assert found == FOCUS


def test_enter_is_the_primary_button(acts):
    opened, said = acts(roads.welcome())

    opened.press(ENTER)

    assert said == [m.StartPressed()]


def test_enter_in_the_password_field_sends_it_once(acts):
    opened, said = acts(scenes.choosing())

    opened.press(PASSPHRASE.reveal())
    opened.press(ENTER)

    assert said == [m.SetUpPressed(HOME, PASSPHRASE)]
    assert opened.state.step is Step.SETTING_UP


def test_enter_in_a_field_does_nothing_while_something_is_missing(acts):
    opened, said = acts(scenes.choosing())

    opened.press("short")
    opened.press(ENTER)

    assert said == []


def test_enter_on_back_is_back(stage):
    opened = stage(roads.listening())
    opened.button("back").setFocus()

    opened.press(ENTER)

    assert opened.state.step is Step.WELCOME


def test_a_held_enter_does_not_run_through_the_pages(stage):
    opened = stage(scenes.prepared())
    window = opened.window

    for _ in range(5):
        event = QKeyEvent(
            QKeyEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
        )
        opened.app.sendEvent(window.focusWidget(), event)

    assert opened.state.step is Step.PREPARE


def test_a_double_click_does_not_press_the_next_page_too(stage):
    opened = stage(scenes.prepared())

    QTest.mouseClick(opened.button("primary"), Qt.MouseButton.LeftButton)
    QTest.mouseDClick(opened.button("primary"), Qt.MouseButton.LeftButton)

    assert opened.state.step is Step.LISTENING


def test_the_primary_button_takes_the_focus_when_it_becomes_possible(stage):
    opened = stage(scenes.prepare_running())
    assert opened.focus() == "window"

    opened.hear(roads.PREPARED)

    assert opened.focus() == "primary"


def test_the_focus_stays_in_the_field_when_the_primary_button_becomes_possible(stage):
    opened = stage(scenes.choosing())

    opened.press(PASSPHRASE.reveal())

    assert opened.button("primary").isEnabled()
    assert opened.focus() == "passphrase"


def test_trying_again_does_not_leave_the_focus_on_cancel(stage):
    opened = stage(scenes.backend_down())

    opened.press(ENTER)
    opened.press(ENTER)

    assert opened.state.step is Step.PREPARE
    assert opened.state.working
    assert opened.focus() == "window"


def test_a_failure_that_appears_under_a_focused_button_takes_the_focus(stage):
    opened = stage(scenes.prepare_running())
    opened.button("back").setFocus()

    opened.show(scenes.backend_down())

    assert opened.focus() == "error_action"


def test_a_failure_does_not_take_the_focus_from_a_person_who_types(stage):
    opened = stage(scenes.choosing())

    opened.press("half a pass")
    opened.show(roads.after(opened.state, m.RescanPressed()))
    opened.show(roads.after(opened.state, roads.failed(NoNetworksSeen())))

    assert opened.focus() == "passphrase"
    assert opened.field("passphrase").text() == "half a pass"


def test_looking_again_by_key_keeps_the_focus(stage):
    opened = stage(scenes.choosing())
    opened.button("rescan").setFocus()

    opened.press(ENTER)
    opened.hear(m.NetworksFound(scenes.AIR))

    assert opened.focus() == "rescan"


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("sign_in", ["email", "by_account", "by_key", "back"]),
        ("sign_in_by_key", ["email", "passphrase", "show_passphrase", "back"]),
        ("sign_in_code", ["code", "back"]),
        ("listening_as_customer", ["light_question", "back", "primary", "sign_out"]),
        (
            "network",
            ["networks", "rescan", "by_hand", "passphrase", "show_passphrase", "back"],
        ),
        (
            "network_company",
            [
                *("networks", "rescan", "by_hand", "sign_in_kind", "more", "user_name"),
                *("passphrase", "show_passphrase", "back"),
            ],
        ),
        ("listening", ["light_question", "back", "primary"]),
        (
            "wrong_passphrase",
            ["passphrase", "show_passphrase", "light_question", "back", "primary", "report_save"],
        ),
        ("prepare_failed", ["error_action", "error_details", "back", "report_save"]),
        ("done_alive", ["name", "secondary", "primary", "report_save", "sign_out"]),
        ("still_checking", ["light_question", "secondary", "primary", "report_save"]),
    ],
)
def test_tab_goes_round_as_the_page_is_read(stage, name, order):
    opened = stage(SCENES[name]())
    part = opened.window.findChild(object, order[0])
    opened.window.setFocus()
    for _ in range(20):
        if opened.window.focusWidget() is part or opened.focus() == order[0]:
            break
        opened.press(TAB)

    visited = [opened.focus()]
    for _ in order:
        opened.press(TAB)
        visited.append(opened.focus())

    assert visited == [*order, order[0]]


def test_arrows_and_first_letters_choose_a_network(stage):
    opened = stage(scenes.choosing())
    networks = opened.window.page.findChild(NetworkList, "networks")
    networks.setFocus()

    opened.press(Qt.Key.Key_Down)
    arrowed = networks.selected()
    opened.press("neigh")
    typed = networks.selected()
    opened.press(Qt.Key.Key_Home)

    assert arrowed is not None
    assert arrowed.name == scenes.LONG.name
    assert typed is not None
    assert typed.name == "Neighbour 0"
    assert networks.selected().name == "Home"


def test_enter_in_the_list_goes_to_the_password_and_then_on(acts):
    opened, said = acts(scenes.choosing())
    networks = opened.window.page.findChild(NetworkList, "networks")
    networks.setFocus()

    opened.press(ENTER)
    assert opened.focus() == "passphrase"
    opened.press(PASSPHRASE.reveal())
    networks.setFocus()
    opened.press(ENTER)

    assert said == [m.SetUpPressed(HOME, PASSPHRASE)]


def test_enter_in_the_name_saves_it_and_keeps_the_window(acts):
    opened, said = acts(scenes.done_alive())
    opened.field("name").setFocus()
    opened.field("name").selectAll()

    opened.press("Kitchen")
    opened.press(ENTER)
    opened.hear(m.Renamed("Kitchen"))
    opened.press(ENTER)

    assert said == [m.NamePressed("Kitchen")]
    assert opened.window.isVisible()


def test_the_password_is_shown_and_hidden_by_key(stage):
    opened = stage(scenes.choosing())
    opened.press("secret things")
    opened.press(TAB)
    shown = opened.button_named("show_passphrase")

    opened.press(Qt.Key.Key_Space)

    assert opened.field("passphrase").echoMode() is QLineEdit.EchoMode.Normal
    assert shown.accessibleName() == "Hide password"


def test_a_mouse_click_beside_everything_does_not_take_the_focus(stage):
    opened = stage(scenes.choosing())

    QTest.mouseClick(opened.window, Qt.MouseButton.LeftButton, pos=opened.window.rect().topLeft())
    settle(opened.app)

    assert opened.focus() == "passphrase"


def test_what_is_typed_becomes_a_secret_exactly(acts):
    opened, said = acts(scenes.choosing())

    opened.press("  two words  ")
    opened.press(ENTER)

    assert said == [m.SetUpPressed(HOME, Secret("  two words  "))]
