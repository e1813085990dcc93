"""The roads that end well, through real sockets, real RSA, a real backend and its database."""

from __future__ import annotations

import pytest
import requests

from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import REJOIN_BUDGET
from setup_wizard.flow.steps import Step
from tests.journeys.traveller import (
    CUSTOMER,
    WRONG_PASSPHRASE,
    QuickClock,
    Traveller,
    WatchedWorld,
)

pytestmark = pytest.mark.slow


def made_customer(cloud: dict[str, str], email: str) -> str:
    """What the maker's own sign-in would do, elsewhere: a customer and an access token."""
    answer = requests.post(
        f"{cloud['url']}/v1/products/{cloud['product']}/customers",
        data={"email": email, "no_password": "true"},
        auth=(cloud["client_id"], cloud["client_secret"]),
        timeout=5,
    )
    return str(answer.json()["access_token"])


def test_a_device_ends_online_and_owned(world: WatchedWorld) -> None:
    traveller = Traveller(world)

    state = traveller.set_up()

    assert state.step is Step.DONE
    assert state.error is None
    assert state.device is not None
    assert state.device.online
    assert world.cloud.device(world.photon.device_id)["owner"] == CUSTOMER.lower()


def test_the_device_stores_exactly_what_was_typed(world: WatchedWorld) -> None:
    Traveller(world).set_up("Café ☕ d'Ani & Co <2.4>")

    (stored,) = world.photon.networks
    assert stored.ssid == "Café ☕ d'Ani & Co <2.4>".encode()
    assert stored.passphrase == b"cappuccino-2024"


def test_an_open_network_needs_no_passphrase(world: WatchedWorld) -> None:
    state = Traveller(world).set_up("Guests")

    assert state.step is Step.DONE


def test_the_backend_records_whose_device_it_is(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.set_up()

    traveller.act(m.NamePressed("Kitchen"))

    assert traveller.state.name == "Kitchen"
    assert world.cloud.device(world.photon.device_id)["name"] == "Kitchen"


def test_a_computer_with_one_radio_gets_there_too(laptop: WatchedWorld) -> None:
    state = Traveller(laptop).set_up()

    assert state.step is Step.DONE
    assert laptop.wifi.network == "HomeNet"


def test_the_internet_is_out_of_reach_on_the_device_network(laptop: WatchedWorld) -> None:
    traveller = Traveller(laptop)
    traveller.find_device()

    state = traveller.act(m.BackPressed(), m.BackPressed(), m.StartPressed())

    assert state.error is not None
    assert state.error.code == "SW-BACKEND-DOWN"


def test_wrong_passphrase_then_the_right_one_keeps_everything(laptop: WatchedWorld) -> None:
    traveller = Traveller(laptop)
    refused = traveller.set_up(passphrase=WRONG_PASSPHRASE)
    assert refused.step is Step.WRONG_PASSPHRASE
    assert refused.credentials is not None
    assert refused.credentials.network.name == "HomeNet"

    def rejoin(report: m.Report, _clock: QuickClock) -> None:
        if isinstance(report, m.JoinNeeded):
            laptop.join_access_point()

    traveller.on_report = rejoin
    state = traveller.act(m.SendAgainPressed(Secret("correct horse battery")))

    assert state.step is Step.DONE
    assert m.JoinNeeded(REJOIN_BUDGET) in traveller.reports


def test_live_events_prove_that_it_lives(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.set_up()
    watch = traveller.watching
    assert watch is not None
    cloud = traveller.outside.open_cloud(watch.access)

    first = next(iter(cloud.events(watch.device_id, traveller.clock())))

    assert first.device_id == world.photon.device_id


def test_session_injection_needs_no_backend(world: WatchedWorld) -> None:
    told = world.announce()
    token = made_customer(told["cloud"], "ann@example.com")
    traveller = Traveller(
        world,
        backend_url="",
        customer="",
        cloud_url=told["cloud"]["url"],
        access_token=Secret(token),
        product=told["cloud"]["product"],
    )

    state = traveller.set_up()

    assert state.step is Step.DONE
    assert world.cloud.device(world.photon.device_id)["owner"] == "ann@example.com"


def test_the_device_is_found_over_http_when_the_other_way_is_shut(world: WatchedWorld) -> None:
    told = world.announce()

    state = Traveller(world, device=f"http://{told['photon']['http']}").set_up()

    assert state.step is Step.DONE


def test_another_device_of_the_same_customer_is_set_up_next(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.set_up()
    world.product.stop()
    world.photon.reset()
    world.hold_button()

    traveller.act(m.SetUpAnotherPressed(), m.ContinuePressed(), m.ListeningConfirmed())
    traveller.act(m.ContinuePressed())
    state = traveller.set_up()

    assert state.step is Step.DONE


def test_a_network_typed_by_hand_is_stored_as_typed(world: WatchedWorld) -> None:
    traveller = Traveller(world)
    traveller.find_device()
    typed = Network(b"HomeNet", Security.WPA2)

    state = traveller.act(m.SetUpPressed(typed, Secret("correct horse battery")))

    assert state.step is Step.DONE


def test_a_device_that_updates_itself_first_is_waited_for() -> None:
    with WatchedWorld(pace=0.4, scan_seconds=0.0, update_seconds=8.0) as world:
        traveller = Traveller(world)
        state = traveller.set_up()

    course = [type(report) for report in traveller.reports]
    assert state.step is Step.DONE
    assert state.device is not None
    assert state.device.online
    assert course.index(m.DeviceUpdating) < course.index(m.DeviceUpdated)
