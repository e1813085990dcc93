"""Words, buttons, steps, notices, the demo bar, numbers and events do what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from setup_wizard.qt.widgets import (
    Card,
    CheckBox,
    DemoBar,
    DropDown,
    EventList,
    EventRow,
    Notice,
    NoticeKind,
    Sparkline,
    StepLine,
    StepWords,
    body,
    danger_button,
    divider,
    headline,
    icon_button,
    link_button,
    mono,
    plain_button,
    primary_button,
    quiet,
    quiet_button,
    small,
    strong,
)
from setup_wizard.qt.widgets.event_list import CAPACITY

LABELS = (headline, body, strong, quiet, small)
BUTTONS = (primary_button, plain_button, quiet_button, danger_button)


@pytest.mark.parametrize("make", [*LABELS, mono])
def test_words_are_plain_text(theme, qtbot, make):
    label = make("<b>Tom & Jerry's network</b>")
    qtbot.addWidget(label)

    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.wordWrap()


@pytest.mark.parametrize("make", LABELS)
def test_a_sentence_takes_whole_lines_and_is_not_cut(theme, qtbot, make):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    label = make("One sentence that does not fit into a single line of this narrow page.")
    column.addWidget(label)
    column.addStretch(1)
    page.resize(260, 400)
    page.show()

    line = label.heightForWidth(10_000)

    assert label.height() >= 2 * line
    assert label.height() % line == 0


def test_a_line_has_the_height_of_the_design(theme, qtbot):
    sizes = []
    for make in (headline, body, small):
        label = make("Lumen is online")
        qtbot.addWidget(label)
        sizes.append(label.sizeHint().height())

    assert sizes == [32, 22, 18]


def test_one_endless_word_does_not_hold_the_page_open(theme, qtbot):
    label = body("W" * 200)
    qtbot.addWidget(label)

    assert label.minimumSizeHint().width() < 300
    assert label.heightForWidth(300) > 22 * 5


def test_a_new_line_in_the_text_is_a_new_line(theme, qtbot):
    label = body("one\ntwo")
    qtbot.addWidget(label)

    assert label.sizeHint().height() == 44


def test_words_begin_at_the_right_where_people_read_so(theme, qtbot):
    label = body("abc")
    qtbot.addWidget(label)
    label.resize(200, 22)
    left = label.grab().toImage()

    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    ground = left.pixelColor(199, 11)
    assert label.grab().toImage().pixelColor(1, 11) == ground
    assert label.grab().toImage() != left


@pytest.mark.parametrize("make", BUTTONS)
def test_buttons_are_easy_to_hit(theme, qtbot, make):
    button = make("Start")
    qtbot.addWidget(button)

    assert button.sizeHint().height() >= 40


@pytest.mark.parametrize("make", [*BUTTONS, link_button])
def test_focus_by_keyboard_is_plain_to_see(theme, qtbot, make):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    button, other = make("Start"), plain_button("Other")
    for widget in (other, button):
        column.addWidget(widget)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    other.setFocus()
    before = button.grab().toImage()

    button.setFocus(Qt.FocusReason.TabFocusReason)

    assert button.hasFocus()
    assert button.grab().toImage() != before


def test_an_icon_button_has_a_name(theme, qtbot, heard):
    button = icon_button(theme, "refresh", "Look again")
    qtbot.addWidget(button)

    assert heard(button)[0] == "Look again"
    assert button.toolTip() == "Look again"


def test_steps_are_heard_as_done_now_and_next(theme, qtbot, heard):
    line = StepLine(theme, StepWords("done", "now", "next"))
    qtbot.addWidget(line)

    line.set_steps(["Prepare", "Wi-Fi", "Done"])
    line.set_current(1)

    assert heard(line)[0] == "Prepare, done; Wi-Fi, now; Done, next"


def test_more_than_six_steps_are_refused(theme, qtbot):
    line = StepLine(theme, StepWords("done", "now", "next"))
    qtbot.addWidget(line)

    with pytest.raises(ValueError, match="7 steps"):
        line.set_steps(["step"] * 7)


def test_each_step_looks_different_from_the_next(theme, qtbot):
    line = StepLine(theme, StepWords("done", "now", "next"))
    qtbot.addWidget(line)
    line.set_steps(["Prepare", "Wi-Fi", "Done"])
    line.resize(500, line.sizeHint().height())
    pictures = []

    for step in range(4):
        line.set_current(step)
        picture = line.grab().toImage()
        assert picture not in pictures
        pictures.append(picture)


def test_a_notice_can_be_taken_back(theme, qtbot, heard):
    notice = Notice(theme)
    qtbot.addWidget(notice)

    notice.set_notice("A cable connects this computer as well", NoticeKind.WARN)
    assert heard(notice)[0] == "A cable connects this computer as well"
    notice.set_notice(None)

    assert [label.text() for label in notice.findChildren(QLabel)] == [""]


def test_the_demo_bar_has_one_button(theme, qtbot):
    bar = DemoBar(theme, "DEMO", "Nothing here is real.", "What can go wrong?")
    qtbot.addWidget(bar)
    bar.resize(800, bar.sizeHint().height())
    button = bar.findChild(QPushButton, "demo_button")

    with qtbot.waitSignal(bar.pressed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert not bar.grab().isNull()
    assert bar.height() <= 44


def test_numbers_are_heard_with_what_they_are(theme, qtbot, heard):
    line = Sparkline(theme)
    qtbot.addWidget(line)
    line.set_description("Temperature")

    line.add(21.0)
    line.add(21.5)

    assert heard(line)[0] == "Temperature, 21.5"


@pytest.mark.parametrize("values", [(), (7,), (7, 7, 7), (1, -1e9, 1e9), range(500)])
def test_any_numbers_can_be_drawn(theme, qtbot, values):
    line = Sparkline(theme)
    qtbot.addWidget(line)
    line.set_values(values)

    assert not line.grab().isNull()
    assert len(line.values()) <= 120


def test_the_newest_event_is_on_top_and_old_ones_go(theme, qtbot):
    events = EventList(theme)
    qtbot.addWidget(events)

    for number in range(CAPACITY + 5):
        events.add(EventRow("14:03:22", "temperature", str(number)))

    assert len(events.rows()) == CAPACITY
    assert events.rows()[0].data == str(CAPACITY + 4)


def test_events_with_strange_data_are_drawn_on_one_line(theme, qtbot):
    events = EventList(theme)
    qtbot.addWidget(events)

    events.add(EventRow("14:03:22", "log", "two\nlines\tand \x00 more" * 50))

    assert not events.grab().isNull()


def test_no_events_say_how_to_make_one(theme, qtbot, heard):
    events = EventList(theme)
    qtbot.addWidget(events)
    events.set_placeholder("Press the button on Lumen")

    assert heard(events)[1] == "Press the button on Lumen"
    events.add(EventRow("14:03:22", "button", "pressed"))
    assert heard(events)[1] == "14:03:22, button, pressed"


def test_furniture_is_dressed(theme, qtbot):
    card, box, choice = Card(), CheckBox("Remember"), DropDown(quiet=True)
    for widget in (card, box, choice):
        qtbot.addWidget(widget)
    card.body.addWidget(divider())
    empty = box.grab().toImage()

    box.setChecked(True)
    choice.addItems(["English", "Deutsch"])

    assert box.grab().toImage() != empty
    assert not choice.grab().isNull()
