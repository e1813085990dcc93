"""The one place that dresses the application: palette, style sheet and every living widget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from setup_wizard.brand import Brand, Colours
from setup_wizard.qt.style_sheet import style_sheet
from setup_wizard.qt.tokens import (
    BODY_SIZE,
    COLUMN_WIDTH,
    PAGE_CHANGE_MS,
    SPINNER_DELAY_MS,
    Space,
    Theme,
    Type,
    mix,
)

__all__ = [
    "COLUMN_WIDTH",
    "PAGE_CHANGE_MS",
    "SPINNER_DELAY_MS",
    "Space",
    "Theme",
    "Themed",
    "Type",
    "apply_theme",
    "make_theme",
    "mix",
    "set_staff",
    "system_is_dark",
]

STAFF_PROPERTY = "staff"

_NORMAL_POINTS = {"windows": 9.0, "cocoa": 13.0}  # what these systems ship with
_NORMAL_POINTS_ELSEWHERE = 10.0
_SILENT_PLATFORMS = ("offscreen", "minimal")  # nobody looks: pictures must not depend on time


@runtime_checkable
class Themed(Protocol):
    """A widget that paints itself and so has to be told."""

    def set_theme(self, theme: Theme) -> None: ...


def make_theme(
    brand: Brand, *, dark: bool, points: float, normal_points: float, motion: bool
) -> Theme:
    """The theme for a system whose text has this size, and normally that one."""
    return Theme(
        colours=brand.colours(dark),
        dark=dark,
        radius=brand.radius,
        family=brand.font_family,
        body=max(BODY_SIZE, round(BODY_SIZE * points / normal_points)),
        motion=motion,
    )


def apply_theme(
    app: QApplication, brand: Brand, *, dark: bool, motion: bool | None = None
) -> Theme:
    """Dress the whole application, widgets that are already shown included."""
    platform = app.platformName()
    font = app.font()
    points = font.pointSizeF()
    if points <= 0:  # somebody set pixels
        points = font.pixelSize() * 72 / 96
    theme = make_theme(
        brand,
        dark=dark,
        points=points,
        normal_points=_NORMAL_POINTS.get(platform, _NORMAL_POINTS_ELSEWHERE),
        motion=_system_moves(app) if motion is None else motion,
    )
    if _wants_high_contrast(app):
        app.setPalette(QPalette())  # back to the system's, where its colours are read from
        theme = replace(theme, colours=_system_colours(app.palette(), theme.colours))
    app.setPalette(_palette(theme))
    # With a style sheet the style has another name, and is this one already: to set it again would
    # dress all widgets once more.
    if not app.styleSheet() and app.style().name() != "fusion":
        app.setStyle("Fusion")  # one drawing of plain controls on every system
    app.setStyleSheet(style_sheet(theme))
    _tell(app.allWidgets(), theme)
    return theme


def system_is_dark(app: QGuiApplication) -> bool:
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def set_staff(root: QWidget, theme: Theme, *, staff: bool) -> None:
    """Give a page and everything on it the accent of staff pages, or take it back."""
    root.setProperty(STAFF_PROPERTY, staff)
    widgets = [root, *root.findChildren(QWidget)]
    for widget in widgets:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    _tell(widgets, theme)


def _tell(widgets: Iterable[QWidget], theme: Theme) -> None:
    staff = theme.for_staff()
    for widget in widgets:
        if isinstance(widget, Themed):
            widget.set_theme(staff if _is_for_staff(widget) else theme)


def _is_for_staff(widget: QWidget | None) -> bool:
    while widget is not None:
        if widget.property(STAFF_PROPERTY):
            return True
        widget = widget.parentWidget()
    return False


def _system_moves(app: QApplication) -> bool:
    platform = app.platformName()
    if platform in _SILENT_PLATFORMS:
        return False
    # Of the three systems only Windows tells Qt whether it wants effects.
    return platform != "windows" or app.isEffectEnabled(Qt.UIEffect.UI_General)


def _wants_high_contrast(app: QGuiApplication) -> bool:
    hints = app.styleHints()
    if not hasattr(hints, "accessibility"):  # Qt < 6.10 does not tell
        return False
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def _system_colours(palette: QPalette, own: Colours) -> Colours:
    role = QPalette.ColorRole

    def named(which: QPalette.ColorRole) -> str:
        return palette.color(which).name()

    text, accent = named(role.WindowText), named(role.Highlight)
    return replace(
        own,
        surface=named(role.Window),
        raised=named(role.Window),
        text=text,
        text_quiet=text,
        line=text,
        accent=accent,
        on_accent=named(role.HighlightedText),
        good=text,
        warn=text,
        bad=text,
        focus=accent,
        staff=accent,
    )


def _palette(theme: Theme) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    roles = {
        role.Window: "surface",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "hover",
        role.Text: "text",
        role.PlaceholderText: "text_quiet",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "on_accent",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Accent: "focus",
        role.Light: "raised",
        role.Midlight: "hover",
        role.Mid: "hairline",
        role.Dark: "line",
        role.Shadow: "shadow",
        role.ToolTipBase: "text",
        role.ToolTipText: "surface",
    }
    palette = QPalette()
    for palette_role, name in roles.items():
        palette.setColor(palette_role, theme.colour(name))
    for palette_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, palette_role, theme.colour("text_quiet"))
    return palette
