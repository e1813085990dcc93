"""`provision` on a company network: by user name, by certificate, and what it says of slips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import refuses, run
from tests.cli.test_provision_failures import code_and_step
from tests.cli.test_provision_usage import backend, key  # noqa: F401 - fixtures
from tests.cli.world import HOME, World
from tests.identities import (
    KEY_PASSWORD,
    as_the_device_takes_it,
    bundle,
    certificate,
    der_key,
    ec_key,
    key_file,
    pem,
    rsa_key,
)

OFFICE = "Warehouse"
JANE = ("--eap", "peap", "--identity", "jane@warehouse.example")
PASSWORD = "forklift number 7"


def stored(world: World) -> dict[str, Any]:
    (network,) = world.device()["stored"]["networks"]
    assert isinstance(network, dict)
    return network


# --- in the world ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--security", "wpa2-enterprise")], ids=["auto", "named"])
def test_a_user_name_and_a_password_bring_it_online(world: World, options: tuple[str, ...]) -> None:
    given = ("--ssid", OFFICE, *JANE, "--outer-identity", "anonymous ☕", *options, "--json")

    answer = world.provision(*given, passphrase=PASSWORD)

    kept = stored(world)
    assert (answer.status, answer.json["result"]) == (0, "success")
    assert bytes.fromhex(kept["inner_identity_hex"]) == b"jane@warehouse.example"
    assert bytes.fromhex(kept["outer_identity_hex"]).decode() == "anonymous ☕"
    assert bytes.fromhex(kept["eap_password_hex"]).decode() == PASSWORD


@pytest.mark.slow
@pytest.mark.parametrize(
    ("user_name", "password"), [("joe", PASSWORD), (JANE[-1], "not the password")]
)
def test_a_wrong_one_of_either_is_found_out(world: World, user_name: str, password: str) -> None:
    given = ("--ssid", OFFICE, "--eap", "peap", "--identity", user_name, "--json")

    answer = world.provision(*given, passphrase=password)

    assert code_and_step(answer) == ("SW-NETWORK-SIGN-IN", "network")


@pytest.mark.slow
def test_a_certificate_is_stored_whatever_its_files_are(world: World) -> None:
    """That this house's network takes none is another matter: here it is what is stored."""
    own, ca = certificate(rsa_key()), certificate(ec_key(), "CA")
    world.secrets.append(KEY_PASSWORD)
    given = (
        *("--ssid", OFFICE, "--eap", "tls", "--json"),
        *("--certificate", world.file("jane.crt", pem(own))),
        *("--private-key", world.file("jane.key", key_file(rsa_key(), password=KEY_PASSWORD))),
        *("--private-key-password-file", world.file("key-password", KEY_PASSWORD + "\n")),
        *("--ca", world.file("ca.crt", pem(ca))),
    )

    answer = world.provision(*given)

    kept = stored(world)
    assert code_and_step(answer) == ("SW-NETWORK-SIGN-IN", "network")
    certificate_pem = as_the_device_takes_it(own)
    assert bytes.fromhex(kept["client_cert_hex"])[: len(certificate_pem)] == certificate_pem
    assert bytes.fromhex(kept["ca_hex"]) == as_the_device_takes_it(ca)
    assert bytes.fromhex(kept["private_key_hex"]).startswith(der_key(rsa_key()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "passphrase", "code"),
    [
        (("--ssid", HOME, *JANE), PASSWORD, "SW-SIGN-IN-NEEDLESS"),
        (("--ssid", OFFICE), PASSWORD, "SW-SIGN-IN-MISSING"),
        (
            ("--ssid", OFFICE, "--eap", "peap", "--identity", 'ja"ne'),
            "x",
            "SW-USER-NAME-CHARACTERS",
        ),
        (("--ssid", OFFICE, "--eap", "peap", "--identity", "j" * 65), "x", "SW-USER-NAME-LENGTH"),
        (("--ssid", OFFICE, *JANE), "x" * 65, "SW-PASSPHRASE-LENGTH"),
        (("--ssid", "Elsewhere", "--hidden", *JANE), "x", "SW-NAME-UNSEEN"),
    ],
)
def test_a_choice_that_cannot_be(
    world: World, options: tuple[str, ...], passphrase: str, code: str
) -> None:
    answer = world.provision(*options, "--json", passphrase=passphrase)

    assert code_and_step(answer) == (code, "network")
    assert world.device()["stored"]["networks"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        (bundle(ec_key(), certificate(ec_key())), None, "SW-KEY-PASSWORD-MISSING"),
        (bundle(ec_key(), certificate(ec_key())), "hidden-mistake", "SW-KEY-PASSWORD-WRONG"),
        (pem(certificate(ec_key())), None, "SW-NO-PRIVATE-KEY"),
        (pem(certificate(ec_key())) + key_file(ec_key(1)), None, "SW-KEY-MISMATCH"),
        (key_file(ec_key()), None, "SW-NO-CERTIFICATE"),
    ],
)
def test_a_file_that_cannot_be_used(
    world: World, content: bytes, password: str | None, code: str
) -> None:
    given = ["--ssid", OFFICE, "--eap", "tls", "--certificate", world.file("jane.p12", content)]
    if password is not None:
        world.secrets.append(password)
        given += ["--private-key-password-file", world.file("key-password", password)]

    answer = world.provision(*given, "--json")

    assert code_and_step(answer) == (code, "network")
    assert world.device()["stored"]["networks"] == []


# --- used wrongly: status 2 and one sentence, before anything outside is touched --------------


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ("--security wpa2-enterprise", "--eap"),
        ("--security wpa-enterprise --identity jane", "--eap"),
        ("--identity jane", "--identity needs --eap"),
        ("--outer-identity jane", "--outer-identity needs --eap"),
        ("--certificate FILE", "--certificate needs --eap"),
        ("--private-key FILE", "--private-key needs --eap"),
        ("--private-key-password-file FILE", "--private-key-password-file needs --eap"),
        ("--ca FILE", "--ca needs --eap"),
        ("--eap peap", "--identity"),
        ("--eap peap --identity jane", "passphrase"),
        ("--eap peap --passphrase-file FILE", "--identity"),
        ("--eap peap --identity jane --passphrase-stdin --ca FILE", "--ca does not go with"),
        ("--eap peap --certificate FILE", "--certificate does not go with"),
        ("--eap tls", "--certificate"),
        ("--eap tls --certificate FILE --identity jane", "--identity does not go with"),
        ("--eap tls --certificate FILE --passphrase-stdin", "--passphrase-stdin does not go with"),
        ("--eap tls --certificate FILE --security wpa2", "--security wpa2"),
        ("--eap tls --certificate /no/such/file", "/no/such/file"),
        ("--eap tls --certificate FILE --private-key /no/such/file", "/no/such/file"),
        ("--eap tls --certificate FILE --ca /tmp", "/tmp"),
        ("--eap tls --certificate FILE --private-key-password-file /no/such/file", "/no/such/file"),
        ("--eap ttls", "ttls"),
    ],
)
def test_options_that_do_not_go_together(
    arguments: str,
    hint: str,
    tmp_path: Path,
    backend: tuple[str, ...],  # noqa: F811 - the fixture
) -> None:
    file = tmp_path / "file"
    file.write_text("something\n")
    given = [str(file) if part == "FILE" else part for part in arguments.split()]

    assert hint in refuses(run("provision", "--ssid", OFFICE, *backend, *given))
