"""What is told of the way to the maker's side before anything is sent there."""

from __future__ import annotations

import pytest

from setup_wizard.cli.access import check_road
from setup_wizard.settings import Settings


def test_a_way_on_which_others_can_read_is_told_and_gone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check_road(Settings(backend_url="http://my_shop:8080"))

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("setup-wizard: http://my_shop:8080 is not encrypted")


def test_nothing_is_told_of_a_way_that_is_safe(capsys: pytest.CaptureFixture[str]) -> None:
    check_road(Settings(backend_url="https://my_shop:8080"))
    check_road(Settings(cloud_url="http://localhost:8080"))

    assert capsys.readouterr().err == ""
