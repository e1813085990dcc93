"""The commands as scripts and installers run them: child processes, their streams and statuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from tests import forked

LIMIT = 30.0  # seconds; far more than any command here takes
GLANCE = 0.02  # seconds; who asks all the time leaves the others none
PROMPT = 4.5  # seconds within which a command ends that was told to
ENDS = [signal.SIGTERM, signal.SIGINT]
if sys.platform != "win32":
    ENDS.append(signal.SIGHUP)


class Answer:
    """What a command left behind, where it was kept."""

    def __init__(self, status: int, out: bytes, err: bytes) -> None:
        self.status = status
        self.out = out.decode(errors="backslashreplace")
        self.err = err.decode(errors="backslashreplace")

    def __repr__(self) -> str:
        return f"status {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found


def environment(**changes: str) -> dict[str, str]:
    """A computer without a display and without settings of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SETUP_WIZARD_", "QT_"))
        and name not in ("DISPLAY", "PYTEST_ADDOPTS")
    }
    kept.pop("WAYLAND_DISPLAY", None)
    return kept | changes


def start(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    afresh: bool = False,
    stdin: int = subprocess.PIPE,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start a command; what loads itself afresh takes a second longer."""
    begin = forked.start_afresh if afresh else forked.start
    return begin(
        arguments,
        environment(**(env or {})),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )


def run(
    *arguments: str,
    typed: str | bytes = b"",
    env: Mapping[str, str] | None = None,
    afresh: bool = False,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
) -> Answer:
    """Run a command to its end."""
    typed = typed.encode() if isinstance(typed, str) else typed
    with start(*arguments, env=env, afresh=afresh, stdout=stdout, stderr=stderr) as process:
        return finish(process, typed=typed)


def finish(process: subprocess.Popen[bytes], *, typed: bytes | None = None) -> Answer:
    try:
        out, err = process.communicate(typed, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Answer(process.returncode, out or b"", err or b"")


def refuses(answer: Answer) -> str:
    """The one sentence on standard error of a command that was used wrongly."""
    assert answer.status == 2, answer
    assert answer.out == "", answer
    (sentence,) = answer.err.splitlines()
    assert sentence.startswith("setup-wizard"), answer
    return sentence


def glance(process: subprocess.Popen[bytes]) -> None:
    """Let a little time pass in which the process is to go on."""
    try:
        process.wait(GLANCE)
    except subprocess.TimeoutExpired:
        return
    raise AssertionError(finish(process))


class Running:
    """A command that announces itself in one JSON line and then stays."""

    def __init__(
        self, *arguments: str, env: Mapping[str, str] | None = None, afresh: bool = False
    ) -> None:
        self.process = start(*arguments, env=env, afresh=afresh)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(finish(self.process))
        self.told: dict[str, Any] = json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.end()

    def end(self, number: signal.Signals = signal.SIGTERM) -> Answer:
        """End it by a signal; what it said after its first line."""
        self.process.send_signal(number)
        return finish(self.process)


def ask(url: str, body: object = None) -> dict[str, Any]:
    """GET, or POST of a JSON body. Raises HTTPError."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=LIMIT) as answer:
        found = json.loads(answer.read())
    assert isinstance(found, dict)
    return found
