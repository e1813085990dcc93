"""`provision` to its good end: device, cloud and script get what was asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from setup_wizard.resources import resource
from tests.cli.command import run
from tests.cli.world import HOME, HOME_PASSPHRASE, WRONG_PASSPHRASE, World

pytestmark = pytest.mark.slow

STAGES = [
    "reach_backend",
    "provision",
    "check_wifi",
    "save",
    "join_network",
    "go_online",
    "make_yours",
]
CAFE = "Café ☕ d'Ani & Co <2.4>"


def stored_network(world: World) -> tuple[str, str]:
    """SSID and passphrase as the device keeps them."""
    network = world.device()["stored"]["networks"][0]
    ssid, passphrase = (bytes.fromhex(network[f"{part}_hex"]) for part in ("ssid", "passphrase"))
    return ssid.decode(), passphrase.decode()


@pytest.mark.parametrize("ssid", [HOME, CAFE, "Guests"])
def test_each_network_of_the_world_works(world: World, ssid: str) -> None:
    (network,) = [n for n in world.told["networks"] if n["ssid"] == ssid]

    answer = world.provision("--ssid", ssid, "--json", passphrase=network["passphrase"] or None)

    result = answer.json
    assert answer.status == 0
    assert result["result"] == "success"
    assert result["device_id"] == world.told["photon"]["device_id"]
    assert result["error"] is None
    assert [stage["stage"] for stage in result["stages"]] == STAGES
    assert {stage["state"] for stage in result["stages"]} == {"done"}
    assert all(stage["attempts"] == 1 for stage in result["stages"])
    assert all(stage["seconds"] >= 0 for stage in result["stages"])
    assert result["seconds"] >= sum(stage["seconds"] for stage in result["stages"]) - 0.1
    assert stored_network(world) == (ssid, network["passphrase"])
    assert world.at_the_cloud()["online"] is True
    assert world.at_the_cloud()["owner"] == "jane@example.com"


@pytest.mark.parametrize("as_json", [True, False])
def test_the_makers_test_is_a_part_of_the_result(world: World, as_json: bool) -> None:
    """The simulated house has somebody who presses the button now and then."""
    config = world.file("moss.toml", 'brand = "moss"\n')

    answer = world.provision(
        "--config", config, "--ssid", "Guests", *(["--json"] if as_json else [])
    )

    assert answer.err.count("Press the button on Moss now (60 s)") == 1
    assert ("✓ proof (" in answer.err) is not as_json
    if as_json:
        proof = answer.json["proof"]
        assert 0 <= proof.pop("seconds") <= 60
        assert proof == {
            "kind": "event",
            "name": "button",
            "passed": True,
            "data": "pressed",
            "error": None,
        }


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ('kind = "function"\nfunction = "led"\nreturns = 1', (True, 1, None)),
        ('kind = "function"\nfunction = "led"\nreturns = 7', (False, 1, None)),
        ('kind = "function"\nfunction = "lid"\nreturns = 1', (False, None, "SW-NOT-EXPOSED")),
        ('kind = "event"\nevent = "never"\nseconds = 1', (False, None, None)),
        ("", None),
    ],
)
def test_a_set_up_is_a_success_whatever_the_makers_test_says(
    world: World, tmp_path: Path, test: str, told: tuple[object, ...] | None
) -> None:
    brand = shutil.copytree(resource("brands", "default"), tmp_path / "acme") / "brand.toml"
    head = brand.read_text("utf-8").partition("[proof]")[0]
    table = f'[proof]\nsentence = "Look at {{device}}"\n{test}\n' if test else ""
    brand.write_text(head + table, "utf-8")
    config = world.file("acme.toml", f'brand = "{brand}"\n')

    answer = world.provision("--config", config, "--ssid", "Guests", "--json")

    assert (answer.status, answer.json["result"]) == (0, "success")
    proof = answer.json["proof"]
    if told is None:
        assert proof is None
    else:
        got = proof.get("return_value", proof.get("data"))
        assert (proof["passed"], got, proof["error"]) == told


def test_a_wrong_passphrase_is_found_out_and_put_right_even_on_an_owned_device(
    world: World,
) -> None:
    """What the cloud remembers is no evidence: not that it was online, not whose it is."""
    first = world.provision("--ssid", "Guests", "--name", "Hall", "--json")
    world.listen()
    wrong = world.provision("--ssid", HOME, "--json", passphrase=WRONG_PASSPHRASE)
    meanwhile = world.at_the_cloud()
    world.listen()
    again = world.provision("--ssid", HOME, "--json", passphrase=HOME_PASSPHRASE)

    assert first.json["result"] == "success"
    states = {stage["stage"]: stage["state"] for stage in wrong.json["stages"]}
    assert (wrong.status, wrong.json["result"]) == (1, "failed")
    assert wrong.json["error"]["code"] == "SW-WRONG-PASSPHRASE"
    assert wrong.json["error"]["step"] == "wrong_passphrase"
    assert (states["save"], states["join_network"]) == ("done", "failed")
    assert (meanwhile["online"], meanwhile["owner"]) == (False, "jane@example.com")
    assert again.json["result"] == "success"
    assert again.json["name"] == "Hall"


def test_every_option_together(world: World) -> None:
    given = ("--ssid", HOME, "--hidden", "--security", "wpa2", "--timeout", "50", "--json")
    http = world.told["photon"]["http"]

    answer = world.provision(*given, "--device", http, passphrase=HOME_PASSPHRASE)

    assert answer.json["result"] == "success"
    assert stored_network(world) == (HOME, HOME_PASSPHRASE)


def test_a_session_that_was_handed_over_needs_no_backend(world: World) -> None:
    world.disown()
    token = world.file("token", world.customer_token("injected@example.com") + "\n")
    passphrase = world.file("passphrase", HOME_PASSPHRASE + "\r\n")
    cloud = world.told["cloud"]
    session = ("--cloud", cloud["url"], "--access-token-file", token, "--product", cloud["product"])
    given = ("--ssid", HOME, "--passphrase-file", passphrase, "--name", "Küche ☕", "--json")

    answer = world.provision(*given, *session)
    device = world.at_the_cloud()
    world.disown()

    assert (answer.status, answer.json["result"]) == (0, "success")
    assert (device["owner"], device["name"]) == ("injected@example.com", "Küche ☕")
    assert answer.json["name"] == "Küche ☕"


def test_a_settings_file_can_say_it_all_and_people_read_sentences(world: World) -> None:
    settings = world.file(
        "shop.toml",
        f'backend_url = "{world.told["backend"]["url"]}"\n'
        'installer_key_file = "key"\ncustomer = "jane@example.com"\n'
        f'device = "{world.tcp}"\n',
    )

    given = ("--config", settings, "--ssid", "Guests", "--security", "open")
    answer = run("provision", *given, afresh=True)

    assert answer.status == 0
    assert answer.out.startswith("success: ")
    assert len(answer.out.splitlines()) == 1
    assert [line for line in answer.err.splitlines() if line.startswith("✓ save (")]
    world.check_silence(answer)


def test_people_read_what_to_do_about_a_failure(world: World) -> None:
    answer = world.provision("--ssid", HOME, passphrase="short")

    assert answer.status == 1
    assert answer.out.startswith("failed: ")
    assert "8–64 characters. Check it" in answer.out
    assert "(SW-PASSPHRASE-LENGTH)" in answer.out
