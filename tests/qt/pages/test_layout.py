"""Every page and every failure at every size of window and text: nothing clipped, nothing lost."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit

from setup_wizard.flow.state import State
from setup_wizard.qt.window import SIZE, SMALLEST
from tests.failures import leaves
from tests.qt.helpers.geometry import faults, in_sight, place, scroll_around, seen
from tests.qt.helpers.scenes import SCENES, example, where_it_shows
from tests.qt.helpers.stage import settle

SIZES = (SMALLEST, SIZE, (1600, 1000))
ALWAYS_SEEN = ("primary", "back", "secondary", "error_sentence", "error_action")


def check_frame(opened, *, low: bool) -> None:
    """What must be seen is seen, and nothing lies upon another.

    In a low window with large text, how many lines an advice has is up to the font of the
    system: there, and only there, it may have to be scrolled.
    """
    window = opened.window
    parts = list(seen(window))
    assert faults(window, parts) == []
    for part in parts:
        name = part.objectName()
        assert name not in ALWAYS_SEEN or in_sight(window, part), name
        assert name != "error_advice" or low or in_sight(window, part)


def is_low(size: tuple[int, int], scale: float) -> bool:
    return size == SMALLEST and scale > 1.0


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 2.0], ids=["100%", "200%"])
@pytest.mark.parametrize("brand", ["default", "moss"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_clipped_or_overlaps(stage, size, brand, scale):
    opened = stage(size=size, brand=brand, scale=scale, painted=False)

    for state in SCENES.values():
        opened.show(state())

        assert opened.window.size().toTuple() == size
        check_frame(opened, low=is_low(size, scale))


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scale"), [(SMALLEST, 1.0), (SMALLEST, 2.0), (SIZE, 2.0)])
def test_no_failure_is_clipped(stage, size, scale):
    opened = stage(size=size, scale=scale, painted=False)

    for leaf in leaves():
        for state in where_it_shows(example(leaf)).values():
            opened.show(state)

            check_frame(opened, low=is_low(size, scale))


@pytest.mark.parametrize("brand", ["default", "moss"])
def test_no_page_of_the_demo_needs_scrolling(stage, brand):
    opened = stage(demo=True, brand=brand, painted=False)
    below: dict[str, int] = {}

    for name, state in SCENES.items():
        opened.show(state())
        scroll = scroll_around(opened.window.page)
        assert scroll is not None
        below[name] = scroll.verticalScrollBar().maximum()

    del below["done_failed"]  # the one with more to read than the window is high
    assert [name for name, pixels in below.items() if pixels] == []


@pytest.mark.parametrize("name", ["network", "network_failed", "wrong_passphrase"])
@pytest.mark.parametrize("scale", [1.0, 2.0], ids=["100%", "200%"])
def test_the_password_field_is_in_sight_as_the_page_appears(stage, name, scale):
    opened = stage(SCENES[name](), demo=scale == 1.0, scale=scale)

    field = opened.window.page.findChild(QLineEdit, "passphrase")

    assert in_sight(opened.window, field)


def test_a_scroll_bar_does_not_push_the_column_aside(stage):
    opened = stage(SCENES["done_failed"](), demo=True, size=SMALLEST)
    window = opened.window
    column = window.page.findChild(object, "events")
    while column.parentWidget() is not window.page:
        column = column.parentWidget()

    scroll = scroll_around(column)
    assert scroll is not None
    assert scroll.verticalScrollBar().maximum() > 0
    assert place(window, column).center().x() == window.rect().center().x()


def test_the_error_stands_right_above_the_line_of_the_footer(stage):
    opened = stage(SCENES["prepare_failed"]())
    window = opened.window

    box = place(window, window.findChild(object, "error"))
    primary = place(window, opened.button("primary"))

    assert 0 < primary.top() - box.bottom() < 40


def test_nothing_above_an_error_moves_when_its_details_are_closed_again(stage):
    opened = stage(SCENES["prepare_failed"]())
    before = place(opened.window, opened.window.findChild(object, "error"))

    fold = opened.button("error_details")
    fold.click()
    settle(opened.app)
    fold.click()
    settle(opened.app)

    assert place(opened.window, opened.window.findChild(object, "error")) == before


def test_a_notice_that_goes_gives_its_room_back(stage):
    opened = stage(SCENES["prepare_failed"]())
    assert isinstance(opened.state, State)

    opened.show(SCENES["prepare"]())

    assert opened.window.findChild(object, "error").height() == 0
