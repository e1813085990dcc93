"""`serve`: settings from a file and the environment, one JSON line, and a clean end."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import psutil
import pytest

from tests.cli.command import Running, ask, finish, refuses, run
from tests.cli.world import QuickWorld

WAIT = 30.0  # seconds, on a busy computer
SETTINGS = """
[service]
cloud_url = "http://127.0.0.1:9"
product = "lamp"
client_id = "lamp-1"
client_secret_file = "client-secret"
installer_keys_file = "keys"
"""
SECRETS = ("s3cret of the client", "k3y of the installer")


@pytest.fixture
def shop(tmp_path: Path) -> str:
    (tmp_path / "client-secret").write_text(SECRETS[0])
    (tmp_path / "keys").write_text(f"bench={SECRETS[1].replace(' ', '-')}")
    file = tmp_path / "shop.toml"
    file.write_text(SETTINGS + f'database_url = "{database(tmp_path)}"\n')
    return str(file)


def database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'shop.sqlite'}"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_backend_from_a_settings_file(shop: str, number: signal.Signals) -> None:
    with Running("--verbose", "serve", "--config", shop) as running:
        url = running.told["backend"]["url"]
        healthy = ask(f"{url}/healthz")
        paths = ask(f"{url}/openapi.json")["paths"]
        answer = running.end(number)

    assert url.startswith("http://127.0.0.1:")
    assert healthy
    assert {"/healthz", "/readyz"} <= set(paths)
    assert (answer.status, answer.out) == (0, "")
    assert not [secret for secret in SECRETS if secret in answer.err]
    assert "Traceback" not in answer.err


@pytest.mark.slow
def test_several_workers_serve_one_address_until_ctrl_c(shop: str) -> None:
    """Loaded afresh; SIGTERM ends several of them in tests/service/test_tls.py."""
    with Running("serve", "--config", shop, "--workers", "2", afresh=True) as running:
        url = running.told["backend"]["url"]
        answers = [ask(f"{url}/readyz") for _ in range(6)]
        ended = running.end(signal.SIGINT)

    assert answers == [{"status": "ok"}] * 6
    assert (ended.status, ended.err) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_workers_end_when_whoever_keeps_them_is_killed(shop: str) -> None:
    with Running("serve", "--config", shop, "--workers", "2", afresh=True) as running:
        ask(f"{running.told['backend']['url']}/readyz")
        workers = psutil.Process(running.process.pid).children(recursive=True)
        running.process.kill()
        _, alive = psutil.wait_procs(workers, timeout=WAIT)
        for worker in alive:
            worker.kill()
        finish(running.process)

    assert workers
    assert alive == []


@pytest.mark.parametrize("workers", ["0", "-1", "two", "1000"])
def test_a_number_of_workers_that_makes_no_sense_is_said(shop: str, workers: str) -> None:
    assert "workers are a number from 1 to 64" in refuses(
        run("serve", "--config", shop, "--workers", workers)
    )


@pytest.mark.slow
def test_a_backend_from_the_environment(tmp_path: Path, running_world: QuickWorld) -> None:
    """Ready means that its cloud answers, too."""
    cloud = running_world.told["cloud"]
    secret = tmp_path / "client-secret"
    secret.write_text(cloud["client_secret"])
    environment = {
        "SETUP_WIZARD_CLOUD_URL": cloud["url"],
        "SETUP_WIZARD_PRODUCT": cloud["product"],
        "SETUP_WIZARD_CLIENT_ID": cloud["client_id"],
        "SETUP_WIZARD_CLIENT_SECRET_FILE": str(secret),
        "SETUP_WIZARD_INSTALLER_KEYS": "bench=key",
    }
    given = ("--host", "127.0.0.1", "--database", database(tmp_path))
    with Running("serve", *given, env=environment) as running:
        url = running.told["backend"]["url"]
        ready = ask(f"{url}/readyz")

    assert ready
    assert (tmp_path / "shop.sqlite").exists()


def test_settings_that_are_missing_are_named() -> None:
    sentence = refuses(run("serve", env={"SETUP_WIZARD_PRODUCT": "lamp"}))

    assert "SETUP_WIZARD_CLIENT_SECRET" in sentence
    assert "SETUP_WIZARD_PRODUCT" not in sentence


def test_a_port_in_use_is_said(shop: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refuses(run("serve", "--config", shop, "--port", str(port)))

    assert str(port) in sentence
    assert "in use" in sentence


@pytest.mark.parametrize(
    "url",
    [
        "nosuch+driver://somebody:hunter2@127.0.0.1/shop",
        "sqlite+aiosqlite:////no/such/folder/shop.sqlite",
    ],
)
def test_a_database_that_cannot_be_opened_is_said(shop: str, url: str) -> None:
    sentence = refuses(run("serve", "--config", shop, env={"SETUP_WIZARD_DATABASE_URL": url}))

    assert "database" in sentence
    assert "hunter2" not in sentence


def test_a_settings_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("[service]\nprodukt = 'lamp'")

    assert str(file) in refuses(run("serve", "--config", str(file)))
