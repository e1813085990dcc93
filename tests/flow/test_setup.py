"""The unattended work: what is told to the device, in which order, and what ends well."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from setup_wizard.domain.device import Device, DeviceIdentity
from setup_wizard.domain.errors import (
    BackendBroken,
    BackendUnreachable,
    CloudBroken,
    CloudUnreachable,
    DeviceNotFound,
    DeviceRefused,
    DeviceSilent,
    DeviceVanished,
    NetworkUnseen,
    SetupError,
    SignInExpired,
    WrongDevice,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import (
    ATTEMPTS,
    CONNECT_TRIES,
    EVIDENCE_PAUSE,
    GONE_LOOKS,
    LEAVE_BUDGET,
    LEAVE_PAUSE,
    REJOIN_BUDGET,
    REJOIN_PAUSE,
)
from setup_wizard.ports import Cancellation
from tests.flow.fakes import JOINING, World, failure, stages, success
from tests.flow.samples import (
    ACCESS_POINT,
    CLAIM_CODE,
    CREDENTIALS,
    DEVICE,
    DEVICE_ID,
    IDENTITY,
    OTHER_ID,
    OTHER_IDENTITY,
    OWNED_PROVISION,
    PROVISION,
)

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT)


@pytest.fixture
def world() -> World:
    return World()


# --- success --------------------------------------------------------------------------------


def test_a_device_is_told_everything_in_order_and_comes_online(world: World) -> None:
    reports = world.perform(SET_UP)

    assert [call for call in world.link.calls if call != "look"] == [
        "store_claim_code",
        "store_network",
        "connect",
    ]
    assert (world.link.claim_code, world.link.stored) == (CLAIM_CODE, CREDENTIALS)
    assert stages(reports) == [
        *("save", "save ok"),
        *("join_network", "join_network ok"),
        *("go_online", "go_online ok"),
        *("make_yours", "make_yours ok"),
    ]
    assert success(reports) == replace(DEVICE, online=True)
    assert JOINING <= world.clock.time <= JOINING + 3 * EVIDENCE_PAUSE


def test_whose_device_it_is_is_written_down(world: World) -> None:
    world.perform(SET_UP)

    assert world.backend.recorded == [(DEVICE_ID, DEVICE.name)]
    assert world.cloud.named == []


def test_a_name_that_was_wished_for_is_given(world: World) -> None:
    reports = world.perform(replace(SET_UP, name="Lamp"))

    assert world.cloud.named == [(DEVICE_ID, "Lamp")]
    assert world.backend.recorded == [(DEVICE_ID, "Lamp")]
    assert success(reports) == replace(DEVICE, name="Lamp", online=True)


def test_other_devices_of_the_customer_are_no_evidence(world: World) -> None:
    world.cloud.listed = (Device(OTHER_ID, online=True),)
    world.link.on_connect = world.device_goes_for_good

    assert world.perform(SET_UP)[-1] == m.VerificationPending()


# --- being there ----------------------------------------------------------------------------


def test_a_computer_that_left_the_devices_network_is_asked_to_join_again(world: World) -> None:
    world.link.answering = None
    world.clock.at(30.0, world.device_comes_back)

    reports = world.perform(SET_UP)
    course = [type(report) for report in reports]

    assert [one for one in course if one in (m.JoinNeeded, m.Rejoined)] == [
        m.JoinNeeded,
        m.Rejoined,
    ]
    assert course.index(m.Rejoined) < course.index(m.StageDone)
    assert success(reports)


def test_a_computer_that_is_there_is_asked_nothing(world: World) -> None:
    reports = world.perform(SET_UP)

    assert m.JoinNeeded() not in reports
    assert m.Rejoined() not in reports


def test_waiting_for_the_computer_to_join_again_has_an_end(world: World) -> None:
    world.link.answering = None

    assert isinstance(failure(world.perform(SET_UP)), DeviceNotFound)
    assert REJOIN_BUDGET <= world.clock.time <= REJOIN_BUDGET + REJOIN_PAUSE


def test_another_device_is_told_nothing(world: World) -> None:
    world.link.answering = OTHER_IDENTITY

    error = failure(world.perform(SET_UP))

    assert isinstance(error, WrongDevice)
    assert error.parameters == {"device": str(DEVICE_ID)}
    assert set(world.link.calls) == {"look"}


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("store_claim_code", DeviceRefused(command="set", result=-1)),
        ("store_network", NetworkUnseen(network="Home")),
        ("store_network", DeviceSilent(command="configure-ap")),
        ("connect", DeviceRefused(command="connect-ap", result=-1)),
    ],
)
def test_a_device_that_says_no_is_not_sent_off(world: World, call: str, error: SetupError) -> None:
    world.link.fail(call, error)

    reports = world.perform(SET_UP)

    assert failure(reports) is error
    assert stages(reports) == ["save"]
    assert world.link.calls[-1] == call


def test_a_device_that_does_not_leave_is_sent_off_again(world: World) -> None:
    def leave_the_second_time() -> None:
        if world.link.count("connect") == 2:
            world.device_leaves()

    world.link.on_connect = leave_the_second_time

    assert success(world.perform(SET_UP))
    assert world.link.count("connect") == 2


def test_a_device_that_never_leaves_is_named_after_a_few_tries(world: World) -> None:
    world.link.on_connect = world.nothing_happens

    error = failure(world.perform(SET_UP))

    assert isinstance(error, DeviceSilent)
    assert world.link.count("connect") == CONNECT_TRIES
    assert world.clock.time <= CONNECT_TRIES * (LEAVE_BUDGET + LEAVE_PAUSE)


@pytest.mark.parametrize("seconds", [1.0, LEAVE_BUDGET - 1, LEAVE_BUDGET - LEAVE_PAUSE])
def test_a_device_that_takes_its_time_to_leave_is_sent_off_once(
    world: World, seconds: float
) -> None:
    world.link.on_connect = lambda: world.clock.at(seconds, world.device_leaves)

    assert success(world.perform(SET_UP))
    assert world.link.count("connect") == 1


@pytest.mark.parametrize("seconds", [0.3, 4.0, 20.0])
def test_looks_that_miss_may_take_long_and_the_device_is_gone_all_the_same(
    world: World, seconds: float
) -> None:
    """Where nothing answers, not even with a refusal, each look waits to its end."""
    real = world.link.look

    def look(cancel: Cancellation) -> DeviceIdentity | None:
        identity = real(cancel)
        if identity is None:
            world.clock.pass_time(seconds)
        return identity

    world.link.look = look  # type: ignore[method-assign]

    assert success(world.perform(SET_UP))
    assert world.link.count("connect") == 1


def test_one_missed_look_is_not_enough_to_be_gone(world: World) -> None:
    world.link.on_connect = world.nothing_happens
    real = world.link.look
    looks = count()

    def look(cancel: Cancellation) -> DeviceIdentity | None:
        identity = real(cancel)
        return None if next(looks) % GONE_LOOKS else identity

    world.link.look = look  # type: ignore[method-assign]

    assert isinstance(failure(world.perform(SET_UP)), DeviceSilent)
    assert world.link.count("connect") == CONNECT_TRIES


@pytest.mark.parametrize("lost", [DeviceVanished, DeviceSilent])
def test_a_device_that_leaves_before_it_is_told_again_was_told(
    world: World, lost: type[SetupError]
) -> None:
    def leave_at_the_second_time() -> None:
        if world.link.count("connect") == 2:
            world.device_leaves()
            raise lost(command="connect-ap")

    world.link.on_connect = leave_at_the_second_time

    assert success(world.perform(SET_UP))
    assert world.link.count("connect") == 2


@pytest.mark.parametrize("lost", [DeviceVanished, DeviceSilent])
def test_a_device_that_could_not_be_told_was_not_sent_off(
    world: World, lost: type[SetupError]
) -> None:
    def out_of_reach() -> None:
        world.link.answering = None
        raise lost(command="connect-ap")

    world.link.on_connect = out_of_reach

    assert isinstance(failure(world.perform(SET_UP)), lost)
    assert world.link.count("connect") == 1


# --- a device that the customer had before ---------------------------------------------------


def test_a_device_that_is_the_customers_already_is_not_claimed_again(world: World) -> None:
    world.perform(replace(SET_UP, provision=OWNED_PROVISION))

    assert world.link.claim_code is None
    assert world.link.stored == CREDENTIALS


def test_a_device_that_is_listed_all_along_must_answer_itself(world: World) -> None:
    world.cloud.listed = (replace(DEVICE, online=True),)

    reports = world.perform(replace(SET_UP, provision=OWNED_PROVISION))

    assert success(reports) == replace(DEVICE, online=True)
    assert world.clock.time >= JOINING


def test_a_device_that_is_listed_all_along_and_silent_is_no_success(world: World) -> None:
    world.cloud.listed = (replace(DEVICE, online=True),)
    world.link.on_connect = world.device_goes_for_good

    reports = world.perform(replace(SET_UP, provision=OWNED_PROVISION))

    assert reports[-1] == m.VerificationPending()


# --- the record -----------------------------------------------------------------------------


@pytest.mark.parametrize("error", [BackendUnreachable(), BackendBroken(status=500)])
def test_a_record_that_fails_once_is_written_again(world: World, error: SetupError) -> None:
    world.backend.fail("record", *[error] * (ATTEMPTS - 1))

    reports = world.perform(SET_UP)

    assert success(reports)
    assert stages(reports)[-4:] == ["make_yours", "make_yours 2", "make_yours 3", "make_yours ok"]


def test_a_record_that_cannot_be_written_is_a_failure_of_its_own_stage(world: World) -> None:
    world.backend.fail("record", *[BackendUnreachable()] * 100)

    reports = world.perform(SET_UP)

    assert isinstance(failure(reports), BackendUnreachable)
    assert world.backend.count("record") == ATTEMPTS
    assert "go_online ok" in stages(reports)


@pytest.mark.parametrize("error", [CloudUnreachable(), CloudBroken(status=500)])
def test_a_name_that_could_not_be_given_is_given_again(world: World, error: SetupError) -> None:
    world.cloud.fail("rename", error)

    world.perform(replace(SET_UP, name="Lamp"))

    assert world.cloud.named == [(DEVICE_ID, "Lamp")]


def test_a_session_that_ended_meanwhile_is_named(world: World) -> None:
    world.backend.fail("record", SignInExpired())

    assert isinstance(failure(world.perform(SET_UP)), SignInExpired)
