"""A stage is reported from its start to its end, and tried again as often as it may be."""

from __future__ import annotations

import pytest

from setup_wizard.domain.errors import (
    BackendBusy,
    BackendUnreachable,
    Cancelled,
    CloudBroken,
    DeviceNotFound,
    SetupError,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import ATTEMPTS, PAUSE
from setup_wizard.flow.steps import Stage
from setup_wizard.flow.work import Bench
from tests.flow.fakes import World, stages


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bench(world: World) -> Bench:
    return Bench(world.outside, world.clock, world.reports.append)


class Act:
    """Fails with these errors, one at a time, then answers."""

    def __init__(self, *errors: SetupError) -> None:
        self.errors = list(errors)

    def __call__(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


def test_a_stage_that_succeeds_is_started_and_done(world: World, bench: Bench) -> None:
    assert bench.stage(Stage.SAVE, Act()) == "answer"

    assert world.reports == [m.StageStarted(Stage.SAVE), m.StageDone(Stage.SAVE, 0.0)]


def test_a_stage_that_proved_nothing_gets_no_tick(world: World, bench: Bench) -> None:
    assert bench.stage(Stage.GO_ONLINE, Act(), proved=lambda answer: answer != "answer") == "answer"

    assert world.reports == [m.StageStarted(Stage.GO_ONLINE), m.StageUnproved(Stage.GO_ONLINE, 0.0)]


def test_what_is_persisted_outside_a_stage_reports_nothing(world: World, bench: Bench) -> None:
    assert bench.persist(Act(*[BackendUnreachable()] * (ATTEMPTS - 1))) == "answer"

    assert world.reports == []
    assert world.clock.waits == [PAUSE] * (ATTEMPTS - 1)


def test_a_stage_says_how_long_it_took_with_all_its_attempts(world: World, bench: Bench) -> None:
    bench.stage(Stage.SAVE, Act(BackendUnreachable(), CloudBroken(status=502)), attempts=3)

    assert stages(world.reports) == ["save", "save 2", "save 3", "save ok"]
    assert world.reports[-1] == m.StageDone(Stage.SAVE, 2 * PAUSE)


def test_what_fails_every_time_fails_with_its_last_error(world: World, bench: Bench) -> None:
    errors = [BackendUnreachable() for _ in range(ATTEMPTS)]

    with pytest.raises(BackendUnreachable) as caught:
        bench.stage(Stage.SAVE, Act(*errors), attempts=ATTEMPTS)

    assert caught.value is errors[-1]
    assert world.clock.waits == [PAUSE] * (ATTEMPTS - 1)


@pytest.mark.parametrize("error", [DeviceNotFound(), BackendBusy(seconds=30)])
def test_what_does_not_pass_by_itself_is_not_tried_again(
    world: World, bench: Bench, error: SetupError
) -> None:
    with pytest.raises(type(error)):
        bench.stage(Stage.SAVE, Act(error), attempts=ATTEMPTS)

    assert stages(world.reports) == ["save"]


def test_a_stage_has_one_attempt_unless_told_otherwise(world: World, bench: Bench) -> None:
    with pytest.raises(BackendUnreachable):
        bench.stage(Stage.SAVE, Act(BackendUnreachable()))

    assert world.clock.waits == []


def test_nothing_is_done_once_the_person_asked_to_stop(world: World, bench: Bench) -> None:
    world.clock.cancelled = True
    acted: list[bool] = []

    with pytest.raises(Cancelled):
        bench.stage(Stage.SAVE, lambda: acted.append(True))

    assert acted == []
    assert world.reports == [m.StageStarted(Stage.SAVE)]


def test_the_person_may_stop_between_attempts(world: World, bench: Bench) -> None:
    world.clock.cancel_at = 2

    with pytest.raises(Cancelled):
        bench.stage(Stage.SAVE, Act(BackendUnreachable()), attempts=ATTEMPTS)

    assert stages(world.reports) == ["save"]


def test_seconds_count_from_the_newest_stage(world: World, bench: Bench) -> None:
    assert bench.stage_seconds(otherwise=-5.0) == 5.0

    world.clock.pass_time(7.0)
    bench.stage(Stage.SAVE, Act())
    world.clock.pass_time(2.0)

    assert bench.stage_seconds(otherwise=0.0) == 2.0
