"""What the parts of the machine have in common: showing a step, asking for work, stopping it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

from setup_wizard.flow import messages as m
from setup_wizard.flow.life_messages import TestLife
from setup_wizard.flow.state import State, waiting
from setup_wizard.flow.steps import PREPARATION, Step

Advance: TypeAlias = tuple[State, m.Command | None]


def show(state: State, step: Step) -> State:
    return replace(state, step=step, error=None)


def ask(state: State, work: m.Work, *, keep_run: bool = False, **changes: Any) -> Advance:
    """Ask for work. It replaces whatever ran, unless it may run beside it."""
    run = state.run if keep_run else state.run + 1
    working = not isinstance(work, m.KeepChecking | m.Watch | m.Rename | TestLife)
    changes = {"reading": None, **changes}
    return replace(state, run=run, working=working, error=None, **changes), work


def stop(state: State) -> Advance:
    """Forget the work: what it still reports does not count."""
    stopped = replace(state, run=state.run + 1, working=False, reading=None, join_needed=False)
    return stopped, m.Stop()


def prepare(state: State) -> Advance:
    proof = state.proof if state.session is None else None
    return make_ready(state, m.Prepare(state.session, proof))


def make_ready(state: State, work: m.Work) -> Advance:
    """On the page where everything before the device is got ready."""
    return ask(show(state, Step.PREPARE), work, checks=waiting(PREPARATION), provision=None)
