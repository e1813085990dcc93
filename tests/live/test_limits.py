"""The length of an argument is counted in bytes, and what is allowed depends on the system."""

from __future__ import annotations

import pytest

from setup_wizard.live.limits import argument_length, longest_argument


@pytest.mark.parametrize(
    ("version", "limit"),
    [
        ("0.7.0", 63),
        ("0.8.0", 622),
        ("0.8.0-rc.1", 622),
        ("1.5.2", 622),
        ("2.3.1", 622),
        ("3.0.0", 864),
        ("10.0.0", 864),
        (None, 622),
        ("unknown", 622),
    ],
)
def test_the_system_says_how_long_an_argument_may_be(version: str | None, limit: int) -> None:
    assert longest_argument(version) == limit


def test_letters_with_accents_count_as_devices_count_them() -> None:
    assert argument_length("aü🌡") == 7
