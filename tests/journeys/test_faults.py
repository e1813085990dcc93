"""Everything that goes wrong outside gets its own sentence, its own step, and a way on."""

from __future__ import annotations

import pytest

from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Stage, Step
from setup_wizard.simulators.cloud import Faults as CloudFaults
from setup_wizard.simulators.photon import Faults as PhotonFaults
from setup_wizard.simulators.photon import parse_scan
from tests.journeys.traveller import (
    HURRY,
    STRIDE,
    WRONG_PASSPHRASE,
    QuickClock,
    Traveller,
    WatchedWorld,
)

pytestmark = pytest.mark.slow


def failed(state: State) -> tuple[str, Step]:
    assert isinstance(state.error, SetupError), state.step
    return state.error.code, state.step


# --- the maker's side -------------------------------------------------------------------------


def test_wrong_installer_key(world: WatchedWorld) -> None:
    state = Traveller(world, installer_key=Secret("not the key")).prepare()

    assert failed(state) == ("SW-KEY-REFUSED", Step.PREPARE)


def test_an_address_that_is_none(world: WatchedWorld) -> None:
    state = Traveller(world, customer="nobody").prepare()

    assert failed(state) == ("SW-CUSTOMER-REFUSED", Step.PREPARE)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 500}, "SW-CLOUD-BROKEN"),
        ({"status": 401, "path_prefix": "/oauth/token"}, "SW-TOKEN-REFUSED"),
        ({"garbage": True}, "SW-CLOUD-BROKEN"),
    ],
)
def test_cloud_trouble_while_preparing_then_retry(
    own_world: WatchedWorld, fault: dict[str, object], code: str
) -> None:
    traveller = Traveller(own_world)
    own_world.cloud.faults = CloudFaults.from_json(fault)

    state = traveller.prepare()
    assert failed(state) == (code, Step.PREPARE)

    own_world.cloud.faults = CloudFaults()
    assert traveller.act(m.RetryPressed()).provision is not None


def test_a_cloud_that_asks_for_time_is_given_it(own_world: WatchedWorld) -> None:
    traveller = Traveller(own_world)
    own_world.cloud.faults = CloudFaults(status=429, retry_after=90)
    assert failed(traveller.prepare()) == ("SW-CLOUD-BUSY", Step.PREPARE)

    own_world.cloud.faults = CloudFaults()
    assert failed(traveller.act(m.RetryPressed())) == ("SW-CLOUD-BUSY", Step.PREPARE)


def test_a_refused_token_of_an_injected_session(world: WatchedWorld) -> None:
    told = world.announce()
    traveller = Traveller(
        world,
        backend_url="",
        customer="",
        cloud_url=told["cloud"]["url"],
        access_token=Secret("0" * 40),
        product=told["cloud"]["product"],
    )

    assert failed(traveller.prepare()) == ("SW-TOKEN-REFUSED", Step.PREPARE)


def test_a_stumbling_cloud_during_the_check_is_no_failure(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.find_device()
    world.cloud.faults = CloudFaults(status=500, path_prefix="/v1/devices", times=3)

    assert traveller.set_up().step is Step.DONE


# --- the device -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"silent": True, "command": "scan-ap"}, "SW-DEVICE-SILENT"),
        ({"garbage": True, "command": "scan-ap"}, "SW-DEVICE-GARBLED"),
        ({"drop_after_bytes": 9, "command": "scan-ap"}, "SW-DEVICE-GONE"),
    ],
)
def test_device_trouble_while_scanning_then_retry(
    world: WatchedWorld, fault: dict[str, object], code: str
) -> None:
    traveller = Traveller(world, hurry=HURRY)
    traveller.prepare()
    world.photon.faults = PhotonFaults.parse(fault)

    state = traveller.act(m.ContinuePressed(), m.ListeningConfirmed())
    assert failed(state) == (code, Step.JOIN)

    world.photon.faults = PhotonFaults()
    assert traveller.act(m.RetryPressed()).networks


@pytest.mark.parametrize("command", ["set", "public-key", "configure-ap"])
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"silent": True}, "SW-DEVICE-SILENT"),
        ({"garbage": True}, "SW-DEVICE-GARBLED"),
        ({"drop_after_bytes": 3}, "SW-DEVICE-GONE"),
    ],
)
def test_device_trouble_while_saving_then_retry(
    world: WatchedWorld, command: str, fault: dict[str, object], code: str
) -> None:
    traveller = Traveller(world, hurry=HURRY)
    traveller.find_device()
    world.photon.faults = PhotonFaults.parse({**fault, "command": command})

    state = traveller.set_up()
    assert failed(state) == (code, Step.SETTING_UP)

    world.photon.faults = PhotonFaults()
    assert traveller.act(m.RetryPressed()).step is Step.DONE


