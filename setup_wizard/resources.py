"""The one door to the files that travel with the program: brands, pictures, icons, words."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


class ResourceMissing(FileNotFoundError):
    """A file that should travel with the program is not there."""


def resource(*parts: str) -> Path:
    """The path of a bundled file or folder, in a checkout, a wheel or a frozen program."""
    path = _root().joinpath(*parts)
    if not path.exists():
        raise ResourceMissing(f"this installation lacks {'/'.join(parts)} (looked for {path})")
    return path


def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)  # where PyInstaller unpacks
    if frozen is not None:
        return Path(frozen) / "resources"
    return _beside(_PACKAGE)


@cache
def _beside(package: Path) -> Path:
    """Looked for once: a program does not move while it runs."""
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
