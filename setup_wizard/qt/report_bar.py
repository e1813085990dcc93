"""The quiet link in the corner that saves a report for support, and then says where it is."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from setup_wizard.flow.journal import Journal
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import link_button
from setup_wizard.qt.widgets.labels import small

logger = logging.getLogger(__name__)

OFFERED = (Step.WRONG_PASSPHRASE, Step.STILL_CHECKING, Step.DONE)
"""The screens that end something. Elsewhere it is offered with an error."""


class ReportBar(QWidget):
    """Offers, asks where, saves off the window's thread, and tells."""

    def __init__(self, look: Look, journal: Journal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report")
        self._words = look.words
        self._journal = journal
        self._step: Step | None = None
        self._file: Path | None = None
        self._told = small()
        self._told.setObjectName("report_told")
        self._told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._save = self._link("report.save", "report_save")
        self._save.setToolTip(self._words("report.about"))
        self._save.setAccessibleDescription(self._words("report.about"))
        self._save.clicked.connect(self._save_pressed)
        self._show = self._link("report.show", "report_show")
        self._show.clicked.connect(self._show_pressed)
        self._copy = self._link("report.copy", "report_copy")
        self._copy.clicked.connect(self._copy_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.NEAR)
        row.addStretch(1)
        row.addWidget(self._told)
        for link in (self._save, self._show, self._copy):
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        self._offer()

    def _link(self, key: str, name: str) -> QPushButton:
        link = link_button(self._words(key), self)
        link.setObjectName(name)
        return link

    def render_state(self, state: State) -> None:
        """There where something ended or failed; a new screen begins with the offer again."""
        if state.step is not self._step:
            self._step = state.step
            self._offer()
        self.setVisible(state.error is not None or state.step in OFFERED)

    # --- saving -------------------------------------------------------------------------------

    def _save_pressed(self) -> None:
        file = self._ask_where()
        if file is not None:
            self._save.setEnabled(False)
            errand = _Errand(self._journal, file)
            errand.voice.ended.connect(self._ended)
            QThreadPool.globalInstance().start(errand)

    def _ask_where(self) -> Path | None:
        """A file, and the person's word that it may be replaced if it exists."""
        from PySide6.QtCore import QStandardPaths
        from PySide6.QtWidgets import QFileDialog

        location = QStandardPaths.StandardLocation.DownloadLocation
        folder = Path(QStandardPaths.writableLocation(location))
        name = f"setup-report-{datetime.now().astimezone():%Y-%m-%d-%H%M}.zip"
        dialog = QFileDialog(self.window(), self._words("report.dialog"))
        dialog.setObjectName("report_file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.setNameFilter("*.zip")
        dialog.setDirectory(str(folder if folder.is_dir() else Path.home()))
        dialog.selectFile(name)
        try:
            return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
        finally:
            dialog.deleteLater()

    @Slot(str)
    def _ended(self, file: str) -> None:
        self._save.setEnabled(True)
        if file:
            self._file = Path(file)
            self._tell(self._words("report.saved", folder=self._file.parent.name or file))
            self._told.setToolTip(file)
        else:
            self._tell(self._words("report.failed"))

    # --- telling ------------------------------------------------------------------------------

    def _offer(self) -> None:
        self._file = None
        self._told.setToolTip("")
        self._tell("")

    def _tell(self, text: str) -> None:
        """The offer stays until a report is saved; then come the ways to it."""
        saved = self._file is not None
        had_focus = self.isAncestorOf(self.focusWidget() or self.window())
        self._told.setText(text)
        self._told.setVisible(bool(text))
        self._show.setVisible(saved)
        self._copy.setVisible(saved)
        self._copy.setText(self._words("report.copy"))
        self._save.setVisible(not saved)
        self._save.setText(self._words("report.again" if text else "report.save"))
        if text:
            self._announce(text)
        if had_focus and saved:
            self._show.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self, text: str) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _show_pressed(self) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        if self._file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))

    def _copy_pressed(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(str(self._file or ""))
        self._copy.setText(self._words("copied"))


class _Voice(QObject):
    """Signals: ended(str): the file, or nothing when it could not be written."""

    ended = Signal(str)


class _Errand(QRunnable):
    """Writes the report in a thread of the pool: it may be a megabyte, on a slow disk."""

    def __init__(self, journal: Journal, file: Path) -> None:
        super().__init__()
        self.voice = _Voice()
        self._journal = journal
        self._file = file

    def run(self) -> None:
        saved = ""
        try:
            self._journal.save(self._file)
            saved = str(self._file)
        except OSError as error:
            logger.warning("report=unsaved reason=%s", error.strerror or type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a border: the button waits for an end
            # Its text may hold anything, so only its kind is told.
            logger.error("report=unsaved kind=%s", type(error).__name__)
        self.voice.ended.emit(saved)
