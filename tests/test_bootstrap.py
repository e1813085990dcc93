"""What is put together: a brand whose sentences can all be said, and ports as settings ask."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from setup_wizard.bootstrap import open_brand, open_outside
from setup_wizard.brand import bundled_brands
from setup_wizard.domain.secret import Secret
from setup_wizard.resources import resource
from setup_wizard.settings import Settings, SettingsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource("brands", "default"), tmp_path / "mine"))


def change(folder: Path, pattern: str, replacement: str) -> None:
    file = folder / "brand.toml"
    text, times = re.subn(pattern, lambda _: replacement, file.read_text("utf-8"), count=1)
    assert times == 1
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("name", bundled_brands())
def test_every_bundled_brand_can_say_all_its_sentences(name: str) -> None:
    brand, words = open_brand(name)

    assert brand.device.name in words("welcome.headline") or brand.words


@pytest.mark.parametrize(
    ("sentence", "complaint"),
    [
        ("Say hello to your {devise}", "nobody knows {devise} here"),
        ("Say {hello to your", "welcome.headline"),
    ],
)
def test_a_slip_in_a_sentence_is_found_when_the_brand_is_opened(
    folder: Path, sentence: str, complaint: str
) -> None:
    with (folder / "brand.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[words]\n"welcome.headline" = "{sentence}"\n')

    with pytest.raises(SettingsError, match=re.escape(complaint)):
        open_brand(str(folder))


def test_a_sentence_that_nobody_says_is_refused(folder: Path) -> None:
    with (folder / "brand.toml").open("a", encoding="utf-8") as file:
        file.write('\n[words]\n"welcome.headlin" = "Hello"\n')

    with pytest.raises(SettingsError, match=r"welcome\.headlin: there is no such sentence"):
        open_brand(str(folder))


def test_a_slip_in_a_test_of_the_product_is_found_too(folder: Path) -> None:
    change(folder, r"The light of \{device\} turns on", "The light of {the} turns on")

    with pytest.raises(SettingsError, match=re.escape("nobody knows {the} here")):
        open_brand(str(folder))


def test_a_brand_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        open_brand(str(tmp_path / "nowhere"))


def test_without_a_backend_or_a_token_nothing_opens() -> None:
    with pytest.raises(SettingsError, match="no backend is set"):
        open_outside(Settings())


def test_an_address_that_is_none_is_a_sentence() -> None:
    settings = Settings(
        backend_url="http://127.0.0.1:9", installer_key=Secret("key"), device="ftp://x"
    )

    with pytest.raises(SettingsError, match="--device"):
        open_outside(settings)
