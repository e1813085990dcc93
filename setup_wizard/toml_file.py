"""Reads a TOML file as editors leave it: in UTF-8, with or without a mark at its beginning."""

from __future__ import annotations

import tomllib
from pathlib import Path


class NotText(ValueError):
    """The file is in another encoding, or no text at all; its content is not quoted."""


def read_toml(file: Path) -> dict[str, object]:
    """The file's tables. Raises OSError, NotText or tomllib.TOMLDecodeError."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:  # the cause holds the bytes
        text = "\0"
    if "\0" in text:
        raise NotText("this is not text in UTF-8; save it as that")
    return tomllib.loads(text)
