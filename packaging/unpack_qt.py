"""Unpack PySide's own Python sources, in the environment whose Python runs this.

PySide keeps them in a library and compiles them anew at each start, a tenth of the time until the
window stands there. Its switch SBK_EMBED (shiboken6's signature_bootstrap.py) lays them beside the
library, where Python keeps their bytecode.
"""

from __future__ import annotations

import compileall
import csv
import os
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

OWNER = "shiboken6"
FOLDER = "shiboken6/files.dir"  # the library looks here and nowhere else


def main() -> int:
    owner = distribution(OWNER)
    folder = Path(str(owner.locate_file(FOLDER)))
    shutil.rmtree(folder, ignore_errors=True)  # of another version
    unpack = [sys.executable, "-c", f"import {OWNER}"]
    status = subprocess.run(unpack, env={**os.environ, "SBK_EMBED": "0"}, check=False).returncode
    if status != 0:
        shutil.rmtree(folder, ignore_errors=True)  # half of them would keep Qt from starting
    elif folder.exists():
        # For -O and -OO too: bytecode that comes later is in no list of pip's, and a folder with
        # nothing else in it keeps Qt from starting.
        for level in (0, 1, 2):
            compileall.compile_dir(folder, quiet=1, optimize=level)
        record(owner, folder)
    return status


def record(owner: Distribution, folder: Path) -> None:
    """Enter the files where pip looks for what goes with this version: left behind, they would be
    taken for those of the next one."""
    site = Path(str(owner.locate_file("")))
    known = {str(file) for file in owner.files or ()}
    found = sorted(f.relative_to(site).as_posix() for f in folder.rglob("*") if f.is_file())
    rows = [(file, "", "") for file in found if file not in known]
    [lists] = [Path(str(owner.locate_file(f))) for f in owner.files or () if f.name == "RECORD"]
    with lists.open("a", newline="", encoding="utf-8") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
