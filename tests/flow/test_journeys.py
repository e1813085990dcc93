"""Whole journeys from the first press to the live device, with the machine and the work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.errors import (
    BackendUnreachable,
    KeyRefused,
    NoNetworksSeen,
    SignInExpired,
    TokenRefused,
    WrongPassphrase,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.budgets import ATTEMPTS
from setup_wizard.flow.state import State, Status
from setup_wizard.flow.steps import Stage, Step
from tests.flow.driver import Driver
from tests.flow.fakes import World
from tests.flow.samples import (
    ACCESS_POINT,
    BY_KEY,
    CAFE,
    CREDENTIALS,
    CUSTOMER,
    DEVICE,
    DEVICE_ID,
    FRESH_ACCESS,
    HIDDEN,
    HOME,
    IDENTITY,
    KEY,
    OTHER_ID,
    OTHER_IDENTITY,
    PASSPHRASE,
    SESSION,
    WRONG,
    event,
)

TO_THE_NETWORKS: tuple[m.Action, ...] = (
    m.StartPressed(),
    m.ContinuePressed(),
    m.ListeningConfirmed(),
    m.ContinuePressed(),
)
SET_UP = m.SetUpPressed(HOME, PASSPHRASE, "Lamp")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def driver(world: World) -> Driver:
    return Driver(world)


def steps(driver: Driver) -> list[Step]:
    """The screens in the order in which they were shown."""
    shown = [state.step for state in driver.shown]
    return [step for step, last in zip(shown, [None, *shown], strict=False) if step is not last]


def code(state: State) -> str | None:
    return None if state.error is None else state.error.code


# --- ending well ----------------------------------------------------------------------------


def test_a_device_is_brought_online_from_the_first_press_to_the_last(
    world: World, driver: Driver
) -> None:
    world.cloud.live = (event(1), event(2, "button"))

    state = driver.press(*TO_THE_NETWORKS, SET_UP)

    assert steps(driver) == [
        Step.WELCOME,
        Step.PREPARE,
        Step.LISTENING,
        Step.JOIN,
        Step.NETWORK,
        Step.SETTING_UP,
        Step.DONE,
    ]
    assert state.device == replace(DEVICE, name="Lamp", online=True)
    assert {line.status for line in state.stages} == {Status.DONE}
    assert state.heard == {"temperature", "button"}
    assert (state.error, state.credentials, state.working) == (None, None, False)


def test_no_state_on_the_way_tells_a_secret(driver: Driver) -> None:
    driver.press(*TO_THE_NETWORKS, m.SetUpPressed(HOME, WRONG), m.SendAgainPressed(PASSPHRASE))

    assert driver.state.step is Step.DONE
    assert HIDDEN not in repr(driver.shown)
    assert HIDDEN not in repr(driver.commands)


def test_a_customer_who_signs_in_is_the_one_who_owns_it(world: World) -> None:
    driver = Driver(world, needs_sign_in=True)

    driver.press(m.StartPressed(), door.SignInPressed(BY_KEY), *TO_THE_NETWORKS[1:], SET_UP)

    assert driver.state.step is Step.DONE
    assert world.backend.signed_in == [(CUSTOMER, KEY)]
    assert world.backend.recorded == [(DEVICE_ID, "Lamp")]


def test_a_key_that_is_refused_is_asked_for_again(world: World) -> None:
    driver = Driver(world, needs_sign_in=True)
    world.backend.fail("sign_in", KeyRefused())

    state = driver.press(m.StartPressed(), door.SignInPressed(BY_KEY))
    assert (state.step, code(state)) == (Step.SIGN_IN, "SW-KEY-REFUSED")

    state = driver.press(door.SignInPressed(BY_KEY), *TO_THE_NETWORKS[1:], SET_UP)
    assert state.step is Step.DONE


def test_the_next_device_is_set_up_for_the_same_customer(world: World) -> None:
    driver = Driver(world, needs_sign_in=True)
    driver.press(m.StartPressed(), door.SignInPressed(BY_KEY), *TO_THE_NETWORKS[1:], SET_UP)
    world.link.answering = OTHER_IDENTITY
    world.cloud.listed = (DEVICE,)
    next_device = replace(DEVICE, device_id=OTHER_ID)

    def join() -> None:
        world.cloud.listed = (DEVICE, next_device)

    def leave() -> None:
        world.link.answering = None
        world.clock.at(5.0, join)

    world.link.on_connect = leave

    state = driver.press(m.SetUpAnotherPressed(), *TO_THE_NETWORKS[1:], SET_UP)

    assert state.step is Step.DONE
    assert state.device is not None
    assert state.device.device_id == OTHER_ID
    assert world.backend.signed_in == [(CUSTOMER, KEY)]
    assert world.backend.resumed == SESSION.token
    assert [device for device, _ in world.backend.recorded] == [DEVICE_ID, OTHER_ID]


def test_an_open_network_needs_no_passphrase(world: World, driver: Driver) -> None:
    state = driver.press(*TO_THE_NETWORKS, m.SetUpPressed(CAFE))

    assert state.step is Step.DONE
    assert state.name == DEVICE.name
    assert world.link.stored is not None
    assert world.link.stored.passphrase is None


# --- with a detour --------------------------------------------------------------------------


def test_a_mistyped_passphrase_costs_one_more_try_and_nothing_else(
    world: World, driver: Driver
) -> None:
    state = driver.press(*TO_THE_NETWORKS, m.SetUpPressed(HOME, WRONG, "Lamp"))
    assert (state.step, code(state)) == (Step.WRONG_PASSPHRASE, WrongPassphrase.code)

    state = driver.press(m.SendAgainPressed(PASSPHRASE))

    assert (state.step, state.name) == (Step.DONE, "Lamp")
    assert world.link.stored == CREDENTIALS
    assert [type(command) for command in driver.commands].count(m.SetUp) == 2
    assert world.backend.count("provision") == 1


def test_a_backend_that_was_down_is_asked_again_by_the_person(world: World, driver: Driver) -> None:
    world.backend.fail("reach", *[BackendUnreachable()] * ATTEMPTS)
    state = driver.press(m.StartPressed())
    assert (state.step, code(state)) == (Step.PREPARE, "SW-BACKEND-DOWN")
    assert state.checks[0].status is Status.FAILED

    state = driver.press(m.RetryPressed(), *TO_THE_NETWORKS[1:], SET_UP)

    assert state.step is Step.DONE


def test_a_device_that_is_not_there_can_be_looked_for_again(world: World, driver: Driver) -> None:
    world.link.answering = None
    state = driver.press(*TO_THE_NETWORKS[:3])
    assert (state.step, code(state)) == (Step.JOIN, "SW-NO-DEVICE")

    world.link.answering = IDENTITY
    state = driver.press(m.RetryPressed(), m.ContinuePressed(), SET_UP)

    assert state.step is Step.DONE


def test_a_device_that_hears_nothing_can_still_be_told_a_network(
    world: World, driver: Driver
) -> None:
    world.link.scans = [()]
    state = driver.press(*TO_THE_NETWORKS)
    assert (state.step, code(state)) == (Step.NETWORK, NoNetworksSeen.code)

    assert driver.press(SET_UP).step is Step.DONE


def test_a_device_that_needs_long_is_checked_again_and_not_told_again(
    world: World, driver: Driver
) -> None:
    world.link.on_connect = world.device_goes_for_good
    state = driver.press(*TO_THE_NETWORKS, SET_UP)
    assert state.step is Step.STILL_CHECKING

    world.clock.at(20.0, world.device_comes_online)
    state = driver.press(m.RetryPressed())

    assert (state.step, state.name) == (Step.DONE, "Lamp")
    assert world.link.count("store_network") == world.link.count("connect") == 1


def test_a_passphrase_that_turns_out_wrong_while_still_checking_can_be_sent_again(
    world: World, driver: Driver
) -> None:
    world.link.on_connect = world.device_goes_for_good
    driver.press(*TO_THE_NETWORKS, m.SetUpPressed(HOME, WRONG))
    state = driver.press(m.LightBlinksAgain())
    assert state.step is Step.WRONG_PASSPHRASE

    world.link.on_connect = world.device_leaves
    world.device_comes_back()
    state = driver.press(m.SendAgainPressed(PASSPHRASE))

    assert state.step is Step.DONE


def test_a_record_that_failed_is_written_without_telling_the_device_again(
    world: World, driver: Driver
) -> None:
    world.backend.fail("record", *[BackendUnreachable()] * ATTEMPTS)
    state = driver.press(*TO_THE_NETWORKS, SET_UP)
    assert (state.step, code(state)) == (Step.SETTING_UP, "SW-BACKEND-DOWN")
    assert state.stages[-1].status is Status.FAILED

    state = driver.press(m.RetryPressed())

    assert state.step is Step.DONE
    assert world.link.count("store_network") == 1
    assert world.backend.recorded == [(DEVICE_ID, "Lamp")]


def test_the_live_panel_opens_with_the_fresh_token(world: World, driver: Driver) -> None:
    world.backend.renewed = FRESH_ACCESS
    world.cloud.fail("devices", TokenRefused())
    state = driver.press(*TO_THE_NETWORKS, SET_UP)
    assert code(state) == "SW-TOKEN-REFUSED"

    state = driver.press(m.RetryPressed())

    assert state.step is Step.DONE
    assert world.cloud.opened[-1] == FRESH_ACCESS


def test_a_session_that_ended_after_saving_costs_a_sign_in_and_not_the_device(
    world: World,
) -> None:
    driver = Driver(world, needs_sign_in=True)
    world.backend.fail("record", SignInExpired())
    sign_in = door.SignInPressed(BY_KEY)
    state = driver.press(m.StartPressed(), sign_in, *TO_THE_NETWORKS[1:], SET_UP)
    assert (state.step, code(state)) == (Step.SIGN_IN, "SW-SIGN-IN-EXPIRED")

    state = driver.press(sign_in)

    assert (state.step, state.name) == (Step.DONE, "Lamp")
    assert world.link.count("store_network") == world.link.count("connect") == 1
    assert world.backend.recorded == [(DEVICE_ID, "Lamp")]


def test_a_computer_that_never_left_its_network_does_not_blame_the_passphrase(
    world: World, driver: Driver
) -> None:
    world.wifi.network = b"Home"  # the device is asked over another interface
    world.wifi.in_the_air = {b"Home", ACCESS_POINT}

    assert driver.press(*TO_THE_NETWORKS, SET_UP).step is Step.DONE


# --- the person meanwhile -------------------------------------------------------------------


def test_cancelling_while_it_is_set_up_leads_back_to_the_networks(
    world: World, driver: Driver
) -> None:
    world.link.on_connect = world.device_goes_for_good
    driver.while_working = lambda state: (
        m.BackPressed() if _is_running(state, Stage.JOIN_NETWORK) else None
    )

    state = driver.press(*TO_THE_NETWORKS, SET_UP)

    assert (state.step, state.error, state.working) == (Step.NETWORK, None, False)
    assert driver.commands[-1] == m.Stop()
    assert world.clock.time < 10.0


def test_the_light_may_tell_sooner_than_the_computer_sees(world: World, driver: Driver) -> None:
    world.link.on_connect = world.device_goes_for_good
    driver.while_working = lambda state: (
        m.LightBlinksAgain() if _is_running(state, Stage.JOIN_NETWORK) else None
    )

    state = driver.press(*TO_THE_NETWORKS, SET_UP)

    assert (state.step, state.working) == (Step.WRONG_PASSPHRASE, False)


def test_a_name_leaves_the_live_events_alone(world: World, driver: Driver) -> None:
    world.cloud.live = (event(1),)
    driver.press(*TO_THE_NETWORKS, SET_UP)

    state = driver.press(m.NamePressed("Desk lamp"))

    assert state.name == "Desk lamp"
    assert state.spoken == (event(1),)


def test_pressing_again_and_again_does_everything_once(world: World, driver: Driver) -> None:
    driver.while_working = lambda state: driver.pressed

    state = driver.press(*TO_THE_NETWORKS, SET_UP)

    assert state.step is Step.DONE
    assert world.link.count("connect") == 1
    assert world.backend.count("provision") == 1
    assert [type(command) for command in driver.commands] == [
        m.Prepare,
        m.FindDevice,
        m.ScanNetworks,
        m.SetUp,
        m.Watch,
    ]


def _is_running(state: State, stage: Stage) -> bool:
    running = any(line.stage is stage and line.status is Status.RUNNING for line in state.stages)
    return running and state.step is Step.SETTING_UP
