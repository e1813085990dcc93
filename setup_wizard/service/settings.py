"""What the backend must be told before it starts: from the environment, files and a TOML file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from setup_wizard.domain.host import is_loopback
from setup_wizard.domain.secret import Secret
from setup_wizard.service import sign_in_settings
from setup_wizard.service.clients import Network, parse_networks
from setup_wizard.service.sign_in_settings import (
    AccountsSettings,
    MailSettings,
    accounts_settings,
    mail_settings,
)
from setup_wizard.toml_file import NotText, read_toml

DEFAULT_DATABASE_URL = "sqlite:///setup-wizard-service.db"
NO_SECRET = Secret("")
DEFAULT_ACCESS_TOKEN_LIFETIME = 3600  # seconds: a set-up takes minutes, and can be re-issued

REQUIRED = ("cloud_url", "product", "client_id", "client_secret")
"""Without installer keys there still is the staff that `setup-wizard staff add` made."""

_PREFIX = "SETUP_WIZARD_"
_TABLE = "service"
_PLAIN = (
    "cloud_url",
    "public_cloud_url",
    "product",
    "product_name",
    "client_id",
    "access_token_lifetime",
    "trusted_proxies",
    "tls_certificate",
    "tls_key",
    "allow_plain_http",
    "shutdown_delay",
    *sign_in_settings.PLAIN,
)
_PATHS = ("tls_certificate", "tls_key")
_SWITCHES: Mapping[str, bool] = {"true": True, "false": False}
_SECRET = (
    *("client_secret", "installer_keys", "database_url", "metrics_token", "events_token"),
    *sign_in_settings.SECRET,
)


class SettingsError(ValueError):
    """A setting is missing or cannot be used; says which, and never what a secret was."""


@dataclass(frozen=True)
class ServiceSettings:
    """Everything that one backend, for one product, must know."""

    cloud_url: str
    product: str
    """The product's slug or number at the cloud."""
    client_id: str
    client_secret: Secret
    installer_keys: tuple[tuple[str, Secret], ...]
    """(label, key): installers who need no `setup-wizard staff add`."""
    public_cloud_url: str = ""
    """Where customers' computers reach the cloud, if not where this backend does."""
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)  # may hold a password
    access_token_lifetime: int = DEFAULT_ACCESS_TOKEN_LIFETIME
    """Seconds for which the tokens live that customers are given."""
    trusted_proxies: tuple[Network, ...] = ()
    """Who alone may say for whom and over what a request came (X-Forwarded-For, -Proto)."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    allow_plain_http: bool = False
    """Listen to the network without TLS and without a proxy that does it."""
    shutdown_delay: int = 0
    """Seconds between the answer "not ready" and the end of taking connections."""
    metrics_token: Secret = NO_SECRET
    """What Prometheus sends to read /metrics; nobody can without it."""
    events_token: Secret = NO_SECRET
    """Of an API user at the cloud who may read the product's events and nothing else; for staff."""
    mail: MailSettings | None = None
    """The mail server for one-time codes; without one nobody signs in that way."""
    accounts: AccountsSettings | None = None
    """The maker's own accounts; the same."""

    def __post_init__(self) -> None:
        labels = [label for label, _ in self.installer_keys]
        if len(set(labels)) != len(labels):
            raise SettingsError("installer_keys: a label occurs twice")
        if self.access_token_lifetime < 1:  # 0 means for ever at the cloud
            raise SettingsError("access_token_lifetime: seconds, at least 1")
        if self.shutdown_delay < 0:
            raise SettingsError("shutdown_delay: seconds, not less than 0")
        _check_events_token(self.events_token, self.client_secret)
        for url in (self.cloud_url, self.public_cloud_url):
            if url:
                _check_cloud_url(url)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the settings without which nobody can be served."""
        return tuple(name for name in REQUIRED if not len(getattr(self, name)))

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str],
        config_file: Path | None = None,
        *,
        required: Collection[str] = REQUIRED,
    ) -> ServiceSettings:
        """Settings from SETUP_WIZARD_… variables, else from the file's [service] table.

        Every secret can be named by a file instead: SETUP_WIZARD_CLIENT_SECRET_FILE.
        """
        found = _from_file(config_file) if config_file else {}
        found |= dict(_from_variables(environ))
        settings = cls(
            cloud_url=found.get("cloud_url", "").rstrip("/"),
            public_cloud_url=found.get("public_cloud_url", "").rstrip("/"),
            product=found.get("product", ""),
            client_id=found.get("client_id", ""),
            client_secret=Secret(found.get("client_secret", "")),
            installer_keys=_parse_keys(found.get("installer_keys", "")),
            database_url=found.get("database_url", DEFAULT_DATABASE_URL),
            access_token_lifetime=_parse_seconds(
                "access_token_lifetime",
                found.get("access_token_lifetime"),
                default=DEFAULT_ACCESS_TOKEN_LIFETIME,
            ),
            trusted_proxies=_parse_proxies(found.get("trusted_proxies", "")),
            tls_certificate=_parse_path(found.get("tls_certificate")),
            tls_key=_parse_path(found.get("tls_key")),
            allow_plain_http=_parse_switch("allow_plain_http", found.get("allow_plain_http")),
            shutdown_delay=_parse_seconds("shutdown_delay", found.get("shutdown_delay"), default=0),
            metrics_token=Secret(found.get("metrics_token", "")),
            events_token=Secret(found.get("events_token", "")),
            **_parse_sign_in(found),
        )
        missing = tuple(name for name in settings.missing if name in required)
        if missing:
            raise SettingsError(_missing_sentence(missing))
        return settings


def _check_events_token(token: Secret, client_secret: Secret) -> None:
    """It goes to people, in a header."""
    text = token.reveal()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise SettingsError("events_token: one line of letters and digits, as the cloud shows it")
    if text and text == client_secret.reveal():
        raise SettingsError("events_token: this is the client secret, which never leaves here")


def _from_variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in _PLAIN + _SECRET:
        variable = _PREFIX + name.upper()
        file_variable = f"{variable}_FILE"
        if environ.get(variable):
            yield name, environ[variable]
        elif name in _SECRET and environ.get(file_variable):
            yield name, _read_secret(Path(environ[file_variable]), setting=file_variable)


def _from_file(path: Path) -> dict[str, str]:
    try:
        table = read_toml(path).get(_TABLE, {})
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except NotText as error:
        raise SettingsError(f"{path}: {error}") from None
    except ValueError:  # the cause would quote the file, which may hold secrets
        raise SettingsError(f"{path}: is not TOML") from None
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: [{_TABLE}] must be a table")
    found: dict[str, str] = {}
    for key, value in table.items():
        names_file = key.endswith("_file") and key.removesuffix("_file") in _SECRET
        if key not in _PLAIN + _SECRET and not names_file:
            raise SettingsError(f"{path}: {key} is not a setting")
        if key == "allow_plain_http" and isinstance(value, bool):
            found[key] = str(value)
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise SettingsError(f"{path}: {key} must be a text or a number")
        if key in _PATHS:
            found[key] = str(path.parent / str(value))
        elif names_file:
            secret_file = path.parent / str(value)
            found[key.removesuffix("_file")] = _read_secret(secret_file, setting=key)
        else:
            found[key] = str(value)
    return found


def _read_secret(path: Path, *, setting: str) -> str:
    try:
        return path.read_text("utf-8-sig").strip()
    except OSError as error:
        raise SettingsError(f"{setting}: {path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:  # the cause holds the bytes
        raise SettingsError(f"{setting}: {path} is not UTF-8 text") from None


def _parse_keys(text: str) -> tuple[tuple[str, Secret], ...]:
    """`label=key`, separated by spaces or line ends."""
    keys = []
    for entry in text.split():
        label, separator, key = entry.partition("=")
        if not (label and separator and key):
            raise SettingsError("installer_keys: write label=key, separated by spaces or lines")
        keys.append((label, Secret(key)))
    return tuple(keys)


def _parse_seconds(name: str, text: str | None, *, default: int) -> int:
    if text is None:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise SettingsError(f"{name}: not a whole number of seconds") from error


def _parse_path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _parse_switch(name: str, text: str | None) -> bool:
    if text is not None and text.lower() not in _SWITCHES:
        raise SettingsError(f"{name}: write true or false")
    return _SWITCHES[text.lower()] if text else False


def _parse_proxies(text: str) -> tuple[Network, ...]:
    try:
        return parse_networks(text)
    except ValueError as error:
        raise SettingsError(f"trusted_proxies: {error}") from error


class _SignInSettings(TypedDict):
    mail: MailSettings | None
    accounts: AccountsSettings | None


def _parse_sign_in(found: Mapping[str, str]) -> _SignInSettings:
    name = found.get("product_name") or found.get("product", "")
    try:
        return {
            "mail": mail_settings(found, product_name=name),
            "accounts": accounts_settings(found),
        }
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _check_cloud_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError("cloud_url: must begin with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise SettingsError("cloud_url: must be https, the client secret travels there")


def _missing_sentence(names: tuple[str, ...]) -> str:
    variables = ", ".join(
        _PREFIX + name.upper() + (" (or …_FILE)" if name in _SECRET else "") for name in names
    )
    return f"settings are missing: {variables}; or name them in the file's [{_TABLE}] table"
