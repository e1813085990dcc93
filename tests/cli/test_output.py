"""Standard output and standard error that are full, gone or closed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import LIMIT, Answer, environment, finish, run, start
from tests.cli.world import HOME, HOME_PASSPHRASE, World
from tests.forked import ROOT

pytestmark = pytest.mark.slow

FULL = "/dev/full"
needs_full = pytest.mark.skipif(
    not Path(FULL).exists(), reason="only Linux has a device that is full"
)
STREAMS = [pytest.param("full", marks=needs_full), "gone"]


@contextmanager
def unwritable(kind: str) -> Iterator[int]:
    """A stream that is full, or whose reader went away."""
    if kind == "full":
        stream = os.open(FULL, os.O_WRONLY)
    else:
        reader, stream = os.pipe()
        os.close(reader)
    try:
        yield stream
    finally:
        os.close(stream)


def run_with_closed(stream: int, *arguments: str, **env: str) -> Answer:
    """As a shell does it by `>&-` and `2>&-`."""
    command = [sys.executable, "-m", "setup_wizard", *arguments]
    ended = subprocess.run(
        ["sh", "-c", f'exec "$@" {stream}>&-', "sh", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        env=environment(**env),
        check=False,
        timeout=LIMIT,
    )
    return Answer(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize("verbose", [(), ("--verbose",)])
def test_a_set_up_goes_on_where_its_progress_cannot_be_written(
    world: World, kind: str, verbose: tuple[str, ...]
) -> None:
    given = ("--ssid", HOME, "--device", world.tcp, *world.backend(), "--passphrase-stdin")
    with (
        unwritable(kind) as stream,
        start(*verbose, "provision", *given, stderr=stream) as process,
    ):
        answer = finish(process, typed=f"{HOME_PASSPHRASE}\n".encode())

    assert (answer.status, answer.out.partition(":")[0]) == (0, "success"), answer
    assert world.at_the_cloud()["online"] is True


@pytest.mark.parametrize("afresh", [False, True])
@pytest.mark.parametrize("kind", STREAMS)
def test_wrong_usage_keeps_its_status_where_it_cannot_be_said(kind: str, afresh: bool) -> None:
    with unwritable(kind) as stream:
        assert run("bogus", stderr=stream, afresh=afresh).status == 2


def test_what_is_for_a_closed_standard_error_is_not_said_elsewhere() -> None:
    answer = run_with_closed(2, "bogus")

    assert (answer.status, answer.out) == (2, "")
