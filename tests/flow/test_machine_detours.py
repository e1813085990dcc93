"""The machine as a specification: where each failure leads, and every way back and again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.errors import (
    BackendUnreachable,
    CloudUnreachable,
    CustomerRefused,
    DeviceNotFound,
    DeviceOffline,
    DeviceSilent,
    KeyRefused,
    NetworkJoinFailed,
    NetworkUnseen,
    NoNetworksSeen,
    NoWifi,
    PassphraseLength,
    SetupError,
    SignInExpired,
    TokenRefused,
    Unexpected,
    WrongDevice,
    WrongPassphrase,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.state import Status
from setup_wizard.flow.steps import SETUP, Stage, Step
from tests.flow import roads
from tests.flow.roads import after, done, failed, play
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    BY_KEY,
    CAFE,
    CREDENTIALS,
    DEVICE,
    DEVICE_ID,
    FRESH_ACCESS,
    HOME,
    IDENTITY,
    OTHER_IDENTITY,
    PROVISION,
    SESSION,
    WRONG,
)

# --- where errors lead ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "error", "leads_to"),
    [
        (roads.preparing, BackendUnreachable(), Step.PREPARE),
        (roads.preparing, NoWifi(), Step.PREPARE),
        (roads.preparing, SignInExpired(), Step.PREPARE),
        (roads.preparing_after_sign_in, BackendUnreachable(), Step.PREPARE),
        (roads.preparing_after_sign_in, KeyRefused(), Step.SIGN_IN),
        (roads.preparing_after_sign_in, CustomerRefused(), Step.SIGN_IN),
        (roads.preparing_after_sign_in, SignInExpired(), Step.SIGN_IN),
        (roads.looking, DeviceNotFound(), Step.JOIN),
        (roads.found, DeviceSilent(command="scan-ap"), Step.JOIN),
        (roads.found, NoNetworksSeen(), Step.JOIN),
        (roads.setting_up, WrongDevice(device="f" * 24), Step.SETTING_UP),
        (roads.setting_up, DeviceSilent(command="connect-ap"), Step.SETTING_UP),
        (roads.setting_up, DeviceNotFound(), Step.SETTING_UP),
        (roads.setting_up, PassphraseLength(length=5, allowed="8–64"), Step.NETWORK),
        (roads.setting_up, NetworkUnseen(network="Home"), Step.NETWORK),
        (roads.saved, NetworkJoinFailed(network="Cafe"), Step.NETWORK),
        (roads.saved, WrongPassphrase(network="Home"), Step.WRONG_PASSPHRASE),
        (roads.saved, TokenRefused(), Step.SETTING_UP),
        (roads.saved, Unexpected(kind="KeyError"), Step.SETTING_UP),
        (roads.finished, CloudUnreachable(), Step.DONE),
        (roads.finished, DeviceOffline(device="f" * 24), Step.DONE),
    ],
)
def test_an_error_is_shown_where_something_can_be_done(at, error: SetupError, leads_to) -> None:
    state, command = play(at(), failed(error))

    assert (state.step, state.error, command) == (leads_to, error, None)
    assert not state.working


def test_a_device_that_is_gone_from_the_list_page_is_held_again() -> None:
    rescanning = after(roads.choosing(), m.RescanPressed())

    assert after(rescanning, failed(DeviceNotFound())).step is Step.LISTENING


@pytest.mark.parametrize("error", [SignInExpired(), KeyRefused(), CustomerRefused()])
def test_nothing_takes_a_finished_device_off_the_screen(error: SetupError) -> None:
    at_work = replace(roads.finished(), needs_sign_in=True)

    assert after(at_work, m.NamePressed("Lamp"), failed(error)).step is Step.DONE


def test_a_choice_that_cannot_be_stored_is_refused_on_the_spot() -> None:
    state, command = play(roads.choosing(), m.SetUpPressed(HOME, Secret("short")))

    assert isinstance(state.error, PassphraseLength)
    assert (state.step, command) == (Step.NETWORK, None)


def test_a_better_choice_makes_its_error_go_away() -> None:
    refused = after(roads.choosing(), m.SetUpPressed(HOME, Secret("short")))

    assert after(refused, roads.SET_UP).error is None


def test_signing_in_again_goes_on_with_a_device_that_is_saved() -> None:
    expired = after(replace(roads.saved(), needs_sign_in=True), failed(SignInExpired()))
    assert expired.step is Step.SIGN_IN

    fresh = replace(PROVISION, access=FRESH_ACCESS)
    again = (door.SignInPressed(BY_KEY), door.SignedIn(SESSION))
    state, command = play(expired, *again, m.Prepared(fresh, b"Home"))

    assert command == m.Verify(fresh, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp")
    assert (state.step, state.working) == (Step.SETTING_UP, True)
    assert [line.status for line in state.stages] == [Status.DONE] + [Status.WAITING] * 3


@pytest.mark.parametrize("at", [roads.saved, roads.wrong_passphrase])
def test_who_goes_back_is_not_taken_for_somebody_whose_device_is_saved(at) -> None:
    back = after(at(), *[m.BackPressed()] * 3)
    assert back.step is Step.WELCOME

    state = after(back, m.StartPressed(), roads.PREPARED)

    assert (state.step, state.working) == (Step.PREPARE, False)


# --- wrong passphrase -----------------------------------------------------------------------


def test_a_wrong_passphrase_keeps_everything_but_the_passphrase() -> None:
    state = after(roads.saved(), failed(WrongPassphrase(network="Home")))
    again, command = play(state, m.SendAgainPressed(WRONG))

    assert isinstance(command, m.SetUp)
    assert command.credentials == replace(CREDENTIALS, passphrase=WRONG)
    assert (command.name, command.provision, command.identity) == ("Lamp", PROVISION, IDENTITY)
    assert (again.step, again.networks) == (Step.SETTING_UP, (HOME, CAFE))
    assert {line.status for line in again.stages} == {Status.WAITING}


def test_a_passphrase_may_be_wrong_any_number_of_times() -> None:
    state = roads.saved()
    for _ in range(5):
        state = after(state, failed(WrongPassphrase(network="Home")))
        assert state.step is Step.WRONG_PASSPHRASE
        state = after(state, m.SendAgainPressed(WRONG), *done(Stage.SAVE))

    assert after(state, roads.SUCCEEDED).step is Step.DONE


def test_sending_a_passphrase_that_is_too_short_is_refused_on_the_spot() -> None:
    state, command = play(roads.wrong_passphrase(), m.SendAgainPressed(Secret("short")))

    assert isinstance(state.error, PassphraseLength)
    assert (state.step, state.credentials, command) == (Step.WRONG_PASSPHRASE, CREDENTIALS, None)


@pytest.mark.parametrize("at", [roads.saved, roads.still_checking])
def test_the_person_may_see_the_light_blink_again(at) -> None:
    state, command = play(at(), m.LightBlinksAgain())

    assert isinstance(state.error, WrongPassphrase)
    assert (state.step, state.working, command) == (Step.WRONG_PASSPHRASE, False, m.Stop())


def test_a_blinking_light_after_an_open_network_leads_back_to_the_networks() -> None:
    state = after(roads.choosing(), m.SetUpPressed(CAFE), *done(Stage.SAVE), m.LightBlinksAgain())

    assert isinstance(state.error, NetworkJoinFailed)
    assert state.step is Step.NETWORK


def test_a_light_that_blinks_before_anything_is_saved_means_nothing() -> None:
    assert play(roads.setting_up(), m.LightBlinksAgain()) == (roads.setting_up(), None)


# --- back and cancel ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "leads_to"),
    [
        (roads.sign_in, Step.WELCOME),
        (roads.preparing, Step.WELCOME),
        (roads.prepared, Step.WELCOME),
        (roads.listening, Step.WELCOME),
        (roads.looking, Step.LISTENING),
        (roads.found, Step.LISTENING),
        (roads.choosing, Step.LISTENING),
        (roads.setting_up, Step.NETWORK),
        (roads.saved, Step.NETWORK),
        (roads.wrong_passphrase, Step.NETWORK),
    ],
)
def test_back_stops_the_work_and_leads_one_question_back(at, leads_to: Step) -> None:
    state, command = play(at(), m.BackPressed())

    assert (state.step, command) == (leads_to, m.Stop())
    assert (state.working, state.error) == (False, None)


@pytest.mark.parametrize("at", [roads.welcome, roads.still_checking, roads.finished])
def test_there_is_no_way_back_from_the_first_page_or_the_last(at) -> None:
    assert play(at(), m.BackPressed()) == (at(), None)


def test_going_back_to_the_networks_keeps_them_and_the_choice() -> None:
    state = after(roads.saved(), m.BackPressed())

    assert (state.networks, state.credentials) == ((HOME, CAFE), CREDENTIALS)


def test_another_device_may_be_found_after_going_back() -> None:
    again = after(roads.choosing(), m.BackPressed(), m.ListeningConfirmed())
    assert again.identity is None

    state = after(again, m.DeviceFound(OTHER_IDENTITY))

    assert (state.identity, state.networks, state.scanned) == (OTHER_IDENTITY, (), False)


# --- retry ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "error", "again"),
    [
        (roads.preparing, BackendUnreachable(), m.Prepare()),
        (roads.preparing_after_sign_in, NoWifi(), m.Prepare(SESSION)),
        (roads.looking, DeviceNotFound(), m.FindDevice()),
        (roads.found, NoNetworksSeen(), m.ScanNetworks()),
        (
            roads.setting_up,
            DeviceSilent(command="set"),
            m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp", sent_before=True),
        ),
        (
            roads.saved,
            TokenRefused(),
            m.Verify(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp"),
        ),
    ],
)
def test_trying_again_does_what_failed(at, error: SetupError, again: m.Work) -> None:
    state, command = play(at(), failed(error), m.RetryPressed())

    assert command == again
    assert (state.working, state.error) == (True, None)


def test_a_device_that_was_lost_on_the_list_page_is_looked_for_again() -> None:
    lost = after(roads.choosing(), m.RescanPressed(), failed(DeviceNotFound()))

    state, command = play(lost, m.RetryPressed())

    assert (state.step, command) == (Step.JOIN, m.FindDevice())


def test_a_stream_that_ended_is_opened_again() -> None:
    ended = after(roads.finished(), failed(CloudUnreachable()))

    state, command = play(ended, m.RetryPressed())

    assert command == m.Watch(ACCESS, DEVICE_ID)
    assert (state.step, state.error, state.device) == (Step.DONE, None, DEVICE)


def test_a_rescan_asks_the_device_again_and_keeps_the_list() -> None:
    state, command = play(roads.choosing(), m.RescanPressed())

    assert command == m.ScanNetworks()
    assert (state.networks, state.working) == ((HOME, CAFE), True)


def test_what_is_saved_is_not_sent_twice() -> None:
    state, command = play(roads.still_checking(), m.RetryPressed())

    assert isinstance(command, m.Verify)
    assert state.step is Step.SETTING_UP
    assert [line.status for line in state.stages] == [Status.DONE] + [Status.WAITING] * 3


def test_checking_again_may_still_end_well() -> None:
    state = after(roads.still_checking(), m.RetryPressed(), *done(*SETUP[1:]), roads.SUCCEEDED)

    assert state.step is Step.DONE
