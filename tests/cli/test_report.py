"""`report` as a person and a script use it: after a set-up, in another process."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.command import LIMIT, environment, refuses, run
from tests.cli.world import CUSTOMER, HOME, HOME_PASSPHRASE, WRONG_PASSPHRASE, World
from tests.forked import ROOT


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder in which nothing was recorded yet."""
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


def everything(file: Path) -> bytes:
    """All that is in the zip, unpacked, and the zip itself."""
    with zipfile.ZipFile(file) as archive:
        return b"".join([file.read_bytes(), *(archive.read(name) for name in archive.namelist())])


@pytest.mark.usefixtures("state")
def test_a_set_up_that_failed_is_told_with_nothing_secret(world: World, tmp_path: Path) -> None:
    wrong = world.provision("--ssid", HOME, "--json", passphrase=WRONG_PASSPHRASE)
    world.listen()
    right = world.provision("--ssid", HOME, "--name", "Hall", "--json", passphrase=HOME_PASSPHRASE)
    claim_code = world.device()["stored"]["claim_code"]
    file = tmp_path / "report.zip"

    answer = run("report", str(file), "--json")

    assert (wrong.json["result"], right.json["result"]) == ("failed", "success")
    assert answer.status == 0
    assert answer.json == {"report": str(file), "sessions": 2, "bytes": file.stat().st_size}
    found = everything(file)
    for told in ("SW-WRONG-PASSPHRASE", "configure-ap", world.told["photon"]["device_id"]):
        assert told.encode() in found
    hidden = [*world.secrets, HOME, HOME_PASSPHRASE, CUSTOMER, claim_code, "Hall"]
    assert [text for text in hidden if text and text.encode() in found] == []


@pytest.mark.usefixtures("state")
def test_with_nothing_recorded_a_report_is_made_and_it_is_said(tmp_path: Path) -> None:
    answer = run("report", str(tmp_path / "report.zip"))

    assert (answer.status, answer.out) == (0, f"{tmp_path / 'report.zip'}\n")
    assert answer.err == "setup-wizard: no set-up was recorded on this computer yet\n"
    assert b"No set-up was recorded" in everything(tmp_path / "report.zip")


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "letter"
    file.write_text("dear")

    assert "exists already" in refuses(run("report", str(file)))
    assert file.read_text() == "dear"


@pytest.mark.parametrize("place", ["no/report.zip", "file/report.zip"])
def test_a_folder_that_is_not_there_is_said(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    assert "no such folder" in refuses(run("report", str(tmp_path / place)))


def test_a_file_must_be_named() -> None:
    refuses(run("report"))


def test_what_cannot_be_written_is_a_failure_in_one_sentence(tmp_path: Path) -> None:
    file = str(tmp_path / f"{'long' * 100}.zip")

    plain, as_json = run("report", file), run("report", file, "--json")

    assert (plain.status, plain.out, as_json.status) == (1, "", 1)
    assert "cannot be written" in plain.err
    assert len(plain.err.splitlines()) == 1
    assert as_json.json["report"] is None
    assert "cannot be written" in as_json.json["error"]["message"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_an_output_that_is_full_does_not_undo_what_was_done(tmp_path: Path) -> None:
    file = tmp_path / "report.zip"
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "setup_wizard", "report", str(file)],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=ROOT,
            text=True,
            check=False,
            timeout=LIMIT,
        )

    assert (ended.returncode, file.exists()) == (0, True)
    assert "Traceback" not in ended.stderr
    assert "standard output cannot be written" in ended.stderr
