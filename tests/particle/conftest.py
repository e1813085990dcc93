"""What the tests of the cloud share: a scripted cloud, an access token, a patient stop switch."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import Cancelled
from setup_wizard.domain.secret import Secret
from tests.particle.servers import ScriptedServer, scripted_server

TOKEN = "254406f79c1999af65a7df4388971354f85cfee9"


@pytest.fixture
def cloud() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def access(cloud: ScriptedServer) -> CloudAccess:
    return CloudAccess(cloud.url, Secret(TOKEN))


class FakeCancellation:
    """Waiting only moves its clock; it stops when told, or before the pause after the last one."""

    def __init__(self, pauses: int | None = None) -> None:
        self.waited: list[float] = []
        self.clock = 0.0
        self._pauses = pauses
        self._stopped = threading.Event()

    def cancel(self) -> None:
        self._stopped.set()

    def check(self) -> None:
        if self._stopped.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock += seconds
        if self._pauses is not None and len(self.waited) >= self._pauses:
            self.cancel()
        self.check()

    def now(self) -> float:
        return self.clock
