"""What is typed at a terminal is what the device stores, to the last byte."""

from __future__ import annotations

import os

import pytest

from setup_wizard.simulators import world as simulated
from setup_wizard.simulators.house import HouseNetwork
from tests.cli.command import ask
from tests.cli.test_provision_failures import code_and_step
from tests.cli.world import HOME, HOME_PASSPHRASE, World

pytestmark = pytest.mark.slow

CAFE = "Café ☕ d'Ani & Co <2.4>"
SIXTY_THREE = "Zwölf Böxkämpfer ✓ 'jagen' \"Viktor\" \\ & <quer> 100 % {} $HOME"[:55].rstrip()
SIXTY_THREE += "x" * (63 - len(SIXTY_THREE.encode()))
RAW = b"\xff\x80\x01\x1b \"'\\/&<>\xc3%{}$" + "✓ö".encode() * 8 + b"\xfe tail"
TERMINAL = b"Caf\xe9 \xff \x01 of a Latin terminal"


class House:
    """A world in this process, told as one that runs by itself."""

    def __init__(self, world: simulated.World) -> None:
        self.told = world.announce()


def stored(world: World) -> tuple[bytes, bytes]:
    (network,) = world.device()["stored"]["networks"]
    return bytes.fromhex(network["ssid_hex"]), bytes.fromhex(network["passphrase_hex"])


def test_a_hard_name_and_63_mixed_bytes_bring_it_online(tmp_path) -> None:
    assert len(SIXTY_THREE.encode()) == 63
    networks = (HouseNetwork(CAFE, SIXTY_THREE),)
    with simulated.World(networks=networks, scan_seconds=0.0, pace=0.5) as running:
        world = World(House(running), tmp_path)  # type: ignore[arg-type]
        answer = world.provision("--ssid", CAFE, "--json", passphrase=SIXTY_THREE)

        assert (answer.status, answer.json["result"]) == (0, "success")
        assert stored(world) == (CAFE.encode(), SIXTY_THREE.encode())


@pytest.mark.parametrize("by_file", [True, False], ids=["file", "stdin"])
def test_bytes_that_are_no_text_are_stored_as_they_are(world: World, by_file: bool) -> None:
    """This house has another password there, so what counts here is what was stored."""
    world.secrets.append(RAW.decode(errors="backslashreplace"))
    given = ("--ssid", CAFE, "--json")

    if by_file:
        answer = world.provision(*given, "--passphrase-file", world.file("passphrase", RAW))
    else:
        answer = world.provision(*given, passphrase=RAW)

    assert len(RAW) == 63
    assert code_and_step(answer) == ("SW-WRONG-PASSPHRASE", "wrong_passphrase")
    assert stored(world) == (CAFE.encode(), RAW)


def test_a_name_is_the_bytes_that_the_terminal_gave(world: World) -> None:
    control = world.told["control"]["photon"]
    ask(f"{control}/scan", [{"ssid_hex": TERMINAL.hex(), "sec": 0x400004, "rssi": -50}])

    world.provision("--ssid", os.fsdecode(TERMINAL), "--json", passphrase="correct horse battery")

    assert stored(world)[0] == TERMINAL


def test_of_two_networks_of_one_name_it_is_the_one_that_the_passphrase_is_for(world: World) -> None:
    """Anybody can put up an open one, and a stronger one."""
    stations = [{"sec": 0, "rssi": -30}, {"sec": 0x400004, "rssi": -70}]
    control = world.told["control"]["photon"]
    ask(f"{control}/scan", [{"ssid": HOME, **station} for station in stations])

    answer = world.provision("--ssid", HOME, "--json", passphrase=HOME_PASSPHRASE)

    assert answer.json["result"] == "success"
    assert [n["security"] for n in world.device()["stored"]["networks"]] == [0x400004]


def test_of_two_networks_of_one_name_it_is_the_open_one_without_a_passphrase(world: World) -> None:
    stations = [{"sec": 0x400004, "rssi": -30}, {"sec": 0, "rssi": -70}]
    control = world.told["control"]["photon"]
    ask(f"{control}/scan", [{"ssid": "Guests", **station} for station in stations])

    answer = world.provision("--ssid", "Guests", "--json")

    assert answer.json["result"] == "success"
    assert [n["security"] for n in world.device()["stored"]["networks"]] == [0]