@pytest.mark.parametrize("answer", ["full", "reset", "empty", "hang"])
def test_a_lost_answer_to_connect_is_no_error(world: WatchedWorld, answer: str) -> None:
    traveller = Traveller(world)
    traveller.find_device()
    world.photon.faults = PhotonFaults(connect_answer=answer)

    assert traveller.set_up().step is Step.DONE


def test_an_empty_scan_says_so_and_a_name_can_be_typed(world: WatchedWorld) -> None:
    world.photon.set_scan([])
    traveller = Traveller(world, pace=50.0)

    state = traveller.find_device()
    assert failed(state) == ("SW-NO-NETWORKS", Step.NETWORK)

    typed = Network(b"Guests", Security.OPEN)
    assert traveller.act(m.SetUpPressed(typed)).step is Step.DONE


# --- the network ------------------------------------------------------------------------------


def test_a_passphrase_too_short_is_refused_before_anything_is_sent(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.find_device()
    commands = world.photon.commands

    state = traveller.set_up(passphrase="short")

    assert failed(state) == ("SW-PASSPHRASE-LENGTH", Step.NETWORK)
    assert world.photon.commands == commands


def test_a_network_that_is_hardly_heard_is_not_blamed_on_the_passphrase(
    world: WatchedWorld,
) -> None:
    traveller = Traveller(world)
    traveller.find_device()
    faint = [{"ssid": "HomeNet", "rssi": -86, "sec": 0x400004, "ch": 6, "mdr": 144000}]
    world.photon.set_scan(parse_scan(faint))

    state = traveller.set_up(passphrase=WRONG_PASSPHRASE)

    assert failed(state) == ("SW-NETWORK-WEAK", Step.NETWORK)
    assert state.credentials is not None  # everything is kept for the next try
    assert state.networks


def test_a_name_that_cannot_be_sent_is_refused_before_anything_is_sent(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.find_device()
    commands = world.photon.commands

    state = traveller.act(m.SetUpPressed(Network(b'say "hi"', Security.OPEN)))

    assert failed(state) == ("SW-NAME-CHARACTERS", Step.NETWORK)
    assert world.photon.commands == commands


def waiting_in_vain(world: WatchedWorld) -> Traveller:
    """Somebody whose device joins, and then is not heard of."""
    traveller = Traveller(world, pace=60.0)
    world.stay_offline = True

    def lose_patience(report: m.Report, clock: QuickClock) -> None:
        if isinstance(report, m.StageStarted) and report.stage is Stage.JOIN_NETWORK:
            clock.stride = STRIDE

    traveller.on_report = lose_patience
    return traveller


def test_a_device_that_never_shows_up_is_still_checked_and_never_called_failed(
    world: WatchedWorld,
) -> None:
    world.cloud.faults = CloudFaults(status=500, path_prefix="/v1/devices")
    traveller = waiting_in_vain(world)

    waiting = traveller.set_up()
    assert waiting.step is Step.STILL_CHECKING
    assert waiting.error is None

    world.cloud.faults = CloudFaults()
    world.come_online()
    assert traveller.act(m.RetryPressed()).step is Step.DONE


def test_a_late_device_is_found_without_a_press(world: WatchedWorld) -> None:
    traveller = waiting_in_vain(world)
    assert traveller.set_up().step is Step.STILL_CHECKING
    assert traveller.time_passes().step is Step.STILL_CHECKING

    world.come_online()

    assert traveller.time_passes().step is Step.DONE


def test_a_device_that_was_left_behind_is_heard_of_at_the_next_one(world: WatchedWorld) -> None:
    traveller = waiting_in_vain(world)
    traveller.set_up()
    state = traveller.act(m.SetUpAnotherPressed())
    assert traveller.time_passes().late is None

    world.come_online()
    traveller.time_passes()
    late = traveller.time_passes().late

    assert late is not None
    assert late.device is not None
    assert late.device.online
    assert traveller.state.step is state.step is Step.PREPARE


# --- the person -------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_cancel_at_every_stage_and_start_again(world: WatchedWorld, stage: Stage) -> None:
    traveller = Traveller(world)

    def stop(report: m.Report, clock: QuickClock) -> None:
        if isinstance(report, m.StageStarted) and report.stage is stage:
            clock.turn()

    traveller.on_report = stop
    if stage in (Stage.REACH_BACKEND, Stage.PROVISION, Stage.CHECK_WIFI):
        stopped = traveller.prepare()
        assert stopped.step is Step.PREPARE
    else:
        traveller.find_device()
        stopped = traveller.set_up()
        assert stopped.step is Step.SETTING_UP
    assert not stopped.working
    assert isinstance(traveller.reports[-1], m.Stopped)

    traveller.on_report = lambda _report, _clock: None
    if stopped.step is Step.PREPARE:
        assert traveller.act(m.RetryPressed()).provision is not None
    else:
        assert traveller.act(m.RetryPressed()).step is Step.DONE
