"""What became of a set-up: one JSON object for programs, a few lines for people."""

from __future__ import annotations

import json
from typing import Any

from setup_wizard.cli import failure
from setup_wizard.cli.output import say
from setup_wizard.domain.errors import (
    SetupError,
)
from setup_wizard.flow.life import told
from setup_wizard.flow.state import State, Status
from setup_wizard.flow.steps import Stage, Step
from setup_wizard.words import Words


def result_of(state: State, words: Words, *, timed_out: bool, stopped: bool) -> dict[str, Any]:
    stages = [
        {
            "stage": line.stage.value,
            "state": line.status.value,
            "attempts": line.attempts,
            "seconds": line.seconds,
        }
        for line in (*state.checks, *state.stages)
        if line.status is not Status.WAITING
    ]
    result, error = "failed", None
    if state.step is Step.DONE and state.device:
        result = "success" if state.device.online else "success_offline"
    elif state.step is Step.STILL_CHECKING or (timed_out and state.saved and not state.error):
        result = "success_unverified"
    elif state.error and _is_owned(state):
        # Only what comes after failed, such as the record: no reason to set it up again.
        result, error = "success_unverified", _failure(state.error, state, words)
    elif timed_out:
        error = _error("SW-TIMEOUT", state, words)
        if all(line.status is Status.WAITING for line in state.stages):
            error["advice"] = "Allow more time. Nothing was sent to the device yet."
    elif stopped:
        result, error = "cancelled", _error("SW-CANCELLED", state, words)
    else:
        error = _failure(state.error, state, words)
    return {
        "result": result,
        "device_id": str(state.identity.device_id) if state.identity else None,
        "name": state.name or None,
        "stages": stages,
        "updating": state.updating,
        "proof": told(state.life),
        "error": error,
    }


def _is_owned(state: State) -> bool:
    """Whether there was evidence that the device joined as the customer's."""
    return any(
        line.stage is Stage.JOIN_NETWORK and line.status is Status.DONE for line in state.stages
    )


def _error(code: str, state: State, words: Words) -> dict[str, str]:
    return {
        "code": code,
        "message": words(f"{code}.what"),
        "advice": words(f"{code}.do"),
        "step": state.step.value,
    }


def _failure(error: SetupError | None, state: State, words: Words) -> dict[str, str] | None:
    return None if error is None else {**failure.told(error, words), "step": state.step.value}


def print_result(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(result))  # in ASCII: no console or pipe is too old for it
        return
    device = result["name"] or result["device_id"]
    lines = [f"{result['result']}: {device}" if device else result["result"]]
    if error := result["error"]:
        lines += [f"{error['message']} {error['advice']}", f"({error['code']})"]
    say(*lines)
