"""The journal read back: whole lines only, by session, and fit for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup_wizard.report.keeper import journal_files
from setup_wizard.report.timeline import Entry, page, read, sessions
from tests.flow import roads
from tests.report.samples import count, open_journal, play, sign_in

SESSION = b'{"t": 0, "kind": "session", "name": "test", "facts": {"at": "2026-01-01T00:00:00Z"}}'
MORE = b'{"t": 9, "kind": "session", "name": "test", "facts": {"continued": true}}'
EVENT = b'{"t": 1.5, "kind": "event", "name": "StartPressed", "facts": {}}'


def entries(*lines: bytes) -> list[Entry]:
    return list(read(b"\n".join(lines)))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b'{"t": 1, "kind": "event", "na',
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b'{"t": 1, "kind": "odd", "name": "x", "facts": {}}',
        b'{"t": "1", "kind": "event", "name": "x", "facts": {}}',
        b'{"t": 1, "kind": "event", "name": "x", "facts": []}',
        b'{"t": 1, "kind": "event", "facts": {}}',
    ],
)
def test_a_line_that_was_cut_or_is_none_of_ours_is_left_out(line: bytes) -> None:
    assert [entry.name for entry in entries(SESSION, line, EVENT)] == ["test", "StartPressed"]


def test_what_was_read_is_written_as_it_was() -> None:
    (entry,) = entries(EVENT)

    assert entries(entry.line().encode()) == [entry]


def test_a_session_that_goes_on_in_another_file_is_one_session() -> None:
    found = sessions(entries(SESSION, EVENT, MORE, EVENT, SESSION, EVENT))

    assert [len(each) for each in found] == [4, 2]


def test_a_session_whose_begin_is_gone_is_still_one() -> None:
    found = sessions(entries(MORE, EVENT))

    assert [len(each) for each in found] == [2]
    assert "session 1 of 1" in page(found)


def test_nothing_recorded_is_said() -> None:
    assert page([]) == "No set-up was recorded on this computer yet.\n"


def test_people_read_one_line_for_each_thing_that_happened(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    sign_in(journal)
    play(journal, roads.choosing(), roads.SET_UP)
    journal.close()
    (file,) = journal_files(tmp_path)

    text = page(sessions(read(file.read_bytes())))

    head, first, *_ = text.splitlines()
    assert head.startswith("== session 1 of 1: test at=")
    assert first == (
        "     0.000  event       SignInPressed  proof.customer=<text, 16 bytes> "
        "proof.installer_key=<secret>"
    )
    assert ",4-bytes network.security.kind=wpa2" in text


def test_bytes_and_connections_are_added_up_whatever_was_left_out(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    for times in (5, 1, 3):
        for _ in range(times):
            count()
        sign_in(journal)
    count(sent=100, received=0)
    journal.close()
    (file,) = journal_files(tmp_path)

    text = page(sessions(read(file.read_bytes())))

    assert "10 connections to the device, 199 bytes sent, 4320 received" in text
