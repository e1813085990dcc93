"""Where a file goes, and writing it off the window's thread."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QStandardPaths, QThreadPool, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from setup_wizard.words import Words

logger = logging.getLogger(__name__)


def ask_where(parent: QWidget, title: str, name: str, filters: tuple[str, ...]) -> Path | None:
    """A file that may be written, with the ending of the chosen kind; None: rather not."""
    location = QStandardPaths.StandardLocation.DownloadLocation
    folder = Path(QStandardPaths.writableLocation(location))
    dialog = QFileDialog(parent.window(), title)
    dialog.setObjectName("panel_file")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setDirectory(str(folder if folder.is_dir() else Path.home()))
    dialog.selectFile(name)

    def follow_kind(kind: str) -> None:
        dialog.setDefaultSuffix(kind.rpartition("*.")[2].rstrip(")"))

    follow_kind(filters[0])
    dialog.filterSelected.connect(follow_kind)
    try:
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    finally:
        dialog.deleteLater()


class Writing(QObject):
    """Has no parent: what is being written holds it, so that it may outlive the panel.

    Signals: ended(object, bool, str): the file, whether it is there now, and else why not.
    """

    ended = Signal(object, bool, str)

    def __init__(self) -> None:
        super().__init__()

    def begin(self, file: Path, lines: Iterable[str]) -> None:
        """The lines are made in the thread that writes them."""
        QThreadPool.globalInstance().start(_Write(self, file, lines))


class _Write(QRunnable):
    def __init__(self, voice: Writing, file: Path, lines: Iterable[str]) -> None:
        super().__init__()
        self._voice = voice
        self._file = file
        self._lines = lines

    def run(self) -> None:
        there, reason = self._write()
        # The end of the program deletes the voice too; then nobody is left to be told.
        with suppress(RuntimeError):
            self._voice.ended.emit(self._file, there, reason)

    def _write(self) -> tuple[bool, str]:
        try:
            # Half a surrogate pair can come in an event's name, and UTF-8 has none.
            with self._file.open("w", encoding="utf-8", errors="replace", newline="") as file:
                file.writelines(self._lines)
        except OSError as error:
            return False, error.strerror or ""
        except Exception as error:  # noqa: BLE001 - a border: the person waits for an end
            # Its text may hold anything, what a device said too: only kind and place are told.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("saving=failed kind=%s\n%s", type(error).__name__, place)
            return False, ""
        return True, ""


def why_not_saved(words: Words, reason: str) -> str:
    """In the system's own words, where it has some: a full disk is not a folder's fault."""
    return words("panel.not_saved_for", reason=reason) if reason else words("panel.not_saved")
