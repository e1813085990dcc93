"""Starting and stopping: in a thread, and in the foreground until a signal comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy.exc import DatabaseError

from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import JANE, SHOP_KEY, Caller
from tests.service.databases import FreshDatabase, PostgreSql
from tests.service.fake_cloud import CLIENT_ID, CLIENT_SECRET, PRODUCT, WAIT, FakeCloud
from tests.service.running import LONG, served

PROGRAM = """
import logging
import os
import sys
from setup_wizard.service.server import serve
from setup_wizard.service.settings import ServiceSettings

# In development mode asyncio tells of every slow step, which on a busy machine is any.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)
for database_url in sys.argv[1:]:
    os.environ["SETUP_WIZARD_DATABASE_URL"] = database_url
    settings = ServiceSettings.from_environment(os.environ)
    serve(settings, on_ready=lambda url: print(url, flush=True))
    print("ended")
"""

# As where workers cannot be forked: one loads the program anew.
SPAWNING = """
import os
from setup_wizard.service import workers
from setup_wizard.service.settings import ServiceSettings

workers._CAN_FORK = False
workers.serve_with_workers(
    ServiceSettings.from_environment(os.environ), None, workers=1, host="127.0.0.1", port=0,
    on_ready=lambda url: print(url, flush=True),
)
"""


def test_a_running_service_leaves_no_thread_behind(settings: ServiceSettings):
    before = set(threading.enumerate())

    with RunningService(settings) as service:
        assert requests.get(f"{service.url}/healthz", timeout=WAIT).ok

    for thread in set(threading.enumerate()) - before:
        thread.join(WAIT)  # the database's thread tells that it is done just before it ends
    assert set(threading.enumerate()) <= before


def test_an_answer_does_not_wait_for_an_acknowledgement(caller: Caller):
    def seconds() -> float:
        began = time.perf_counter()
        caller.ask("GET", "/healthz")
        return time.perf_counter() - began

    for _ in range(40):  # a new connection is acknowledged at once, an old one is not
        seconds()

    assert min(seconds() for _ in range(20)) < 0.035  # systems delay by 40 ms and more


def test_two_services_run_side_by_side(settings: ServiceSettings):
    with RunningService(settings) as one, RunningService(settings) as two:
        assert one.url != two.url
        assert requests.get(f"{one.url}/readyz", timeout=WAIT).ok
        assert requests.get(f"{two.url}/readyz", timeout=WAIT).ok


def test_a_service_whose_database_is_none_does_not_start_and_says_why(
    settings: ServiceSettings, database: FreshDatabase
):
    database.file.write_text("something else " * 100)
    before = set(threading.enumerate())

    with (
        pytest.raises(DatabaseError, match="file is not a database"),
        RunningService(settings),
    ):
        pytest.fail("it started")

    assert set(threading.enumerate()) <= before


@contextmanager
def _served(
    cloud: FakeCloud,
    *databases: FreshDatabase,
    program: str = PROGRAM,
    mode: tuple[str, ...] = ("-X", "dev"),
) -> Iterator[subprocess.Popen[str]]:
    """In development mode unless told otherwise; more than one database after the other."""
    environ = {
        **os.environ,
        "SETUP_WIZARD_CLOUD_URL": cloud.url,
        "SETUP_WIZARD_PRODUCT": PRODUCT,
        "SETUP_WIZARD_CLIENT_ID": CLIENT_ID,
        "SETUP_WIZARD_CLIENT_SECRET": CLIENT_SECRET,
        "SETUP_WIZARD_INSTALLER_KEYS": f"shop={SHOP_KEY}",
        "SETUP_WIZARD_DATABASE_URL": databases[0].url,
    }
    urls = [database.url for database in databases]
    process = subprocess.Popen(
        [sys.executable, *mode, "-W", "error::ResourceWarning", "-c", program, *urls],
        cwd=Path(__file__).parents[2],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_a_signal_ends_serve_cleanly_and_silently_on_either_database(
    cloud: FakeCloud, database: FreshDatabase, postgresql: PostgreSql
):
    other = postgresql.fresh(postgresql.migrated)
    with _served(cloud, database, other) as process:
        assert process.stdout is not None
        # What hears a signal knows of no database, and what closes one knows of no signal.
        for number in (signal.SIGTERM, signal.SIGINT):
            url = process.stdout.readline().strip()
            assert requests.get(f"{url}/readyz", timeout=WAIT).ok
            process.send_signal(number)
            if number == signal.SIGTERM:
                assert process.stdout.readline() == "ended\n"
        out, err = process.communicate(timeout=WAIT)
    postgresql.drop(other)

    assert (process.returncode, out, err) == (0, "ended\n", "")


@pytest.mark.slow
def test_workers_that_cannot_be_forked_serve_and_end_as_well(
    cloud: FakeCloud, database: FreshDatabase
):
    # Without the slow steps that asyncio tells of: a worker is loaded anew, who could silence it?
    with _served(cloud, database, program=SPAWNING, mode=("-W", "default")) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert requests.get(f"{url}/readyz", timeout=LONG).ok
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=LONG)

    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.slow
def test_an_answer_under_way_is_finished_before_the_end(
    cloud: FakeCloud, settings: ServiceSettings
):
    held = cloud.hold("claim_code")
    with (
        served(settings) as running,
        Caller(running.url) as caller,
        ThreadPoolExecutor(1) as threads,
    ):
        token = caller.sign_in()
        under_way = threads.submit(caller.provision, token)
        assert held.arrived.wait(WAIT)

        running.process.send_signal(signal.SIGTERM)
        _wait_until_it_takes_no_more(running.url)
        held.let_go.set()

        assert under_way.result(WAIT).status_code == 201
        status = running.wait()

    assert status == 0
    assert JANE in cloud.customers


def _wait_until_it_takes_no_more(url: str) -> None:
    deadline = threading.Event()
    for _ in range(200):
        try:
            requests.get(f"{url}/healthz", timeout=WAIT)
        except requests.ConnectionError:
            return
        deadline.wait(0.05)
    pytest.fail("it still takes new connections")


@pytest.mark.slow
def test_readiness_ends_before_the_service_does(cloud: FakeCloud, settings: ServiceSettings):
    with (
        served(settings, SETUP_WIZARD_SHUTDOWN_DELAY="2") as running,
        Caller(running.url) as caller,
    ):
        assert caller.ask("GET", "/readyz").status_code == 200

        running.process.send_signal(signal.SIGTERM)
        answers = []
        for _ in range(200):
            answers.append(caller.ask("GET", "/readyz"))
            if answers[-1].status_code != 200:
                break
        alive = caller.ask("GET", "/healthz")
        status = running.wait()

    assert (answers[-1].status_code, answers[-1].json()["code"]) == (503, "not_ready")
    assert alive.status_code == 200
    assert status == 0


@pytest.mark.slow
def test_several_workers_end_cleanly_as_soon_as_they_are_announced(settings: ServiceSettings):
    with served(settings, "--workers", "2") as running:
        status = running.end()

    assert (status, running.err) == (0, "")
