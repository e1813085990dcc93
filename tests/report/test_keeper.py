"""The journal on disk: redacted, bounded, private, there after a crash, and never in the way."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from setup_wizard.report import keeper
from setup_wizard.report.keeper import COUNTS as LOG
from setup_wizard.report.keeper import FILE_BYTES, FILES, FileJournal, journal_files, state_folder
from tests.flow import roads
from tests.flow.samples import ACCESS, DEVICE_ID, HIDDEN, event
from tests.report.samples import Hand, count, lines, open_journal, play, sign_in

CAFE = Network("Café".encode(), Security.WPA2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal"


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def journal(folder: Path, clock: Hand) -> Iterator[FileJournal]:
    made = open_journal(folder, clock)
    yield made
    made.close()


def test_what_happens_is_there_at_once_with_its_time(
    journal: FileJournal, folder: Path, clock: Hand
) -> None:
    clock.time += 1.5
    sign_in(journal)

    session, happened, changed, asked = lines(folder)
    assert (session["kind"], session["name"]) == ("session", "test")
    assert session["facts"].keys() == {"at", "version", "brand", "continued"}
    assert happened == {
        "t": 1.5,
        "kind": "event",
        "name": "SignInPressed",
        "facts": {"proof": {"customer": "<text, 16 bytes>", "installer_key": "<secret>"}},
    }
    assert (changed["kind"], changed["name"]) == ("state", "sign_in")
    assert (asked["kind"], asked["name"]) == ("command", "SignIn")


def test_nothing_touches_the_disk_before_something_happens(
    journal: FileJournal, folder: Path
) -> None:
    assert not folder.exists()
    assert not folder.parent.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there folders of a person are private")
def test_only_this_person_can_read_it(journal: FileJournal, folder: Path) -> None:
    play(journal, roads.choosing(), roads.SET_UP)

    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert keeper.SALT_FILE in modes
    assert folder.stat().st_mode & 0o777 == 0o700


def test_nothing_secret_reaches_the_disk(journal: FileJournal, folder: Path) -> None:
    sign_in(journal)
    play(journal, roads.preparing(), m.Reported(1, roads.PREPARED))
    play(journal, roads.choosing(), roads.SET_UP)

    for file in folder.iterdir():
        assert HIDDEN.encode() not in file.read_bytes(), file.name


# --- connections ----------------------------------------------------------------------------


def test_each_connection_to_the_device_is_counted(journal: FileJournal, folder: Path) -> None:
    count()
    count(command="configure-ap", error="SW-DEVICE-GONE")

    _, first, second = lines(folder)
    assert first["facts"] == {"port": 5609, "sent": 11, "received": 480, "seconds": 0.4}
    assert (second["name"], second["facts"]["error"]) == ("configure-ap", "SW-DEVICE-GONE")


def test_of_a_crowd_of_the_same_some_are_kept_and_the_last(
    journal: FileJournal, folder: Path, clock: Hand
) -> None:
    """A look each second for five minutes, on two ways, is not six hundred lines."""
    for _ in range(300):
        clock.time += 1
        count(command="device-id", seconds=clock.time)
        count(command="device-id", port=80)
    clock.time += 1
    sign_in(journal)

    looks = [line for line in lines(folder) if line["kind"] == "connection"]
    tcp = [(each.get("times", 1), each["t"]) for each in looks if each["facts"]["port"] == 5609]
    assert tcp == [
        *((times, float(times)) for times in (1, 2, 4, 8, 16, 32, 64, 128, 256)),
        (300, 300.0),
    ]
    assert len(looks) == 20


def test_after_something_else_happened_a_crowd_begins_anew(
    journal: FileJournal, folder: Path
) -> None:
    count()
    sign_in(journal)
    count()

    looks = [line for line in lines(folder) if line["kind"] == "connection"]
    assert [each.get("times", 1) for each in looks] == [1, 1]


def test_live_events_are_counted_and_not_told(journal: FileJournal, folder: Path) -> None:
    state = State()
    for number in range(100):
        play(journal, state, m.Reported(0, m.DeviceSpoke((event(number),))))
    journal.close()

    spoken = [line for line in lines(folder) if line["name"] == "DeviceSpoke"]
    assert [each.get("times", 1) for each in spoken] == [1, 2, 4, 8, 16, 32, 64, 100]


def test_counts_stay_off_a_log_that_is_not_chatty(
    journal: FileJournal, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_screen = logging.StreamHandler()
    logging.getLogger().addHandler(to_the_screen)
    count()
    logging.getLogger().removeHandler(to_the_screen)

    assert capfd.readouterr().err == ""


def test_a_journal_that_is_closed_hears_nothing(folder: Path) -> None:
    open_journal(folder).close()
    count()

    assert not folder.exists()
    assert logging.getLogger(LOG).handlers == []
    assert logging.getLogger(LOG).propagate


def test_two_threads_write_whole_lines(journal: FileJournal, folder: Path) -> None:
    def talk(port: int) -> None:
        for number in range(100):
            count(port=port, sent=number)

    threads = [threading.Thread(target=talk, args=(port,)) for port in (80, 5609)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lines(folder)) == 201


# --- bounds ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_long_day_keeps_its_newest_part(journal: FileJournal, folder: Path) -> None:
    watch = m.Watch(ACCESS, DEVICE_ID)
    state = State()
    for number in range(2 * FILE_BYTES * FILES // 250):
        journal.note(m.NamePressed(str(number)), state, state, watch)

    files = journal_files(folder)
    assert len(files) == FILES
    assert sum(file.stat().st_size for file in files) <= FILES * FILE_BYTES
    sessions = [line for line in lines(folder) if line["kind"] == "session"]
    assert len(sessions) == FILES
    assert all(session["facts"]["continued"] for session in sessions)


def test_the_oldest_sessions_go(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(FILES + 5):
        old = folder / f"20200101T0000{number:02}.000000-1-001.jsonl"
        old.write_text("{}\n")
        os.utime(old, (number, number))
    journal = open_journal(folder)
    sign_in(journal)
    journal.close()

    names = [file.name for file in journal_files(folder)]
    assert len(names) == FILES
    assert names[0].startswith("20200101T000006")


def test_a_session_that_is_still_written_to_is_not_the_oldest(folder: Path) -> None:
    """A window that is open all day beside many runs from the command line."""
    window = open_journal(folder)
    for _ in range(FILES + 5):
        sign_in(window)
        other = open_journal(folder)
        sign_in(other)
        other.close()
    window.close()

    first, *_ = lines(folder)
    assert first["kind"] == "session"
    assert len(journal_files(folder)[0].read_text().splitlines()) == 1 + 3 * (FILES + 5)


# --- troubles -------------------------------------------------------------------------------


def test_a_disk_that_cannot_be_written_is_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "no-folder"
    file.touch()
    journal = open_journal(file)
    sign_in(journal)
    play(journal, roads.choosing(), roads.SET_UP)
    journal.close()

    (record,) = caplog.records
    assert record.getMessage().startswith("journal=off reason=")
    assert str(tmp_path) not in record.getMessage()


def test_a_disk_that_gets_full_ends_the_journal_only(
    journal: FileJournal,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sign_in(journal)

    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.open", full)
    sign_in(journal)
    sign_in(journal)

    assert [record.getMessage() for record in caplog.records] == [
        "journal=off reason=No space left on device"
    ]
    assert len(lines(folder)) == 4


# --- marks ----------------------------------------------------------------------------------


def marks(folder: Path) -> list[str]:
    return [
        line["facts"]["network"]["ssid"]["mark"]
        for line in lines(folder)
        if line["name"] == "SetUpPressed"
    ]


def press(journal: FileJournal, network: Network) -> None:
    play(journal, roads.choosing(), m.SetUpPressed(network, Secret("hidden-passphrase")))


def test_a_network_has_one_mark_in_all_sessions_and_others_have_others(folder: Path) -> None:
    first = open_journal(folder)
    press(first, CAFE)
    press(first, Network(b"Home", Security.WPA2))
    first.close()
    second = open_journal(folder)
    press(second, CAFE)
    second.close()

    cafe, home, again = marks(folder)
    assert cafe == again != home


def test_a_mark_means_nothing_on_another_computer(folder: Path, tmp_path: Path) -> None:
    here, there = open_journal(folder), open_journal(tmp_path / "there")
    for each in (here, there):
        press(each, CAFE)
        each.close()

    assert marks(folder) != marks(tmp_path / "there")


def test_marks_need_no_disk(tmp_path: Path) -> None:
    file = tmp_path / "no-folder"
    file.touch()
    journal = open_journal(file)
    journal.close()

    assert journal._mark(b"Home") == journal._mark(b"Home") != journal._mark(b"Cafe")


# --- its place ------------------------------------------------------------------------------


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where Linux keeps states")
def test_it_is_in_the_persons_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert state_folder() == tmp_path / "setup-wizard" / "journal"


@pytest.mark.slow
def test_a_program_that_is_killed_leaves_its_journal(folder: Path) -> None:
    program = (
        "import os, signal, sys, pathlib\n"
        "from tests.report.samples import open_journal, sign_in\n"
        "sign_in(open_journal(pathlib.Path(sys.argv[1])))\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    root = Path(__file__).parents[2]

    ended = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=root, timeout=30)

    assert ended.returncode != 0
    assert [line["kind"] for line in lines(folder)] == ["session", "event", "state", "command"]
