"""The work at the backend's door: how one gets in, a code by e-mail, signing in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import assert_never

from setup_wizard.domain.errors import (
    BackendUnreachable,
    CodeExpired,
    CodeRefused,
    SignInExpired,
    SignInNotOffered,
)
from setup_wizard.domain.sign_in import ByAccount, ByCode, ByKey, Proof, Session, SignInWay
from setup_wizard.flow import sign_in_messages as m
from setup_wizard.flow.budgets import ASK_BUDGET, ATTEMPTS, LEAVE_DOOR_BUDGET
from setup_wizard.flow.steps import Stage
from setup_wizard.flow.work import Bench
from setup_wizard.ports import Backend, Cancellation


def at_the_door(work: m.Work, bench: Bench) -> m.Report:
    """Do it, and say what came of it.

    The backend has its time; the key store of this computer has a limit of its own, because its
    system may ask the person for a password meanwhile.
    """
    match work:
        case m.AskWaysIn():
            with bench.within(ASK_BUDGET, BackendUnreachable):
                ways = _ask_ways_in(bench)
            return m.SignInOffered(ways, bench.outside.sessions.load(bench.cancel))
        case m.SendCode():
            with bench.within(ASK_BUDGET, BackendUnreachable):
                return _send_code(work, bench)
        case m.SignIn():
            with bench.within(ASK_BUDGET, BackendUnreachable):
                session = _sign_in(work, bench)
            if not isinstance(work.proof, ByKey):  # the next one there may be another customer's
                bench.outside.sessions.keep(session, bench.cancel)
            return m.SignedIn(session)
        case m.SignOut():
            bench.outside.sessions.forget(bench.cancel)
            with bench.within(LEAVE_DOOR_BUDGET, BackendUnreachable):
                return _sign_out(work, bench)
        case _:
            assert_never(work)


def enter(proof: Proof, backend: Backend, cancel: Cancellation) -> Session:
    """Sign in."""
    match proof:
        case ByCode():
            return backend.sign_in_by_code(proof.customer, proof.code, cancel)
        case ByAccount():
            return backend.sign_in_by_account(proof.id_token, cancel)
        case ByKey():
            return backend.sign_in(proof.customer, proof.installer_key, cancel)
        case _:
            assert_never(proof)


@contextmanager
def forgetting(bench: Bench) -> Iterator[None]:
    """A session that turns out to be over need not be kept until the next time."""
    try:
        yield
    except SignInExpired:
        bench.outside.sessions.forget(bench.cancel)
        raise


def _ask_ways_in(bench: Bench) -> tuple[SignInWay, ...]:
    def ask() -> tuple[SignInWay, ...]:
        return bench.outside.backend.ways_in(bench.cancel)

    ways = bench.stage(Stage.REACH_BACKEND, ask, attempts=ATTEMPTS, budget=ASK_BUDGET)
    if not ways:
        raise SignInNotOffered
    return ways


def _send_code(work: m.SendCode, bench: Bench) -> m.CodeSent:
    backend = bench.outside.backend
    seconds = bench.persist(lambda: backend.send_code(work.customer, bench.cancel))
    return m.CodeSent(work.customer, seconds, bench.cancel.now() + seconds)


def _sign_in(work: m.SignIn, bench: Bench) -> Session:
    proof, backend = work.proof, bench.outside.backend
    # A code is good once: where its answer was lost, trying again by itself says that it is wrong.
    attempts = 1 if isinstance(proof, ByCode) else ATTEMPTS
    try:
        return bench.persist(lambda: enter(proof, backend, bench.cancel), attempts=attempts)
    except CodeRefused as error:
        if work.good_until is not None and bench.cancel.now() > work.good_until:
            raise CodeExpired from error
        raise


def _sign_out(work: m.SignOut, bench: Bench) -> m.SignedOut:
    backend = bench.outside.backend
    backend.resume(work.session.token)
    backend.sign_out(bench.cancel)
    return m.SignedOut()
