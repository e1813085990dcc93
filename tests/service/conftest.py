"""One backend, one cloud and one caller for each test; and no secret may show anywhere."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import SHOP_KEY, VAN_KEY, Caller
from tests.service.fake_cloud import CLIENT_ID, CLIENT_SECRET, PRODUCT, FakeCloud


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with FakeCloud() as cloud:
        yield cloud


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "service.db"


@pytest.fixture
def settings(cloud: FakeCloud, database: Path) -> ServiceSettings:
    return ServiceSettings(
        cloud_url=cloud.url,
        product=PRODUCT,
        client_id=CLIENT_ID,
        client_secret=Secret(CLIENT_SECRET),
        installer_keys=(("shop", Secret(SHOP_KEY)), ("van", Secret(VAN_KEY))),
        database_url=f"sqlite+aiosqlite:///{database}",
    )


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line that any logger writes, from the first to the last moment of a test."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def caller(settings: ServiceSettings, cloud: FakeCloud, log: io.StringIO) -> Iterator[Caller]:
    """Whatever a test does through it, no secret appears in any log line or refusal."""
    with RunningService(settings) as service, Caller(service.url) as caller:
        yield caller
    shown = "\n".join([log.getvalue(), *caller.refusals])
    secrets = {SHOP_KEY, VAN_KEY, *caller.session_tokens, *cloud.secrets()}
    assert "Started server process" in shown
    assert [secret for secret in secrets if secret in shown] == []


@pytest.fixture
def token(caller: Caller) -> str:
    """The session token of Jane at the shop."""
    return caller.sign_in()
