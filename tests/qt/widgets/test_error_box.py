"""An error opens without a jump, tells what to do, and hands its details to support."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from setup_wizard.qt.widgets import ErrorBox, ErrorText
from tests.qt.helpers.geometry import faults, in_sight
from tests.qt.helpers.stage import settle

WRONG = ErrorText(
    "HomeNet did not accept the password",
    "Lumen tried and came back. Check the password and send it again.",
    "Send again",
    "SW-WRONG-PASSPHRASE",
    "stage=join attempt=1/1",
)


@pytest.fixture
def page(theme, qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    column.addStretch(1)
    column.addWidget(ErrorBox(theme))
    made.resize(560, 400)
    made.show()
    return made


@pytest.fixture
def box(page):
    return page.findChild(ErrorBox)


def part(box, name):
    return box.findChild(QWidget, f"error_{name}")


def test_it_takes_no_room_while_there_is_nothing_to_say(box):
    assert box.height() == 0
    assert not part(box, "sentence").isVisible()


def test_it_says_what_happened_and_what_to_do(box):
    box.set_error(WRONG)

    assert part(box, "sentence").text() == WRONG.sentence
    assert part(box, "advice").text() == WRONG.advice
    assert part(box, "action").text() == "Send again"
    assert part(box, "action").isVisible()
    assert box.error() == WRONG


def test_the_action_is_told(box, qtbot):
    box.set_error(WRONG)

    with qtbot.waitSignal(box.action_pressed):
        qtbot.mouseClick(part(box, "action"), Qt.MouseButton.LeftButton)


def test_details_are_folded_until_asked_for(box, qtbot):
    box.set_error(WRONG)
    assert not part(box, "code").isVisible()

    qtbot.keyClick(part(box, "details"), Qt.Key.Key_Space)

    assert part(box, "code").isVisible()
    assert part(box, "code").text() == "SW-WRONG-PASSPHRASE\nstage=join attempt=1/1"


@pytest.fixture
def squeezed(page, box, qapp):
    """Far more to say than there is room for."""
    box.set_error(replace(WRONG, advice=f"{WRONG.advice} " * 9 + "The end."))
    page.setMinimumSize(1, 1)  # as the window says of itself: its words do not hold it open
    page.resize(560, 220)
    settle(qapp)
    return page


def test_where_there_is_no_room_the_words_scroll_and_the_buttons_stay(squeezed, box):
    words = part(box, "words").verticalScrollBar()

    assert words.maximum() > 0
    assert faults(squeezed) == []
    assert in_sight(squeezed, part(box, "action"))
    assert in_sight(squeezed, part(box, "details"))


def test_words_that_scroll_are_read_with_the_keyboard_too(squeezed, box, qtbot):
    bar = part(box, "words").verticalScrollBar()
    part(box, "action").setFocus()
    qtbot.keyClick(squeezed, Qt.Key.Key_Backtab)
    assert bar.hasFocus()
    assert bar.accessibleName() == WRONG.sentence

    qtbot.keyClick(bar, Qt.Key.Key_End)

    assert bar.value() == bar.maximum() > 0


def test_the_next_error_is_read_from_its_beginning(squeezed, box, qapp):
    part(box, "words").verticalScrollBar().setValue(20)

    box.set_error(replace(WRONG, advice="Something else. " * 40))
    settle(qapp)

    assert part(box, "words").verticalScrollBar().value() == 0


def test_no_bar_stays_where_the_words_fit_without_it(squeezed, box, qapp):
    words = part(box, "words")
    left = []

    for width in range(340, 560, 5):
        squeezed.resize(width, 150)
        settle(qapp)
        margins = squeezed.layout().contentsMargins()
        across = width - margins.left() - margins.right()
        down = box.heightForWidth(across) + margins.top() + margins.bottom()
        squeezed.resize(width, down + squeezed.layout().spacing())
        settle(qapp)
        if words.verticalScrollBar().isVisible():
            left.append(width)

    assert left == []


def test_words_with_room_enough_are_no_stop_of_the_keyboard(squeezed, box, qapp):
    squeezed.resize(560, 800)
    settle(qapp)

    assert part(box, "words").verticalScrollBar().focusPolicy() == Qt.FocusPolicy.NoFocus


def test_another_error_comes_with_its_details_folded(box):
    box.set_error(WRONG)
    part(box, "details").setChecked(True)

    box.set_error(ErrorText("Lumen went away", code="SW-DEVICE-GONE"))

    assert not part(box, "code").isVisible()
    assert not part(box, "details").isChecked()
    assert not part(box, "action").isVisible()


def test_copy_takes_the_details_and_says_so(box, qtbot):
    box.set_error(WRONG)
    part(box, "details").setChecked(True)
    copy = part(box, "copy")
    assert isinstance(copy, QPushButton)

    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)

    assert QGuiApplication.clipboard().text() == "SW-WRONG-PASSPHRASE\nstage=join attempt=1/1"
    assert copy.text() == "Copied"


def test_no_error_closes_it(box):
    box.set_error(WRONG)
    box.set_error(None)

    assert not part(box, "sentence").isVisible()
    assert box.maximumHeight() == 0


def test_long_sentences_wrap_and_are_not_cut(box, page, qtbot):
    box.set_error(ErrorText("A sentence that needs a little more room than there is. " * 6))
    sentence = part(box, "sentence")
    assert isinstance(sentence, QLabel)

    qtbot.waitUntil(lambda: sentence.height() >= sentence.heightForWidth(sentence.width()))

    assert sentence.height() > 2 * 22


def test_with_motion_it_grows_and_ends_at_its_full_height(box, lively, qtbot):
    box.set_error(WRONG)
    qtbot.waitUntil(lambda: box.height() > 0)
    full = box.height()
    box.set_error(None)
    qtbot.waitUntil(lambda: box.height() == 0)
    box.set_theme(lively)

    box.set_error(WRONG)
    first = box.height()

    assert first < full
    qtbot.waitUntil(lambda: box.height() == full, timeout=2000)


def test_ears_get_sentence_and_advice_at_once(box, heard):
    box.set_error(WRONG)

    assert heard(part(box, "action").parentWidget())[0] == f"{WRONG.sentence} {WRONG.advice}"
