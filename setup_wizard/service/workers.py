"""Several processes that share one address and one database, kept by uvicorn's supervisor.

A secret cannot travel to another process by pickle, and should not: each worker reads the same
settings again, from the same environment and file. On Linux workers are forked, with the program
loaded: to load it for each of them takes most of the time of a start, and most of the memory.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import multiprocess as supervision

from setup_wizard.service.app import create_app
from setup_wizard.service.connections import Conversation
from setup_wizard.service.logs import log_as_json
from setup_wizard.service.metrics import FOLDER_VARIABLE
from setup_wizard.service.server import GRACE_PERIOD, listen, url_of
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.store import open_store
from setup_wizard.service.tls import TlsFiles, check_openness, worker_context

CONFIG_VARIABLE = "SETUP_WIZARD_CONFIG_FILE"
_LOG_LEVEL_VARIABLE = "SETUP_WIZARD_LOG_LEVEL"
_DATABASE_VARIABLE = "SETUP_WIZARD_DATABASE_URL"
_THREAD_TIMEOUT = 5.0  # seconds for a thread that has said that it is done
# Elsewhere libraries of the system have threads of their own, or there is no fork at all.
_CAN_FORK = sys.platform == "linux"


def serve_with_workers(
    settings: ServiceSettings,
    config_file: Path | None,
    *,
    workers: int,
    host: str,
    port: int,
    on_ready: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then let every worker finish. Main thread only."""
    check_openness(settings, host)
    tls = TlsFiles.of(settings)
    if tls:
        tls.context()  # to say what is wrong with it before each worker would
    asyncio.run(_prepare(settings))
    _be_alone()
    os.environ[_DATABASE_VARIABLE] = settings.database_url
    os.environ[_LOG_LEVEL_VARIABLE] = str(logging.getLogger().level)
    if config_file is not None:
        os.environ[CONFIG_VARIABLE] = str(config_file.resolve())
    config = uvicorn.Config(
        "setup_wizard.service.workers:worker_app",
        factory=True,
        workers=workers,
        http=Conversation,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
        ssl_context_factory=worker_context if tls else None,
        loop="setup_wizard.service.loops:ServiceLoop",
        timeout_graceful_shutdown=GRACE_PERIOD,
    )
    with (
        tempfile.TemporaryDirectory(prefix="setup-wizard-metrics-") as folder,
        listen(host, port) as listener,
    ):
        os.environ[FOLDER_VARIABLE] = folder
        supervisor = _Supervisor(config, sockets=[listener])  # from here on signals are heard
        on_ready(url_of(listener, tls=tls is not None))
        supervisor.run()


def worker_app() -> FastAPI:
    """What each worker runs."""
    threading.Thread(target=_end_with_the_parent, name="parent", daemon=True).start()
    # The library chose at its import, which in a forked worker was before there was a folder.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
    log_as_json(level=int(os.environ[_LOG_LEVEL_VARIABLE]))
    named = os.environ.get(CONFIG_VARIABLE)
    file = Path(named) if named else None
    return create_app(ServiceSettings.from_environment(os.environ, file))


def _end_with_the_parent() -> None:
    """Nobody would end it, and it would hold the port against those that are started next."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


class _Supervisor(supervision.Multiprocess):
    """What a worker had under way when it died is under way no more."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        if _CAN_FORK:
            supervision.Process = _Forked  # type: ignore[misc]  # what it makes workers of
            gc.collect()
            gc.freeze()  # or collections would write to what is shared, and so copy it

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            mark_process_dead(pid, os.environ[FOLDER_VARIABLE])  # type: ignore[no-untyped-call]


class _Forked(supervision.Process):
    """A worker that hears no signal with its parent's ears."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self.process = multiprocessing.get_context("fork").Process(  # type: ignore[assignment]
            target=self.target, args=(sockets,)
        )

    def start(self) -> None:
        # One that comes before the worker has ears of its own waits.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, supervision.SIGNALS)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        for number in supervision.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, supervision.SIGNALS)
        super().target(sockets)


async def _prepare(settings: ServiceSettings) -> None:
    """Say what is wrong with the database before workers would, which are started again."""
    async with open_store(settings.database_url, product=settings.product) as store:
        await store.staff.set_installer_keys(settings.installer_keys)


def _be_alone() -> None:
    """A thread is not forked along, nor lets go of what it holds: the database's last one ends."""
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(_THREAD_TIMEOUT)
