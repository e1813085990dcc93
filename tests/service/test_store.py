"""What lies in the database: hashes only, and what a restart or a withdrawn key does to it."""

from __future__ import annotations

import asyncio
import dataclasses

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.store import open_store
from tests.service.caller import JANE, SHOP_KEY, VAN_KEY, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud

DEVICE = "3a001b000447343138333038"

pytestmark = both


def test_no_secret_lies_in_the_database(caller: Caller, cloud: FakeCloud, database: FreshDatabase):
    token = caller.sign_in()
    caller.provision(token)

    stored = database.everything()

    assert JANE in stored
    for secret in {token, SHOP_KEY, VAN_KEY, *cloud.secrets()}:
        assert secret not in stored


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


def test_expired_sessions_are_swept_out(caller: Caller, database: FreshDatabase):
    caller.sign_in()
    database.sql("UPDATE customer_session SET expires_at = '2020-01-01 00:00:00.000000'")

    caller.sign_in()

    assert database.sql("SELECT count(*) FROM customer_session") == [(1,)]


def test_who_was_revoked_stays_out_though_the_settings_name_them(settings: ServiceSettings):
    async def revoke() -> None:
        async with open_store(settings.database_url, product=settings.product) as store:
            await store.staff.set_installer_keys(settings.installer_keys)
            await store.staff.revoke("shop")

    asyncio.run(revoke())

    with RunningService(settings) as service, Caller(service.url) as caller:
        body = {"customer": JANE, "installer_key": SHOP_KEY}
        refused = caller.ask("POST", "/v1/sessions", body=body)
        caller.sign_in(key=VAN_KEY)

    assert code_of(refused) == "key_refused"
