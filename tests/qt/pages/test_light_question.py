"""What colour is the light: asked over the page, by mouse or keys, for eyes and for ears."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from setup_wizard.flow import messages as m
from setup_wizard.flow.light import Sight
from setup_wizard.flow.steps import Stage as Part
from setup_wizard.flow.steps import Step
from setup_wizard.qt.widgets import LightPicker
from setup_wizard.qt.widgets.light_picker import LightList
from setup_wizard.qt.window import SIZE, SMALLEST
from tests.flow import roads
from tests.flow.roads import after
from tests.qt.helpers import scenes
from tests.qt.helpers.geometry import faults, in_sight, place
from tests.qt.helpers.stage import part, settle

PAGES = {
    "listening": roads.listening,
    "join": roads.looking,
    "setting_up": scenes.setting_up,
    "setting_up_saved": scenes.saved,
    "wrong_passphrase": scenes.wrong_passphrase,
    "still_checking": scenes.still_checking,
}


class Asked:
    """A window whose question is open."""

    def __init__(self, opened) -> None:
        self.stage = opened
        self.said = self.stage.said
        self.open()

    def open(self) -> None:
        window = self.stage.window
        (button,) = [
            each
            for each in window.findChildren(QPushButton)
            if each.objectName() in ("light_question", "secondary")
            and each.isVisibleTo(window)
            and each.text().lower().endswith(("light?", "colour?"))
        ]
        button.click()
        settle(self.stage.app)

    @property
    def picker(self) -> LightPicker:
        (picker,) = self.stage.window.page.findChildren(LightPicker)
        return picker

    @property
    def lights(self) -> LightList:
        return part(self.picker, LightList, "lights")

    def press(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            target = self.picker.focusWidget()
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)
            settle(self.stage.app)

    def chosen(self) -> object:
        row = self.lights.selected()
        return row.key if row else None


@pytest.fixture
def asked(stage):
    def ask(state, **look) -> Asked:
        return Asked(stage(state, **look))

    return ask


@pytest.mark.parametrize("name", PAGES)
def test_every_page_with_the_device_asks(asked, name):
    assert asked(PAGES[name]()).picker.isVisible()


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALLEST, SIZE], ids=str)
@pytest.mark.parametrize("brand", ["default", "moss"])
@pytest.mark.parametrize("scale", [1.0, 2.0], ids=["100%", "200%"])
def test_nothing_is_clipped_and_the_page_keeps_its_place(stage, size, brand, scale):
    opened = stage(size=size, brand=brand, scale=scale, painted=False)
    window = opened.window
    for state in (roads.listening, roads.looking, scenes.saved):
        opened.show(state())
        one = Asked(opened)
        one.picker.setUpdatesEnabled(False)  # what counts here are places
        headline = window.page.findChild(object, "headline")
        before = place(window, headline), one.picker.size()

        for _ in Sight:
            one.press(Qt.Key.Key_Down)
            assert faults(one.picker) == []
            assert in_sight(one.picker, part(one.picker, QPushButton, "light_close"))
            assert (place(window, headline), one.picker.size()) == before


def test_nothing_is_chosen_before_the_person_chooses(asked):
    one = asked(scenes.saved())

    one.press(Qt.Key.Key_Return)

    assert one.picker.isVisible()
    assert one.said == []


def test_arrows_and_first_letters_choose_a_light(asked):
    one = asked(roads.listening())

    one.press(Qt.Key.Key_Down)
    arrowed = one.chosen()
    one.press("mag")

    assert (arrowed, one.chosen()) == (Sight.LISTENING, Sight.UPDATING)


def test_enter_on_a_light_that_the_program_should_hear_of_tells_it(asked):
    one = asked(scenes.saved())

    one.press(Qt.Key.Key_Down, Qt.Key.Key_Return)

    assert one.said == [m.LightBlinksAgain()]
    assert one.stage.state.step is Step.WRONG_PASSPHRASE


def test_the_button_does_the_same(asked):
    one = asked(roads.listening())
    one.press(Qt.Key.Key_Down)

    button = part(one.picker, QPushButton, "light_go_on")
    assert button.text() == "It blinks blue"
    button.click()

    assert one.said == [m.ListeningConfirmed()]


def test_enter_on_any_other_light_only_closes(asked):
    one = asked(roads.looking())
    picker = one.picker

    one.press("mag", Qt.Key.Key_Return)

    assert not picker.isVisible()
    assert one.said == []


def test_escape_closes_and_the_page_has_its_focus_back(asked):
    one = asked(roads.listening())
    picker = one.picker

    one.press(Qt.Key.Key_Escape)
    one.stage.window.activateWindow()
    settle(one.stage.app)

    assert not picker.isVisible()
    assert one.stage.state.step is Step.LISTENING
    assert one.said == []


def test_asked_again_it_begins_anew(asked):
    one = asked(roads.listening())
    one.press(Qt.Key.Key_Down, Qt.Key.Key_Escape)

    one.open()

    assert one.chosen() is None


def test_when_the_page_goes_its_question_goes_too(asked):
    one = asked(roads.looking())
    picker = one.picker

    one.stage.show(scenes.choosing())

    assert not picker.isVisible()


def test_what_it_means_follows_the_work_while_the_question_is_open(asked):
    one = asked(scenes.setting_up())
    one.press(Qt.Key.Key_Down)
    go_on = one.picker.findChild(QPushButton, "light_go_on")
    before = go_on.isVisible()

    one.stage.show(after(one.stage.state, m.StageDone(Part.SAVE, 1.0)))

    assert (before, go_on.isVisible()) == (False, True)
    assert one.chosen() is Sight.LISTENING


def test_ears_get_the_word_for_each_colour_with_its_meaning(asked):
    one = asked(scenes.still_checking(), brand="moss")

    spoken = [
        one.lights.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(len(Sight))
    ]

    assert spoken[0].startswith("Orange, blinking. Moss is waiting to be set up. It tried")
    assert all(text.count(".") >= 2 for text in spoken)
    for widget in (one.picker, one.lights):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name)


@pytest.mark.parametrize("motion", [True, False])
def test_lights_move_only_where_motion_is_wanted(asked, motion):
    one = asked(roads.listening(), motion=motion)

    assert one.lights.is_moving() == motion
    one.picker.reject()
    assert not one.lights.is_moving()
