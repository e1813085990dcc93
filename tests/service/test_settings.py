"""Settings come from the environment, from files and from TOML, and errors name the setting."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import (
    DEFAULT_ACCESS_TOKEN_LIFETIME,
    DEFAULT_DATABASE_URL,
    ServiceSettings,
    SettingsError,
)
from tests.service.caller import Caller, code_of

COMPLETE = {
    "SETUP_WIZARD_CLOUD_URL": "https://cloud.example/",
    "SETUP_WIZARD_PRODUCT": "lamp",
    "SETUP_WIZARD_CLIENT_ID": "lamp-1",
    "SETUP_WIZARD_CLIENT_SECRET": "hush",
    "SETUP_WIZARD_INSTALLER_KEYS": "shop=k1= van=k2",
}


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_the_environment_alone_is_enough():
    settings = ServiceSettings.from_environment(COMPLETE)

    assert settings == ServiceSettings(
        cloud_url="https://cloud.example",
        product="lamp",
        client_id="lamp-1",
        client_secret=Secret("hush"),
        installer_keys=(("shop", Secret("k1=")), ("van", Secret("k2"))),
        database_url=DEFAULT_DATABASE_URL,
        access_token_lifetime=DEFAULT_ACCESS_TOKEN_LIFETIME,
    )


def test_every_secret_can_come_from_a_file(tmp_path: Path):
    environ = {
        "SETUP_WIZARD_CLOUD_URL": "https://cloud.example",
        "SETUP_WIZARD_PRODUCT": "lamp",
        "SETUP_WIZARD_CLIENT_ID": "lamp-1",
        "SETUP_WIZARD_CLIENT_SECRET_FILE": str(
            _write(tmp_path / "secret", "\N{ZERO WIDTH NO-BREAK SPACE}hush\n")
        ),
        "SETUP_WIZARD_INSTALLER_KEYS_FILE": str(_write(tmp_path / "keys", "a=1\nb=2\n")),
        "SETUP_WIZARD_DATABASE_URL_FILE": str(_write(tmp_path / "db", "sqlite+aiosqlite:///x\n")),
        "SETUP_WIZARD_EVENTS_TOKEN_FILE": str(_write(tmp_path / "events", "psst\n")),
    }

    settings = ServiceSettings.from_environment(environ)

    assert settings.client_secret == Secret("hush")
    assert settings.installer_keys == (("a", Secret("1")), ("b", Secret("2")))
    assert settings.database_url == "sqlite+aiosqlite:///x"
    assert settings.events_token == Secret("psst")


def test_a_toml_file_holds_the_rest_and_the_environment_wins(tmp_path: Path):
    _write(tmp_path / "secret", "hush")
    config = _write(
        tmp_path / "service.toml",
        """
        [service]
        cloud_url = "https://cloud.example"
        product = "lamp"
        client_id = "lamp-1"
        client_secret_file = "secret"
        installer_keys = "shop=k1"
        access_token_lifetime = 900
        """,
    )

    settings = ServiceSettings.from_environment({"SETUP_WIZARD_PRODUCT": "lamp-two"}, config)

    assert settings.product == "lamp-two"
    assert settings.client_secret == Secret("hush")
    assert settings.access_token_lifetime == 900


@pytest.mark.parametrize("missing", [name for name in COMPLETE if "KEYS" not in name])
def test_a_missing_setting_is_named(missing: str):
    environ = {name: value for name, value in COMPLETE.items() if name != missing}

    with pytest.raises(SettingsError, match=missing):
        ServiceSettings.from_environment(environ)


def test_installer_keys_may_be_missing_because_the_database_has_staff():
    environ = {name: value for name, value in COMPLETE.items() if "KEYS" not in name}

    assert ServiceSettings.from_environment(environ).installer_keys == ()


def test_a_command_may_need_less_than_the_backend():
    settings = ServiceSettings.from_environment(
        {"SETUP_WIZARD_PRODUCT": "lamp"}, required=("product",)
    )

    assert settings.product == "lamp"


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("CLOUD_URL", "cloud.example", "cloud_url"),
        ("CLOUD_URL", "http://cloud.example", "https"),
        ("INSTALLER_KEYS", "hush-hush", "label=key"),
        ("INSTALLER_KEYS", "a=hush-hush a=2", "twice"),
        ("ACCESS_TOKEN_LIFETIME", "soon", "access_token_lifetime"),
        ("ACCESS_TOKEN_LIFETIME", "0", "access_token_lifetime"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "trusted_proxies"),
        ("DATABASE_URL_FILE", "/nowhere/hush", "SETUP_WIZARD_DATABASE_URL_FILE"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, named: str):
    with pytest.raises(SettingsError, match=named) as caught:
        ServiceSettings.from_environment({**COMPLETE, f"SETUP_WIZARD_{name}": value})

    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[service]\nclient_secrets = "hush"', "client_secrets is not a setting"),
        ("[service]\nfoo = [1]", "foo is not a setting"),
        ("[service]\nproduct = true", "product must be"),
        ('[service]\nclient_secret_file = "nowhere"', "client_secret_file"),
        ("service = 1", "must be a table"),
        ('[service]\nclient_secret = "hush', "not TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, named: str):
    config = _write(tmp_path / "service.toml", text)

    with pytest.raises(SettingsError, match=named) as caught:
        ServiceSettings.from_environment(COMPLETE, config)

    assert "hush" not in str(caught.value)
    assert "service.toml" in str(caught.value) or "nowhere" in str(caught.value)


def test_a_mark_at_the_beginning_of_a_file_is_no_fault(tmp_path: Path):
    config = _write(tmp_path / "service.toml", '\ufeff[service]\nproduct_name = "Lamp"')

    assert ServiceSettings.from_environment(COMPLETE, config).client_id


def test_a_file_in_another_encoding_is_named_and_not_quoted(tmp_path: Path):
    config = tmp_path / "service.toml"
    config.write_bytes('[service]\nclient_secret = "hush"'.encode("utf-16"))

    with pytest.raises(SettingsError, match=r"service\.toml: this is not text in UTF-8") as caught:
        ServiceSettings.from_environment(COMPLETE, config)

    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        ServiceSettings.from_environment(COMPLETE, tmp_path / "absent.toml")


def test_settings_do_not_show_their_secrets():
    settings = ServiceSettings.from_environment(
        {**COMPLETE, "SETUP_WIZARD_DATABASE_URL": "postgresql://me:pass@host/x"}
    )

    for secret in ("hush", "k1=", "k2", "pass"):
        assert secret not in repr(settings)


def test_an_incomplete_backend_is_alive_but_not_ready(settings: ServiceSettings):
    incomplete = dataclasses.replace(settings, client_secret=Secret(""), client_id="")

    with RunningService(incomplete) as service, Caller(service.url) as caller:
        alive = caller.ask("GET", "/healthz")
        ready = caller.ask("GET", "/readyz")

    assert alive.status_code == 200
    assert (ready.status_code, code_of(ready)) == (503, "not_ready")
    assert "client_id, client_secret" in ready.json()["detail"]
