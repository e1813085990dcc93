"""What lies in the database: hashes only, and what a restart or a withdrawn key does to it."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import JANE, SHOP_KEY, VAN_KEY, Caller, code_of
from tests.service.fake_cloud import FakeCloud

DEVICE = "3a001b000447343138333038"


def test_no_secret_lies_in_the_database(caller: Caller, cloud: FakeCloud, database: Path):
    token = caller.sign_in()
    caller.provision(token)

    files = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))

    assert JANE.encode() in files
    for secret in {token, SHOP_KEY, VAN_KEY, *cloud.secrets()}:
        assert secret.encode() not in files


def test_the_database_keeps_a_write_ahead_log(caller: Caller, database: Path):
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_sessions_and_records_survive_a_restart(settings: ServiceSettings, cloud: FakeCloud):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    with RunningService(settings) as service, Caller(service.url) as caller:
        token = caller.sign_in()
        recorded = caller.record(token, DEVICE).json()

    with RunningService(settings) as service, Caller(service.url) as caller:
        listed = caller.ask("GET", "/v1/devices", token=token)

    assert listed.json() == {"devices": [recorded]}


def test_a_withdrawn_key_opens_nothing_and_ends_its_sessions(settings: ServiceSettings):
    with RunningService(settings) as service, Caller(service.url) as caller:
        shop = caller.sign_in(key=SHOP_KEY)
        van = caller.sign_in(key=VAN_KEY)
    only_van = dataclasses.replace(settings, installer_keys=(("van", Secret(VAN_KEY)),))

    with RunningService(only_van) as service, Caller(service.url) as caller:
        body = {"customer": JANE, "installer_key": SHOP_KEY}
        refused = caller.ask("POST", "/v1/sessions", body=body)
        ended = caller.ask("GET", "/v1/devices", token=shop)
        goes_on = caller.ask("GET", "/v1/devices", token=van)

    assert code_of(refused) == "key_refused"
    assert code_of(ended) == "session_expired"
    assert goes_on.status_code == 200


def test_a_changed_key_replaces_the_old_one(settings: ServiceSettings):
    with RunningService(settings) as service, Caller(service.url) as caller:
        token = caller.sign_in(key=SHOP_KEY)
    changed = dataclasses.replace(settings, installer_keys=(("shop", Secret("new-shop-key")),))

    with RunningService(changed) as service, Caller(service.url) as caller:
        body = {"customer": JANE, "installer_key": SHOP_KEY}
        refused = caller.ask("POST", "/v1/sessions", body=body)
        ended = caller.ask("GET", "/v1/devices", token=token)
        caller.sign_in(key="new-shop-key")

    assert code_of(refused) == "key_refused"
    assert code_of(ended) == "session_expired"


def test_expired_sessions_are_swept_out(caller: Caller, database: Path):
    caller.sign_in()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE session SET expires_at = '2020-01-01 00:00:00.000000'")

    caller.sign_in()

    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (1,)
