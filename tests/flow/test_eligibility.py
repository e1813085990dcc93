"""A device that the customer cannot have is told no secret, where there is a way to ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    BackendUnreachable,
    CloudBusy,
    DeviceNotInProduct,
    DeviceOfSomebodyElse,
    SetupError,
    SignInExpired,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import MAY_BUDGET
from setup_wizard.ports import Cancellation
from tests.flow.fakes import World, failure, success
from tests.flow.samples import ACCESS_POINT, CREDENTIALS, IDENTITY, OWNED_PROVISION, PROVISION

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT)
REFUSALS = pytest.mark.parametrize("refusal", [DeviceNotInProduct, DeviceOfSomebodyElse])


@pytest.fixture
def world() -> World:
    return World()


@REFUSALS
def test_a_device_that_the_customer_cannot_have_is_told_nothing(
    world: World, refusal: type[SetupError]
) -> None:
    world.backend.fail("check_device", refusal(device=str(IDENTITY.device_id)))

    assert isinstance(failure(world.perform(SET_UP)), refusal)
    assert set(world.link.calls) <= {"look"}


@pytest.mark.parametrize("trouble", [BackendUnreachable, CloudBusy, SignInExpired])
def test_who_cannot_ask_goes_on(world: World, trouble: type[SetupError]) -> None:
    world.backend.fail("check_device", trouble())

    assert success(world.perform(SET_UP)).online


def test_a_backend_that_says_nothing_is_waited_for_only_briefly(world: World) -> None:
    def silent(_device_id: DeviceId, cancel: Cancellation) -> None:
        cancel.wait(100.0)

    world.backend.check_device = silent  # type: ignore[assignment, method-assign]

    assert success(world.perform(SET_UP)).online
    assert world.clock.waits[0] == MAY_BUDGET


def test_a_device_that_is_the_customers_needs_no_leave(world: World) -> None:
    world.perform(replace(SET_UP, provision=OWNED_PROVISION))

    assert world.backend.count("check_device") == 0


@REFUSALS
def test_a_device_that_never_shows_up_is_asked_about_when_there_is_a_way_again(
    world: World, refusal: type[SetupError]
) -> None:
    world.nothing_happens()
    world.link.on_connect = world.device_goes_for_good
    refused = refusal(device=str(IDENTITY.device_id))
    world.backend.fail("check_device", BackendUnreachable(), refused)

    assert failure(world.perform(SET_UP)) is refused
