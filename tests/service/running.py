"""The backend as its owner runs it: `setup-wizard serve` in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from setup_wizard.service.settings import ServiceSettings
from tests import forked

LONG = 60.0  # seconds for whatever processes do that start or end on a busy computer


class Running:
    """What a test may do with it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        assert process.stderr is not None
        self._errors = process.stderr
        self.err = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        line = process.stdout.readline()
        self.url: str = json.loads(line)["backend"]["url"] if line else ""

    def kill_workers(self) -> None:
        """Not the supervisor, nor the resource tracker of the library that starts them."""
        for child in psutil.Process(self.process.pid).children():
            if "resource_tracker" not in " ".join(child.cmdline()):
                child.kill()

    def kill(self) -> None:
        """At once, with its workers."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        for child in children:
            child.kill()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its status; `err` has everything that it said on standard error."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(LONG)
        self._reader.join(LONG)
        return status

    def _read(self) -> None:
        for line in self._errors:
            self.err += line

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(LONG)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(LONG)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()


@contextmanager
def served(
    settings: ServiceSettings, *options: str, verbose: bool = False, **variables: str
) -> Iterator[Running]:
    keys = " ".join(f"{label}={key.reveal()}" for label, key in settings.installer_keys)
    environ = {
        **os.environ,
        "SETUP_WIZARD_CLOUD_URL": settings.cloud_url,
        "SETUP_WIZARD_PRODUCT": settings.product,
        "SETUP_WIZARD_CLIENT_ID": settings.client_id,
        "SETUP_WIZARD_CLIENT_SECRET": settings.client_secret.reveal(),
        "SETUP_WIZARD_INSTALLER_KEYS": keys,
        "SETUP_WIZARD_DATABASE_URL": settings.database_url,
        **variables,
    }
    before = ["--verbose"] if verbose else []
    process = forked.start(
        [*before, "serve", *options],
        environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running = Running(process)
    try:
        yield running
    finally:
        running.close()
