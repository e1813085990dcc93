"""Pictures are crisp, follow the theme, and move only when somebody looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from setup_wizard.brand import bundled_brands, load_brand
from setup_wizard.qt.theme import make_theme
from setup_wizard.qt.widgets import (
    DevicePicture,
    Figure,
    LightPattern,
    Picture,
    Story,
    icon,
    pixmap,
)
from setup_wizard.qt.widgets.picture import filled, part_of
from setup_wizard.resources import resource
from tests.qt.helpers.pixels import colours_of

DRAWINGS = sorted(resource().rglob("*.svg"))
BLUE = "#2f6bff"


@pytest.fixture
def device(theme, brand, qtbot) -> DevicePicture:
    made = DevicePicture(theme, brand.device)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    return made


@pytest.fixture
def story(theme, brand, qtbot) -> Story:
    made = Story(theme, brand.device)
    qtbot.addWidget(made)
    made.resize(560, made.sizeHint().height())
    return made


@pytest.mark.slow
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_every_drawing_can_be_filled_and_drawn(theme, drawing):
    text = filled(theme, drawing).decode()
    drawn = pixmap(theme, drawing, QSize(64, 64), 1.0)

    assert "{{" not in text
    assert len(colours_of(drawn.toImage())) > 1


def test_a_picture_has_as_many_pixels_as_the_screen(theme):
    drawn = pixmap(theme, "router", QSize(70, 60), 2.0)

    assert (drawn.width(), drawn.height(), drawn.devicePixelRatio()) == (140, 120, 2.0)


def test_a_colour_that_no_theme_has_is_refused(theme, tmp_path):
    drawing = tmp_path / "odd.svg"
    drawing.write_text('<svg viewBox="0 0 1 1" fill="{{mauve}}"/>')

    with pytest.raises(KeyError, match="mauve"):
        filled(theme, drawing)


def test_an_icon_has_the_colour_of_its_role(theme):
    image = icon(theme, "tick", role="good").pixmap(20, 20).toImage()

    assert theme.colours.good in colours_of(image)


@pytest.mark.parametrize("name", bundled_brands())
@pytest.mark.parametrize("part", ["light", "mode-button"])
def test_the_parts_of_a_device_are_found_inside_it(theme, name, part):
    area = part_of(theme, load_brand(name).device.picture, part)

    assert 0 < area.left() < area.right() < 1
    assert 0 < area.top() < area.bottom() < 1


def test_a_picture_follows_the_theme(brand, theme, qtbot):
    picture = Picture(theme, "router", 60)
    qtbot.addWidget(picture)
    light = picture.grab().toImage()

    picture.set_theme(make_theme(brand, dark=True, points=1, normal_points=1, motion=False))

    assert picture.grab().toImage() != light


def test_a_picture_without_text_is_decoration(theme, qtbot, heard):
    mark, decoration = Picture(theme, "online", 40, text="Online"), Picture(theme, "online", 40)
    for widget in (mark, decoration):
        qtbot.addWidget(widget)

    assert heard(mark)[0] == "Online"
    assert heard(decoration)[0] == ""


def test_the_light_has_the_colour_that_the_maker_named(device):
    device.set_light(BLUE)

    assert QColor(BLUE).name() in colours_of(device.grab().toImage())


def test_a_light_that_is_off_has_no_colour(device):
    dark = device.grab().toImage()
    device.set_light(BLUE)
    assert device.grab().toImage() != dark

    device.set_light(None)

    assert device.grab().toImage() == dark


def test_the_finger_shows_where_to_press(device):
    before = device.grab().toImage()

    device.set_finger(True)

    assert device.grab().toImage() != before


@pytest.mark.parametrize("pattern", [LightPattern.BREATHING, LightPattern.BLINKING])
def test_a_moving_light_moves_only_in_sight(device, lively, pattern):
    device.set_theme(lively)
    device.set_light(BLUE, pattern)
    assert not device.is_moving()

    device.show()
    assert device.is_moving()
    device.hide()

    assert not device.is_moving()


def test_a_steady_light_needs_no_timer(device, lively):
    device.set_theme(lively)
    device.set_light(BLUE)
    device.show()

    assert not device.is_moving()


def test_without_motion_a_blinking_light_is_on(device):
    device.set_light(BLUE, LightPattern.BLINKING)
    device.show()

    assert not device.is_moving()
    assert QColor(BLUE).name() in colours_of(device.grab().toImage())


def test_a_blinking_light_is_on_and_off(lively, brand, qtbot, clock):
    story = Story(lively, brand.device, (Figure.DEVICE,), clock=clock)
    qtbot.addWidget(story)
    story.set_light(BLUE, LightPattern.BLINKING)
    frames = set()

    for _ in range(14):
        clock.now += 0.1
        frames.add(QColor(BLUE).name() in colours_of(story.grab().toImage()))

    assert frames == {True, False}


def test_the_line_fills_as_progress_is_made(story):
    lengths = []
    for segment, progress in ((0, 0.0), (0, 0.5), (1, 0.0), (1, 1.0)):
        story.set_progress(segment, progress, active=False)
        image = story.grab().toImage()
        y = round(image.height() * 0.6)
        accent = story._theme.colour("accent").name()
        lengths.append(sum(image.pixelColor(x, y).name() == accent for x in range(image.width())))

    assert lengths == sorted(lengths)
    assert len(set(lengths)) == len(lengths)


def test_a_failed_segment_is_broken_and_still(story, lively):
    story.set_theme(lively)
    story.set_progress(1, 0.3)
    story.show()
    assert story.is_moving()

    story.set_failed(True)

    assert not story.is_moving()
    assert story._theme.colours.bad in colours_of(story.grab().toImage())


def test_online_gets_its_tick_only_when_all_segments_are_full(theme, brand, qtbot):
    story = Story(theme, brand.device, (Figure.ROUTER, Figure.ONLINE))
    qtbot.addWidget(story)
    story.resize(story.sizeHint())
    globe = (story.width() - 120, 0, 120, story.height())
    story.set_progress(0, 0.9, active=False)
    nearly = story.grab().toImage().copy(*globe)

    story.set_progress(0, 1.0, active=False)

    assert nearly != story.grab().toImage().copy(*globe)


def test_the_story_shrinks_in_a_small_window_and_still_shows_all(story):
    story.resize(story.minimumSizeHint())

    areas = story._areas()

    assert areas[0].left() >= 0
    assert areas[-1].right() <= story.width()
    assert areas[0].height() == story.height()


def test_the_story_is_told_to_ears(story, heard):
    story.set_description("Lumen sends to the router")

    assert heard(story)[0] == "Lumen sends to the router"


def test_four_figures_fit_on_a_page(theme, brand, qtbot):
    story = Story(theme, brand.device, tuple(Figure))
    qtbot.addWidget(story)

    assert story.minimumSizeHint().width() <= 672  # the smallest window without its margins
