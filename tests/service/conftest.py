"""One backend, one cloud and one caller for each test; and no secret may show anywhere."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import EVENTS_TOKEN, SHOP_KEY, VAN_KEY, Caller
from tests.service.databases import (
    FreshDatabase,
    PostgreSql,
    migrated_sqlite,
    running_postgresql,
    statements_compiled_once,
)
from tests.service.fake_cloud import CLIENT_ID, CLIENT_SECRET, PRODUCT, FakeCloud
from tests.service.issuer import Issuer


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    with statements_compiled_once():
        yield


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with FakeCloud() as cloud:
        yield cloud


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """The maker's own accounts."""
    with Issuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshDatabase]:
    """Up to date and empty: SQLite, or for tests that are marked `both`, PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        file = tmp_path / "service.db"
        file.write_bytes(migrated_sqlite())
        yield FreshDatabase(f"sqlite:///{file}")
        return
    server: PostgreSql = request.getfixturevalue("postgresql")
    fresh = server.fresh(server.migrated)
    yield fresh
    server.drop(fresh)


@pytest.fixture
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshDatabase]:
    """Without any tables."""
    if request.param == "sqlite":
        yield FreshDatabase(f"sqlite:///{tmp_path / 'bare.db'}")
        return
    server: PostgreSql = request.getfixturevalue("postgresql")
    fresh = server.fresh(server.empty)
    yield fresh
    server.drop(fresh)


@pytest.fixture
def settings(cloud: FakeCloud, database: FreshDatabase) -> ServiceSettings:
    return _settings(cloud, database.url)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line that any logger writes, from the first to the last moment of a test."""
    with _every_line() as written:
        yield written


@pytest.fixture
def caller(settings: ServiceSettings, cloud: FakeCloud, log: io.StringIO) -> Iterator[Caller]:
    with _calling(settings, cloud, log) as caller:
        yield caller


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """A caller of a backend that others ask too: for what changes nothing there."""
    file = tmp_path_factory.mktemp("asking") / "service.db"
    file.write_bytes(migrated_sqlite())
    with (
        FakeCloud() as cloud,
        _every_line() as log,
        _calling(_settings(cloud, f"sqlite:///{file}"), cloud, log) as caller,
    ):
        yield caller


def _settings(cloud: FakeCloud, database_url: str) -> ServiceSettings:
    return ServiceSettings(
        cloud_url=cloud.url,
        product=PRODUCT,
        client_id=CLIENT_ID,
        client_secret=Secret(CLIENT_SECRET),
        installer_keys=(("shop", Secret(SHOP_KEY)), ("van", Secret(VAN_KEY))),
        database_url=database_url,
        events_token=Secret(EVENTS_TOKEN),
    )


@contextmanager
def _every_line() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root, driver = logging.getLogger(), logging.getLogger("aiosqlite")
    before = root.level, driver.propagate
    root.setLevel(logging.DEBUG)
    # It tells of every step of every statement: here, but not to pytest's own listeners as well.
    driver.propagate = False
    for logger in (root, driver):
        logger.addHandler(handler)
    yield written
    for logger in (root, driver):
        logger.removeHandler(handler)
    level, driver.propagate = before
    root.setLevel(level)


@contextmanager
def _calling(settings: ServiceSettings, cloud: FakeCloud, log: io.StringIO) -> Iterator[Caller]:
    """Whatever a test does through it, no secret appears in any log line or refusal."""
    with (
        RunningService(settings) as service,
        Caller(service.url, settings.database_url) as caller,
    ):
        yield caller
    shown = "\n".join([log.getvalue(), *caller.refusals])
    secrets = {SHOP_KEY, VAN_KEY, EVENTS_TOKEN, *caller.session_tokens, *cloud.secrets()}
    secrets |= set(caller.staff_keys.values())
    assert "Started server process" in shown
    assert [secret for secret in secrets if secret in shown] == []


@pytest.fixture
def token(caller: Caller) -> str:
    """The session token of Jane at the shop."""
    return caller.sign_in()


@pytest.fixture
def known_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one name that is no other computer's; a minimal system has no list of names at all."""
    look_up = socket.getaddrinfo

    def look_up_here(host: Any, *more: Any, **named: Any) -> Any:
        return look_up("127.0.0.1" if host == "localhost" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
