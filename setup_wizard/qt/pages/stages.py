"""Stages as lines with ticks, the same on every page that shows them."""

from __future__ import annotations

from collections.abc import Mapping

from setup_wizard.flow.state import StageProgress, Status
from setup_wizard.flow.steps import Stage
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.widgets import StageList, StageRow, StageState, StageWords
from setup_wizard.words import Words

_STATE = {
    Status.WAITING: StageState.WAITING,
    Status.RUNNING: StageState.RUNNING,
    Status.DONE: StageState.DONE,
    Status.FAILED: StageState.FAILED,
    Status.UNPROVED: StageState.WARN,
}


def stage_list(look: Look) -> StageList:
    words = look.words
    spoken = StageWords(
        waiting=words("state.waiting"),
        running=words("state.running"),
        done=words("state.done"),
        failed=words("state.failed"),
        warn=words("state.warn"),
        seconds=words("seconds", seconds="{seconds}"),
        minutes_left=words("left.minutes", minutes="{minutes}"),
        clock_left=words("left.clock", clock="{clock}"),
    )
    stages = StageList(look.theme, spoken)
    stages.setObjectName("stages")
    return stages


def stage_rows(
    progress: tuple[StageProgress, ...],
    labels: Mapping[Stage, str],
    words: Words,
    *,
    updating: bool = False,
) -> tuple[StageRow, ...]:
    """Rows for a StageList: label, state, and a quiet line that says more where there is more."""
    rows = []
    for line in progress:
        note = ""
        if line.status is Status.RUNNING and line.attempts > 1:
            note = words("setting_up.attempt", attempt=line.attempts)
        if line.status is Status.RUNNING and updating:
            note = words("setting_up.updating")
        finished = line.status not in (Status.WAITING, Status.RUNNING)
        rows.append(
            StageRow(
                line.stage,
                labels[line.stage],
                _STATE[line.status],
                note=note,
                seconds=line.seconds if finished else None,
                budget=line.budget,
            )
        )
    return tuple(rows)
