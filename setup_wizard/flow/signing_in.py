"""Who somebody is: the machine's part from the first press to a session, and out again. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from setup_wizard.domain.errors import (
    CodeExpired,
    CodeRefused,
    CodeSpent,
    CodeWrong,
    SignInNeeded,
    TooManyTries,
)
from setup_wizard.domain.sign_in import ByKey, SignInWay
from setup_wizard.flow import sign_in_messages as m
from setup_wizard.flow.moves import Advance, ask, make_ready, prepare, show
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step

DOORS = (Step.SIGN_IN, Step.SIGN_IN_CODE)
_MENDED_WHERE_IT_IS = (CodeRefused, CodeWrong, CodeExpired, CodeSpent, TooManyTries)


def begin(state: State) -> Advance:
    """Get ready for whoever is signed in; find out who it is, where nobody is."""
    known = state.session is not None or state.proof is not None
    return prepare(state) if known or not state.needs_sign_in else make_ready(state, m.AskWaysIn())


def start_over(state: State) -> State:
    """An installer says each time for whom it is; a customer with a session stays who they are."""
    stays = state.session is not None and not isinstance(state.proof, ByKey)
    return replace(state, session=None, proof=None) if state.needs_sign_in and not stays else state


def act(state: State, action: m.Action) -> Advance:
    match action:
        case m.CodeWanted() if state.step in DOORS and not state.working:
            return ask(state, m.SendCode(action.customer), customer=action.customer, proof=None)
        case m.SignInPressed() if state.step in DOORS and not state.working:
            proof = action.proof
            customer = proof.customer if isinstance(proof, ByKey) else state.customer
            return _knock(replace(state, proof=proof, customer=customer))
        case m.SignOutPressed() if state.can_sign_out and state.session is not None:
            session = state.session
            left = State(
                needs_sign_in=True,
                life_test=state.life_test,
                run=state.run,
                sent=state.sent,
                leaving=session,
            )
            return ask(left, m.SignOut(session))
        case _:
            return state, None


def report(state: State, report: m.Report) -> Advance:
    match report:
        case m.SignInOffered():
            offered = replace(state, ways=report.ways, working=False)
            if report.session is not None:
                customer = report.session.customer
                return prepare(replace(offered, session=report.session, customer=customer))
            return show(offered, Step.SIGN_IN), None
        case m.CodeSent():
            return replace(show(state, Step.SIGN_IN_CODE), code=report, working=False), None
        case m.SignedIn():
            # A code is used up, and an account's pass is soon too old; a key serves again.
            at_the_door = state.step in DOORS
            reusable = not at_the_door or isinstance(state.proof, ByKey)
            proof = state.proof if reusable else None
            customer = report.session.customer
            known = replace(state, session=report.session, customer=customer, proof=proof)
            return prepare(replace(known, code=None)) if at_the_door else (known, None)
        case m.SignedOut():
            return replace(state, working=False, leaving=None), None
        case _:
            assert_never(report)


def retry(state: State) -> Advance:
    """Ask once more for what failed."""
    if state.proof is not None:
        return _knock(state)
    if state.customer and (SignInWay.CODE in state.ways or state.step is Step.SIGN_IN_CODE):
        return ask(state, m.SendCode(state.customer))
    return make_ready(state, m.AskWaysIn())


def step_for(step: Step, error: SignInNeeded) -> Step:
    """Where a person can do something about it."""
    return step if step in DOORS and isinstance(error, _MENDED_WHERE_IT_IS) else Step.SIGN_IN


def _knock(state: State) -> Advance:
    if state.proof is None:
        return state, None
    until = state.code.until if state.code and state.step is Step.SIGN_IN_CODE else None
    return ask(state, m.SignIn(state.proof, until))
