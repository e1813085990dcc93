"""Nothing takes longer than what a person was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from setup_wizard.domain.errors import (
    BackendUnreachable,
    Cancelled,
    CloudUnreachable,
    DeviceSilent,
    SetupError,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import (
    ANSWER_BUDGET,
    ASK_BUDGET,
    EVIDENCE_BUDGET,
    EVIDENCE_PAUSE,
    RECORD_BUDGET,
    REJOIN_BUDGET,
    SAVE_BUDGET,
    Within,
)
from setup_wizard.flow.steps import SETUP, Stage
from setup_wizard.ports import Cancellation
from tests.flow.clock import Clock
from tests.flow.fakes import JOINING, World, failure
from tests.flow.samples import ACCESS_POINT, BY_KEY, CREDENTIALS, DEVICE, IDENTITY, PROVISION

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp")
FOR_EVER = 3000.0  # seconds; short of what the clock takes for no limit at all


@pytest.fixture
def world() -> World:
    return World()


def crawling(error: Callable[[], SetupError]) -> Callable[..., None]:
    """A call of a port that takes for ever, as long as nobody stops it."""

    def act(*arguments: Any) -> None:
        cancel: Cancellation = arguments[-1]
        for _ in range(int(FOR_EVER)):
            cancel.wait(1.0)
        raise error()

    return act


# --- the clock that runs out ----------------------------------------------------------------


def test_in_time_nothing_is_different() -> None:
    clock = Clock()
    within = Within(clock, 10.0, CloudUnreachable)

    within.wait(9.0)
    within.check()

    assert (clock.waits, within.now()) == ([9.0], 9.0)


def test_a_wait_ends_when_the_time_is_over() -> None:
    clock = Clock()

    with pytest.raises(CloudUnreachable):
        Within(clock, 10.0, CloudUnreachable).wait(60.0)

    assert clock.time == 10.0


def test_the_person_comes_first() -> None:
    clock = Clock()
    within = Within(clock, 0.0, CloudUnreachable)
    clock.cancelled = True

    with pytest.raises(Cancelled):
        within.check()


# --- the stages -----------------------------------------------------------------------------


def budgets(reports: list[m.Report]) -> dict[Stage, float | None]:
    return {r.stage: r.budget for r in reports if isinstance(r, m.StageStarted)}


def test_each_stage_of_a_set_up_says_how_long_it_may_take(world: World) -> None:
    told = budgets(world.perform(SET_UP))

    assert set(told) == set(SETUP)
    assert told[Stage.SAVE] == SAVE_BUDGET
    assert told[Stage.JOIN_NETWORK] == EVIDENCE_BUDGET
    left = told[Stage.GO_ONLINE]
    assert left is not None
    assert EVIDENCE_BUDGET - JOINING - 3 * EVIDENCE_PAUSE <= left <= EVIDENCE_BUDGET - JOINING
    assert told[Stage.MAKE_YOURS] == RECORD_BUDGET


def test_what_is_tried_again_has_only_what_is_left(world: World) -> None:
    world.backend.fail("record", BackendUnreachable())

    reports = world.perform(SET_UP)

    again = [r for r in reports if isinstance(r, m.StageStarted) and r.stage is Stage.MAKE_YOURS]
    assert [r.budget for r in again] == [RECORD_BUDGET, RECORD_BUDGET - 1.0]


@pytest.mark.parametrize("command", ["store_claim_code", "store_network", "connect"])
def test_a_device_that_crawls_is_given_up_in_time(world: World, command: str) -> None:
    setattr(world.link, command, crawling(lambda: DeviceSilent(command=command)))

    assert isinstance(failure(world.perform(SET_UP)), DeviceSilent)
    assert world.clock.time == SAVE_BUDGET


@pytest.mark.parametrize("call", ["devices", "ping"])
def test_a_cloud_that_crawls_is_no_reason_to_go_beyond_the_budget(world: World, call: str) -> None:
    setattr(world.cloud, call, crawling(CloudUnreachable))

    world.perform(SET_UP)

    assert world.clock.time <= EVIDENCE_BUDGET + 2 * EVIDENCE_PAUSE


def test_a_device_that_is_found_at_the_last_moment_may_still_answer(world: World) -> None:
    world.link.on_connect = world.device_goes_for_good
    world.clock.at(EVIDENCE_BUDGET - 1, lambda: setattr(world.cloud, "listed", (DEVICE,)))
    world.clock.at(EVIDENCE_BUDGET + 10, lambda: setattr(world.cloud, "answering", True))

    reports = world.perform(SET_UP)

    assert budgets(reports)[Stage.GO_ONLINE] == ANSWER_BUDGET
    assert Stage.GO_ONLINE in {r.stage for r in reports if isinstance(r, m.StageDone)}


@pytest.mark.parametrize("call", ["rename", "record"])
def test_writing_it_down_is_given_up_in_time(world: World, call: str) -> None:
    port = world.cloud if call == "rename" else world.backend
    setattr(port, call, crawling(BackendUnreachable))

    assert isinstance(failure(world.perform(SET_UP)), BackendUnreachable)
    assert world.clock.time <= JOINING + RECORD_BUDGET + 3 * EVIDENCE_PAUSE


@pytest.mark.parametrize("call", ["reach", "sign_in", "provision"])
def test_a_backend_that_crawls_is_given_up_in_time(world: World, call: str) -> None:
    setattr(world.backend, call, crawling(BackendUnreachable))

    reports = world.perform(m.Prepare(proof=BY_KEY))

    assert isinstance(failure(reports), BackendUnreachable)
    assert world.clock.time == ASK_BUDGET
    assert budgets(reports)[Stage.REACH_BACKEND] == ASK_BUDGET


def test_a_whole_set_up_has_a_budget_and_keeps_it(world: World) -> None:
    """The slowest one that is not given up earlier: each stage ends just in time."""
    slow = world.link.store_network

    def store_network(*arguments: Any) -> None:
        world.clock.pass_time(SAVE_BUDGET - 20)
        slow(*arguments)

    world.link.store_network = store_network  # type: ignore[assignment, method-assign]
    world.link.on_connect = world.device_goes_for_good
    world.clock.at(
        SAVE_BUDGET + EVIDENCE_BUDGET - 25, lambda: setattr(world.cloud, "listed", (DEVICE,))
    )
    world.backend.record = crawling(BackendUnreachable)  # type: ignore[method-assign]

    assert isinstance(failure(world.perform(SET_UP)), BackendUnreachable)
    whole = SAVE_BUDGET + EVIDENCE_BUDGET + ANSWER_BUDGET + RECORD_BUDGET
    assert whole - 90 <= world.clock.time <= whole


# --- waiting for a person -------------------------------------------------------------------


def test_whoever_has_to_join_again_is_told_how_long_is_waited(world: World) -> None:
    world.link.answering = None
    world.clock.at(250.0, world.device_comes_back)

    reports = world.perform(SET_UP)

    assert m.JoinNeeded(REJOIN_BUDGET) in reports
    assert m.Rejoined(SAVE_BUDGET) in reports
    assert isinstance(reports[-1], m.SetupSucceeded)  # the person's time is not the device's
