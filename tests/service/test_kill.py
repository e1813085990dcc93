"""A backend that is killed in the middle of its work: nobody is half there, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests

from setup_wizard.service.models import Role
from tests import forked
from tests.service.caller import JANE, SHOP_KEY, Caller
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import CLIENT_ID, CLIENT_SECRET, PRODUCT, WAIT, FakeCloud

DEVICE = "3a001b000447343138333038"

pytestmark = [both, pytest.mark.slow]

Serve = Callable[[], "Backend"]


class Backend:
    """`setup-wizard serve` as a process of its own."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._process = forked.start(
            ["serve", "--port", "0"],
            {**os.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        url = json.loads(self._process.stdout.readline())["backend"]["url"]
        self.caller = Caller(url, environ["SETUP_WIZARD_DATABASE_URL"])

    def kill(self) -> None:
        """As `kill -9` does: it cannot tidy up. Twice is harmless."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()
            self.caller.__exit__(None, None, None)


@pytest.fixture
def serve(cloud: FakeCloud, database: FreshDatabase) -> Iterator[Serve]:
    environ = {
        "SETUP_WIZARD_CLOUD_URL": cloud.url,
        "SETUP_WIZARD_PRODUCT": PRODUCT,
        "SETUP_WIZARD_CLIENT_ID": CLIENT_ID,
        "SETUP_WIZARD_CLIENT_SECRET": CLIENT_SECRET,
        "SETUP_WIZARD_INSTALLER_KEYS": f"shop={SHOP_KEY}",
        "SETUP_WIZARD_DATABASE_URL": database.url,
    }
    started: list[Backend] = []

    def serve() -> Backend:
        started.append(Backend(environ))
        return started[-1]

    yield serve
    for backend in started:
        backend.kill()


@contextmanager
def _killed_while(
    backend: Backend, cloud: FakeCloud, call: str, ask: Callable[[], requests.Response]
) -> Iterator[None]:
    """Kill it while it waits for this answer of the cloud."""
    held = cloud.hold(call)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask)
        assert held.arrived.wait(WAIT)
        backend.kill()
        assert isinstance(asked.exception(WAIT), requests.ConnectionError)
    held.let_go.set()
    cloud.release(call)
    yield


@pytest.mark.parametrize("call", ["create_customer", "token", "claim_code"])
def test_a_provision_that_was_cut_off_is_simply_made_again(
    serve: Serve, cloud: FakeCloud, database: FreshDatabase, call: str
):
    backend = serve()
    token = backend.caller.sign_in()
    with _killed_while(backend, cloud, call, lambda: backend.caller.provision(token)):
        again = serve().caller.provision(token)

    assert again.status_code == 201
    assert cloud.token_owners[again.json()["access_token"]] == JANE
    assert cloud.customers == {JANE}
    assert database.sql("SELECT email FROM customer") == [(JANE,)]


def test_a_record_that_was_cut_off_is_not_there_and_one_that_was_answered_is(
    serve: Serve, cloud: FakeCloud, database: FreshDatabase
):
    cloud.devices[JANE] = [DEVICE]
    backend = serve()
    token = backend.caller.sign_in()
    with _killed_while(
        backend, cloud, "list_devices", lambda: backend.caller.record(token, DEVICE)
    ):
        second = serve()
    listed = second.caller.ask("GET", "/v1/devices", token=token).json()
    recorded = second.caller.record(token, DEVICE)
    second.kill()
    listed_at_last = serve().caller.ask("GET", "/v1/devices", token=token).json()

    assert listed == {"devices": []}
    assert recorded.status_code == 201
    assert listed_at_last == {"devices": [recorded.json()]}


@pytest.mark.parametrize("call", ["release_device", "delete_customer"])
def test_a_deletion_that_was_cut_off_is_finished_by_the_next(
    serve: Serve, cloud: FakeCloud, database: FreshDatabase, call: str
):
    cloud.devices[JANE] = [DEVICE]
    backend = serve()
    token = backend.caller.sign_in()
    backend.caller.record(token, DEVICE)
    quoted = "jane%40example.com"
    key = backend.caller.staff_key(Role.SUPPORT)
    with _killed_while(
        backend, cloud, call, lambda: backend.caller.delete_customer(quoted, key=key)
    ):
        second = serve().caller
    kept = second.ask("GET", "/v1/devices", token=token)
    again = second.delete_customer(quoted, key=key)

    assert [device["device_id"] for device in kept.json()["devices"]] == [DEVICE]
    assert again.status_code == 204
    assert cloud.customers == set()
    assert cloud.devices[""] == [DEVICE]
    assert database.sql("SELECT * FROM customer") == []
    assert database.sql("SELECT * FROM device_record") == []
