"""Standard output and standard error that are full, gone or closed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
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


@pytest.fixture
def shop(tmp_path: Path) -> dict[str, str]:
    """The environment of whoever runs a backend."""
    return {
        "SETUP_WIZARD_CLOUD_URL": "http://127.0.0.1:9",
        "SETUP_WIZARD_PRODUCT": "lamp",
        "SETUP_WIZARD_CLIENT_ID": "lamp-1",
        "SETUP_WIZARD_CLIENT_SECRET": "hush",
        "SETUP_WIZARD_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite'}",
    }


def lost(answer: Answer) -> str:
    """The one sentence of a command that failed as its output could not be written."""
    assert answer.status == 1, answer
    (sentence,) = answer.err.splitlines()
    assert sentence.startswith("setup-wizard: standard output cannot be written: "), answer
    return sentence


@pytest.mark.parametrize("kind", STREAMS)
def test_a_key_that_could_not_be_shown_is_said_with_what_to_do(
    kind: str, shop: dict[str, str]
) -> None:
    add = ("staff", "add", "anna", "--role", "support")
    with unwritable(kind) as stream:
        sentence = lost(run(*add, env=shop, stdout=stream))
    revoked = run("staff", "revoke", "anna", env=shop)
    again = run(*add, env=shop)

    assert sentence.endswith(
        "anna was added, but the key is lost; for another one, revoke and add them again"
    )
    assert (revoked.status, again.status, len(again.out.strip())) == (0, 0, 43)


def test_nobody_is_added_whose_key_nobody_would_see(shop: dict[str, str]) -> None:
    sentence = lost(run_with_closed(1, "staff", "add", "anna", "--role", "support", **shop))
    run("staff", "add", "joe", "--role", "admin", env=shop)

    assert sentence.endswith("it is closed; nobody was added")
    assert run("staff", "list", env=shop).out.startswith("joe\t")


@pytest.mark.parametrize("kind", STREAMS)
def test_a_list_that_cannot_be_written_is_told_and_no_success(
    kind: str, shop: dict[str, str]
) -> None:
    run("staff", "add", "anna", "--role", "support", env=shop)
    database = shop["SETUP_WIZARD_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO customer (product_id, email, created_at)"
            " VALUES (1, 'jane@example.com', '2025-01-01 00:00:00')"
        )

    with unwritable(kind) as stream:
        for people in ("staff", "customers"):
            lost(run(people, "list", env=shop, stdout=stream))


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize("command", [("serve",), ("simulate", "cloud"), ("simulate", "world")])
def test_what_cannot_say_where_it_listens_says_why_it_ends(
    kind: str, command: tuple[str, ...], shop: dict[str, str]
) -> None:
    with unwritable(kind) as stream:
        lost(run(*command, env=shop, stdout=stream))
