"""Runs the backend: in the foreground for the command line, in a thread for tests and the demo."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from setup_wizard.service.app import create_app
from setup_wizard.service.connections import Conversation
from setup_wizard.service.loops import ServiceLoop
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.tls import TlsFiles, check_openness

GRACE_PERIOD = 30  # seconds for answers under way; the slowest makes three calls to the cloud
STOP_TIMEOUT = 40.0  # seconds to wait for the thread; a little more than the grace period
START_TIMEOUT = 30.0  # seconds to open the database on a slow disk


def serve(
    settings: ServiceSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the answers under way. Main thread only.

    Raises SettingsError.
    """
    check_openness(settings, host)
    server = _Server(settings, on_ready)
    with listen(host, port) as listener, _stopped_by_signals(server):
        server.run_until_told(listener)


class RunningService:
    """The backend on a free port of this computer, in a thread of its own.

    `with RunningService(settings) as service:` then use `service.url`.
    """

    url: str

    def __init__(self, settings: ServiceSettings) -> None:
        self._server = _Server(settings, self._on_ready)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="service")
        self._started_or_failed = threading.Event()

    def __enter__(self) -> Self:
        self._running = self._thread.submit(self._run)
        self._running.add_done_callback(lambda _: self._started_or_failed.set())
        started = self._started_or_failed.wait(START_TIMEOUT)
        if not started or self._running.done():
            self._stop()
            raise RuntimeError("the backend did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _run(self) -> None:
        with listen("127.0.0.1", 0) as listener:
            self._server.run_until_told(listener)

    def _on_ready(self, url: str) -> None:
        self.url = url
        self._started_or_failed.set()

    def _stop(self) -> None:
        """End the thread; what went wrong in it is raised here."""
        self._server.should_exit = True
        try:
            self._running.result(STOP_TIMEOUT)
        finally:
            self._thread.shutdown(wait=self._running.done())


class _Server(uvicorn.Server):
    """uvicorn, told to be silent, and telling when and where it listens."""

    def __init__(self, settings: ServiceSettings, on_ready: Callable[[str], None]) -> None:
        self._app = create_app(settings)
        self._settings = settings
        self._on_ready = on_ready
        tls = TlsFiles.of(settings)
        context = tls.context() if tls else None
        self._has_tls = tls is not None
        super().__init__(
            uvicorn.Config(
                self._app,
                http=Conversation,
                lifespan="off",  # `_run_on` does it: there an error at the start is not swallowed
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ssl_context_factory=(lambda *_: context) if context else None,
                timeout_graceful_shutdown=GRACE_PERIOD,
            )
        )

    def run_until_told(self, listener: socket.socket) -> None:
        """Serve until `should_exit` is set, and then finish."""
        with asyncio.Runner(loop_factory=ServiceLoop) as runner:
            runner.run(self._run_on(listener))

    async def _run_on(self, listener: socket.socket) -> None:
        async with self._app.router.lifespan_context(self._app):
            await self.serve(sockets=[listener])

    async def main_loop(self) -> None:
        await super().main_loop()
        await announce_end(self._app, self._settings)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if sockets:
            self._on_ready(url_of(sockets[0], tls=self._has_tls))


@contextmanager
def _stopped_by_signals(server: _Server) -> Iterator[None]:
    """uvicorn raises the signal that ended it once more; here that is harmless."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def announce_end(app: FastAPI, settings: ServiceSettings) -> None:
    """Be not ready for as long as a load balancer needs to see it; all else goes on."""
    app.state.ending = True
    await asyncio.sleep(settings.shutdown_delay)


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    # Connections inherit it. asyncio would set it only on sockets that name their protocol, and
    # without it every answer waits 40 ms for the acknowledgement of its own header.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def url_of(listener: socket.socket, *, tls: bool) -> str:
    scheme = "https" if tls else "http"
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
