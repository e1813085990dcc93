"""Where a file goes, and writing it off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QStandardPaths, QThreadPool, Signal
from PySide6.QtWidgets import QFileDialog, QWidget


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
    """Signals: ended(object, bool): the file, and whether it is there now."""

    ended = Signal(object, bool)

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
        try:
            # Half a surrogate pair can come in an event's name, and UTF-8 has none.
            with self._file.open("w", encoding="utf-8", errors="replace", newline="") as file:
                file.writelines(self._lines)
        except OSError:
            self._voice.ended.emit(self._file, False)
        else:
            self._voice.ended.emit(self._file, True)
