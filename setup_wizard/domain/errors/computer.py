"""This computer, and this program."""

from __future__ import annotations

from setup_wizard.domain.errors.base import SetupError


class ComputerError(SetupError):
    """This computer."""


class Unexpected(ComputerError):
    """A fault of this program. Parameters: kind (the name of the exception, never its text)."""

    code = "SW-UNEXPECTED"


class NoWifi(ComputerError):
    """This computer has no Wi-Fi, or it is switched off."""

    code = "SW-NO-WIFI"
