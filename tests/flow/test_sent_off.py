"""What was true of a device before it was sent off proves nothing; and a claim code is for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.errors import ProvisionExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import CLAIM_CODE_LIFE
from setup_wizard.flow.steps import Stage, Step
from tests.flow import roads
from tests.flow.fakes import World
from tests.flow.roads import after, failed
from tests.flow.samples import (
    ACCESS_POINT,
    CREDENTIALS,
    DEVICE,
    IDENTITY,
    OTHER_IDENTITY,
    PROVISION,
)

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT)
PREPARED_AGAIN = m.Prepared(replace(PROVISION, claim_code=Secret("another code")), b"Home")


def test_a_set_up_that_was_stopped_half_way_may_have_sent_the_device_off() -> None:
    """Nobody knows whether connect-ap was out: then being owned proves nothing any more."""
    stopped = after(roads.setting_up(), m.StageStarted(Stage.SAVE), m.BackPressed())
    _, again = roads.play(stopped, roads.SET_UP)

    assert isinstance(again, m.SetUp)
    assert again.sent_before


def test_a_device_that_was_sent_off_stays_so_when_others_come_between() -> None:
    back = after(roads.saved(), m.BackPressed(), m.BackPressed(), m.ListeningConfirmed())
    other = after(back, m.DeviceFound(OTHER_IDENTITY), PREPARED_AGAIN, m.ContinuePressed())
    again = after(other, m.ListeningConfirmed(), roads.FOUND, roads.NETWORKS, m.ContinuePressed())
    _, command = roads.play(again, roads.SET_UP)

    assert isinstance(command, m.SetUp)
    assert command.sent_before


def test_a_device_that_was_sent_off_stays_so_when_the_next_is_set_up() -> None:
    pending = after(roads.saved(), m.VerificationPending(), m.SetUpAnotherPressed())
    found = after(pending, roads.PREPARED, m.ContinuePressed(), m.ListeningConfirmed(), roads.FOUND)
    _, command = roads.play(found, roads.NETWORKS, m.ContinuePressed(), roads.SET_UP)

    assert isinstance(command, m.SetUp)
    assert command.sent_before


def test_a_claim_code_is_for_one_device_and_the_next_gets_its_own() -> None:
    back = after(roads.saved(), m.BackPressed(), m.BackPressed(), m.ListeningConfirmed())
    same, scan = roads.play(back, roads.FOUND)
    other, prepare = roads.play(back, m.DeviceFound(OTHER_IDENTITY))

    assert (same.step, scan) == (Step.JOIN, m.ScanNetworks())
    assert (other.step, other.provision, other.identity) == (Step.PREPARE, None, None)
    assert isinstance(prepare, m.Prepare)
    assert after(other, PREPARED_AGAIN).claim_for is None


@pytest.mark.parametrize(("age", "late"), [(CLAIM_CODE_LIFE + 1, True), (60.0, False)])
def test_a_claim_code_that_is_too_old_is_not_stored(age: float, late: bool) -> None:
    world = World()
    world.cloud.listed, world.cloud.answering = (DEVICE,), True
    world.link.on_connect = world.device_goes_for_good

    reports = world.perform(replace(SET_UP, prepared_at=world.clock.now() - age))

    assert isinstance(reports[-1], m.SetupFailed) is late
    assert ("store_claim_code" in world.link.calls) is not late


def test_an_old_provision_is_fetched_anew_and_everything_is_kept() -> None:
    state = after(roads.setting_up(), failed(ProvisionExpired()))
    ready = after(state, m.RetryPressed(), PREPARED_AGAIN)

    assert (state.step, ready.step) == (Step.PREPARE, Step.PREPARE)
    assert ready.provision == PREPARED_AGAIN.provision
