"""What went wrong, what to do, one button to do it, and the details for support."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from setup_wizard.qt.theme import PAGE_CHANGE_MS, Space, Theme
from setup_wizard.qt.widgets.buttons import link_button, plain_button
from setup_wizard.qt.widgets.labels import mono, quiet, strong
from setup_wizard.qt.widgets.picture import Picture, icon, icon_path
from setup_wizard.qt.widgets.scrolled_words import ScrolledWords
from setup_wizard.qt.widgets.themed import ThemedWidget

_UNBOUND = 16_777_215  # Qt's QWIDGETSIZE_MAX


@dataclass(frozen=True)
class ErrorText:
    """An error in sentences; details are facts for support, never secrets."""

    sentence: str
    advice: str = ""
    action: str = ""
    code: str = ""
    details: str = ""


@dataclass(frozen=True)
class ErrorWords:
    """The box's own words."""

    details: str = "Details"
    copy: str = "Copy"
    copied: str = "Copied"


class ErrorBox(ThemedWidget):
    """Opens smoothly, closes smoothly, and takes no room while there is nothing to say.

    Signals: action_pressed().
    """

    action_pressed = Signal()

    def __init__(
        self, theme: Theme, words: ErrorWords = ErrorWords(), parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._words = words
        self._error: ErrorText | None = None
        self._card = QFrame(self)
        self._card.setProperty("kind", "error")
        self._icon = Picture(theme, icon_path("warn"), 22, parent=self._card)
        self._sentence = strong("", self._card)
        self._advice = quiet("", self._card)
        self._said = ScrolledWords(self._sentence, self._advice, parent=self._card)
        self._action = plain_button("", self._card)
        self._fold = link_button(words.details, self._card)
        self._code = mono("", self._card)
        self._copy = link_button(words.copy, self._card)
        self._row = QHBoxLayout(self._card)
        self._slide = QVariantAnimation(self)
        self._slide.setDuration(PAGE_CHANGE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._set_height)
        self._slide.finished.connect(self._settle)
        self._build()
        self._fill(None)
        self._settle()
        self.set_theme(theme)

    def set_error(self, error: ErrorText | None) -> None:
        if error == self._error:
            return
        before = self.height() if self._error is not None else 0
        self._error = error
        if error is not None:
            self._fill(error)
        self._open_fold(opened=False)
        self._move_from(before)
        if error is not None:
            event = QAccessibleEvent(self._card, QAccessible.Event.Alert)
            QAccessible.updateAccessibility(event)

    @property
    def way_on(self) -> QWidget | None:
        """The button that does something about it, if there is one."""
        return self._action if self._error is not None and self._error.action else None

    @property
    def spoken(self) -> str:
        """All of it, for ears."""
        return self._card.accessibleName()

    def error(self) -> ErrorText | None:
        return self._error

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._icon.set_ink(theme.colour("bad").name())
        size = theme.scaled(16)
        self._copy.setIcon(icon(theme, "copy", size=size, role="accent"))
        self._copy.setIconSize(QSize(size, size))
        self._set_fold_icon()

    def _build(self) -> None:
        for widget, name in (
            (self._said, "error_words"),
            (self._sentence, "error_sentence"),
            (self._advice, "error_advice"),
            (self._action, "error_action"),
            (self._fold, "error_details"),
            (self._code, "error_code"),
            (self._copy, "error_copy"),
        ):
            widget.setObjectName(name)
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._show_details)
        self._action.clicked.connect(self.action_pressed)
        self._copy.clicked.connect(self._copy_details)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.TIGHT)
        buttons.addWidget(self._action)
        buttons.addStretch(1)
        buttons.addWidget(self._fold)
        details = QHBoxLayout()
        details.addWidget(self._code, 1)
        details.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addWidget(self._said)
        words.addLayout(buttons)
        words.addLayout(details)
        row = self._row
        row.setContentsMargins(Space.BASE, Space.NEAR, Space.NEAR, Space.NEAR)
        row.setSpacing(Space.NEAR)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._card)
        outer.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _fill(self, error: ErrorText | None) -> None:
        shown = error or ErrorText("")
        self._sentence.setText(shown.sentence)
        self._advice.setText(shown.advice)
        self._advice.setVisible(bool(shown.advice))
        self._said.begin(shown.sentence)
        self._action.setText(shown.action)
        self._action.setVisible(bool(shown.action))
        facts = "\n".join(part for part in (shown.code, shown.details) if part)
        self._code.setText(facts)
        self._fold.setVisible(bool(facts))
        self._copy.setText(self._words.copy)
        self._card.setAccessibleName(" ".join(filter(None, (shown.sentence, shown.advice))))

    def _open_fold(self, *, opened: bool) -> None:
        self._fold.blockSignals(True)
        self._fold.setChecked(opened)
        self._fold.blockSignals(False)
        self._code.setVisible(opened)
        self._copy.setVisible(opened)
        self._set_fold_icon()

    def _set_fold_icon(self) -> None:
        size = self._theme.scaled(14)
        name = "chevron-down" if self._fold.isChecked() else "chevron-right"
        self._fold.setIcon(icon(self._theme, name, size=size, role="accent"))
        self._fold.setIconSize(QSize(size, size))

    def _show_details(self, opened: bool) -> None:
        before = self.height()
        self._open_fold(opened=opened)
        self._move_from(before)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        self._copy.setText(self._words.copied)

    def _move_from(self, before: int) -> None:
        self._slide.stop()
        self._card.setVisible(True)
        after = self._wanted_height() if self._error is not None else 0
        if not (self._theme.motion and self.isVisible()):
            self._settle()
            return
        self._slide.setStartValue(before)
        self._slide.setEndValue(after)
        self._slide.start()

    def _wanted_height(self) -> int:
        self._row.invalidate()
        self._row.activate()
        return self._row.totalHeightForWidth(max(1, self.width()))

    def _set_height(self, height: object) -> None:
        self.setFixedHeight(int(str(height)))

    def _settle(self) -> None:
        opened = self._error is not None
        self._card.setVisible(opened)
        self.setMinimumHeight(0)
        self.setMaximumHeight(_UNBOUND if opened else 0)
        self.updateGeometry()
