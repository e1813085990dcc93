"""What counts as evidence of a device that was sent off, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.device import DeviceIdentity
from setup_wizard.domain.errors import (
    BackendBroken,
    BackendUnreachable,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    DeviceNotYours,
    DeviceOffline,
    NetworkJoinFailed,
    SetupError,
    TokenRefused,
    WrongPassphrase,
)
from setup_wizard.domain.wifi import Credentials
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import ATTEMPTS, BUSY_PAUSE, EVIDENCE_BUDGET, EVIDENCE_PAUSE
from setup_wizard.ports import Cancellation
from tests.flow.fakes import JOINING, TRYING, World, failure, stages, success
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    CAFE,
    CREDENTIALS,
    DEVICE,
    DEVICE_ID,
    FRESH_ACCESS,
    HOME,
    IDENTITY,
    OTHER_IDENTITY,
    PROVISION,
    WRONG,
)

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT)
MISTYPED = replace(SET_UP, credentials=Credentials(HOME, WRONG))
VERIFY = m.Verify(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def sent_off(world: World) -> World:
    """A device that was told everything before, and joins in a moment."""
    world.link.stored = CREDENTIALS
    world.device_leaves()
    return world


# --- a device that comes back ---------------------------------------------------------------


def test_a_device_that_answers_again_did_not_get_the_right_passphrase(world: World) -> None:
    reports = world.perform(MISTYPED)

    error = failure(reports)
    assert isinstance(error, WrongPassphrase)
    assert error.parameters == {"network": "Home"}
    assert stages(reports) == ["save", "save ok", "join_network"]
    assert TRYING <= world.clock.time <= TRYING + 2 * EVIDENCE_PAUSE


def test_an_access_point_that_is_back_in_the_air_is_as_good_as_an_answer(world: World) -> None:
    in_the_air = world.wifi.in_the_air = {ACCESS_POINT, b"Home"}

    def leave_and_be_seen_again() -> None:
        world.device_goes_for_good()
        in_the_air.discard(ACCESS_POINT)
        world.clock.at(TRYING, lambda: in_the_air.add(ACCESS_POINT))

    world.link.on_connect = leave_and_be_seen_again

    assert isinstance(failure(world.perform(MISTYPED)), WrongPassphrase)
    assert world.link.answering is None


def test_coming_back_from_an_open_network_is_no_wrong_passphrase(world: World) -> None:
    def leave_and_come_back() -> None:
        world.device_goes_for_good()
        world.clock.at(TRYING, world.device_comes_back)

    world.link.on_connect = leave_and_come_back

    error = failure(world.perform(replace(SET_UP, credentials=Credentials(CAFE))))

    assert isinstance(error, NetworkJoinFailed)


def test_another_device_in_the_air_is_not_this_one_coming_back(world: World) -> None:
    def leave_and_meet_another() -> None:
        world.device_leaves()
        world.link.answering = OTHER_IDENTITY

    world.link.on_connect = leave_and_meet_another

    assert success(world.perform(SET_UP))


def test_an_access_point_that_the_system_still_remembers_is_not_one_that_came_back(
    world: World,
) -> None:
    remembered = world.wifi.in_the_air = {ACCESS_POINT, b"Home"}

    def leave_and_be_remembered() -> None:
        world.device_leaves()
        remembered.add(ACCESS_POINT)
        world.clock.at(5.0, lambda: remembered.discard(ACCESS_POINT))

    world.link.on_connect = leave_and_be_remembered

    assert success(world.perform(SET_UP))


def test_an_access_point_that_the_system_never_forgets_is_no_evidence(world: World) -> None:
    """Some list it for minutes: how long it was seen says nothing, only that it came back."""
    world.wifi.in_the_air = {ACCESS_POINT, b"Home"}
    world.link.on_connect = world.device_goes_for_good

    assert world.perform(SET_UP)[-1] == m.VerificationPending()


def test_one_lost_answer_is_not_leaving_and_coming_back(world: World) -> None:
    real = world.link.look
    answers = iter([True, False, True])  # there, one packet lost, still there; then it leaves

    def look(cancel: Cancellation) -> DeviceIdentity | None:
        identity = real(cancel)
        return identity if next(answers, True) else None

    world.link.look = look  # type: ignore[method-assign]
    world.link.on_connect = lambda: world.clock.at(2.0, world.device_leaves)

    assert success(world.perform(SET_UP))


def test_a_device_that_was_claimed_before_and_comes_back_is_noticed(world: World) -> None:
    world.cloud.listed = (DEVICE,)  # claimed a minute ago, in a set-up that was cancelled

    assert isinstance(failure(world.perform(MISTYPED)), WrongPassphrase)


# --- no evidence ----------------------------------------------------------------------------


def test_a_device_that_never_comes_online_is_still_being_checked(world: World) -> None:
    world.link.on_connect = world.device_goes_for_good

    reports = world.perform(SET_UP)

    assert reports[-1] == m.VerificationPending()
    assert stages(reports)[-2:] == ["join_network", "join_network unproved"]
    assert EVIDENCE_BUDGET <= world.clock.time <= EVIDENCE_BUDGET + 2 * EVIDENCE_PAUSE


def test_a_device_that_is_owned_and_does_not_answer_is_a_success_that_says_so(
    world: World,
) -> None:
    world.link.on_connect = world.device_goes_for_good
    world.clock.at(20.0, lambda: setattr(world.cloud, "listed", (DEVICE,)))

    reports = world.perform(SET_UP)

    assert success(reports) == replace(DEVICE, online=False)
    assert world.backend.recorded == [(DEVICE_ID, DEVICE.name)]
    assert EVIDENCE_BUDGET <= world.clock.time <= EVIDENCE_BUDGET + 2 * EVIDENCE_PAUSE


def test_the_clouds_word_that_a_device_is_online_is_not_believed(world: World) -> None:
    world.link.on_connect = world.device_goes_for_good
    world.cloud.listed = (replace(DEVICE, online=True),)

    assert success(world.perform(SET_UP)) == replace(DEVICE, online=False)


def test_a_stage_without_evidence_gets_no_tick(world: World) -> None:
    world.link.on_connect = world.device_goes_for_good

    assert "join_network ok" not in stages(world.perform(SET_UP))


def test_going_online_without_an_answer_gets_no_tick(world: World) -> None:
    world.link.on_connect = world.device_goes_for_good
    world.cloud.listed = (DEVICE,)

    course = stages(world.perform(SET_UP))

    assert "go_online ok" not in course
    assert course[-3:] == ["go_online unproved", "make_yours", "make_yours ok"]


# --- a cloud that stumbles ------------------------------------------------------------------


@pytest.mark.parametrize("call", ["devices", "ping"])
@pytest.mark.parametrize(
    "error",
    [
        CloudUnreachable(),
        CloudBroken(status=502),
        DeviceOffline(device="f" * 24),
        DeviceNotYours(device="f" * 24),
    ],
)
def test_a_cloud_that_stumbles_for_a_while_says_nothing_about_the_device(
    world: World, call: str, error: SetupError
) -> None:
    world.cloud.fail(call, *[error] * 30)

    assert success(world.perform(SET_UP)) == replace(DEVICE, online=True)


@pytest.mark.parametrize("call", ["devices", "ping"])
def test_a_cloud_that_stays_down_ends_within_the_budget(world: World, call: str) -> None:
    world.cloud.fail(call, *[CloudUnreachable()] * 1000)

    world.perform(SET_UP)

    assert world.clock.time <= EVIDENCE_BUDGET + 2 * EVIDENCE_PAUSE


@pytest.mark.parametrize(("told", "waits"), [({"seconds": 25}, 25.0), ({}, BUSY_PAUSE)])
def test_a_busy_cloud_is_left_alone_as_long_as_it_asks_for(
    world: World, told: dict[str, int], waits: float
) -> None:
    world.cloud.fail("devices", CloudBusy(**told))

    assert success(world.perform(SET_UP))
    assert waits in world.clock.waits


def test_a_cloud_that_is_busy_for_an_hour_does_not_take_an_hour(world: World) -> None:
    world.cloud.fail("devices", *[CloudBusy(seconds=3600)] * 100)

    assert world.perform(SET_UP)[-1] == m.VerificationPending()
    assert world.clock.time <= EVIDENCE_BUDGET + 2 * EVIDENCE_PAUSE


@pytest.mark.parametrize("call", ["devices", "ping"])
def test_a_token_that_is_refused_is_named_at_once(world: World, call: str) -> None:
    world.cloud.fail(call, TokenRefused())

    assert isinstance(failure(world.perform(SET_UP)), TokenRefused)
    assert world.clock.time <= JOINING + 2 * EVIDENCE_PAUSE


# --- looking again --------------------------------------------------------------------------


def test_looking_again_asks_with_a_fresh_token_and_tells_the_device_nothing(
    sent_off: World,
) -> None:
    sent_off.backend.renewed = FRESH_ACCESS

    reports = sent_off.perform(VERIFY)

    assert success(reports)
    assert reports[-1] == m.SetupSucceeded(replace(DEVICE, online=True), FRESH_ACCESS)
    assert set(sent_off.cloud.opened) == {FRESH_ACCESS}
    assert set(sent_off.link.calls) == {"look"}
    assert stages(reports)[0] == "join_network"


def test_looking_again_knows_what_was_owned_before_the_set_up(world: World) -> None:
    world.device_goes_for_good()
    world.cloud.listed = (DEVICE,)

    assert success(world.perform(VERIFY)) == replace(DEVICE, online=False)


def test_looking_again_finds_a_device_that_has_come_back(world: World) -> None:
    assert isinstance(failure(world.perform(VERIFY)), WrongPassphrase)


def test_looking_again_an_access_point_in_the_air_has_come_back(world: World) -> None:
    world.link.answering = None  # this computer is on another network
    world.wifi.in_the_air = {ACCESS_POINT}

    assert isinstance(failure(world.perform(VERIFY)), WrongPassphrase)


def test_looking_again_has_an_end_when_the_backend_stays_down(sent_off: World) -> None:
    sent_off.backend.fail("renew_access", *[BackendUnreachable()] * 100)

    assert isinstance(failure(sent_off.perform(VERIFY)), BackendUnreachable)
    assert sent_off.backend.count("renew_access") == ATTEMPTS


@pytest.mark.parametrize("error", [BackendUnreachable(), BackendBroken(status=500)])
def test_looking_again_survives_a_hiccup_of_the_backend(sent_off: World, error: SetupError) -> None:
    sent_off.backend.fail("renew_access", *[error] * (ATTEMPTS - 1))

    assert success(sent_off.perform(VERIFY))


def test_a_token_for_the_first_look_is_the_one_that_was_prepared(world: World) -> None:
    world.perform(SET_UP)

    assert set(world.cloud.opened) == {ACCESS}
