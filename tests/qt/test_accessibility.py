"""What a person who does not see the window is told: names, pages, failures and progress."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from setup_wizard.domain import errors
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Stage as Part
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.window import Window
from tests.flow import roads
from tests.flow.samples import HIDDEN, PASSPHRASE
from tests.qt.helpers import scenes
from tests.qt.helpers.geometry import seen
from tests.qt.helpers.scenes import SCENES
from tests.qt.helpers.stage import nowhere


@pytest.fixture
def heard(monkeypatch):
    """Everything that is announced, in order."""
    said: list[str] = []
    tell = QAccessible.updateAccessibility

    def listen(event) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())
        tell(event)

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    return said


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name)


def walk(interface) -> list:
    """This and everything under it that can be reached, as a screen reader goes through it."""
    found = [interface]
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child is not None and not child.state().invisible:
            found += walk(child)
    return found


def controls(window: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit, QComboBox)
    return [
        part
        for part in seen(window)
        if isinstance(part, kinds) or part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


@pytest.mark.slow
def test_every_control_has_a_name_for_ears_and_one_for_tests(stage):
    opened = stage(demo=True, painted=False)
    for name, state in SCENES.items():
        opened.show(state())

        found = controls(opened.window)

        assert [part for part in found if not name_of(part).strip()] == [], name
        assert [part for part in found if not part.objectName()] == [], name


@pytest.mark.slow
def test_whatever_can_have_the_focus_says_what_it_is(stage):
    opened = stage(demo=True, painted=False)
    for name, state in SCENES.items():
        opened.show(state())

        root = QAccessible.queryAccessibleInterface(opened.window)
        nameless = [
            part.role()
            for part in walk(root)
            if part.state().focusable
            and not part.text(QAccessible.Text.Name).strip()
            and part.object() is not opened.window
        ]

        assert nameless == [], name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("welcome", "Lumen"),
        ("listening", "blinking blue"),
        ("join", "this computer"),
        ("setting_up", "router"),
        ("done_online", "breathing"),
    ],
)
def test_pictures_that_tell_something_are_described(stage, name, words):
    opened = stage(SCENES[name]())

    root = QAccessible.queryAccessibleInterface(opened.window.page)
    names = " ".join(part.text(QAccessible.Text.Name) for part in walk(root))

    assert words in names


@pytest.mark.slow
def test_pictures_cannot_take_the_focus(stage):
    opened = stage(painted=False)
    for name, state in SCENES.items():
        opened.show(state())
        pictures = [
            part
            for part in opened.window.findChildren(QWidget)
            if type(part).__name__ in ("Picture", "DevicePicture", "Story", "StepLine")
        ]

        assert pictures, name
        assert {part.focusPolicy() for part in pictures} == {Qt.FocusPolicy.NoFocus}, name


def test_each_page_is_announced_with_its_question(stage, heard):
    opened = stage(roads.welcome())
    heard.clear()

    opened.press(Qt.Key.Key_Return)

    words = opened.look.words
    assert heard == [f"{words('prepare.headline')}\n{words('prepare.text')}"]


def test_the_first_page_is_announced_once_the_window_is_there(stage, heard, qtbot):
    opened = stage(roads.welcome())
    look, controller = opened.look, Controller(roads.welcome(), nowhere)
    window = Window(look, controller, PageBook(asks_key=False))
    qtbot.addWidget(window)
    heard.clear()

    window.show_state(roads.welcome())
    before = list(heard)
    window.show()
    window.greet()
    window.greet()

    words = look.words
    assert before == []
    assert heard == [f"{words('welcome.headline')}\n{words('welcome.text')}"]


def test_a_failure_is_announced_once_with_what_to_do(stage, heard):
    opened = stage(scenes.prepare_running())
    heard.clear()

    opened.hear(m.SetupFailed(errors.BackendUnreachable()))
    opened.show(opened.state)

    assert heard == [
        (
            "This computer cannot reach Northlight. See that this computer is on the internet, "
            "then try again."
        )
    ]


def test_the_same_failure_again_is_announced_again(stage, heard):
    opened = stage(scenes.backend_down())
    heard.clear()

    opened.button("error_action").click()
    opened.hear(m.SetupFailed(errors.BackendUnreachable()))

    assert [text for text in heard if "cannot reach" in text] == [heard[-1]]


def test_progress_is_announced_when_a_stage_begins_and_not_in_between(stage, heard):
    opened = stage(scenes.setting_up())
    heard.clear()

    opened.hear(m.StageDone(Part.SAVE, 2.0), m.StageStarted(Part.JOIN_NETWORK))
    opened.show(opened.state)
    opened.hear(m.StageDone(Part.JOIN_NETWORK, 2.0), m.StageStarted(Part.GO_ONLINE))

    assert heard == ["Joining Home", "Going online"]


def test_what_the_person_must_do_meanwhile_is_announced(stage, heard):
    opened = stage(scenes.setting_up())
    heard.clear()

    opened.hear(m.JoinNeeded())

    (said,) = heard
    assert said.startswith("Connect this computer to Photon-AB12CD again\n")


def test_live_events_are_not_announced(stage, heard):
    opened = stage(scenes.done_online())
    heard.clear()

    opened.hear(*(scenes.spoke(number) for number in range(5)))

    assert heard == []


def test_the_hint_under_a_field_is_its_description(stage):
    opened = stage(scenes.choosing())

    opened.press("short")

    field = opened.field("passphrase")
    assert field.accessibleName() == "Password for Home"
    assert "8–64" in field.accessibleDescription()


def test_the_steps_are_told_with_their_states(stage):
    opened = stage(scenes.choosing())

    steps = opened.window.findChild(QWidget, "step_line").accessibleName()

    assert steps == "Start, done; Lumen, done; Wi-Fi, now; Connect, to come; Done, to come"


@pytest.mark.slow
def test_nothing_secret_is_in_what_is_said(stage, heard):
    opened = stage(painted=False)
    for name, state in SCENES.items():
        opened.start_over()
        opened.show(roads.choosing())
        opened.press(PASSPHRASE.reveal())
        assert opened.field("passphrase").text() == PASSPHRASE.reveal()

        opened.show(state())

        names = [
            text
            for part in opened.window.findChildren(QWidget)
            for text in (part.accessibleName(), part.accessibleDescription(), part.toolTip())
        ]
        said = (*names, *heard, opened.window.windowTitle())
        assert [text for text in said if HIDDEN in text] == [], name


def test_a_hidden_password_is_not_readable_by_a_screen_reader(stage):
    opened = stage(scenes.choosing())
    opened.press(PASSPHRASE.reveal())

    interface = QAccessible.queryAccessibleInterface(opened.field("passphrase"))

    assert interface.state().passwordEdit
    assert PASSPHRASE.reveal() not in interface.text(QAccessible.Text.Value)
