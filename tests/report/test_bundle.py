"""The zip: whole or not there, never over another file unasked, and with nothing secret in it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from setup_wizard.report.bundle import save_report
from tests.flow import roads
from tests.flow.samples import HIDDEN
from tests.report.samples import BRAND, open_journal, play, sign_in

PARTS = {"README.txt", "timeline.txt", "timeline.jsonl", "versions.json", "network.json"}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A folder with two sessions."""
    folder = tmp_path / "journal"
    for _ in range(2):
        made = open_journal(folder)
        sign_in(made)
        play(made, roads.choosing(), roads.SET_UP)
        made.close()
    return folder


def content(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_everything_that_support_needs_is_in_it(journal: Path, tmp_path: Path) -> None:
    count = save_report(tmp_path / "report.zip", journal, BRAND)

    found = content(tmp_path / "report.zip")
    assert count == 2
    assert found.keys() == PARTS
    assert "session 2 of 2" in found["timeline.txt"]
    assert len(found["timeline.jsonl"].splitlines()) == 14
    assert all(json.loads(line) for line in found["timeline.jsonl"].splitlines())
    assert json.loads(found["versions.json"])["program"]
    assert json.loads(found["network.json"])["interfaces"]
    assert all(name in found["README.txt"] for name in PARTS - {"README.txt"})
    assert "Northlight" in found["README.txt"]


def test_nothing_secret_is_in_it_nor_what_the_marks_are_made_with(
    journal: Path, tmp_path: Path
) -> None:
    save_report(tmp_path / "report.zip", journal, BRAND)

    everything = "".join(content(tmp_path / "report.zip").values())
    assert HIDDEN not in everything
    assert "jane@" not in everything
    assert (journal / "salt").read_bytes().hex() not in everything
    assert str(tmp_path) not in everything


def test_with_nothing_recorded_the_rest_is_still_worth_a_report(tmp_path: Path) -> None:
    count = save_report(tmp_path / "report.zip", tmp_path / "none", BRAND)

    found = content(tmp_path / "report.zip")
    assert count == 0
    assert "No set-up was recorded" in found["timeline.txt"]
    assert json.loads(found["network.json"])


def test_another_file_is_never_written_over_unasked(journal: Path, tmp_path: Path) -> None:
    file = tmp_path / "letter.zip"
    file.write_bytes(b"dear")

    with pytest.raises(FileExistsError):
        save_report(file, journal, BRAND)

    assert file.read_bytes() == b"dear"


def test_a_file_that_may_go_is_replaced(journal: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.zip"
    file.write_bytes(b"x" * 100_000)

    save_report(file, journal, BRAND, replace=True)

    assert content(file).keys() == PARTS


@pytest.mark.parametrize("replace", [True, False])
def test_a_folder_that_is_not_there_is_said(journal: Path, tmp_path: Path, replace: bool) -> None:
    with pytest.raises(FileNotFoundError):
        save_report(tmp_path / "no" / "report.zip", journal, BRAND, replace=replace)


def test_a_clock_before_1980_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 0.0)

    save_report(tmp_path / "report.zip", tmp_path / "none", BRAND)

    assert content(tmp_path / "report.zip").keys() == PARTS


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No report can be written to its end."""

    class Full(io.FileIO):
        def write(self, content: object) -> int:
            super().write(b"PK")
            raise OSError(28, "No space left on device")

    usual = Path.open

    def opens(file: Path, mode: str = "r", **options: Any) -> Any:
        return Full(file, mode) if "x" in mode else usual(file, mode, **options)

    monkeypatch.setattr(Path, "open", opens)


@pytest.mark.usefixtures("full_disk")
def test_half_a_report_does_not_stay(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        save_report(tmp_path / "report.zip", tmp_path / "none", BRAND)

    assert not (tmp_path / "report.zip").exists()


@pytest.mark.usefixtures("full_disk")
def test_the_report_before_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "report.zip"
    file.write_bytes(b"the one before")

    with pytest.raises(OSError, match="No space"):
        save_report(file, tmp_path / "none", BRAND, replace=True)

    assert file.read_bytes() == b"the one before"
    assert list(tmp_path.iterdir()) == [file]


def test_the_journal_saves_over_a_file_that_its_person_chose(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal")
    sign_in(journal)
    file = tmp_path / "report.zip"
    file.touch()

    journal.save(file)
    journal.close()

    assert "SignInPressed" in content(file)["timeline.txt"]
