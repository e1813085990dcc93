"""A device that is late is looked for on and on, also when another one is in front."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.device import Device
from setup_wizard.domain.errors import (
    BackendUnreachable,
    CloudBusy,
    CloudUnreachable,
    KeyRefused,
    NetworkTooWeak,
    SetupError,
    SignInExpired,
    TokenRefused,
    WrongPassphrase,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import ANSWER_BUDGET, EVIDENCE_PAUSE, KEEP_BUDGET
from setup_wizard.flow.machine import advance
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import SETUP, Step
from setup_wizard.flow.updates import STATUS
from tests.flow import roads
from tests.flow.driver import Driver
from tests.flow.fakes import World, failure, success
from tests.flow.roads import after, play
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    BY_KEY,
    CREDENTIALS,
    CUSTOMER,
    DEVICE,
    DEVICE_ID,
    FRESH_ACCESS,
    HOME,
    IDENTITY,
    KEY,
    OTHER_IDENTITY,
    PROVISION,
    WRONG,
)

VERIFY = m.Verify(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp")
ROUND = m.KeepChecking(7, VERIFY, proof=BY_KEY)
FROM_AFAR = replace(ROUND, here=False)


@pytest.fixture
def world() -> World:
    world = World()
    world.link.stored = CREDENTIALS
    world.device_goes_for_good()
    return world


# --- one round ------------------------------------------------------------------------------


def test_a_round_is_a_few_looks(world: World) -> None:
    assert world.perform(ROUND)[-1] == m.VerificationPending(ACCESS)
    assert world.clock.time <= KEEP_BUDGET + EVIDENCE_PAUSE
    assert world.cloud.count("devices") >= 2
    assert world.backend.calls == []


def test_a_device_that_is_there_at_last_is_written_down(world: World) -> None:
    world.device_comes_online()

    assert success(world.perform(ROUND)) == replace(DEVICE, name="Lamp", online=True)
    assert world.backend.recorded == [(DEVICE_ID, "Lamp")]


def test_a_device_that_is_owned_and_does_not_answer_is_told_so(world: World) -> None:
    world.cloud.listed = (DEVICE,)

    assert not success(world.perform(ROUND)).online
    assert world.clock.time <= KEEP_BUDGET + ANSWER_BUDGET + 2


@pytest.mark.parametrize("listed", [(), (DEVICE,)], ids=["not listed", "listed"])
def test_an_update_does_not_make_a_round_longer(world: World, listed: tuple[Device, ...]) -> None:
    world.cloud.listed = listed
    world.clock.at(1.0, lambda: world.cloud.tells(STATUS, "auto-update"))

    assert world.perform(ROUND)[-1] == m.VerificationPending(ACCESS)
    assert world.clock.time <= KEEP_BUDGET + EVIDENCE_PAUSE
    assert world.cloud.ear is not None
    assert world.cloud.ear.closed


def test_an_update_that_goes_on_in_the_next_round_is_not_told_without_an_end(world: World) -> None:
    world.clock.at(1.0, lambda: world.cloud.tells(STATUS, "auto-update"))

    assert not any(isinstance(report, m.DeviceUpdating) for report in world.perform(ROUND))


def test_a_device_that_came_back_has_a_cause(world: World) -> None:
    world.device_comes_back()

    assert isinstance(failure(world.perform(ROUND)), WrongPassphrase)


def test_while_another_one_is_set_up_only_the_air_is_looked_at(world: World) -> None:
    world.device_comes_back()
    assert world.perform(FROM_AFAR)[-1] == m.VerificationPending(ACCESS)
    assert world.link.calls == []

    world.wifi.in_the_air = {ACCESS_POINT}
    assert isinstance(failure(world.perform(FROM_AFAR)), WrongPassphrase)


@pytest.mark.parametrize("error", [CloudUnreachable(), CloudBusy(seconds=1)])
def test_a_cloud_that_stumbles_says_nothing(world: World, error: SetupError) -> None:
    world.cloud.fail("devices", *[error] * 20)

    assert world.perform(ROUND)[-1] == m.VerificationPending(ACCESS)


def test_a_backend_that_is_down_says_nothing(world: World) -> None:
    world.device_comes_online()
    world.backend.fail("record", *[BackendUnreachable()] * 20)

    assert world.perform(ROUND)[-1] == m.VerificationPending(ACCESS)


def test_an_access_token_that_ran_out_is_renewed_and_kept(world: World) -> None:
    world.cloud.fail("devices", TokenRefused())
    world.backend.renewed = FRESH_ACCESS

    assert world.perform(ROUND)[-1] == m.VerificationPending(FRESH_ACCESS)
    assert world.backend.calls == ["renew_access"]


@pytest.mark.parametrize("call", ["devices", "record"])
def test_a_session_that_is_not_open_is_opened(world: World, call: str) -> None:
    world.device_comes_online()
    if call == "devices":
        world.cloud.fail("devices", TokenRefused())
    else:
        world.backend.fail("record", SignInExpired())
    world.backend.fail("renew_access", SignInExpired())

    assert success(world.perform(ROUND))
    assert world.backend.signed_in == [(CUSTOMER, KEY)]


def test_a_key_that_was_revoked_is_a_cause(world: World) -> None:
    world.cloud.fail("devices", TokenRefused())
    world.backend.fail("renew_access", SignInExpired())
    world.backend.fail("sign_in", KeyRefused())

    assert isinstance(failure(world.perform(ROUND)), KeyRefused)


def test_a_token_that_is_refused_twice_is_a_cause(world: World) -> None:
    world.cloud.fail("devices", TokenRefused(), TokenRefused())

    assert isinstance(failure(world.perform(ROUND)), TokenRefused)


# --- on the page ----------------------------------------------------------------------------


def test_still_checking_looks_on_by_itself() -> None:
    state, command = play(roads.saved(), m.VerificationPending())

    assert isinstance(command, m.KeepChecking)
    assert (command.number, command.verify.identity) == (state.run, IDENTITY)
    assert (state.step, state.working) == (Step.STILL_CHECKING, False)

    again, command = play(state, m.VerificationPending(FRESH_ACCESS))

    assert isinstance(command, m.KeepChecking)
    assert command.number == again.run == state.run
    assert command.verify.provision.access == FRESH_ACCESS


@pytest.mark.parametrize(
    ("report", "leads_to"),
    [
        (roads.SUCCEEDED, Step.DONE),
        (m.SetupFailed(WrongPassphrase(network="Home")), Step.WRONG_PASSPHRASE),
        (m.SetupFailed(NetworkTooWeak(network="Home")), Step.NETWORK),
        (m.SetupFailed(TokenRefused()), Step.STILL_CHECKING),
    ],
)
def test_looking_on_ends_where_a_first_look_ends(report: m.Report, leads_to: Step) -> None:
    assert after(roads.still_checking(), report).step is leads_to


def test_a_device_that_comes_online_minutes_later_is_shown_without_a_press() -> None:
    world = World()
    driver = Driver(world)
    world.link.on_connect = world.device_goes_for_good
    driver.press(
        m.StartPressed(),
        m.ContinuePressed(),
        m.ListeningConfirmed(),
        m.ContinuePressed(),
        m.SetUpPressed(HOME, CREDENTIALS.passphrase, "Lamp"),
    )
    for _ in range(5):
        assert driver.time_passes().step is Step.STILL_CHECKING
    world.device_comes_online()

    assert driver.time_passes().step is Step.DONE
    assert driver.late == []


# --- left behind ----------------------------------------------------------------------------


def left_behind() -> State:
    """The next device is being prepared while nobody has heard of the first."""
    return after(roads.still_checking(), m.SetUpAnotherPressed())


def of_the_first(state: State, report: m.Report) -> tuple[State, m.Command | None]:
    return advance(state, m.Reported(state.pending[0].work.number, report))


def test_setting_up_another_leaves_the_look_for_the_first_alone() -> None:
    number = roads.still_checking().run
    state = left_behind()

    assert state.step is Step.PREPARE
    assert state.at_work == {number, state.run}
    assert state.late is None


def test_it_goes_on_round_after_round_with_the_newest_access() -> None:
    state, command = of_the_first(left_behind(), m.VerificationPending(FRESH_ACCESS))

    assert isinstance(command, m.KeepChecking)
    assert (command.number, command.here) == (left_behind().pending[0].work.number, False)
    assert command.verify.provision.access == FRESH_ACCESS
    assert state.pending[0].work == command


@pytest.mark.parametrize("walk", [(), (roads.PREPARED, m.ContinuePressed()), (m.BackPressed(),)])
def test_a_late_success_is_seen_on_any_page(walk: tuple[object, ...]) -> None:
    before = after(left_behind(), *walk)  # type: ignore[arg-type]

    state, command = of_the_first(before, m.SetupSucceeded(DEVICE, ACCESS))

    assert command is None
    assert state.late is not None
    assert (state.late.device, state.late.name) == (DEVICE, DEVICE.name)
    assert replace(state, pending=()) == replace(before, pending=())
    assert state.at_work == {state.run}


def test_a_late_cause_is_seen_too() -> None:
    error = WrongPassphrase(network="Home")

    state, _ = of_the_first(left_behind(), m.SetupFailed(error))

    assert state.late is not None
    assert (state.late.error, state.error, state.step) == (error, None, Step.PREPARE)


def test_news_that_was_read_goes() -> None:
    state, _ = of_the_first(left_behind(), m.SetupSucceeded(DEVICE, ACCESS))

    assert after(state, m.NoticeClosed(DEVICE_ID)).pending == ()


def test_progress_of_the_first_is_not_shown_at_the_second() -> None:
    before = left_behind()

    assert of_the_first(before, m.StageStarted(SETUP[1])) == (before, None)


def test_a_device_that_is_set_up_anew_is_not_looked_for_any_more() -> None:
    looking = after(left_behind(), roads.PREPARED, m.ContinuePressed(), m.ListeningConfirmed())

    assert after(looking, m.DeviceFound(IDENTITY)).pending == ()
    assert len(after(looking, m.DeviceFound(OTHER_IDENTITY)).pending) == 1


def test_news_of_a_device_that_is_not_waited_for_any_more_changes_nothing() -> None:
    gone = after(left_behind(), m.NoticeClosed(DEVICE_ID))
    late = m.Reported(left_behind().pending[0].work.number, roads.SUCCEEDED)

    assert advance(gone, late) == (gone, None)


def test_what_ended_with_an_error_in_front_is_not_left_behind_as_if_it_went_on() -> None:
    ended = after(roads.still_checking(), m.SetupFailed(TokenRefused()))

    assert after(ended, m.SetUpAnotherPressed()).pending == ()


def test_two_devices_can_be_left_behind() -> None:
    second = after(
        left_behind(),
        roads.PREPARED,
        m.ContinuePressed(),
        m.ListeningConfirmed(),
        m.DeviceFound(OTHER_IDENTITY),
        roads.NETWORKS,
        m.ContinuePressed(),
        m.SetUpPressed(HOME, WRONG),
        *roads.done(SETUP[0]),
        m.VerificationPending(),
        m.SetUpAnotherPressed(),
    )

    assert [each.work.device_id for each in second.pending] == [
        DEVICE_ID,
        OTHER_IDENTITY.device_id,
    ]
    assert len(second.at_work) == 3
