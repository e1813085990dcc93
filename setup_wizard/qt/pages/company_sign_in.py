"""How the device signs in to a company network: by user name and password, or by certificate."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from setup_wizard.domain.enterprise import (
    CertificateFiles,
    PasswordSignIn,
    SignIn,
    check_identity,
)
from setup_wizard.domain.errors import (
    ChoiceError,
    KeyPasswordMissing,
    KeyPasswordWrong,
    NetworkSignInRefused,
    PassphraseMissing,
    SetupError,
)
from setup_wizard.qt.pages.page import Look, label_for
from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets import (
    DropDown,
    FileField,
    PassphraseField,
    PassphraseWords,
    icon,
    link_button,
    mark_invalid,
    small,
)

_BOTH_IN_ONE = (".p12", ".pfx")
"""Files of this kind hold the key with the certificate."""


class CompanySignIn(QWidget):
    """The fields of one kind at a time; what was typed for the other kind is kept.

    Signals: changed(): it may be complete now, or no longer.
    """

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._theme = look.theme
        self._words = words = look.words
        choose = words("company.choose")
        self._kind = DropDown()
        self._kind.setObjectName("sign_in_kind")
        self._kind.addItem(words("company.by_password"))
        self._kind.addItem(words("company.by_certificate"))
        self._more = link_button(words("company.more"))
        self._more.setObjectName("more")
        self._more.setCheckable(True)
        self._user_name = _line("user_name")
        self._password = self._secret_field("company_password")
        self._certificate = FileField("certificate", words("company.certificate"), choose)
        self._key = FileField("private_key", words("company.key"), choose)
        self._key.line_edit.setPlaceholderText(words("company.key_inside"))
        self._key_password = self._secret_field("key_password")
        self._outer = _line("outer_identity")
        self._outer.setPlaceholderText(words("company.outer_hint"))
        self._ca = FileField("ca", words("company.ca"), choose)
        self._ca.line_edit.setPlaceholderText(words("company.ca_none"))
        self._mistake = small("")
        self._mistake.setProperty("kind", "mistake")
        self._cells: dict[QWidget, QWidget] = {}
        self._wants_key_password = False
        self._heard: SetupError | None = None
        self._build()
        for field in (self._certificate, self._key):
            field.changed.connect(self._file_changed)
        self._ca.changed.connect(self._changed)
        self._kind.currentIndexChanged.connect(self._changed)
        self._more.toggled.connect(self._unfold)
        for line in (self._user_name, self._outer):
            line.textChanged.connect(self._changed)
        for secret in (self._password, self._key_password):
            secret.text_changed.connect(self._changed)
        self._changed()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._point()

    # --- what was chosen ------------------------------------------------------------------------

    def choice(self) -> SignIn | CertificateFiles | None:
        """None as long as something is missing, or cannot be."""
        return None if self._error() else self._read()

    def fill_in(self, user_name: str, password: str) -> None:
        self._kind.setCurrentIndex(0)
        self._user_name.setText(user_name)
        self._password.set_text(password)

    def clear(self) -> None:
        self._kind.setCurrentIndex(0)
        self._more.setChecked(False)
        for field in (self._user_name, self._outer, self._certificate, self._key, self._ca):
            field.clear()
        for secret in (self._password, self._key_password):
            secret.clear()
            secret.set_shown(False)

    def hear(self, error: SetupError | None) -> None:
        """What the last try came to: a file that wants its password gets a field for it."""
        if error is self._heard:
            return  # what was done about it since then stays
        self._heard = error
        if isinstance(error, KeyPasswordMissing | KeyPasswordWrong):
            self._wants_key_password = True
            self._changed()
            self._key_password.line_edit.setFocus(Qt.FocusReason.TabFocusReason)
        elif isinstance(error, NetworkSignInRefused):
            self._password.set_shown(True)  # a slip is easier to see than to guess

    @property
    def first_focus(self) -> QWidget:
        """The first field that waits for something; else the one that is likely wrong."""
        if not self._by_certificate:
            return self._password.line_edit if self._user_name.text() else self._user_name
        return self._key_password.line_edit if self._wants_key_password else self._certificate

    @property
    def _by_certificate(self) -> bool:
        return self._kind.currentIndex() == 1

    def _read(self) -> SignIn | CertificateFiles | None:
        """Raises a leaf of ChoiceError for what no device can be told."""
        outer = self._outer.text().encode()
        if not self._by_certificate:
            return PasswordSignIn(self._user_name.text().encode(), self._password.secret(), outer)
        certificate = self._certificate.path()
        check_identity(outer)
        if certificate is None:
            return None
        return CertificateFiles(
            certificate,
            None if self._has_both else self._key.path(),
            self._key_password.secret() if self._wants_key_password else None,
            self._ca.path(),
            outer,
        )

    def _error(self) -> ChoiceError | None:
        try:
            self._read()
        except ChoiceError as error:
            return error
        return None

    @property
    def _has_both(self) -> bool:
        path = self._certificate.path()
        return path is not None and path.suffix.lower() in _BOTH_IN_ONE

    # --- showing --------------------------------------------------------------------------------

    def _build(self) -> None:
        words = self._words
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.NEAR)
        grid.setVerticalSpacing(Space.TIGHT)
        # Each in a place of its own: two of which one is hidden lose the space above them.
        cells: tuple[tuple[QWidget, str, int, int], ...] = (
            (self._kind, "company.kind", 0, 0),
            (self._user_name, "company.user_name", 1, 0),
            (self._password, "company.password", 1, 1),
            (self._certificate, "company.certificate", 2, 0),
            (self._key, "company.key", 2, 1),
            (self._key_password, "company.key_password", 3, 0),
            (self._outer, "company.outer_identity", 4, 0),
            (self._ca, "company.ca", 4, 1),
        )
        for field, key, row, place in cells:
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(Space.HAIR)
            column.addWidget(label_for(words(key), field))
            column.addWidget(field)
            column.addStretch(1)
            _name(field, words(key))
            grid.addWidget(cell, row, place)
            self._cells[field] = cell
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        grid.addWidget(self._more, 0, 1, corner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addLayout(grid)
        column.addWidget(self._mistake)
        self.setTabOrder(self._kind, self._more)

    def _changed(self, _change: object = None) -> None:
        by_certificate, more = self._by_certificate, self._more.isChecked()
        shown = {
            self._user_name: not by_certificate,
            self._password: not by_certificate,
            self._certificate: by_certificate,
            self._key: by_certificate and not self._has_both,
            self._key_password: by_certificate and self._wants_key_password,
            self._outer: more,
            self._ca: more and by_certificate,
        }
        for field, visible in shown.items():
            self._cells[field].setVisible(visible)
        self._point()
        self._tell_mistake()
        self.changed.emit()

    def _point(self) -> None:
        """Down where more is to be seen below."""
        size = self._theme.scaled(14)
        chevron = "chevron-down" if self._more.isChecked() else "chevron-right"
        self._more.setIcon(icon(self._theme, chevron, size=size, role="accent"))
        self._more.setIconSize(QSize(size, size))

    def _unfold(self, opened: bool) -> None:
        self._changed()
        if opened:  # what has the focus is scrolled into sight
            self._outer.setFocus(Qt.FocusReason.TabFocusReason)

    def _tell_mistake(self) -> None:
        """What cannot be is said while it is typed; what is only missing is not."""
        for line in (self._user_name, self._outer):
            mark_invalid(line, invalid=not _is_possible(line.text()))
        error = self._error()
        typed = self._by_certificate or self._user_name.text()
        told = error is not None and bool(typed) and not isinstance(error, PassphraseMissing)
        if error is not None and told:
            said = self._words.error(error)
            self._mistake.setText(f"{said.sentence} {said.advice}")
        self._mistake.setVisible(told)

    def _file_changed(self) -> None:
        """Another file may have another password, or none."""
        self._wants_key_password = False
        self._key_password.clear()
        self._changed()

    def _secret_field(self, object_name: str) -> PassphraseField:
        words = PassphraseWords(self._words("network.show"), self._words("network.hide"))
        field = PassphraseField(self._theme, words, hint=False)
        field.setObjectName(object_name)
        return field


def _line(object_name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(object_name)
    return line


def _name(field: QWidget, name: str) -> None:
    if isinstance(field, PassphraseField):
        field.set_name(name)
    else:
        field.setAccessibleName(name)


def _is_possible(text: str) -> bool:
    try:
        check_identity(text.encode())
    except ChoiceError:
        return False
    return True
