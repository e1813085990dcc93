"""Keeps the journal: redacted lines of JSON in the person's state folder, bounded in size.

A file holds one session or a part of it. The oldest files go when there are too many, so neither
a long day at an installer's desk nor a year at home fills a disk.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from setup_wizard import __version__
from setup_wizard.brand import Brand
from setup_wizard.flow import messages as m
from setup_wizard.flow.journal import Kind, Record, Safe, connection, turn
from setup_wizard.flow.state import State

logger = logging.getLogger(__name__)

FILES = 20
FILE_BYTES = 50 * 1024  # with 20 files no more than 1 MiB
SUFFIX = ".jsonl"
SALT_FILE = "salt"
SALT_BYTES = 32
MARK_BYTES = 3  # six digits: 40 networks of a crowded house hardly ever share one
COUNTS = "setup_wizard.softap.transport.counts"
"""The log where the conversation with the device is counted."""


def state_folder() -> Path:
    """Where this person's journal is."""
    from platformdirs import user_state_path

    return user_state_path("setup-wizard", appauthor=False) / "journal"


class FileJournal:
    """Implements `flow.journal.Journal`; nothing touches the disk before the first note."""

    def __init__(
        self,
        brand: Brand,
        *,
        front: str,
        folder: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._brand = brand
        self._front = front
        self._folder = folder
        self._clock = clock
        self._started = clock()
        self._began = datetime.now(UTC)
        self._lock = threading.Lock()
        self._salt = b""
        self._file: Path | None = None
        self._part = 0
        self._size = 0
        self._broken = False
        self._repeats: dict[str, _Repeat] = {}
        self._ear = _Ear(self._count)
        self._ear.listen()

    def note(self, event: m.Event, before: State, after: State, command: m.Command | None) -> None:
        with self._lock:
            for record in turn(event, before, after, command, self._mark):
                self._keep(record)

    def save(self, file: Path) -> None:
        from setup_wizard.report.bundle import save_report

        with self._lock:
            self._write_repeats()
        save_report(file, self._place(), self._brand, replace=True)

    def close(self) -> None:
        self._ear.leave()
        with self._lock:
            self._write_repeats()

    def _count(self, facts: Mapping[str, object]) -> None:
        with self._lock:
            self._keep(connection(facts, self._mark))

    # --- what is kept ---------------------------------------------------------------------------

    def _keep(self, record: Record) -> None:
        """Write it, but of a crowd of the same only the 1st, 2nd, 4th, 8th … and the last."""
        if not record.many:
            self._write_repeats()
            self._write(record, seconds=self._now())
            return
        repeat = self._repeats.setdefault(_sameness(record), _Repeat())
        repeat.record, repeat.seconds = record, self._now()
        repeat.times += 1
        if repeat.is_due:
            self._write(record, seconds=repeat.seconds, times=repeat.times)

    def _write_repeats(self) -> None:
        repeats, self._repeats = self._repeats, {}
        for repeat in repeats.values():
            if repeat.record is not None and not repeat.is_due:
                self._write(repeat.record, seconds=repeat.seconds, times=repeat.times)

    def _write(self, record: Record, *, seconds: float, times: int = 1) -> None:
        self._append(_line(record, seconds=seconds, times=times))

    def _now(self) -> float:
        return round(self._clock() - self._started, 3)

    # --- where it is kept -----------------------------------------------------------------------

    def _append(self, line: bytes) -> None:
        """A disk that is full or read-only ends the journal, and never the set-up."""
        if self._broken:
            return
        try:
            if self._file is None or self._size + len(line) > FILE_BYTES:
                self._file = self._begin_file()
            self._add(self._file, line)
        except OSError as error:
            self._broken = True
            logger.warning("journal=off reason=%s", error.strerror or type(error).__name__)

    def _begin_file(self) -> Path:
        folder = self._place()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(journal_files(folder), key=_written_at)[: -FILES + 1]:
            old.unlink(missing_ok=True)
        self._part += 1
        header: dict[str, Safe] = {
            "at": f"{self._began:%Y-%m-%dT%H:%M:%SZ}",
            "version": __version__,
            "brand": self._brand.folder.name,
            "continued": self._part > 1,
        }
        session = Record(Kind.SESSION, self._front, header)
        name = f"{self._began:%Y%m%dT%H%M%S.%f}-{os.getpid()}-{self._part:03}{SUFFIX}"
        self._size = 0
        self._add(folder / name, _line(session, seconds=self._now()))
        return folder / name

    def _add(self, file: Path, line: bytes) -> None:
        """Opened and closed for each line: what was written is there after a crash."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as opened:
            opened.write(line)
        self._size += len(line)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = state_folder()
        return self._folder

    # --- marks for the names of networks --------------------------------------------------------

    def _mark(self, ssid: bytes) -> str:
        from hashlib import blake2b

        self._salt = self._salt or _salt_in(self._place())
        return blake2b(ssid, key=self._salt, digest_size=MARK_BYTES).hexdigest()


def journal_files(folder: Path) -> list[Path]:
    """By session, in the order in which they began."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def _written_at(file: Path) -> float:
    with suppress(OSError):  # another window may have dropped it meanwhile
        return file.stat().st_mtime
    return 0.0


def _salt_in(folder: Path) -> bytes:
    """Kept beside the journal, so that marks mean the same in all sessions of this computer.

    It is never in a report: without it nobody can try out which name gives a mark.
    """
    file, fresh = folder / SALT_FILE, os.urandom(SALT_BYTES)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(fresh)
        kept = file.read_bytes()
        if len(kept) == SALT_BYTES:
            return kept
    return fresh


@dataclass
class _Repeat:
    """Records that are the same but for their time."""

    record: Record | None = None
    """The newest."""
    seconds: float = 0.0
    times: int = 0

    @property
    def is_due(self) -> bool:
        """Whether the newest of them is written: the 1st, 2nd, 4th, 8th …"""
        return self.times.bit_count() == 1


def _sameness(record: Record) -> str:
    facts = {name: fact for name, fact in record.facts.items() if name != "seconds"}
    return json.dumps((record.kind.value, record.name, facts), sort_keys=True)


def _line(record: Record, *, seconds: float, times: int = 1) -> bytes:
    told = {"t": seconds, "kind": record.kind.value, "name": record.name}
    again = {"times": times} if times > 1 else {}
    return json.dumps({**told, **again, "facts": dict(record.facts)}).encode() + b"\n"


class _Ear(logging.Handler):
    """Hears the counts of each connection, whatever the log's level is, and keeps them off it."""

    def __init__(self, hear: Callable[[Mapping[str, object]], None]) -> None:
        super().__init__()
        self._hear = hear
        self._counts = logging.getLogger(COUNTS)

    def listen(self) -> None:
        self._counts.addHandler(self)
        self._counts.propagate = logging.getLogger().isEnabledFor(logging.DEBUG)
        self._counts.setLevel(logging.DEBUG)

    def leave(self) -> None:
        self._counts.removeHandler(self)
        self._counts.propagate = True
        self._counts.setLevel(logging.NOTSET)

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, Mapping):
            self._hear(record.args)
