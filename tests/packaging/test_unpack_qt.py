"""PySide's own sources, unpacked beside a copy of the library that holds them."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

UNPACK = Path(__file__).resolve().parents[2] / "packaging" / "unpack_qt.py"
CHILD_TIMEOUT = 50  # seconds; it takes less than one
WHERE_FROM = "import shiboken6, sys; print(sys.modules['shibokensupport.feature'].__file__)"


class Site:
    """A folder of packages with nothing but the library in it, as it was installed."""

    def __init__(self, place: Path) -> None:
        original = distribution("shiboken6")
        lists = next(file for file in original.files or () if file.name == "RECORD")
        self.place = place
        self.folder = place / "shiboken6" / "files.dir"
        self.record = place / lists
        for name in ("shiboken6", str(lists.parent)):
            source = str(original.locate_file(name))
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("files.dir"))
        kept = [row for row in self.rows() if "files.dir" not in row[0]]
        with self.record.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(kept)

    def rows(self) -> list[list[str]]:
        return list(csv.reader(self.record.read_text(encoding="utf-8").splitlines()))

    def entered(self) -> list[str]:
        return [row[0] for row in self.rows() if "files.dir" in row[0]]

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(self.place)},
            capture_output=True,
            text=True,
            timeout=CHILD_TIMEOUT,
            check=False,
        )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_the_library_takes_its_sources_from_there_and_not_from_within(site: Site):
    before = site.run("-c", WHERE_FROM).stdout.strip()

    unpacked = site.run(UNPACK)

    assert (unpacked.returncode, unpacked.stdout, unpacked.stderr) == (0, "", "")
    assert not Path(before).exists()
    after = Path(site.run("-c", WHERE_FROM).stdout.strip())
    assert after.is_relative_to(site.folder)
    assert list((after.parent / "__pycache__").glob(f"{after.stem}.*.pyc"))


def test_each_file_is_entered_once_where_pip_looks_for_what_to_remove(site: Site):
    site.run(UNPACK)
    site.run(UNPACK)

    files = [f for f in site.folder.rglob("*") if f.is_file()]
    assert sorted(site.entered()) == sorted(f.relative_to(site.place).as_posix() for f in files)


@pytest.mark.parametrize("optimised", ["-O", "-OO"])
def test_no_file_comes_later_that_pip_would_leave_behind(site: Site, optimised: str):
    site.run(UNPACK)
    entered = site.entered()

    site.run(optimised, "-c", "import shiboken6")

    files = [f for f in site.folder.rglob("*") if f.is_file()]
    assert sorted(entered) == sorted(f.relative_to(site.place).as_posix() for f in files)


def test_files_of_another_version_are_gone(site: Site):
    stale = site.folder / "shibokensupport" / "of_another_version.py"
    stale.parent.mkdir(parents=True)
    stale.touch()

    site.run(UNPACK)

    assert site.folder.exists()
    assert not stale.exists()


def test_what_failed_half_way_leaves_nothing_that_keeps_qt_from_starting(site: Site):
    full_disk = f"import os; os.makedirs({str(site.folder)!r}); raise OSError(28, 'no space')"
    (site.place / "shiboken6" / "__init__.py").write_text(full_disk, encoding="utf-8")

    failed = site.run(UNPACK)

    assert failed.returncode == 1
    assert not site.folder.exists()
    assert site.entered() == []
