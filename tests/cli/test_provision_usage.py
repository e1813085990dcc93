"""`provision` used wrongly: status 2 and one sentence, before anything outside is touched."""

from __future__ import annotations

from pathlib import Path
from subprocess import DEVNULL

import pytest

from tests.cli.command import finish, refuses, run, start

NOWHERE = ("--backend", "http://127.0.0.1:9")
CLOUD = ("--cloud", "http://127.0.0.1:9")
CODE = (*NOWHERE, "--customer", "jane@example.com", "--code-stdin")


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "key"
    path.write_text("a key\n")
    return str(path)


@pytest.fixture
def backend(key: str) -> tuple[str, ...]:
    return (*NOWHERE, "--installer-key-file", key, "--customer", "jane@example.com")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((), "backend"),
        (NOWHERE, "--installer-key-file"),
        ((*NOWHERE, "--customer", "jane@example.com"), "--installer-key-file"),
        ((*NOWHERE, "--installer-key-file", "KEY"), "--customer"),
        (CLOUD, "--access-token-file"),
        (("--access-token-file", "KEY"), "--cloud"),
        (NOWHERE, "--customer with --code-stdin"),
        (NOWHERE, "--customer with --installer-key-file"),
        (NOWHERE, "--account-token-file"),
        ((*NOWHERE, "--code-stdin"), "--customer"),
        ((*CODE, "--installer-key-file", "KEY"), "not both"),
        ((*CODE, "--account-token-file", "KEY"), "not both"),
        (("--code-stdin", "--customer", "jane@example.com"), "--backend"),
        ((*CLOUD, "--access-token-file", "KEY", "--code-stdin"), "--backend"),
        ((*NOWHERE, *CLOUD, "--access-token-file", "KEY"), "not both"),
        ((*NOWHERE, "--access-token-file", "KEY"), "not both"),
    ],
)
def test_where_to_ask_must_be_clear(arguments: tuple[str, ...], hint: str, key: str) -> None:
    given = (key if argument == "KEY" else argument for argument in arguments)

    assert hint in refuses(run("provision", "--ssid", "HomeNet", *given))


@pytest.mark.parametrize(
    "url",
    [
        *("setup.example.com", "ftp://x", "http://", "http://[::1", "http://a:b"),
        *("http://a..b", "http://.b", f"http://{'a' * 64}.com"),
    ],
)
def test_an_address_that_is_none(url: str, key: str) -> None:
    given = ("--backend", url, "--installer-key-file", key, "--customer", "jane@example.com")

    assert url in refuses(run("provision", "--ssid", "HomeNet", *given))


def test_an_address_with_half_a_character(key: str) -> None:
    given = ("--backend", "http://x\udcff", "--installer-key-file", key, "--customer", "a@b.c")

    assert "an address is https:" in refuses(run("provision", "--ssid", "HomeNet", *given))


@pytest.mark.parametrize(
    "customer",
    [
        "jane",
        "@example.com",
        "jane@",
        " ",
        "ja\nne@example.com",
        "jane\udcff@a.b",
        "j" * 251 + "@a.b",
    ],
)
def test_a_customer_who_cannot_be_one(customer: str, key: str) -> None:
    given = (*NOWHERE, "--installer-key-file", key, "--customer", customer)

    assert "e-mail address" in refuses(run("provision", "--ssid", "HomeNet", *given))


@pytest.mark.parametrize(
    "command",
    [
        ("provision", "--ssid", "HomeNet", *CODE),
        ("read", "kitchen", "temperature", *CODE),
        ("watch", "--all", *CLOUD, "--access-token-file", "KEY"),
        ("watch", "--product-events", *NOWHERE, "--installer-key-file", "KEY"),
        NOWHERE,
    ],
)
def test_certificates_to_trust_that_are_not_there(command: tuple[str, ...], key: str) -> None:
    given = (key if argument == "KEY" else argument for argument in command)
    env = {"REQUESTS_CA_BUNDLE": "/nowhere.pem", "QT_QPA_PLATFORM": "offscreen"}

    assert "REQUESTS_CA_BUNDLE: /nowhere.pem cannot be read" in refuses(run(*given, env=env))


