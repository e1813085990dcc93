"""How far the lines of a set-up are, as its work reports them. Pure."""

from __future__ import annotations

from dataclasses import replace

from setup_wizard.flow import messages as m
from setup_wizard.flow.state import StageProgress, State, Status, with_progress


def progress(state: State, line: StageProgress) -> State:
    return replace(
        state,
        checks=with_progress(state.checks, line),
        stages=with_progress(state.stages, line),
    )


def running_for(state: State, budget: float | None) -> State:
    """Whatever runs has so much time from now on."""
    for line in state.stages:
        if line.status is Status.RUNNING:
            state = progress(state, replace(line, budget=budget))
    return state


def attempts_of(state: State, report: m.StageDone | m.StageUnproved) -> int:
    return next((s.attempts for s in (*state.checks, *state.stages) if s.stage is report.stage), 1)


def failed_stage(state: State, seconds: float) -> State:
    """Whatever was running when the failure came is what failed."""
    for line in (*state.checks, *state.stages):
        if line.status is Status.RUNNING:
            state = progress(
                state, replace(line, status=Status.FAILED, seconds=seconds, budget=None)
            )
    return state
