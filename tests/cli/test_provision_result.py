"""What a script is told, from the state in which the journey ended."""

from __future__ import annotations

import pytest

from setup_wizard.bootstrap import open_brand
from setup_wizard.cli.provision import EXIT, _result
from setup_wizard.domain.errors import DeviceSilent
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from tests.flow import roads
from tests.flow.roads import after, failed


def result(state: State, *, timed_out: bool = False) -> dict[str, object]:
    _, words = open_brand("default")
    return _result(state, words, timed_out=timed_out, stopped=timed_out)


@pytest.mark.parametrize(
    ("state", "timed_out", "expected", "status"),
    [
        (roads.finished(), False, "success_offline", 3),
        (roads.still_checking(), False, "success_unverified", 3),
        # Time ran out while the device was joining, or updating: it has all it needs.
        (roads.saved(), True, "success_unverified", 3),
        (after(roads.saved(), m.DeviceUpdating()), True, "success_unverified", 3),
        (roads.setting_up(), True, "failed", 1),
        (after(roads.setting_up(), failed(DeviceSilent(command="set"))), False, "failed", 1),
    ],
)
def test_what_is_stored_and_not_verified_is_never_called_failed(
    state: State, timed_out: bool, expected: str, status: int
) -> None:
    told = result(state, timed_out=timed_out)

    assert told["result"] == expected
    assert EXIT[expected] == status
    assert (told["error"] is None) == (expected != "failed")


def test_a_device_that_was_updating_is_told_so() -> None:
    assert result(after(roads.saved(), m.DeviceUpdating()), timed_out=True)["updating"] is True
    assert result(roads.saved(), timed_out=True)["updating"] is False
