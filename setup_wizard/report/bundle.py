"""The report for support: one zip with the journal, the versions and how this computer is wired."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from setup_wizard.brand import Brand
from setup_wizard.report.computer import network, versions
from setup_wizard.report.keeper import journal_files
from setup_wizard.report.timeline import page, read, sessions

README = """\
Report of {maker} set-up, written {now:%Y-%m-%d %H:%M} UTC

timeline.txt    what happened in the last set-ups, in seconds since each began
timeline.jsonl  the same for programs, one JSON object a line
versions.json   versions of the program, its libraries and the system
network.json    this computer's network interfaces and its ways to the device and elsewhere

In it are: the steps and stages of each set-up with their times, codes of what went wrong, ids of
devices, sizes in bytes of what went to the device and came back, channels and strengths of
networks.

Not in it are: passwords, keys and sign-ins, e-mail addresses and names, what the device published,
and names of networks. In place of a network's name stands a mark: the same mark is the same
network, and the name cannot be found from it. <text, 14 bytes> stands for a text that was left
out. Hardware addresses are cut to the half that names a maker, public addresses to their first
number.
"""


def save_report(file: Path, journal: Path, brand: Brand, *, replace: bool = False) -> int:
    """Write the report and tell how many sessions are in it. Raises OSError.

    Without `replace` a file that exists is kept, and that is a FileExistsError.
    """
    found = sessions(entry for part in journal_files(journal) for entry in read(_content(part)))
    parts = {
        "README.txt": README.format(maker=brand.maker.name, now=datetime.now(UTC)),
        "timeline.txt": page(found),
        "timeline.jsonl": "".join(f"{entry.line()}\n" for each in found for entry in each),
        "versions.json": json.dumps(versions(brand), indent=2) + "\n",
        "network.json": json.dumps(network(), indent=2) + "\n",
    }
    _write(file, _zipped(parts), replace=replace)
    return len(found)


def _content(part: Path) -> bytes:
    with suppress(OSError):  # another window may have dropped it meanwhile
        return part.read_bytes()
    return b""


def _zipped(parts: dict[str, str]) -> bytes:
    memory = BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            # Not the clock's date: a zip knows none before 1980, where some clocks begin.
            archive.writestr(ZipInfo(name), text.encode(), ZIP_DEFLATED)
    return memory.getvalue()


def _write(file: Path, content: bytes, *, replace: bool) -> None:
    """All of it or nothing: half a report is of no use, and the one before it is of some."""
    written = file.with_name(f"{file.name}.{token_hex(4)}") if replace else file
    opened = written.open("xb")
    try:
        with opened:
            opened.write(content)
        if replace:
            written.replace(file)
    except OSError:
        with suppress(OSError):
            written.unlink()
        raise
