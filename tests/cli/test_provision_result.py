"""What a script is told, from the state in which the journey ended."""

from __future__ import annotations

from typing import Any

import pytest

from setup_wizard.bootstrap import open_brand
from setup_wizard.cli.provision import EXIT
from setup_wizard.cli.result import print_result, result_of
from setup_wizard.domain.errors import BackendUnreachable, DeviceSilent
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Stage
from tests.flow import roads
from tests.flow.roads import after, done, failed


def result(state: State, *, timed_out: bool = False, stopped: bool = False) -> dict[str, Any]:
    _, words = open_brand("default")
    return result_of(state, words, timed_out=timed_out, stopped=stopped or timed_out)


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


ONLINE = (Stage.SAVE, Stage.JOIN_NETWORK, Stage.GO_ONLINE)
RECORDING = (*done(*ONLINE), m.StageStarted(Stage.MAKE_YOURS))
UNRECORDED = after(roads.setting_up(), *RECORDING, failed(BackendUnreachable()))


@pytest.mark.parametrize("timed_out", [False, True])
def test_a_device_that_is_owned_and_not_recorded_is_not_to_be_set_up_again(timed_out: bool) -> None:
    told = result(UNRECORDED, timed_out=timed_out)

    assert (told["result"], EXIT[told["result"]]) == ("success_unverified", 3)
    assert told["error"]["code"] == "SW-BACKEND-DOWN"
    assert told["stages"][-1]["state"] == "failed"


def test_an_error_before_it_is_owned_is_a_failure() -> None:
    joining = after(roads.saved(), m.StageStarted(Stage.JOIN_NETWORK))

    assert result(after(joining, failed(BackendUnreachable())))["result"] == "failed"


@pytest.mark.parametrize("stages", [(Stage.SAVE,), ONLINE])
def test_a_person_who_stops_after_saving_has_cancelled(stages: tuple[Stage, ...]) -> None:
    told = result(after(roads.setting_up(), *done(*stages)), stopped=True)

    assert (told["result"], EXIT[told["result"]]) == ("cancelled", 130)
    assert told["error"]["code"] == "SW-CANCELLED"


SAVING = after(roads.setting_up(), m.StageStarted(Stage.SAVE))


@pytest.mark.parametrize(("state", "sent"), [(roads.prepared(), False), (SAVING, True)])
def test_a_device_is_called_half_set_up_only_once_something_was_sent(
    state: State, sent: bool
) -> None:
    advice = result(state, timed_out=True)["error"]["advice"]

    assert ("half set up" in advice) == sent
    assert ("Nothing was sent" in advice) != sent


def test_what_failed_before_there_was_a_device_does_not_speak_of_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = result(after(State(), m.StartPressed(), failed(BackendUnreachable())))

    print_result(told, as_json=False)

    assert capsys.readouterr().out.splitlines()[0] == "failed"
