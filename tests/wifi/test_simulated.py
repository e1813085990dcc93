"""The Wi-Fi of the simulated world, asked over loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from setup_wizard.domain.errors import NoWifi
from setup_wizard.ports import WifiState
from setup_wizard.wifi import simulated
from setup_wizard.wifi.simulated import SimulatedWifi
from tests.particle.servers import (
    Answer,
    ScriptedServer,
    raw_server,
    refused_url,
    scripted_server,
    until_hung_up,
)

AIR = {"present": True, "network": "Zuhause é", "visible": ["Café", "Photon-AB12CD"]}


@pytest.fixture
def world() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        server.answers["GET /wifi"] = Answer(body=AIR)
        server.answer = Answer(404)
        yield server


def test_the_state_is_what_the_world_says(world: ScriptedServer) -> None:
    assert SimulatedWifi(world.url + "/").state() == WifiState(True, "Zuhause é".encode())


def test_a_computer_on_no_network_has_none(world: ScriptedServer) -> None:
    world.answers["GET /wifi"] = Answer(body=AIR | {"present": False, "network": None})

    assert SimulatedWifi(world.url).state() == WifiState(present=False, network=None)


@pytest.mark.parametrize(
    ("ssid", "seen"), [(b"Photon-AB12CD", True), (b"Photon-", False), (b"X", False)]
)
def test_an_access_point_is_seen_by_its_name(
    world: ScriptedServer, ssid: bytes, seen: bool
) -> None:
    assert SimulatedWifi(world.url).sees(ssid) is seen


def test_a_proxy_is_not_asked(world: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", refused_url())
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert SimulatedWifi(world.url).state().present is True


@pytest.mark.parametrize("answer", [Answer(500, AIR), Answer(200, "<html>"), Answer(200, {})])
def test_a_world_that_answers_nonsense_has_no_wifi(world: ScriptedServer, answer: Answer) -> None:
    world.answers["GET /wifi"] = answer

    with pytest.raises(NoWifi):
        SimulatedWifi(world.url).state()


def test_no_world_has_no_wifi() -> None:
    with pytest.raises(NoWifi):
        SimulatedWifi(refused_url()).sees(b"Photon-AB12CD")


def test_a_silent_world_has_no_wifi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulated, "TIMEOUT", 0.05)

    with raw_server(until_hung_up) as server, pytest.raises(NoWifi):
        SimulatedWifi(server.url).state()
