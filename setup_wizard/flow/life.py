"""The maker's own test on the last page: when it begins, and what it comes to. Pure.

Whatever becomes of it, the set-up is done.
"""

from __future__ import annotations

from dataclasses import replace

from setup_wizard.domain.life import (
    EventTest,
    FunctionTest,
    LifeDue,
    LifeFailed,
    LifePassed,
    LifeProof,
    LifeWaiting,
)
from setup_wizard.flow import life_messages as m
from setup_wizard.flow.messages import DeviceSpoke
from setup_wizard.flow.moves import Advance
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step


def due(state: State) -> LifeProof | None:
    """To be begun, from the beginning: unless it is over, or there is none."""
    if state.life_test is None or isinstance(state.life, LifePassed | LifeFailed):
        return state.life
    return LifeDue(state.life_test)


def begin(state: State) -> Advance:
    """Once, as soon as the device is there to be tested."""
    waits = isinstance(state.life, LifeDue) and not state.life.asked
    there = state.device is not None and (state.device.online or bool(state.spoken))
    return _ask(state) if waits and there and not state.updating else (state, None)


def act(state: State, _action: m.Action) -> Advance:
    """Try again, when it did not pass."""
    return _ask(state) if isinstance(state.life, LifeFailed) else (state, None)


def _ask(state: State) -> Advance:
    if state.step is not Step.DONE or not (state.provision and state.device and state.life_test):
        return state, None
    test = state.life_test
    asked = replace(state, life=LifeDue(test, asked=True))
    return asked, m.TestLife(state.provision.access, state.device.device_id, test)


def hear(state: State, spoke: DeviceSpoke) -> Advance:
    """The device spoke: that may be what is waited for, or the sign that it is there."""
    match state.life:
        case LifeWaiting(test=EventTest() as test, began=began):
            passing = (event for event in spoke.events if test.is_passed_by(event))
            event = next(passing, None)
            if event is not None:
                seconds = max(0.0, spoke.at - began)
                return replace(state, life=LifePassed(test, seconds, event.data)), None
    return begin(state)


def report(state: State, report: m.Report) -> Advance:
    match report, state.life:
        case m.Listening(), _:
            return begin(state)
        case m.LifeAwaited(at=at, until=until), LifeDue(test=test, asked=True):
            return replace(state, life=LifeWaiting(test, at, until)), None
        case m.LifeAnswered(value=value, at=at), LifeWaiting(test=FunctionTest() as test) as life:
            seconds = at - life.began
            good = value == test.returns
            ended = LifePassed if good else LifeFailed
            return replace(state, life=ended(test, seconds, value)), None
        case m.LifeRefused(error=error, at=at), LifeWaiting(test=test, began=began):
            return replace(state, life=LifeFailed(test, at - began, error=error)), None
        case m.LifeTimeOver(at=at), LifeWaiting(test=test, began=began):
            return replace(state, life=LifeFailed(test, at - began)), None
        case _:
            return state, None


def told(life: LifeProof | None) -> dict[str, object] | None:
    """The record of it, for results in JSON."""
    if life is None:
        return None
    match life.test:
        case EventTest(event=name):
            kind, answer_name = "event", "data"
        case FunctionTest(function=name):
            kind, answer_name = "function", "return_value"
    over = life if isinstance(life, LifePassed | LifeFailed) else None
    error = over.error if isinstance(over, LifeFailed) else None
    return {
        "kind": kind,
        "name": name,
        "passed": isinstance(life, LifePassed),
        "seconds": None if over is None else round(over.seconds, 3),
        answer_name: None if over is None else over.answer,
        "error": None if error is None else error.code,
    }
