"""The program as a child process that need not load itself: forked from one that has.

Loading costs far more processor time than most of what tests ask of the commands. What is forked
is a process like any other: with its own environment, streams, signals, status and end. Each
command is started afresh, too, by a few tests that say so.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IS_POSSIBLE = sys.platform == "linux"
# What the interpreter reads before any of our code runs.
_READ_AT_THE_START = ("PYTHON", "LC_", "LANG", "LD_")
_LOADED = (
    "aiosqlite",
    "asyncpg",
    "cryptography.hazmat.primitives.serialization.pkcs12",
    "encodings.idna",
    "http.cookiejar",
    "platformdirs",
    "requests",
    "setup_wizard.__main__",
    "setup_wizard.backend",
    "setup_wizard.certificates",
    "setup_wizard.cli.customers",
    "setup_wizard.cli.provision",
    "setup_wizard.cli.report",
    "setup_wizard.cli.serve",
    "setup_wizard.cli.simulate",
    "setup_wizard.cli.staff",
    "setup_wizard.live",
    "setup_wizard.particle.client",
    "setup_wizard.particle.stream",
    "setup_wizard.service.server",
    "setup_wizard.sessions",
    "setup_wizard.simulators.world",
    "setup_wizard.softap.client",
    "setup_wizard.wifi.binding",
    "setup_wizard.wifi.manual",
    "setup_wizard.wifi.simulated",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
_LONGEST_REQUEST = 1 << 17  # bytes; an environment is far shorter
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux


def start(
    arguments: Sequence[str], env: Mapping[str, str], **streams: Any
) -> subprocess.Popen[Any]:
    """`python -m setup_wizard ARGUMENTS`, as Popen would start it."""
    changed = {name for name, _ in env.items() ^ os.environ.items()}
    if not IS_POSSIBLE or any(name.startswith(_READ_AT_THE_START) for name in changed):
        return start_afresh(arguments, env, **streams)
    return _Forked(_command(arguments), cwd=ROOT, env=env, **streams)


def start_afresh(
    arguments: Sequence[str], env: Mapping[str, str], **streams: Any
) -> subprocess.Popen[Any]:
    return subprocess.Popen(_command(arguments), cwd=ROOT, env=env, **streams)


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "setup_wizard", *arguments]


class _Forked(subprocess.Popen[Any]):
    """Popen in everything but how its process begins."""

    def _execute_child(self, args: list[str], *more: Any) -> None:
        env = more[5]
        stdin, stdout, stderr = more[9], more[12], more[14]
        nothing = os.open(os.devnull, os.O_RDONLY)
        child_ends = nothing if stdin == -1 else stdin, stdout, stderr
        request = json.dumps([args[3:], dict(env)]).encode()
        loaded = _loaded()
        socket.send_fds(loaded, [request], child_ends)
        self.pid = int(loaded.recv(32))
        self._child_created = True
        os.close(nothing)
        self._close_pipe_fds(*more[9:15])  # type: ignore[attr-defined]  # but nothing of the caller's


@functools.cache
def _loaded() -> socket.socket:
    """To the process that has the program loaded and forks; it ends when we do."""
    # The forked are no children of ours but grandchildren, left alone on purpose, whom the
    # system then gives to us: so that we may wait for them.
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    loaded = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", str(there.fileno())],
        cwd=ROOT,
        pass_fds=[there.fileno()],
        # Of the kind that the forked get, so that what Python made of them still fits.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    there.close()

    def end() -> None:
        here.close()
        loaded.communicate()

    atexit.register(end)
    return here


def _serve(requests: socket.socket) -> None:
    """Fork for each request; returns only in the forked."""
    for name in _LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    while True:
        request, streams, _, _ = socket.recv_fds(requests, _LONGEST_REQUEST, 3)
        if not request:
            os._exit(0)
        reading, writing = os.pipe()
        parent = os.fork()
        if parent == 0:
            pid = os.fork()
            if pid == 0:
                for end in (reading, writing):
                    os.close(end)
                requests.close()
                arguments, env = json.loads(request)
                _become(arguments, env, streams)
                return
            os.write(writing, str(pid).encode())
            os._exit(0)
        for end in (*streams, writing):
            os.close(end)
        os.waitpid(parent, 0)  # from here on the grandchild is given away
        requests.send(os.read(reading, 32))
        os.close(reading)


def _become(arguments: list[str], env: dict[str, str], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever tests may be to outlive a terminal
    os.environ.clear()
    os.environ.update(env)
    tempfile.tempdir = None
    sys.argv[1:] = arguments


def _end(status: object) -> None:
    """As `sys.exit` does it, but without taking apart what was only ever borrowed.

    To unload a program that another process goes on using costs ten times what most commands do.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # wait for threads, as at every end
    atexit._run_exitfuncs()
    if isinstance(status, int | None):
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            sys.exit(status)  # which says it, with a status of its own
        os._exit(status or 0)
    sys.exit(status)  # type: ignore[arg-type]


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        _serve(requests)
    from setup_wizard.__main__ import main

    sys.argv[0] = sys.modules["setup_wizard.__main__"].__file__ or ""
    try:
        status: object = main()
    except SystemExit as end:
        status = end.code
    _end(status)
