"""`provision` when something is not as it should be: a code, a sentence, a step, status 1."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.cli.command import Answer, run
from tests.cli.world import HOME, HOME_PASSPHRASE, World

pytestmark = pytest.mark.slow


def failure(answer: Answer) -> dict[str, Any]:
    result = answer.json
    assert (answer.status, result["result"]) == (1, "failed"), answer
    error = result["error"]
    assert isinstance(error, dict)
    assert error["message"].endswith("."), error
    assert error["advice"].endswith("."), error
    return error


def code_and_step(answer: Answer) -> tuple[str, str]:
    error = failure(answer)
    return error["code"], error["step"]


@pytest.mark.parametrize(
    ("ssid", "options", "passphrase", "code"),
    [
        (HOME, (), "1234567", "SW-PASSPHRASE-LENGTH"),
        (HOME, (), None, "SW-PASSPHRASE-MISSING"),
        ("Guests", (), HOME_PASSPHRASE, "SW-PASSPHRASE-NEEDLESS"),
        ("Nowhere", (), HOME_PASSPHRASE, "SW-NETWORK-UNSEEN"),
        ("Nowhere", ("--hidden",), HOME_PASSPHRASE, "SW-NAME-UNSEEN"),
        ("Warehouse", (), HOME_PASSPHRASE, "SW-SIGN-IN-MISSING"),
        ("", (), HOME_PASSPHRASE, "SW-NAME-LENGTH"),
        ("x" * 33, (), HOME_PASSPHRASE, "SW-NAME-LENGTH"),
        ('a "quoted" name', (), HOME_PASSPHRASE, "SW-NAME-CHARACTERS"),
    ],
)
def test_a_choice_that_cannot_be(
    world: World, ssid: str, options: tuple[str, ...], passphrase: str | None, code: str
) -> None:
    answer = world.provision("--ssid", ssid, *options, "--json", passphrase=passphrase)

    assert code_and_step(answer) == (code, "network")
    assert world.device()["stored"]["networks"] == []


def test_a_secured_network_that_was_said_to_be_open(world: World) -> None:
    answer = world.provision("--ssid", HOME, "--security", "open", "--json")

    assert code_and_step(answer) == ("SW-JOIN-FAILED", "network")


def test_a_wrong_installer_key(world: World) -> None:
    world.secrets.append("no key at all")
    key = world.file("wrong-key", "no key at all")
    before = world.device()["commands"]

    answer = world.provision("--ssid", HOME, "--json", *world.backend(key_file=key))

    assert code_and_step(answer) == ("SW-KEY-REFUSED", "prepare")
    assert world.device()["commands"] == before


def test_a_customer_who_cannot_be(world: World) -> None:
    answer = world.provision("--ssid", HOME, "--json", *world.backend(customer="jane@home"))

    assert code_and_step(answer) == ("SW-CUSTOMER-REFUSED", "prepare")


def test_an_access_token_that_nobody_gave(world: World) -> None:
    world.secrets.append("made-up-token")
    token = world.file("token", "made-up-token")
    session = ("--cloud", world.told["cloud"]["url"], "--access-token-file", token)

    answer = world.provision("--ssid", HOME, "--json", *session)

    assert code_and_step(answer) == ("SW-TOKEN-REFUSED", "prepare")


@pytest.mark.parametrize("side", ["backend", "cloud"])
def test_nobody_at_the_other_end(world: World, side: str) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        session = ["--cloud", url, "--access-token-file", world.key_file]
        where = world.backend(url=url) if side == "backend" else session
        answer = world.provision("--ssid", HOME, "--json", *where)

    assert code_and_step(answer) == (f"SW-{side.upper()}-DOWN", "prepare")
    assert answer.json["stages"][0]["attempts"] == 3


@pytest.mark.parametrize("part", ["backend", "mail"])
def test_another_address_than_the_backends(world: World, part: str) -> None:
    url = f"{world.told[part]['url']}/elsewhere"

    answer = world.provision("--ssid", HOME, "--json", *world.backend(url=url))

    assert code_and_step(answer) == ("SW-BACKEND-DOWN", "prepare")
    assert "it is no backend (status 404)" in answer.json["error"]["advice"]


@pytest.mark.timeout(60)
def test_no_device_at_the_address_that_was_named(world: World) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        device = f"127.0.0.1:{deaf.getsockname()[1]}"
        answer = world.provision("--ssid", HOME, "--json", "--device", device)

    assert code_and_step(answer) == ("SW-NO-DEVICE", "join")
    assert answer.json["device_id"] is None


def test_a_console_that_knows_few_letters(world: World) -> None:
    """Windows pipes are like that: the answer must not be lost to an encoding."""
    old = {"PYTHONIOENCODING": "cp1252"}
    where = (*world.backend(), "--device", world.tcp, "--ssid", "Café ☕ 5 GHz")
    for_scripts = run("provision", *where, "--json", env=old)
    for_people = run("provision", *where, env=old)

    assert "Café ☕ 5 GHz" in failure(for_scripts)["message"]
    assert for_people.status == 1
    assert "(SW-NETWORK-UNSEEN)" in for_people.out
