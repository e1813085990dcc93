"""`simulate`: one JSON line when ready, loopback only, and nothing left when it ends."""

from __future__ import annotations

import contextlib
import io
import signal
import socket
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from setup_wizard.cli import simulate
from tests.cli.command import ENDS, PROMPT, Running, ask, refuses, run
from tests.cli.world import QuickWorld

CLOUD = {"url", "product", "client_id", "client_secret", "team_token"}


def addresses(told: object) -> set[tuple[str, int]]:
    """Every HOST:PORT anywhere in an announcement."""
    if isinstance(told, dict):
        return {address for value in told.values() for address in addresses(value)}
    if not isinstance(told, str) or ":" not in told:
        return set()
    host, _, port = told.removeprefix("http://").rpartition(":")
    return {(host, int(port))} if port.isdigit() else set()


def is_free(address: tuple[str, int]) -> bool:
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taker.bind(address)
            taker.listen()
        except OSError:
            return False
    return True


@pytest.mark.parametrize("number", ENDS)
@pytest.mark.parametrize(("kind", "doors"), [("photon", 3), ("cloud", 2)])
def test_a_simulator_says_one_line_and_ends_clean(
    kind: str, doors: int, number: signal.Signals
) -> None:
    afresh = number is signal.SIGTERM  # as whoever starts and ends programs
    with Running("simulate", kind, afresh=afresh) as running:
        found = addresses(running.told)
        began = time.monotonic()
        answer = running.end(number)
        took = time.monotonic() - began

    assert {host for host, _ in found} == {"127.0.0.1"}
    assert len(found) == doors
    assert (answer.status, answer.out, answer.err) == (0, "", "")
    assert took < PROMPT
    assert all(is_free(address) for address in found)


@pytest.mark.slow
@pytest.mark.parametrize("number", ENDS)
def test_the_world_says_everything_in_one_line_and_ends_clean(
    number: signal.Signals, tmp_path: Path
) -> None:
    with Running("simulate", "world", env={"TMPDIR": str(tmp_path)}) as running:
        told = running.told
        found = addresses(told)
        inside = list(tmp_path.iterdir())
        began = time.monotonic()
        answer = running.end(number)
        took = time.monotonic() - began

    assert {host for host, _ in found} == {"127.0.0.1"}
    assert inside, "the world keeps its database in its own folder"
    assert {"photon", "cloud", "backend", "networks", "control"} <= set(told)
    assert {"http", "tcp", "device_id", "ssid"} <= set(told["photon"])
    assert set(told["cloud"]) >= CLOUD
    assert set(told["backend"]) >= {"url", "installer_key"}
    assert all(set(n) >= {"ssid", "passphrase", "security"} for n in told["networks"])
    assert set(told["control"]) >= {"photon", "cloud"}
    assert (answer.status, answer.out, answer.err) == (0, "", "")
    assert took < PROMPT
    assert list(tmp_path.iterdir()) == []
    assert all(is_free(address) for address in found)


@pytest.mark.slow
@pytest.mark.parametrize("number", ENDS)
def test_the_attended_world_ends_clean_when_it_is_told_to(
    number: signal.Signals, tmp_path: Path
) -> None:
    with Running("simulate", "world", "--attended", env={"TMPDIR": str(tmp_path)}) as running:
        answer = running.end(number)

    assert (answer.status, answer.err) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_attended_world_ends_when_whoever_attends_is_gone(tmp_path: Path) -> None:
    with Running("simulate", "world", "--attended", env={"TMPDIR": str(tmp_path)}) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        running.process.stdin = None
        assert running.process.wait(10) == 0

        assert running.process.stderr is not None
        assert running.process.stderr.read() == b""
        assert running.process.stdout is not None
        running.process.stdout.close()
        running.process.stderr.close()
    assert list(tmp_path.iterdir()) == []


def test_a_cloud_tells_what_a_client_needs_and_obeys() -> None:
    given = ("--product", "shoe-rack", "--client-id", "shoe-7", "--client-secret", "made up")
    with Running("simulate", "cloud", *given) as running:
        cloud, control = running.told["cloud"], running.told["control"]
        state = ask(f"{control}/state")

    assert set(cloud) >= CLOUD
    assert (cloud["product"], cloud["client_id"]) == ("shoe-rack", "shoe-7")
    assert cloud["client_secret"] == "made up"
    assert state["product"] == "shoe-rack"


def test_a_cloud_listens_where_it_is_told() -> None:
    port = free_port()
    with Running("simulate", "cloud", "--port", str(port)) as running:
        assert running.told["cloud"]["url"] == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("photon", "--http-port"),
        ("photon", "--tcp-port"),
        ("photon", "--control-port"),
        ("cloud", "--port"),
    ],
)
def test_a_port_in_use_is_said(arguments: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        sentence = refuses(run("simulate", *arguments, port))

    assert "address already in use" in sentence.lower()


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_none_is_said(port: str) -> None:
    assert "65535" in refuses(run("simulate", "cloud", f"--port={port}"))


@pytest.mark.parametrize("arguments", [(), ("moon",), ("photon", "--claimd")])
def test_a_slip_is_said(arguments: tuple[str, ...]) -> None:
    assert "--help" in refuses(run("simulate", *arguments))


@pytest.mark.slow
@pytest.mark.parametrize("body", [[], 5, {"ssid": {}}, {"ssid": None}, {}])
def test_the_computers_wifi_refuses_nonsense(running_world: QuickWorld, body: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"{running_world.told['control']['wifi']}/join", body)

    assert refused.value.code == 400
    refused.value.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Still:
    """A simulator that is told to end at the worst moment: when somebody is about to wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ended = True

    def announce(self) -> dict[str, Any]:
        later = threading.Timer(0.2, signal.raise_signal, [signal.SIGTERM])
        later.daemon = True
        later.start()
        wait, main = threading.Condition.wait, threading.current_thread()

        def wait_and_hear(condition: threading.Condition, timeout: float | None = None) -> bool:
            if threading.current_thread() is main:
                later.cancel()
                signal.raise_signal(signal.SIGTERM)
            return wait(condition, timeout)

        self._monkeypatch.setattr(threading.Condition, "wait", wait_and_hear)
        return {}


@pytest.fixture
def own_signals() -> Iterator[None]:
    """What this process did about them is as before afterwards."""
    before = {number: signal.getsignal(number) for number in ENDS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
def test_a_signal_is_heard_whatever_is_locked_when_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulator = Still(monkeypatch)

    status = simulate._run(simulator)

    assert (status, simulator.ended) == (0, True)


class Closing:
    """A world that is told to end once more while it is being closed."""

    def __init__(self) -> None:
        self.mail = SimpleNamespace(on_mail=None)
        self.product = SimpleNamespace(press_button=None)
        self.hold_button = self.choose_device = None
        self.ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        signal.raise_signal(signal.SIGTERM)
        self.ended = True

    def announce(self) -> dict[str, Any]:
        return {}


@pytest.mark.usefixtures("own_signals")
@pytest.mark.parametrize("told", [False, True])
def test_a_world_that_is_being_closed_is_closed_whole(
    told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a terminal is closed: its input ends, and a signal comes to all that ran in it."""
    world = Closing()
    if told:
        monkeypatch.setattr(world, "announce", lambda: signal.raise_signal(signal.SIGTERM))
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    with contextlib.suppress(SystemExit):
        simulate._attended(cast(Any, world))

    assert world.ended
