"""The work at the backend's door, with a scripted backend and a clock that leaps."""

from __future__ import annotations

from typing import cast

import pytest

from setup_wizard.domain.errors import (
    BackendUnreachable,
    CodeExpired,
    CodeRefused,
    CodeWrong,
    SetupError,
    SignInExpired,
    SignInNotOffered,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Proof, Session, SignInWay
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.budgets import ASK_BUDGET, ATTEMPTS, LEAVE_DOOR_BUDGET
from setup_wizard.ports import Cancellation
from tests.flow.fakes import World, failure, stages
from tests.flow.samples import BY_ACCOUNT, BY_CODE, BY_KEY, CODE_SENT, CUSTOMER, SESSION

KEPT = Session(Secret("hidden-kept"), CUSTOMER, 60)


@pytest.fixture
def world() -> World:
    return World()


def test_the_ways_in_are_told_with_what_was_kept(world: World) -> None:
    world.sessions.kept = KEPT

    reports = world.perform(door.AskWaysIn())

    assert stages(reports) == ["reach_backend", "reach_backend ok"]
    assert reports[-1] == door.SignInOffered(tuple(SignInWay), KEPT)


def test_a_backend_without_any_way_that_is_known_here(world: World) -> None:
    world.backend.ways = ()

    assert isinstance(failure(world.perform(door.AskWaysIn())), SignInNotOffered)


@pytest.mark.parametrize(
    ("work", "call"),
    [
        (door.AskWaysIn(), "ways_in"),
        (door.SendCode(CUSTOMER), "send_code"),
        (door.SignIn(BY_KEY), "sign_in"),
        (door.SignIn(BY_ACCOUNT), "sign_in"),
    ],
)
def test_a_hiccup_is_tried_again_so_often_and_no_more(
    world: World, work: m.Work, call: str
) -> None:
    world.backend.fail(call, *[BackendUnreachable()] * 100)

    assert isinstance(failure(world.perform(work)), BackendUnreachable)
    assert world.backend.count(call) == ATTEMPTS


def test_a_code_is_offered_once_for_it_may_be_used_up(world: World) -> None:
    world.backend.fail("sign_in", BackendUnreachable())

    assert isinstance(failure(world.perform(door.SignIn(BY_CODE))), BackendUnreachable)
    assert world.backend.count("sign_in") == 1


def test_how_long_a_code_is_good_is_told_on_the_works_own_clock(world: World) -> None:
    world.clock.time = 100.0

    (report,) = world.perform(door.SendCode(CUSTOMER))

    assert report == door.CodeSent(CUSTOMER, CODE_SENT.expires_in, 100.0 + CODE_SENT.expires_in)


@pytest.mark.parametrize(
    ("proof", "kept"), [(BY_CODE, SESSION), (BY_ACCOUNT, SESSION), (BY_KEY, None)]
)
def test_a_customers_session_is_kept_and_an_installers_is_not(
    world: World, proof: Proof, kept: Session | None
) -> None:
    assert world.perform(door.SignIn(proof)) == [door.SignedIn(SESSION)]
    assert world.sessions.kept == kept


@pytest.mark.parametrize(
    ("seconds", "refusal", "said"),
    [
        (599.0, CodeRefused(), CodeRefused),
        (601.0, CodeRefused(), CodeExpired),
        (601.0, CodeWrong(tries=3), CodeWrong),
    ],
)
def test_a_code_that_came_too_late_is_told_apart(
    world: World, seconds: float, refusal: SetupError, said: type[SetupError]
) -> None:
    world.clock.time = seconds
    world.backend.fail("sign_in", refusal)

    assert type(failure(world.perform(door.SignIn(BY_CODE, CODE_SENT.until)))) is said


def test_signing_out_forgets_first_and_then_tells_the_backend(world: World) -> None:
    world.sessions.kept = SESSION
    world.backend.fail("sign_out", BackendUnreachable())

    assert isinstance(failure(world.perform(door.SignOut(SESSION))), BackendUnreachable)
    assert world.backend.resumed == SESSION.token
    assert world.perform(door.SignOut(SESSION))[-1] == door.SignedOut()
    assert world.sessions.kept is None


@pytest.mark.parametrize(
    ("work", "call", "budget"),
    [
        (door.AskWaysIn(), "ways_in", ASK_BUDGET),
        (door.SendCode(CUSTOMER), "send_code", ASK_BUDGET),
        (door.SignIn(BY_ACCOUNT), "sign_in_by_account", ASK_BUDGET),
        (door.SignOut(SESSION), "sign_out", LEAVE_DOOR_BUDGET),
    ],
)
def test_a_backend_that_crawls_is_given_up_in_time(
    world: World, work: m.Work, call: str, budget: float
) -> None:
    def crawl(*arguments: object) -> None:
        cast(Cancellation, arguments[-1]).wait(10 * ASK_BUDGET)

    setattr(world.backend, call, crawl)

    assert isinstance(failure(world.perform(work)), BackendUnreachable)
    assert world.clock.time == budget


def test_an_open_session_is_gone_on_with(world: World) -> None:
    reports = world.perform(m.Prepare(SESSION))

    assert isinstance(reports[-1], m.Prepared)
    assert world.backend.calls == ["reach", "resume", "provision"]
    assert world.backend.resumed == SESSION.token


def test_whoever_signs_in_by_the_way_is_told_of(world: World) -> None:
    assert door.SignedIn(SESSION) in world.perform(m.Prepare(proof=BY_ACCOUNT))
    assert world.sessions.kept is None, "it is not asked for, so it is not kept"


def test_a_kept_session_that_is_over_is_forgotten(world: World) -> None:
    world.sessions.kept = SESSION
    world.backend.fail("provision", SignInExpired())

    assert isinstance(failure(world.perform(m.Prepare(SESSION))), SignInExpired)
    assert world.sessions.kept is None


def slow_store(world: World, call: str) -> None:
    """The system asks the person for the password of its key store, and nobody is there."""
    at_once = getattr(world.sessions, call)

    def slowly(*given: object) -> object:
        cancel = cast(Cancellation, given[-1])
        cancel.wait(ASK_BUDGET + 1.0)
        return at_once(*given)

    setattr(world.sessions, call, slowly)


def test_a_key_store_that_takes_long_uses_no_code_up_for_nothing(world: World) -> None:
    slow_store(world, "keep")

    assert world.perform(door.SignIn(BY_CODE))[-1] == door.SignedIn(SESSION)


def test_a_key_store_that_takes_long_does_not_hide_the_ways_in(world: World) -> None:
    slow_store(world, "load")

    assert isinstance(world.perform(door.AskWaysIn())[-1], door.SignInOffered)


def test_who_signs_out_is_signed_out_at_the_backend_too_in_the_end(world: World) -> None:
    slow_store(world, "forget")

    assert world.perform(door.SignOut(SESSION))[-1] == door.SignedOut()
    assert world.backend.count("sign_out") == 1
