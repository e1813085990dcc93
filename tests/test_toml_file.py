"""A TOML file is read as editors on any system leave it, and what is no text is said plainly."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path

import pytest

from setup_wizard.toml_file import NotText, read_toml

TEXT = 'name = "Küche"\n'


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_a_mark_at_the_beginning_and_any_line_end_are_no_fault(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "shop.toml"
    file.write_bytes(content)

    assert read_toml(file) == {"name": "Küche"}


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-16"),
        TEXT.encode("latin-1"),
        'name = "kitchen"'.encode("utf-16-le"),
        b"\x7fELF\x02\x01\x00\x00",
    ],
)
def test_what_is_not_utf_8_is_one_plain_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_bytes(content)

    with pytest.raises(NotText) as refused:
        read_toml(file)

    assert str(refused.value) == "this is not text in UTF-8; save it as that"
    assert refused.value.__cause__ is None


def test_text_that_is_not_toml_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("name = ")

    with pytest.raises(tomllib.TOMLDecodeError):
        read_toml(file)
