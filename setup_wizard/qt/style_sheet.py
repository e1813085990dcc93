"""The one style sheet of the application: plain Qt controls dressed in a theme."""

from __future__ import annotations

from string import Template

from setup_wizard.qt.tokens import Theme, Type, mix

_SHEET = Template("""
QWidget { font-size: ${body}px; $family }
QToolTip { font-size: ${small}px; color: $surface; background: $text; border: 0; padding: 4px 8px; }

QLabel[kind="headline"] { font-size: ${headline}px; font-weight: 600; color: $text; }
QLabel[kind="strong"] { font-weight: 600; color: $text; }
QLabel[kind="quiet"] { color: $text_quiet; }
QLabel[kind="small"] { font-size: ${small}px; color: $text_quiet; }
QLabel[kind="mistake"] { font-size: ${small}px; color: $bad; }
QLabel[kind="badge"] {
    font-size: ${tiny}px; font-weight: 700; letter-spacing: 1px; color: $surface; background: $warn;
    border-radius: 4px; padding: 2px 7px;
}
QLabel[kind="mono"] { font-family: "$mono"; font-size: ${small}px; font-weight: 500; color: $text; }

QPushButton {
    min-height: ${control}px; padding: 0 ${button_padding}px; border-radius: ${control_radius}px;
    border: 1px solid $line; background: $raised; color: $text;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $hairline; }
QPushButton:disabled { color: $text_quiet; border-color: $hairline; background: $surface; }
QPushButton[kind="primary"] {
    font-weight: 600; border-color: $accent; background: $accent; color: $on_accent;
}
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[kind="danger"] { font-weight: 600; border-color: $bad; color: $bad; }
QPushButton[kind="quiet"] {
    padding: 0 ${quiet_padding}px; border-color: transparent; background: transparent;
}
QPushButton[kind="quiet"]:hover { background: $shadow; }
QPushButton[kind="quiet"]:pressed { background: $hairline; }
QPushButton[kind="quiet"]:disabled { color: $text_quiet; background: transparent; }
QPushButton[kind="link"] {
    padding: 0 6px; min-height: ${link}px; border-color: transparent; border-radius: 4px;
    background: transparent; color: $accent; font-weight: 500;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:disabled { color: $text_quiet; background: transparent; }
QPushButton[kind="danger"]:disabled { color: $text_quiet; border-color: $hairline; }
QPushButton[kind="primary"]:disabled {
    background: $hairline; border-color: $hairline; color: $text_quiet;
}

Button { qproperty-ringRadius: ${control_radius}; }
Button[kind="link"] { qproperty-ringRadius: 4; }

*[staff="true"] QPushButton[kind="primary"] { background: $staff; border-color: $staff; }
*[staff="true"] QPushButton[kind="link"] { color: $staff; }

QToolButton { border: 1px solid transparent; border-radius: ${control_radius}px; padding: 5px; }
QToolButton:hover { background: $shadow; }
QToolButton:pressed { background: $hairline; }
QToolButton:focus { border: 2px solid $focus; padding: 4px; }

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit {
    min-height: ${field}px; padding: 0 11px; border: 1px solid $line;
    border-radius: ${field_radius}px;
    background: $raised; color: $text;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus {
    border: 2px solid $focus; padding: 0 10px; min-height: ${field_inside}px;
}
QLineEdit:disabled, QComboBox:disabled {
    color: $text_quiet; border-color: $hairline; background: $surface;
}
QLineEdit[invalid="true"] {
    border: 2px solid $bad; padding: 0 10px; min-height: ${field_inside}px;
}
QLineEdit[kind="code"] { font-size: ${headline}px; min-height: ${code_field}px; }
QLineEdit[kind="code"]:focus { min-height: ${code_field_inside}px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
QComboBox { padding-right: ${arrow}px; }
QComboBox:focus { padding-right: ${arrow}px; }
QComboBox::drop-down { width: 0; border: 0; }
QComboBox[kind="quiet"] { border-color: transparent; background: transparent; color: $text_quiet; }
QComboBox[kind="quiet"]:focus { border-color: $focus; }
QComboBox QAbstractItemView {
    border: 1px solid $line; background: $raised; color: $text; padding: 4px;
    selection-background-color: $chosen; selection-color: $text; outline: 0;
}
QCheckBox, QRadioButton { spacing: 10px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: ${indicator}px; height: ${indicator}px; border: 1px solid $line; background: $raised;
}
QCheckBox::indicator { border-radius: 5px; }
QRadioButton::indicator { border-radius: ${indicator_radius}px; }
QCheckBox::indicator:checked { border-color: $accent; background: $accent; }
QRadioButton::indicator:checked {
    border-color: $accent;
    background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
        stop: 0 $on_accent, stop: 0.36 $on_accent, stop: 0.46 $accent, stop: 1 $accent);
}
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $focus; }
QMenu { background: $raised; border: 1px solid $hairline; padding: 6px; }
QMenu::item { padding: 7px 24px 7px 12px; border-radius: 6px; color: $text; }
QMenu::item:selected { background: $chosen; }
QMenu::separator { height: 1px; background: $hairline; margin: 6px; }

QFrame[kind="card"] {
    background: $raised; border: 1px solid $hairline; border-radius: ${radius}px;
}
QFrame[kind="error"] {
    background: $bad_ground; border: 1px solid $bad_edge; border-radius: ${radius}px;
}
QFrame[kind="divider"] { background: $hairline; border: 0; max-height: 1px; min-height: 1px; }

QTableView, QTreeView, QListView {
    background: $raised; color: $text; border: 1px solid $hairline;
    border-radius: ${field_radius}px;
    gridline-color: $hairline; selection-background-color: $chosen; selection-color: $text;
    outline: 0;
}
QHeaderView::section {
    background: $raised; color: $text_quiet; border: 0; border-bottom: 1px solid $hairline;
    padding: 6px 8px; font-size: ${small}px;
}
QProgressBar {
    min-height: 6px; max-height: 6px; border: 0; border-radius: 3px; background: $hairline;
}
QProgressBar::chunk { border-radius: 3px; background: $accent; }
QSplitter::handle { background: transparent; }

*[dense="true"] QPushButton {
    min-height: ${dense}px; padding: 0 ${dense_padding}px; font-size: ${small}px;
}
*[dense="true"] QPushButton::menu-indicator { image: none; width: 0; }
*[dense="true"] QLineEdit, *[dense="true"] QComboBox {
    min-height: ${dense}px; padding: 0 9px; font-size: ${small}px;
}
*[dense="true"] QLineEdit:focus, *[dense="true"] QComboBox:focus,
*[dense="true"] QLineEdit[invalid="true"] { min-height: ${dense_inside}px; padding: 0 8px; }
*[dense="true"] QComboBox, *[dense="true"] QComboBox:focus { padding-right: ${arrow}px; }
*[dense="true"] QCheckBox, *[dense="true"] QPlainTextEdit { font-size: ${small}px; }
*[dense="true"] QPlainTextEdit, *[dense="true"] QPlainTextEdit:focus { padding: 4px 6px; }
*[dense="true"] QPlainTextEdit { border-color: $hairline; }
*[dense="true"] QFrame[kind="card"] QAbstractItemView {
    border: 0; border-radius: 0; font-size: ${small}px;
}
*[dense="true"] QAbstractItemView::item { padding: 3px 6px; }

QScrollArea { background: transparent; border: 0; }
QScrollBar:vertical { width: 12px; background: transparent; margin: 2px; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 2px; }
QScrollBar::handle { background: $faint; border-radius: 4px; }
QScrollBar::handle:hover { background: $line; }
QScrollBar::handle:focus { background: $focus; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")

_ROLES = (
    *("surface", "raised", "text", "text_quiet", "line", "accent", "on_accent"),
    *("warn", "bad", "focus"),
    *("staff", "hairline", "shadow", "faint", "chosen", "hover"),
)
_CONTROL = 38  # px inside the border of a button: 40 in all, an easy target
_FIELD = 40
_DENSE = 28  # where much stands side by side, for people who look at it for long
_CODE_FIELD = 52


def style_sheet(theme: Theme) -> str:
    """The style sheet in this theme's colours, sizes and radius."""
    accent, text = theme.colour("accent"), theme.colour("text")
    values: dict[str, str | int] = {role: theme.colour(role).name() for role in _ROLES}
    control = theme.scaled(_CONTROL)
    indicator = theme.scaled(16)
    values |= {
        "indicator": indicator,
        "indicator_radius": (indicator + 2) // 2,
        "accent_hover": mix(accent, text, 0.12).name(),
        "accent_pressed": mix(accent, text, 0.24).name(),
        "family": f'font-family: "{theme.family}";' if theme.family else "",
        "mono": theme.font(Type.MONO).family(),
        "body": theme.scaled(Type.BODY.size),
        "bad_ground": mix(theme.colour("raised"), theme.colour("bad"), 0.06).name(),
        "bad_edge": mix(theme.colour("raised"), theme.colour("bad"), 0.35).name(),
        "arrow": theme.scaled(34),
        "tiny": theme.scaled(11),
        "small": theme.scaled(Type.SMALL.size),
        "headline": theme.scaled(Type.HEADLINE.size),
        "control": control,
        "link": theme.scaled(26),
        "field": theme.scaled(_FIELD),
        "field_inside": theme.scaled(_FIELD) - 2,  # within a thick edge: nothing jumps
        "dense": theme.scaled(_DENSE),
        "dense_inside": theme.scaled(_DENSE) - 2,
        "dense_padding": theme.scaled(11),
        "code_field": theme.scaled(_CODE_FIELD),
        "code_field_inside": theme.scaled(_CODE_FIELD) - 2,
        "button_padding": theme.scaled(22),
        "quiet_padding": theme.scaled(14),
        "radius": theme.radius,
        "control_radius": min(theme.radius, control // 2),
        "field_radius": min(theme.radius, theme.scaled(_FIELD) // 2),
    }
    return _SHEET.substitute(values)
