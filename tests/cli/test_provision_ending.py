"""`provision` ended from outside: by a signal, by its own time limit, or killed."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import ENDS, LIMIT, PROMPT, Answer, finish, start
from tests.cli.world import HOME, WRONG_PASSPHRASE, World

pytestmark = pytest.mark.slow


class Mute:
    """A server that takes connections and what is sent there, and says nothing."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.asked = threading.Event()
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self._held.append(connection)
            if not connection.recv(1):
                return
            self.asked.set()

    def close(self) -> None:
        with socket.create_connection(self._listener.getsockname()):
            pass  # it says nothing at all: the end
        self._thread.join()
        for each in (*self._held, self._listener):
            each.close()


@contextmanager
def mute() -> Iterator[Mute]:
    server = Mute()
    try:
        yield server
    finally:
        server.close()


def wait_for_stage(process: subprocess.Popen[bytes], stage: str) -> None:
    """Until the command's log says that a stage began."""
    assert process.stderr is not None
    for line in process.stderr:
        if f"stage={stage} attempt=1".encode() in line:
            return
    raise AssertionError(f"{stage} never began")


def type_in(process: subprocess.Popen[bytes], passphrase: str) -> None:
    assert process.stdin is not None
    process.stdin.write(passphrase.encode() + b"\n")
    process.stdin.flush()


def assert_cancelled(answer: Answer) -> None:
    assert answer.status == 130, answer
    assert answer.json["result"] == "cancelled"
    assert answer.json["error"]["code"] == "SW-CANCELLED"


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_in_the_middle_is_a_cancelled_journey(
    world: World, number: signal.Signals
) -> None:
    with world.start("--ssid", HOME, "--json", "--passphrase-stdin") as process:
        type_in(process, WRONG_PASSPHRASE)
        wait_for_stage(process, "join_network")
        process.send_signal(number)
        began = time.monotonic()
        answer = finish(process)

    assert_cancelled(answer)
    assert time.monotonic() - began < PROMPT
    assert answer.json["device_id"] == world.told["photon"]["device_id"]
    world.check_silence(answer)


@pytest.mark.parametrize("side", ["backend", "device"])
def test_a_signal_ends_it_even_where_somebody_says_nothing(world: World, side: str) -> None:
    with mute() as server:
        where = world.backend(url=f"http://{server.address}") if side == "backend" else []
        device = f"tcp://{server.address}" if side == "device" else world.tcp
        with world.start("--ssid", "Guests", "--json", *where, device=device) as process:
            assert server.asked.wait(LIMIT)
            process.terminate()
            began = time.monotonic()
            answer = finish(process)

    assert_cancelled(answer)
    assert time.monotonic() - began < PROMPT


@pytest.mark.parametrize("side", ["backend", "device"])
def test_the_time_limit_holds_where_somebody_says_nothing(world: World, side: str) -> None:
    with mute() as server:
        where = world.backend(url=f"http://{server.address}") if side == "backend" else []
        device = ("--device", f"tcp://{server.address}") if side == "device" else ()
        answer = world.provision("--ssid", "Guests", "--json", "--timeout", "5", *where, *device)

    assert answer.status == 1
    assert answer.json["result"] == "failed"
    assert answer.json["error"]["code"] == "SW-TIMEOUT"
    assert "Nothing was sent" in answer.json["error"]["advice"]
    assert answer.json["error"]["step"] == ("prepare" if side == "backend" else "join")
    assert 5 <= answer.json["seconds"] < 5 + PROMPT


def test_a_killed_command_leaves_no_process_and_no_file(world: World, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    given = ("--ssid", "Guests", "--device", world.tcp, *world.backend())
    env = {"TMPDIR": str(temporary)}
    with start("--verbose", "provision", *given, env=env) as process:
        wait_for_stage(process, "join_network")
        children = children_of(process.pid)
        process.kill()
        answer = finish(process)

    assert answer.status == -signal.SIGKILL
    assert children == []
    assert list(temporary.iterdir()) == []


def children_of(parent: int) -> list[str]:
    """Processes that it started; known only on Linux."""
    known = Path(f"/proc/{parent}/task/{parent}/children")
    return known.read_text().split() if known.exists() else []
