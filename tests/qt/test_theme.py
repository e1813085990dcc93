"""Every brand can be read by everybody, in light and dark, and the theme reaches every widget."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from setup_wizard.brand import bundled_brands, load_brand
from setup_wizard.qt import theme as theming
from setup_wizard.qt.theme import Theme, Type, apply_theme, make_theme, set_staff, system_is_dark
from setup_wizard.qt.widgets import Picture, headline, primary_button, small

READABLE = 4.5  # WCAG 2.2, 1.4.3
DISCERNIBLE = 3.0  # WCAG 2.2, 1.4.11
GROUNDS = ("surface", "raised", "chosen", "hover")
TEXTS = ("text", "text_quiet", "accent", "good", "warn", "bad", "staff")
CONTROLS = ("line", "accent", "focus", "good", "warn", "bad", "staff")
MOODS = tuple(product(bundled_brands(), (False, True)))


def theme_of(name: str = "default", *, dark: bool = False, points: float = 10.0) -> Theme:
    return make_theme(load_brand(name), dark=dark, points=points, normal_points=10.0, motion=False)


@pytest.fixture
def plain(qapp):
    """The application as it was before anybody dressed it."""
    font = QFont(qapp.font())
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
    qapp.setFont(font)


def contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_measured_as_the_standard_says():
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("name", "dark"), MOODS)
@pytest.mark.parametrize("role", TEXTS)
def test_text_can_be_read_on_both_grounds(name, dark, role):
    theme = theme_of(name, dark=dark)

    for ground in ("surface", "raised"):
        assert contrast(theme.colour(role), theme.colour(ground)) >= READABLE, ground


@pytest.mark.parametrize(("name", "dark"), MOODS)
def test_text_can_be_read_on_a_chosen_or_hovered_row(name, dark):
    theme = theme_of(name, dark=dark)

    for role, ground in product(("text", "text_quiet"), GROUNDS):
        assert contrast(theme.colour(role), theme.colour(ground)) >= READABLE, (role, ground)


@pytest.mark.parametrize(("name", "dark"), MOODS)
def test_words_on_the_primary_button_can_be_read(name, dark):
    theme = theme_of(name, dark=dark)

    for ground in ("accent", "staff"):
        assert contrast(theme.colour("on_accent"), theme.colour(ground)) >= READABLE


@pytest.mark.parametrize(("name", "dark"), MOODS)
@pytest.mark.parametrize("role", CONTROLS)
def test_controls_stand_out(name, dark, role):
    theme = theme_of(name, dark=dark)

    for ground in ("surface", "raised"):
        assert contrast(theme.colour(role), theme.colour(ground)) >= DISCERNIBLE, ground


def test_text_has_the_designed_size_at_the_systems_default():
    theme = theme_of()

    sizes = {type_: theme.font(type_).pixelSize() for type_ in Type}
    assert sizes == {
        Type.HEADLINE: 24,
        Type.BODY: 15,
        Type.STRONG: 15,
        Type.SMALL: 13,
        Type.MONO: 13,
    }
    assert theme.line_height(Type.BODY) == 22


def test_everything_doubles_when_the_system_asks_for_double_text():
    theme = theme_of(points=20)

    assert theme.font(Type.HEADLINE).pixelSize() == 48
    assert theme.line_height(Type.BODY) == 44
    assert theme.column_width == 1120


def test_a_system_with_small_text_does_not_make_ours_unreadable():
    assert theme_of(points=8).body == 15


def test_staff_pages_have_their_own_accent():
    theme = theme_of()

    assert theme.for_staff().colour("accent") == theme.colour("staff") != theme.colour("accent")


def test_dressing_twice_does_not_grow_the_text(plain):
    brand = load_brand()

    first = apply_theme(plain, brand, dark=False)

    assert apply_theme(plain, brand, dark=False) == first


def test_double_text_of_the_application_reaches_labels(plain, qtbot):
    font = plain.font()
    font.setPointSizeF(20)
    plain.setFont(font)
    label = headline("Lumen is online")
    qtbot.addWidget(label)

    apply_theme(plain, load_brand(), dark=False)
    label.ensurePolished()

    assert label.fontInfo().pixelSize() == 48
    assert label.sizeHint().height() == 64


def test_a_change_to_dark_reaches_widgets_that_are_already_there(plain, qtbot):
    brand = load_brand()
    light = apply_theme(plain, brand, dark=False)
    picture = Picture(light, "router", 40)
    label = small("quiet words")
    for widget in (picture, label):
        qtbot.addWidget(widget)

    dark = apply_theme(plain, brand, dark=True)
    label.ensurePolished()

    assert picture._theme == dark
    assert label.palette().color(label.foregroundRole()) == dark.colour("text_quiet")
    assert plain.palette().color(QPalette.ColorRole.Window) == dark.colour("surface")


def test_a_staff_page_keeps_its_accent_through_a_change_of_theme(plain, qtbot):
    brand = load_brand()
    theme = apply_theme(plain, brand, dark=False)
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    picture = Picture(theme, "router", 40)
    button = primary_button("Next device")
    column.addWidget(picture)
    column.addWidget(button)

    set_staff(page, theme, staff=True)
    dark = apply_theme(plain, brand, dark=True)

    assert picture._theme == dark.for_staff()
    ground = button.grab().toImage().pixelColor(button.width() // 2, 6)
    assert ground == dark.colour("staff")


def test_a_system_in_high_contrast_lends_its_own_colours(plain, monkeypatch):
    monkeypatch.setattr(theming, "_wants_high_contrast", lambda app: True)
    system = plain.palette()

    theme = apply_theme(plain, load_brand(), dark=False)

    assert theme.colour("text") == system.color(QPalette.ColorRole.WindowText)
    assert theme.colours.text_quiet == theme.colours.line == theme.colours.text


def test_nothing_moves_where_nobody_looks(plain):
    assert not apply_theme(plain, load_brand(), dark=False).motion
    assert apply_theme(plain, load_brand(), dark=False, motion=True).motion


def test_the_system_says_whether_it_is_dark(qapp):
    assert system_is_dark(qapp) is False


def test_a_theme_is_a_value():
    assert theme_of() == theme_of()
    assert theme_of() != replace(theme_of(), motion=True)


@pytest.mark.slow
def test_no_picture_library_is_loaded_before_a_picture_is_drawn():
    loaded = (
        "import sys\n"
        "from setup_wizard.qt.widgets import *\n"
        "from setup_wizard.qt.widgets import DevicePicture, Story\n"
        "print(*sorted(sys.modules))"
    )

    modules = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=30
    ).stdout.split()

    qt = {name for name in modules if name.startswith("PySide6.Qt")}
    assert qt == {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}
