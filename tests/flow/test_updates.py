"""A device that renews its firmware is silent for minutes, and is never called failed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import (
    ANSWER_BUDGET,
    EVIDENCE_BUDGET,
    EVIDENCE_PAUSE,
    UPDATE_BUDGET,
    UPDATE_SILENCE,
)
from setup_wizard.flow.steps import SETUP, Stage, Step
from setup_wizard.flow.updates import FLASH, SAFE_MODE_UPDATER, STATUS, updating_after
from tests.flow import roads
from tests.flow.fakes import World, stages, success
from tests.flow.roads import after, done
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    CREDENTIALS,
    DEVICE,
    DEVICE_ID,
    IDENTITY,
    OWNED_PROVISION,
    PASSPHRASE,
    PROVISION,
)

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT)
OWNED = replace(SET_UP, provision=OWNED_PROVISION)
LONG = 240.0  # seconds of an update that is slow


def told(name: str, data: str | None) -> DeviceEvent:
    return DeviceEvent(name, data, "2026-01-01T00:00:00Z", str(DEVICE_ID))


@pytest.mark.parametrize(
    ("name", "data", "before", "then"),
    [
        (FLASH, "started", False, True),
        (STATUS, "auto-update", False, True),
        (SAFE_MODE_UPDATER, "…", False, True),
        (FLASH, "failed", True, False),
        (FLASH, "success", True, True),  # it restarts now
        (STATUS, "offline", True, True),
        (STATUS, "online", True, False),
        (STATUS, "online", False, False),
        ("temperature", "started", False, False),
        ("temperature", "online", True, True),
    ],
)
def test_what_the_cloud_tells_of_an_update(
    name: str, data: str | None, before: bool, then: bool
) -> None:
    assert updating_after(told(name, data), updating=before) is then


# --- the work -------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    """Its device is owned after 10 s, and updates itself at once instead of answering."""
    world = World()
    world.link.on_connect = lambda: leaves_and_updates(world)
    return world


def leaves_and_updates(world: World) -> None:
    world.device_goes_for_good()
    world.clock.at(10.0, lambda: setattr(world.cloud, "listed", (DEVICE,)))
    world.clock.at(10.0, lambda: world.cloud.tells(FLASH, "started"))


def is_back(world: World) -> Callable[[], None]:
    def act() -> None:
        world.cloud.tells(STATUS, "online")
        world.cloud.answering = True

    return act


def test_a_long_update_is_waited_for_and_ends_well(world: World) -> None:
    world.clock.at(EVIDENCE_BUDGET + LONG, is_back(world))

    reports = world.perform(SET_UP)

    assert success(reports) == replace(DEVICE, online=True)
    assert m.DeviceUpdating(UPDATE_BUDGET) in reports
    assert any(isinstance(report, m.DeviceUpdated) for report in reports)
    assert "go_online ok" in stages(reports)
    assert world.clock.time >= EVIDENCE_BUDGET + LONG


def test_what_answers_in_the_middle_of_an_update_is_not_done_yet(world: World) -> None:
    world.clock.at(11.0, lambda: setattr(world.cloud, "answering", True))
    for second in range(20, 80, 10):
        world.clock.at(second, lambda: world.cloud.tells("spark/device/ota", None))
    world.clock.at(80.0, is_back(world))

    assert success(world.perform(SET_UP)).online
    assert world.clock.time >= 80.0


def test_an_update_that_fails_leaves_a_device_that_answers(world: World) -> None:
    world.clock.at(30.0, lambda: world.cloud.tells(FLASH, "failed"))
    world.clock.at(35.0, lambda: setattr(world.cloud, "answering", True))

    assert success(world.perform(SET_UP)).online
    assert world.clock.time <= 35.0 + 3 * EVIDENCE_PAUSE


def test_an_end_of_the_update_that_nobody_heard_of_is_found_all_the_same(world: World) -> None:
    world.clock.at(40.0, lambda: setattr(world.cloud, "answering", True))

    assert success(world.perform(SET_UP)).online
    assert world.clock.time <= 10.0 + UPDATE_SILENCE + 3 * EVIDENCE_PAUSE


def test_an_update_without_an_end_is_a_success_that_says_so(world: World) -> None:
    reports = world.perform(SET_UP)

    assert success(reports) == replace(DEVICE, online=False)
    assert UPDATE_BUDGET <= world.clock.time <= UPDATE_BUDGET + 10.0 + 3 * EVIDENCE_PAUSE


def test_a_device_that_is_back_has_a_moment_to_answer(world: World) -> None:
    world.clock.at(UPDATE_BUDGET, lambda: world.cloud.tells(STATUS, "online"))
    late = UPDATE_BUDGET + ANSWER_BUDGET - 5
    world.clock.at(late, lambda: setattr(world.cloud, "answering", True))

    assert success(world.perform(SET_UP)).online


def test_nobody_listens_any_longer_than_needed(world: World) -> None:
    world.clock.at(20.0, is_back(world))
    world.perform(SET_UP)

    assert world.cloud.ear is not None
    assert world.cloud.ear.closed


# --- evidence newer than the departure ------------------------------------------------------


def test_a_live_event_is_a_sign_of_a_device_that_was_owned_before() -> None:
    world = World()
    world.cloud.listed = (DEVICE,)
    world.link.on_connect = world.device_goes_for_good
    world.clock.at(20.0, lambda: world.cloud.tells(STATUS, "online"))

    reports = world.perform(OWNED)

    assert "join_network ok" in stages(reports)
    assert "go_online unproved" in stages(reports)


@pytest.mark.parametrize("name", ["spark/status", "spark/device/last_reset"])
def test_other_events_are_none(name: str) -> None:
    world = World()
    world.cloud.listed = (DEVICE,)
    world.link.on_connect = world.device_goes_for_good
    world.clock.at(20.0, lambda: world.cloud.tells(name, "offline"))

    assert world.perform(OWNED)[-1] == m.VerificationPending()


def test_being_owned_since_an_earlier_departure_proves_nothing() -> None:
    world = World()
    world.cloud.listed = (replace(DEVICE, online=True),)
    world.link.on_connect = world.device_goes_for_good

    assert world.perform(replace(SET_UP, sent_before=True))[-1] == m.VerificationPending()


def test_the_machine_knows_that_a_device_was_sent_off_before() -> None:
    _, first = roads.play(roads.choosing(), roads.SET_UP)
    assert isinstance(first, m.SetUp)
    assert not first.sent_before

    _, second = roads.play(roads.wrong_passphrase(), m.SendAgainPressed(PASSPHRASE))
    assert isinstance(second, m.SetUp)
    assert second.sent_before

    pending = after(roads.saved(), m.VerificationPending())
    _, looking = roads.play(pending, m.RetryPressed())
    assert isinstance(looking, m.Verify)
    assert not looking.sent_before


def test_a_device_that_loops_in_updates_comes_to_an_end(world: World) -> None:
    for minute in range(1, 120):
        data = "started" if minute % 2 else "failed"
        world.clock.at(60.0 * minute, partial(world.cloud.tells, FLASH, data))

    world.perform(SET_UP)

    assert world.clock.time < EVIDENCE_BUDGET + UPDATE_BUDGET + 120


def test_an_update_whose_end_nobody_heard_is_over_when_the_device_answers() -> None:
    online = m.SetupSucceeded(replace(DEVICE, online=True), ACCESS)
    state = after(roads.saved(), m.DeviceUpdating(600.0), *done(*SETUP[1:]), online)

    assert not state.updating


# --- what is shown --------------------------------------------------------------------------


def test_an_update_is_a_state_of_the_stage_that_runs() -> None:
    state = after(
        roads.saved(), m.StageStarted(Stage.GO_ONLINE, budget=100.0), m.DeviceUpdating(600.0)
    )
    line = next(line for line in state.stages if line.stage is Stage.GO_ONLINE)
    assert (state.updating, line.budget) == (True, 600.0)

    state = after(state, m.DeviceUpdated(20.0))

    assert not state.updating


def test_the_done_page_is_told_of_an_update_as_well() -> None:
    state = after(roads.finished(), m.DeviceSpoke((told(FLASH, "started"),)))
    assert (state.step, state.updating) == (Step.DONE, True)

    assert not after(state, m.DeviceSpoke((told(STATUS, "online"),))).updating