@pytest.mark.parametrize("device", ["http://", "tcp://127.0.0.1:99999", "127.0.0.1:http", "[::1]"])
def test_a_device_address_that_is_none(device: str, backend: tuple[str, ...]) -> None:
    sentence = refuses(run("provision", "--ssid", "HomeNet", *backend, "--device", device))

    assert "--device" in sentence


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--frobnicate",), "--frobnicate"),
        (("--security", "wpa3"), "--security"),
        (("--timeout", "0"), "--timeout"),
        (("--timeout", "-1"), "--timeout"),
        (("--timeout", "nan"), "--timeout"),
        (("--timeout", "1e300"), "--timeout"),
        (("--timeout", "soon"), "--timeout"),
        (("--name", "two\nlines"), "--name"),
        (("--name", "\udcff"), "--name"),
        (("--passphrase-stdin", "--passphrase-file", "x"), "--passphrase-file"),
        (("--security", "open", "--passphrase-stdin"), "--security open"),
        (("--security", "open", "--passphrase-file", "x"), "--security open"),
        (("HomeNet",), "a word too many"),
    ],
)
def test_a_slip_is_said(arguments: tuple[str, ...], hint: str, backend: tuple[str, ...]) -> None:
    assert hint in refuses(run("provision", "--ssid", "HomeNet", *backend, *arguments))


def test_a_network_must_be_named(backend: tuple[str, ...]) -> None:
    assert "--ssid" in refuses(run("provision", *backend))


UNUSABLE = {"missing": None, "empty": b"\n", "binary": b"\xff\xfe\xfd"}


@pytest.mark.parametrize(
    ("option", "content"),
    [
        ("--passphrase-file", "missing"),
        ("--passphrase-file", "empty"),
        ("--installer-key-file", "missing"),
        ("--installer-key-file", "empty"),
        ("--installer-key-file", "binary"),
        ("--access-token-file", "empty"),
        ("--access-token-file", "binary"),
        ("--config", "missing"),
        ("--config", "binary"),
    ],
)
def test_a_file_that_cannot_be_used(
    option: str, content: str, tmp_path: Path, backend: tuple[str, ...]
) -> None:
    path = tmp_path / content
    data = UNUSABLE[content]
    if data is not None:
        path.write_bytes(data)
    session = CLOUD if option == "--access-token-file" else backend

    sentence = refuses(run("provision", "--ssid", "HomeNet", *session, option, str(path)))

    assert str(path) in sentence


@pytest.mark.parametrize("typed", ["", "\n", "\r\n", "\nlater\n"])
def test_an_empty_line_is_no_passphrase(typed: str, backend: tuple[str, ...]) -> None:
    given = ("--ssid", "HomeNet", "--passphrase-stdin", "--json")

    assert "--passphrase-stdin" in refuses(run("provision", *backend, *given, typed=typed))


@pytest.mark.parametrize(
    "command", [("provision", "--ssid", "HomeNet"), ("read", "kitchen", "temperature")]
)
def test_no_letter_is_sent_where_nobody_can_type_its_code(command: tuple[str, ...]) -> None:
    with start(*command, *CODE, stdin=DEVNULL) as process:
        answer = finish(process)

    assert "--code-stdin" in refuses(answer)


def test_a_folder_is_no_file(tmp_path: Path, backend: tuple[str, ...]) -> None:
    given = ("--ssid", "HomeNet", "--passphrase-file", str(tmp_path))

    assert str(tmp_path) in refuses(run("provision", *backend, *given))


@pytest.mark.parametrize(
    "typed",
    [
        "--passphrase hunter2",
        "--passphrase=hunter2",
        "--installer-key hunter2",
        "--access=hunter2",
        "--code hunter2",
    ],
)
def test_a_secret_as_an_argument_is_refused_and_not_repeated(typed: str) -> None:
    answer = run("provision", "--ssid", "HomeNet", *typed.split())

    assert "there is no option --" in refuses(answer)
    assert "hunter2" not in answer.err


@pytest.mark.parametrize("option", ["--passphrase-stdin", "--code-stdin"])
def test_a_secret_after_an_option_that_takes_none_is_not_repeated(option: str) -> None:
    answer = run("provision", "--ssid", "HomeNet", f"{option}=hunter2")

    assert f"{option} takes no value" in refuses(answer)
    assert "hunter2" not in answer.err
