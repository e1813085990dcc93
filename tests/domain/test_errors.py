"""Every failure has a code of its own, and names facts, never secrets."""

from __future__ import annotations

import re

import pytest

from setup_wizard.domain import errors
from setup_wizard.domain.errors import Cancelled, CloudBusy, SetupError, WrongPassphrase
from tests.failures import leaves

FAMILIES = {
    errors.ChoiceError,
    errors.DeviceError,
    errors.JoinError,
    errors.BackendError,
    errors.CloudError,
    errors.ComputerError,
}


def test_the_families_are_those_of_the_module_docstring() -> None:
    named = set(re.findall(r"[├└]─ (\w+)", errors.__doc__ or ""))

    assert named == {family.__name__ for family in FAMILIES}
    assert {kind for kind in SetupError.__subclasses__() if kind in FAMILIES} == FAMILIES


@pytest.mark.parametrize("leaf", leaves())
def test_a_failure_belongs_to_a_family_and_has_a_short_code(leaf: type[SetupError]) -> None:
    assert any(issubclass(leaf, family) for family in FAMILIES)
    assert re.fullmatch(r"SW(-[A-Z]+)+", leaf.code)
    assert len(leaf.code) <= 24


def test_no_two_failures_share_a_code() -> None:
    codes = [leaf.code for leaf in leaves()]

    assert len(codes) == len(set(codes))


def test_a_failure_reads_as_its_code_and_facts() -> None:
    assert str(WrongPassphrase(network="Home")) == "SW-WRONG-PASSPHRASE network=Home"
    assert str(CloudBusy()) == "SW-CLOUD-BUSY"


def test_its_facts_are_kept_for_the_sentence() -> None:
    assert CloudBusy(seconds=30).parameters == {"seconds": 30}


def test_what_asks_for_time_is_not_tried_again_at_once() -> None:
    assert not CloudBusy.retryable
    assert not errors.BackendBusy.retryable


def test_only_what_passes_by_itself_is_tried_again() -> None:
    assert {leaf.__name__ for leaf in leaves() if leaf.retryable} == {
        "DeviceSilent",
        "DeviceVanished",
        "DeviceGarbled",
        "BackendUnreachable",
        "BackendUntrusted",
        "AccountsUnreachable",
        "BackendBroken",
        "CloudUnreachable",
        "CloudUntrusted",
        "CloudBroken",
    }


def test_a_wish_to_stop_is_not_a_failure() -> None:
    assert not issubclass(Cancelled, SetupError)
