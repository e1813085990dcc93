"""Where a passphrase is typed: it can be shown, is never trimmed, and says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from setup_wizard.domain.secret import Secret
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.buttons import IconButton
from setup_wizard.qt.widgets.fields import mark_invalid
from setup_wizard.qt.widgets.labels import small
from setup_wizard.qt.widgets.themed import ThemedWidget

_HINTS = (
    Qt.InputMethodHint.ImhNoAutoUppercase
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhSensitiveData
)


@dataclass(frozen=True)
class PassphraseWords:
    """The names of the button that shows and hides."""

    show: str = "Show password"
    hide: str = "Hide password"


class PassphraseField(ThemedWidget):
    """A line edit, a button that shows what was typed, and a line for a hint or an error.

    Signals: text_changed(str); submitted(): Enter was pressed.
    """

    text_changed = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        theme: Theme,
        words: PassphraseWords = PassphraseWords(),
        parent: QWidget | None = None,
        *,
        hint: bool = True,
    ) -> None:
        """Without a hint there is no room kept for one."""
        super().__init__(theme, parent)
        self._words = words
        self._hint_text = ""
        self._error: str | None = None
        self.line_edit = QLineEdit(self)
        self.line_edit.setObjectName("passphrase")
        self.line_edit.setInputMethodHints(_HINTS)
        self.line_edit.textChanged.connect(self.text_changed)
        self.line_edit.returnPressed.connect(self.submitted)
        self._eye = IconButton(theme, "eye", words.show, self)
        self._eye.setObjectName("show_passphrase")
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._show)
        self._hint = small("", self)
        self._hint.setObjectName("passphrase_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hint.setVisible(hint)
        self._build()
        self.setFocusProxy(self.line_edit)
        self._show(False)

    def text(self) -> str:
        """Exactly what was typed, blanks at both ends included."""
        return self.line_edit.text()

    def set_text(self, text: str) -> None:
        self.line_edit.setText(text)

    def secret(self) -> Secret:
        """What was typed, silent from here on."""
        return Secret(self.line_edit.text())

    def set_secret(self, secret: Secret | None) -> None:
        """Show to its owner again what its owner typed."""
        self.line_edit.setText(secret.reveal() if secret else "")

    def clear(self) -> None:
        self.line_edit.clear()

    def set_name(self, name: str) -> None:
        """What ears get when the field has focus."""
        self.line_edit.setAccessibleName(name)

    def set_placeholder(self, text: str) -> None:
        self.line_edit.setPlaceholderText(text)

    def set_hint(self, text: str) -> None:
        """A quiet line under the field; an error hides it."""
        self._hint_text = text
        self._tell()

    def set_error(self, text: str | None) -> None:
        self._error = text
        self._tell()

    def set_shown(self, shown: bool) -> None:
        self._eye.setChecked(shown)

    def is_shown(self) -> bool:
        return self._eye.isChecked()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._reserve()
        self._tell()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.HAIR)
        row.addWidget(self.line_edit)
        row.addWidget(self._eye)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addLayout(row)
        column.addWidget(self._hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._reserve()

    def _reserve(self) -> None:
        """The line for the hint is always there, so that nothing jumps when it speaks."""
        self._hint.setMinimumHeight(self._theme.line_height(Type.SMALL))

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.line_edit.setEchoMode(mode)
        self._eye.set_icon("eye-off" if shown else "eye")
        self._eye.set_name(self._words.hide if shown else self._words.show)

    def _tell(self) -> None:
        text = self._hint_text if self._error is None else self._error
        self._hint.setText(text)
        self._hint.setProperty("kind", "small" if self._error is None else "mistake")
        self._hint.style().polish(self._hint)
        self.line_edit.setAccessibleDescription(text)
        mark_invalid(self.line_edit, invalid=self._error is not None)
