"""The machine as a specification: one sentence for each road through set-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.device import Device
from setup_wizard.domain.errors import (
    BackendUnreachable,
    DeviceNotFound,
    DeviceOffline,
    TokenRefused,
    WrongPassphrase,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.machine import EVENTS_KEPT, advance, start
from setup_wizard.flow.state import State, Status
from setup_wizard.flow.steps import PREPARATION, SETUP, Stage, Step
from tests.flow import roads
from tests.flow.roads import after, done, failed, play
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    BY_KEY,
    CAFE,
    CREDENTIALS,
    CUSTOMER,
    DEVICE,
    DEVICE_ID,
    FRESH_ACCESS,
    HOME,
    IDENTITY,
    PROVISION,
    SESSION,
    event,
)

# --- the happy road -------------------------------------------------------------------------


def test_start_asks_for_what_needs_the_internet() -> None:
    state, command = play(roads.welcome(), m.StartPressed())

    assert command == m.Prepare()
    assert (state.step, state.working) == (Step.PREPARE, True)
    assert [line.stage for line in state.checks] == list(PREPARATION)


def test_a_maker_with_accounts_asks_who_it_is_for_first() -> None:
    state, command = play(start(needs_sign_in=True), m.StartPressed())

    assert (state.step, command) == (Step.PREPARE, door.AskWaysIn())


def test_being_prepared_waits_for_the_person() -> None:
    state, command = play(roads.preparing(), *done(*PREPARATION), roads.PREPARED)

    assert (state.step, state.working, command) == (Step.PREPARE, False, None)
    assert {line.status for line in state.checks} == {Status.DONE}
    assert after(state, m.ContinuePressed()).step is Step.LISTENING


def test_nobody_goes_on_before_everything_is_ready() -> None:
    assert after(roads.preparing(), m.ContinuePressed()) == roads.preparing()


def test_a_blinking_light_starts_the_search() -> None:
    state, command = play(roads.listening(), m.ListeningConfirmed())

    assert (state.step, state.working, command) == (Step.JOIN, True, m.FindDevice())


def test_a_found_device_is_asked_for_its_networks_at_once() -> None:
    state, command = play(roads.looking(), roads.FOUND)

    assert command == m.ScanNetworks()
    assert (state.step, state.identity, state.access_point) == (Step.JOIN, IDENTITY, ACCESS_POINT)


def test_the_person_may_go_on_while_the_networks_are_asked_for() -> None:
    state = after(roads.found(), m.ContinuePressed())

    assert (state.step, state.working) == (Step.NETWORK, True)
    assert after(state, roads.NETWORKS).networks == (HOME, CAFE)


def test_networks_are_shown_strongest_first() -> None:
    state = roads.choosing()

    assert (state.networks, state.scanned, state.working) == ((HOME, CAFE), True, False)


def test_choosing_a_network_sets_the_device_up() -> None:
    state, command = play(roads.choosing(), roads.SET_UP)

    assert command == m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp")
    assert (state.step, state.working) == (Step.SETTING_UP, True)
    assert [line.stage for line in state.stages] == list(SETUP)


def test_success_shows_the_live_device() -> None:
    named = replace(DEVICE, name="Lamp", online=True)
    state, command = play(roads.setting_up(), *done(*SETUP), m.SetupSucceeded(named, ACCESS))

    assert command == m.Watch(ACCESS, DEVICE_ID)
    assert (state.step, state.device, state.name) == (Step.DONE, named, "Lamp")
    assert not state.working


def test_a_token_that_was_renewed_on_the_way_is_the_one_for_all_that_follows() -> None:
    state, command = play(roads.setting_up(), m.SetupSucceeded(DEVICE, FRESH_ACCESS))
    assert command == m.Watch(FRESH_ACCESS, DEVICE_ID)

    assert play(state, m.NamePressed("Lamp"))[1] == m.Rename(FRESH_ACCESS, DEVICE_ID, "Lamp")


def test_no_passphrase_is_kept_once_it_is_done() -> None:
    assert roads.finished().credentials is None


def test_the_whole_road_shows_no_error() -> None:
    assert [road().error for road in roads.EVERYWHERE if road is not roads.wrong_passphrase] == [
        None
    ] * (len(roads.EVERYWHERE) - 1)


def test_the_computers_own_network_is_never_taken_for_the_devices() -> None:
    state = after(roads.looking(), m.DeviceFound(IDENTITY, access_point=b"Home"))

    assert state.computer_network == b"Home"
    assert state.access_point is None


# --- progress -------------------------------------------------------------------------------


def test_a_stage_that_is_tried_again_says_how_often() -> None:
    state = after(
        roads.setting_up(),
        m.StageStarted(Stage.SAVE),
        m.StageStarted(Stage.SAVE, attempt=2),
        m.StageDone(Stage.SAVE, 3.5),
    )

    line = state.stages[0]
    assert (line.status, line.attempts, line.seconds) == (Status.DONE, 2, 3.5)


def test_a_stage_without_evidence_is_neither_done_nor_failed() -> None:
    state = after(
        roads.saved(),
        m.StageStarted(Stage.JOIN_NETWORK),
        m.StageUnproved(Stage.JOIN_NETWORK, 180.0),
        m.VerificationPending(),
    )

    line = state.stages[1]
    assert (line.status, line.attempts, line.seconds) == (Status.UNPROVED, 1, 180.0)
    assert state.step is Step.STILL_CHECKING


def test_the_stage_that_ran_is_the_one_that_failed() -> None:
    state = after(roads.saved(), m.StageStarted(Stage.JOIN_NETWORK), failed(TokenRefused()))

    assert [line.status for line in state.stages] == [
        Status.DONE,
        Status.FAILED,
        Status.WAITING,
        Status.WAITING,
    ]
    assert state.stages[1].seconds == 2.0


def test_leaving_the_devices_network_asks_to_join_it_again() -> None:
    state = after(roads.setting_up(), m.JoinNeeded())

    assert state.join_needed
    assert not after(state, m.Rejoined()).join_needed
    assert not after(state, failed(DeviceNotFound())).join_needed
    assert not after(state, m.BackPressed()).join_needed
    assert not after(state, m.Stopped()).join_needed


# --- late reports ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cancelled", "late"),
    [
        (roads.preparing, roads.PREPARED),
        (roads.preparing, failed(BackendUnreachable())),
        (roads.looking, roads.FOUND),
        (roads.found, roads.NETWORKS),
        (roads.setting_up, roads.SUCCEEDED),
        (roads.saved, m.VerificationPending()),
        (roads.saved, failed(WrongPassphrase(network="Home"))),
        (roads.saved, m.JoinNeeded()),
        (roads.saved, m.StageDone(Stage.JOIN_NETWORK, 1.0)),
        (roads.saved, m.Stopped()),
    ],
)
def test_a_report_of_cancelled_work_changes_nothing(cancelled, late: m.Report) -> None:
    before = cancelled()
    state = after(before, m.BackPressed())

    assert advance(state, m.Reported(before.run, late)) == (state, None)


def test_live_events_of_the_last_device_do_not_show_up_at_the_next() -> None:
    before = roads.finished()
    state = after(before, m.SetUpAnotherPressed())

    assert advance(state, m.Reported(before.run, m.DeviceSpoke((event(),)))) == (state, None)


# --- done -----------------------------------------------------------------------------------


def test_a_name_is_given_beside_the_live_events() -> None:
    state, command = play(roads.finished(), m.NamePressed("Desk lamp"))
    assert command == m.Rename(ACCESS, DEVICE_ID, "Desk lamp")
    assert state.run == roads.finished().run

    state = after(state, m.Renamed("Desk lamp"), m.DeviceSpoke((event(1),)))

    assert state.name == "Desk lamp"
    assert isinstance(state.device, Device)
    assert state.device.name == "Desk lamp"
    assert state.spoken == (event(1),)


def test_a_name_that_is_taken_takes_the_last_error_away() -> None:
    state = after(roads.finished(), failed(DeviceOffline(device=str(DEVICE_ID))))

    assert after(state, m.Renamed("Lamp")).error is None


def test_only_the_newest_live_events_are_kept() -> None:
    state = roads.finished()
    for number in range(EVENTS_KEPT + 20):
        state = after(state, m.DeviceSpoke((event(number),)))
    state = after(state, m.DeviceSpoke(tuple(event(n, "button") for n in range(3))))

    assert len(state.spoken) == EVENTS_KEPT
    assert [one.data for one in state.spoken[-4:]] == [str(EVENTS_KEPT + 19), "0", "1", "2"]
    assert state.heard == {"temperature", "button"}


def test_more_events_at_once_than_are_kept_leave_the_newest() -> None:
    state = after(roads.finished(), m.DeviceSpoke(tuple(map(event, range(EVENTS_KEPT * 2)))))

    assert [one.data for one in state.spoken] == [
        str(n) for n in range(EVENTS_KEPT, EVENTS_KEPT * 2)
    ]


@pytest.mark.parametrize("at", [roads.finished, roads.still_checking])
def test_setting_up_another_keeps_the_customer_and_nothing_of_the_device(at) -> None:
    who = State(needs_sign_in=True, customer=CUSTOMER, proof=BY_KEY, session=SESSION)
    signed_in = replace(at(), needs_sign_in=True, customer=CUSTOMER, proof=BY_KEY, session=SESSION)

    state, command = play(signed_in, m.SetUpAnotherPressed())

    assert command == m.Prepare(SESSION)
    assert state == replace(
        who,
        step=Step.PREPARE,
        run=signed_in.run + 1,
        working=True,
        sent=signed_in.sent,
        pending=state.pending,
        checks=state.checks,
    )


def test_an_empty_name_is_no_name() -> None:
    assert play(roads.finished(), m.NamePressed("  "))[1] is None


def test_a_name_is_given_without_the_blanks_around_it() -> None:
    assert play(roads.finished(), m.NamePressed(" Lamp "))[1] == m.Rename(ACCESS, DEVICE_ID, "Lamp")
