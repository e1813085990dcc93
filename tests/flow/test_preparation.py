"""Before the device is told anything: what is fetched, how long is looked, how often asked."""

from __future__ import annotations

import pytest

from setup_wizard.domain.errors import (
    BackendBroken,
    BackendBusy,
    BackendUnreachable,
    CustomerRefused,
    DeviceNotFound,
    DeviceSilent,
    KeyRefused,
    NoNetworksSeen,
    NoWifi,
    SetupError,
    SignInExpired,
)
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import ATTEMPTS, FIND_PAUSE, SCAN_PAUSE, SCAN_TRIES
from tests.flow.fakes import World, failure, stages
from tests.flow.samples import (
    ACCESS_POINT,
    BY_KEY,
    CAFE,
    CUSTOMER,
    HOME,
    IDENTITY,
    KEY,
    OTHER_IDENTITY,
    PROVISION,
)


@pytest.fixture
def world() -> World:
    return World()


# --- prepare --------------------------------------------------------------------------------


def test_everything_that_needs_the_internet_is_fetched_in_order(world: World) -> None:
    reports = world.perform(m.Prepare())

    assert stages(reports) == [
        "reach_backend",
        "reach_backend ok",
        "provision",
        "provision ok",
        "check_wifi",
        "check_wifi ok",
    ]
    assert reports[-1] == m.Prepared(PROVISION, b"Home", at=0.0)
    assert world.backend.signed_in == []


def test_a_customer_is_signed_in_before_anything_is_asked_for(world: World) -> None:
    world.perform(m.Prepare(proof=BY_KEY))

    assert world.backend.calls == ["reach", "sign_in", "provision"]
    assert world.backend.signed_in == [(CUSTOMER, KEY)]


@pytest.mark.parametrize("call", ["reach", "sign_in", "provision"])
@pytest.mark.parametrize("error", [BackendUnreachable(), BackendBroken(status=500)])
def test_a_hiccup_of_the_backend_is_tried_again(world: World, call: str, error: SetupError) -> None:
    world.backend.fail(call, *[error] * (ATTEMPTS - 1))

    reports = world.perform(m.Prepare(proof=BY_KEY))

    assert isinstance(reports[-1], m.Prepared)
    assert world.backend.count(call) == ATTEMPTS


@pytest.mark.parametrize("call", ["reach", "sign_in", "provision"])
def test_a_backend_that_is_down_is_asked_a_bounded_number_of_times(world: World, call: str) -> None:
    world.backend.fail(call, *[BackendUnreachable()] * 100)

    reports = world.perform(m.Prepare(proof=BY_KEY))

    assert isinstance(failure(reports), BackendUnreachable)
    assert world.backend.count(call) == ATTEMPTS


@pytest.mark.parametrize(
    "error", [KeyRefused(), CustomerRefused(), SignInExpired(), BackendBusy(seconds=30)]
)
def test_a_plain_no_is_not_asked_for_twice(world: World, error: SetupError) -> None:
    world.backend.fail("sign_in", error)

    assert failure(world.perform(m.Prepare(proof=BY_KEY))) is error
    assert world.backend.count("sign_in") == 1
    assert world.clock.waits == []


def test_a_computer_without_wifi_is_told_before_the_person_holds_a_button(world: World) -> None:
    world.wifi.present = False

    reports = world.perform(m.Prepare())

    assert isinstance(failure(reports), NoWifi)
    assert stages(reports)[-1] == "check_wifi"


def test_a_system_that_does_not_tell_is_believed_to_have_wifi(world: World) -> None:
    world.wifi.present, world.wifi.network = None, None

    assert world.perform(m.Prepare())[-1] == m.Prepared(PROVISION, None, at=0.0)


# --- find the device ------------------------------------------------------------------------


def test_the_device_is_found_as_soon_as_it_answers(world: World) -> None:
    world.link.answering = None
    world.wifi.network = ACCESS_POINT
    world.clock.at(42.0, world.device_comes_back)

    reports = world.perform(m.FindDevice())

    assert reports == [m.DeviceFound(IDENTITY, ACCESS_POINT)]
    assert 42.0 <= world.clock.time <= 42.0 + FIND_PAUSE


def test_a_device_may_be_found_where_nobody_tells_the_network(world: World) -> None:
    world.wifi.network = None

    assert world.perform(m.FindDevice()) == [m.DeviceFound(IDENTITY, None)]


@pytest.mark.parametrize("budget", [m.FindDevice().seconds, 20.0])
def test_the_search_for_a_device_has_an_end(world: World, budget: float) -> None:
    world.link.answering = None
    search = m.FindDevice(seconds=budget)

    reports = world.perform(search)

    assert isinstance(failure(reports), DeviceNotFound)
    assert budget <= world.clock.time <= budget + FIND_PAUSE


def test_the_link_is_told_which_device_the_set_up_is_about(world: World) -> None:
    world.link.answering = OTHER_IDENTITY

    assert isinstance(world.perform(m.FindDevice())[-1], m.DeviceFound)
    assert world.link.calls == ["look", "identify"]


def test_a_device_that_was_seen_and_does_not_say_who_it_is_is_named(world: World) -> None:
    world.link.fail("identify", DeviceSilent(command="device-id"))

    assert isinstance(failure(world.perform(m.FindDevice())), DeviceSilent)


# --- its networks ---------------------------------------------------------------------------


def test_the_networks_come_as_the_device_tells_them(world: World) -> None:
    assert world.perform(m.ScanNetworks()) == [m.NetworksFound((CAFE, HOME))]


def test_a_radio_that_has_just_come_up_is_asked_again(world: World) -> None:
    world.link.scans = [(), (), (HOME,)]

    assert world.perform(m.ScanNetworks()) == [m.NetworksFound((HOME,))]
    assert world.clock.waits == [SCAN_PAUSE] * 2


def test_a_device_that_hears_nothing_says_so_after_a_few_tries(world: World) -> None:
    world.link.scans = [()]

    reports = world.perform(m.ScanNetworks())

    assert isinstance(failure(reports), NoNetworksSeen)
    assert world.link.count("scan") == SCAN_TRIES


def test_a_device_that_does_not_answer_the_scan_is_named(world: World) -> None:
    world.link.fail("scan", DeviceSilent(command="scan-ap"))

    assert isinstance(failure(world.perform(m.ScanNetworks())), DeviceSilent)
