"""Bundled files are found wherever the program runs from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from setup_wizard import resources
from setup_wizard.resources import ResourceMissing, resource


def test_a_checkout_has_its_resources_beside_the_package():
    found = resource("brands", "default", "brand.toml")

    assert found == Path(resources.__file__).parents[1] / "resources/brands/default/brand.toml"


def test_an_installed_wheel_has_them_inside_the_package(tmp_path, monkeypatch):
    (tmp_path / "_resources").mkdir()
    (tmp_path / "_resources" / "a.svg").touch()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)

    assert resource("a.svg") == tmp_path / "_resources" / "a.svg"


def test_a_frozen_program_has_them_where_it_was_unpacked(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "a.svg").touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert resource("a.svg") == tmp_path / "resources" / "a.svg"


def test_a_missing_file_is_named():
    with pytest.raises(ResourceMissing, match=r"lacks icons/unicorn\.svg"):
        resource("icons", "unicorn.svg")
