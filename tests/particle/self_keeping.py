"""A listener to a stream that looks after itself, with a clock and a backend by script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import (
    SetupError,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.stream import (
    Batch,
    Row,
    Source,
    StreamState,
)
from setup_wizard.particle.stream import EventStream
from setup_wizard.ports import Cancellation, Renew
from tests.particle.conftest import TOKEN
from tests.particle.listening import DEVICE
from tests.particle.servers import (
    BOUND,
    Answer,
    RawServer,
    Visit,
    plain,
    raw_server,
)

NEW_TOKEN = "b" * 40
OF_THE_DEVICE = Source(DEVICE)
REFUSED = plain(Answer(401, {"error": "invalid_token"}))


class Listener:
    """Takes from a stream on a clock that moves only when told, with all chances at their least."""

    def __init__(
        self,
        url: str,
        *,
        source: Source,
        renew: Renew | None = None,
        lifetime: int | None = None,
    ) -> None:
        self.clock = 1000.0
        self.stream = EventStream(
            CloudAccess(url, Secret(TOKEN), lifetime=lifetime),
            source,
            renew=renew,
            now=lambda: self.clock,
            chance=lambda: 0.0,
        )
        self.rows: list[Row] = []
        self.unreadable = 0

    def until(self, wanted: Callable[[Batch], bool]) -> Batch:
        """Take until a batch is as wanted; all rows are kept."""
        last = time.monotonic() + BOUND
        while time.monotonic() < last:
            batch = self.stream.take(0.02)
            self.rows += batch.rows
            self.unreadable += batch.unreadable
            if wanted(batch):
                return batch
        raise AssertionError(f"rows={self.rows} state={batch.state}")

    def until_state(self, kind: type[StreamState]) -> StreamState:
        return self.until(lambda batch: isinstance(batch.state, kind)).state

    def until_rows(self, count: int) -> list[Row]:
        self.until(lambda _: len(self.rows) >= count)
        return self.rows


@contextmanager
def listener(
    *visits: Visit,
    source: Source = OF_THE_DEVICE,
    renew: Renew | None = None,
    lifetime: int | None = None,
) -> Iterator[tuple[RawServer, Listener]]:
    with raw_server(*visits) as server:
        listening = Listener(server.url, source=source, renew=renew, lifetime=lifetime)
        try:
            yield server, listening
        finally:
            listening.stream.stop()


def renewing(*answers: str | SetupError) -> tuple[Renew, list[str | SetupError]]:
    """A backend that gives these tokens or errors in turn; what is left of them."""
    left = list(answers)

    def renew(cancel: Cancellation) -> CloudAccess:
        answer = left.pop(0)
        if isinstance(answer, SetupError):
            raise answer
        return CloudAccess(servers[-1], Secret(answer), lifetime=1000)

    return renew, left


servers: list[str] = []


@contextmanager
def renewed_listener(
    *visits: Visit, answers: tuple[str | SetupError, ...], lifetime: int | None = None
) -> Iterator[tuple[RawServer, Listener, list[str | SetupError]]]:
    renew, left = renewing(*answers)
    with listener(*visits, renew=renew, lifetime=lifetime) as (server, listening):
        servers.append(server.url)
        yield server, listening, left
