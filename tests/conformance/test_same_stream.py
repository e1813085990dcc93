"""The official client and ours hear the same events on the same stream, however it is framed."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.stream import Row, Source, Stopped
from setup_wizard.particle.stream import EventStream
from setup_wizard.simulators.cloud import Cloud, Faults
from tests.cli.command import ask

HERE = Path(__file__).parent
DEVICE = "3a001b000447343138333038"
MANY = 5000
NASTY = ["21.5", "", None, '{"a":[1,2]}', "<b>ü</b>", "🌡", 'quote " and \\ and \n', "x" * 864]
LIMIT = 30.0  # seconds

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "faults", [Faults(), Faults(crlf=True), Faults(unchunked=True)], ids=["as is", "CRLF", "bare"]
)
def test_both_clients_hear_the_same(node: str, faults: Faults) -> None:
    with Cloud() as cloud:
        cloud.add_device(DEVICE, owner=cloud.username, online=True)
        cloud.faults = faults
        given = {"url": cloud.url, "auth": cloud.team_token, "wanted": MANY + len(NASTY)}
        with subprocess.Popen(
            [node, "--no-deprecation", "particle_stream.js"],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as official:
            stream = EventStream(CloudAccess(cloud.url, Secret(cloud.team_token)), Source())
            assert official.stdin is not None
            assert official.stdout is not None
            try:
                official.stdin.write(json.dumps(given))
                official.stdin.close()
                assert official.stdout.readline() == "listening\n"
                ours = Ours(stream, MANY + len(NASTY))
                ours.wait_for_stream(cloud)
                for data in NASTY:
                    cloud.publish(DEVICE, "t", data)
                cloud.publish(DEVICE, "many", "1", count=MANY)
                theirs = json.loads(official.stdout.readline())["seen"]
                heard = ours.all()
            finally:
                stream.stop()
                official.kill()

    assert heard == [tuple(event) for event in theirs]
    assert [data for _, data, _, _ in heard[: len(NASTY)]] == NASTY
    assert len(heard) == MANY + len(NASTY)


class Ours:
    """Our client, listening in a thread of its own."""

    def __init__(self, stream: EventStream, wanted: int) -> None:
        self._stream = stream
        self._wanted = wanted
        self._rows: list[Row] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while len(self._rows) < self._wanted:
            batch = self._stream.take(0.05)
            self._rows += batch.rows
            if isinstance(batch.state, Stopped):
                return

    def wait_for_stream(self, cloud: Cloud) -> None:
        """Until the cloud counts both."""
        while ask(f"{cloud.control_url}/state")["streams"] < 2:
            assert self._thread.is_alive()

    def all(self) -> list[tuple[str, str | None, str, str]]:
        self._thread.join(LIMIT)
        return [
            (row.name, row.data, row.device_id, row.published_at)
            for row in self._rows
            if isinstance(row, DeviceEvent)
        ]
