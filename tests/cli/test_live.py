"""`watch`, `call` and `read` as scripts use them, at a cloud and through a backend."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import (
    LIMIT,
    Answer,
    Running,
    ask,
    environment,
    finish,
    glance,
    refuses,
    run,
    start,
)
from tests.cli.world import CUSTOMER, World

DEVICE = "3a001b000447343138333038"
FOREIGN = "f" * 24

pytestmark = pytest.mark.slow


class CloudAlone(World):
    """A cloud with one device of one customer."""

    def __init__(self, running: Running, folder: Path) -> None:
        self.told = running.told
        self.folder = folder
        self.secrets: list[str] = []
        self.control = running.told["control"]
        token = self.file("token", running.told.setdefault("token", "") or self._first_token())
        self.access = ["--cloud", running.told["cloud"]["url"], "--access-token-file", token]
        self.put()

    def _first_token(self) -> str:
        """A customer is made once."""
        self.told["token"] = token = self.customer_token(CUSTOMER)
        return token

    def put(self, *, online: bool = True, owner: str | None = CUSTOMER, **more: object) -> None:
        device: dict[str, object] = {
            "device_id": DEVICE,
            "name": "kitchen",
            "functions": {"led": 7},
            "variables": {"temperature": 21.0, "count": 3, "on": True, "text": "ü"},
            "owner": owner,
            "online": online,
        }
        ask(f"{self.control}/devices", device | more)

    def publish(self, name: str, data: str | None, **more: object) -> None:
        ask(f"{self.control}/publish", {"device_id": DEVICE, "name": name, "data": data, **more})

    def faults(self, **faults: object) -> None:
        ask(f"{self.control}/faults", faults)

    def run(self, *arguments: str) -> Answer:
        answer = run(*arguments, *self.access)
        said = answer.out + answer.err
        assert [secret for secret in self.secrets if secret in said] == []
        assert "Traceback" not in answer.err, answer
        return answer


@pytest.fixture(scope="module")
def running_cloud() -> Iterator[Running]:
    with Running("simulate", "cloud") as running:
        yield running


@pytest.fixture
def cloud(running_cloud: Running, tmp_path: Path) -> Iterator[CloudAlone]:
    cloud = CloudAlone(running_cloud, tmp_path)
    yield cloud
    cloud.faults()


def test_call_prints_what_the_function_returned(cloud: CloudAlone) -> None:
    answer = cloud.run("call", DEVICE.upper(), "led", "on")

    assert (answer.status, answer.json) == (0, {"return_value": 7})


def test_a_device_answers_to_its_name(cloud: CloudAlone) -> None:
    assert cloud.run("call", "kitchen", "led").json == {"return_value": 7}


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [("temperature", 21.0, "double"), ("count", 3, "int32"), ("on", True, "bool")],
)
def test_read_prints_value_and_type(
    cloud: CloudAlone, variable: str, value: object, kind: str
) -> None:
    answer = cloud.run("read", DEVICE, variable)

    assert (answer.status, answer.json) == (0, {"value": value, "type": kind})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("call", DEVICE, "blahblah"), "SW-NOT-EXPOSED"),
        (("read", DEVICE, "blahblah"), "SW-NOT-EXPOSED"),
        (("read", FOREIGN, "temperature"), "SW-NOT-YOURS"),
        (("read", "nobody", "temperature"), "SW-NOT-YOURS"),
        (("watch", FOREIGN), "SW-NOT-YOURS"),
        (("call", DEVICE, "led", "ü" * 312), "SW-ARGUMENT-LENGTH"),
    ],
)
def test_each_failure_has_its_code_and_sentence(
    cloud: CloudAlone, arguments: tuple[str, ...], code: str
) -> None:
    answer = cloud.run(*arguments)

    assert answer.status == 1
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]
    assert answer.json["error"]["advice"]


def test_as_many_bytes_as_the_device_takes_are_sent(cloud: CloudAlone) -> None:
    assert cloud.run("call", DEVICE, "led", "ü" * 311).status == 0


@pytest.mark.parametrize("command", [("call", DEVICE, "led"), ("read", DEVICE, "temperature")])
def test_a_device_that_is_away_and_one_that_is_slow_are_not_the_same(
    cloud: CloudAlone, command: tuple[str, ...]
) -> None:
    cloud.put(online=False)
    assert cloud.run(*command).json["error"]["code"] == "SW-DEVICE-OFFLINE"
    cloud.put()
    cloud.faults(status=408, path_prefix=f"/v1/devices/{DEVICE}/", times=1)
    assert cloud.run(*command).json["error"]["code"] == "SW-DEVICE-SLOW"


def test_watch_prints_each_event_at_once_as_json(cloud: CloudAlone) -> None:
    with start("watch", "--all", "--prefix", "t", "--json", *cloud.access) as process:
        assert process.stdout is not None
        until_it_listens(cloud, process)
        cloud.publish("button", "pressed")
        cloud.publish("t/data", "<b>ü</b>")
        seen = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        answer = finish(process)

    assert (seen["name"], seen["data"], seen["device_id"]) == ("t/data", "<b>ü</b>", DEVICE)
    assert list(seen) == ["name", "data", "published_at", "device_id", "ttl", "received_at"]
    assert seen["ttl"] == 60
    assert (answer.status, answer.err) == (130, "")


def until_it_listens(cloud: CloudAlone, process: subprocess.Popen[bytes]) -> None:
    """The stream stands when the cloud counts it; nothing can be missed then."""
    while ask(f"{cloud.control}/state")["streams"] == 0:
        glance(process)


def test_watch_ends_after_so_many_events(cloud: CloudAlone) -> None:
    with start("watch", DEVICE, "--count", "300", "--json", *cloud.access) as process:
        until_it_listens(cloud, process)
        cloud.publish("t", "1", count=1000)
        answer = finish(process)

    assert answer.status == 0
    assert len(answer.out.splitlines()) == 300


def test_watch_ends_after_its_seconds_and_says_when_too_few_came(cloud: CloudAlone) -> None:
    enough = cloud.run("watch", DEVICE, "--seconds", "0.2")
    fewer = cloud.run("watch", DEVICE, "--seconds", "0.2", "--count", "1")

    assert (enough.status, enough.err) == (0, "")
    assert (fewer.status, fewer.err) == (1, "0 of 1 events came in time\n")


def test_a_line_for_people_cannot_steer_their_terminal(cloud: CloudAlone) -> None:
    with start("watch", DEVICE, "--count", "1", *cloud.access) as process:
        until_it_listens(cloud, process)
        cloud.publish("t", "\x1b[2J")
        answer = finish(process)

    assert "\\x1b[2J" in answer.out
    assert "\x1b" not in answer.out


def test_why_there_is_no_connection_is_said_once(cloud: CloudAlone) -> None:
    cloud.faults(status=500, path_prefix="/v1/devices/events")
    with start("watch", "--all", *cloud.access) as process:
        assert process.stderr is not None
        broken = process.stderr.readline()
        cloud.faults()
        until_it_listens(cloud, process)
        process.send_signal(signal.SIGTERM)
        answer = finish(process)

    assert broken.startswith(b"no connection, trying again (SW-CLOUD-BROKEN): ")
    assert (answer.status, answer.out, answer.err) == (130, "", "")


def test_a_refused_token_is_said(cloud: CloudAlone) -> None:
    cloud.access[-1] = cloud.file("wrong", "0" * 40)

    assert cloud.run("watch", "--all").json["error"]["code"] == "SW-TOKEN-REFUSED"


@pytest.mark.parametrize(
    "arguments",
    [
        ("watch",),
        ("watch", DEVICE, "--all"),
        ("call", DEVICE),
        ("watch", DEVICE, "--count", "0"),
        ("watch", DEVICE, "--count", "9" * 5000),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: tuple[str, ...]) -> None:
    assert "invalid" not in refuses(run(*arguments))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("watch", b"\xff"), "DEVICE"),
        (("call", b"\xff", "led"), "DEVICE"),
        (("call", "kitchen", b"\xff"), "FUNCTION"),
        (("call", "kitchen", "led", b"\xff"), "ARG"),
        (("read", b"\xff", "temperature"), "DEVICE"),
        (("read", "kitchen", b"\xff"), "VARIABLE"),
    ],
)
def test_what_is_not_utf_8_is_wrong_usage(arguments: tuple[str | bytes, ...], named: str) -> None:
    access = ("--backend", "http://127.0.0.1:1", "--customer", CUSTOMER, "--code-stdin")

    assert f" {named}: " in refuses(run(*map(os.fsdecode, arguments), *access))


def test_a_function_may_be_called_with_more_than_one_line(cloud: CloudAlone) -> None:
    assert cloud.run("call", DEVICE, "led", "two\nlines").status == 0


def test_a_backend_gives_the_way_into_the_cloud(world: World) -> None:
    device = world.told["photon"]["device_id"]
    cloud = world.told["control"]["cloud"]
    made = {"device_id": device, "functions": {"led": 1}, "owner": CUSTOMER, "online": True}
    ask(f"{cloud}/devices", made)
    try:
        answer = run("call", device, "led", *world.backend())
    finally:
        world.disown()

    assert (answer.status, answer.json) == (0, {"return_value": 1}), answer


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_events_that_cannot_be_written_are_told_and_no_success(cloud: CloudAlone) -> None:
    command = [sys.executable, "-m", "setup_wizard", "watch", "--all", *cloud.access]
    with (
        Path("/dev/full").open("wb") as full,
        subprocess.Popen(
            command, stdout=full, stderr=subprocess.PIPE, env=environment()
        ) as process,
    ):
        until_it_listens(cloud, process)
        cloud.publish("t", "1")
        _, said = process.communicate(timeout=LIMIT)

    assert (process.returncode, said.decode().splitlines()) == (
        1,
        ["setup-wizard: standard output cannot be written: No space left on device"],
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_value_that_nobody_gets_is_no_success_but_a_call_is_not_undone(
    cloud: CloudAlone,
) -> None:
    with Path("/dev/full").open("wb") as full:
        read = run("read", DEVICE, "temperature", *cloud.access, stdout=full.fileno())
        called = run("call", DEVICE, "led", *cloud.access, stdout=full.fileno())

    assert (read.status, called.status) == (1, 0)
    assert "standard output cannot be written" in read.err
    assert "standard output cannot be written" in called.err
