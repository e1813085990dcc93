"""Why a device came back: what the scans show before the passphrase is blamed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.errors import (
    DeviceSilent,
    NameUnseen,
    NetworkJoinFailed,
    NetworkTooWeak,
    NetworkUnseen,
    SetupError,
    WrongPassphrase,
)
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import AFTER_SCAN_BUDGET, EVIDENCE_PAUSE
from setup_wizard.flow.cause import WEAK_SIGNAL, cause_of_return
from setup_wizard.flow.steps import Stage, Step
from tests.flow import roads
from tests.flow.fakes import TRYING, World, failure
from tests.flow.roads import after, done
from tests.flow.samples import ACCESS_POINT, CAFE, HOME, IDENTITY, PROVISION, WRONG

FAINT = replace(HOME, rssi=WEAK_SIGNAL)
FAIR = replace(HOME, rssi=WEAK_SIGNAL + 1)
TYPED = Network(HOME.ssid, Security.WPA2)


@pytest.mark.parametrize(
    ("chosen", "heard", "cause"),
    [
        (HOME, (), WrongPassphrase),
        (FAIR, (), WrongPassphrase),
        (FAINT, (), NetworkTooWeak),
        (TYPED, (), WrongPassphrase),
        (HOME, (HOME, CAFE), WrongPassphrase),
        (HOME, (FAINT, CAFE), NetworkTooWeak),
        (HOME, (FAINT, FAIR), WrongPassphrase),  # another station of the same network is near
        (FAINT, (FAIR,), WrongPassphrase),  # the newest scan is the one that counts
        (HOME, (CAFE,), NetworkTooWeak),  # it was heard before and is not any more
        (TYPED, (CAFE,), WrongPassphrase),  # it may hide
        (TYPED, (FAINT,), NetworkTooWeak),
        (CAFE, (HOME,), NetworkJoinFailed),
        (replace(CAFE, rssi=-90), (), NetworkJoinFailed),
    ],
)
def test_the_scans_say_which_it_was(
    chosen: Network, heard: tuple[Network, ...], cause: type[SetupError]
) -> None:
    passphrase = None if chosen.ssid == CAFE.ssid else WRONG

    error = cause_of_return(Credentials(chosen, passphrase), heard)

    assert type(error) is cause
    assert error.parameters == {"network": chosen.name}


# --- the work -------------------------------------------------------------------------------

MISTYPED = m.SetUp(PROVISION, IDENTITY, Credentials(HOME, WRONG), ACCESS_POINT)


@pytest.fixture
def world() -> World:
    world = World()
    world.link.on_connect = lambda: goes_and_comes_back(world)
    return world


def goes_and_comes_back(world: World) -> None:
    world.device_goes_for_good()
    world.clock.at(TRYING, world.device_comes_back)


def test_a_device_that_is_back_is_asked_what_it_hears(world: World) -> None:
    world.link.scans = [(FAINT, CAFE)]

    assert isinstance(failure(world.perform(MISTYPED)), NetworkTooWeak)


@pytest.mark.parametrize("error", [DeviceSilent(command="scan-ap"), None])
def test_a_device_that_will_not_say_what_it_hears_is_judged_by_the_first_scan(
    world: World, error: SetupError | None
) -> None:
    if error is None:
        world.link.scans = [()]
    else:
        world.link.fail("scan", *[error] * 10)

    assert isinstance(failure(world.perform(MISTYPED)), WrongPassphrase)


def test_asking_what_it_hears_has_a_limit(world: World) -> None:
    def crawl(cancel: object) -> tuple[Network, ...]:
        for _ in range(3000):
            cancel.wait(1.0)  # type: ignore[attr-defined]
        return ()

    world.link.scan = crawl  # type: ignore[method-assign]

    assert isinstance(failure(world.perform(MISTYPED)), WrongPassphrase)
    assert world.clock.time <= TRYING + AFTER_SCAN_BUDGET + 4 * EVIDENCE_PAUSE


def test_a_device_that_is_only_seen_in_the_air_is_not_asked(world: World) -> None:
    in_the_air = world.wifi.in_the_air = {ACCESS_POINT}

    def leave() -> None:
        world.device_goes_for_good()
        in_the_air.discard(ACCESS_POINT)
        world.clock.at(TRYING, lambda: in_the_air.add(ACCESS_POINT))

    world.link.on_connect = leave
    work = replace(MISTYPED, credentials=Credentials(FAINT, WRONG))

    assert isinstance(failure(world.perform(work)), NetworkTooWeak)
    assert world.link.count("scan") == 0


@pytest.mark.parametrize(("chosen", "error"), [(HOME, NetworkUnseen), (TYPED, NameUnseen)])
def test_a_typed_name_that_is_not_found_is_told_apart(
    world: World, chosen: Network, error: type[SetupError]
) -> None:
    world.link.fail("store_network", NetworkUnseen(network="Home"))

    raised = failure(world.perform(replace(MISTYPED, credentials=Credentials(chosen, WRONG))))

    assert type(raised) is error
    assert raised.parameters == {"network": "Home"}


# --- the machine ----------------------------------------------------------------------------


def test_a_light_that_blinks_again_after_a_weak_network_leads_back_to_the_networks() -> None:
    chosen = after(roads.choosing(), m.SetUpPressed(FAINT, WRONG), *done(Stage.SAVE))

    state = after(chosen, m.LightBlinksAgain())

    assert isinstance(state.error, NetworkTooWeak)
    assert state.step is Step.NETWORK
    assert state.credentials == Credentials(FAINT, WRONG)
    assert state.networks == roads.choosing().networks
