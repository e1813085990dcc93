"""Where this program finds the maker's side: from a settings file and what was asked for."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import urlsplit

from setup_wizard.domain.host import is_loopback
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByAccount, ByKey, Proof
from setup_wizard.domain.value import value
from setup_wizard.toml_file import NotText, read_toml

LONGEST_HOST = 253  # characters of a name with its dots (RFC 1035)
LARGEST_SECRET = 64 * 1024  # bytes; keys and tokens have hundreds, a device file has no end
_TRUST_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CERTIFICATE = re.compile(rb"-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----")  # as OpenSSL does
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
"""What stands between the dots of a name; the underscore only in networks of their own."""


class SettingsError(ValueError):
    """A settings file or an option that cannot be used; the text is for people."""


@value
class Settings:
    """Everything that one run needs to know. Secrets come from files, never from arguments."""

    brand: str = "default"
    """A bundled brand's name, or a folder."""
    backend_url: str = ""
    installer_key: Secret | None = None
    customer: str = ""
    cloud_url: str = ""
    account_token: Secret | None = None
    """Of the customer's account with the maker, handed over by the maker's own sign-in."""
    access_token: Secret | None = None
    """Session injection: a customer's token, handed over by the maker's own sign-in."""
    product: str = ""
    device: str = ""
    """HOST:PORT, http://HOST:PORT or tcp://HOST:PORT; empty: the address every device has.

    HOST is an IPv4 address or localhost.
    """
    wifi_url: str = ""
    """Where a simulated computer's Wi-Fi is asked; empty: this computer's own."""

    @property
    def needs_sign_in(self) -> bool:
        """Whether a person has to say who it is for, or show a key."""
        return self.access_token is None and self.proof is None

    @property
    def open_address(self) -> str:
        """The backend's or the cloud's, where others on the way can read what is sent there."""
        url = self.backend_url or self.cloud_url
        parts = urlsplit(url)
        return url if parts.scheme == "http" and not is_loopback(parts.hostname or "") else ""

    @property
    def proof(self) -> Proof | None:
        """What signs somebody in at the backend without a question."""
        if self.account_token is not None:
            return ByAccount(self.account_token)
        known = self.backend_url and self.installer_key is not None and self.customer
        return ByKey(self.customer, self.installer_key) if known else None


SECRETS = ("installer_key", "account_token", "access_token")
_SECRET_FILES = {f"{name}_file": name for name in SECRETS}
_PLAIN = {f.name for f in fields(Settings)} - set(_SECRET_FILES.values())


def read_key(path: Path) -> Secret:
    """A key or token from a file: text without spaces around it. Raises SettingsError."""
    try:
        key = _content(path).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not a text file") from None
    if not key:
        raise SettingsError(f"{path}: the file is empty")
    return Secret(key)


def read_secret(path: Path) -> Secret:
    """A passphrase from a file of one line, without the marks and the end that editors add.

    Raises SettingsError.
    """
    content = _content(path)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" in content:
        raise SettingsError(f"{path}: this is not text in UTF-8; save it as that")
    secret = content.removeprefix(codecs.BOM_UTF8).removesuffix(b"\n").removesuffix(b"\r")
    if not secret.strip(b"\r\n"):
        raise SettingsError(f"{path}: the file is empty")
    if b"\n" in secret:
        raise SettingsError(f"{path}: holds more than one line; a passphrase is one")
    return Secret(secret)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_SECRET + 1)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    if len(content) > LARGEST_SECRET:
        raise SettingsError(f"{path}: is too large to be a key or a passphrase")
    return content


def check_trusted_certificates(environ: Mapping[str, str]) -> None:
    """A slip in where requests is told to find whom to trust, said before anything is asked.

    Of the two variables the first that is set counts. Raises SettingsError.
    """
    variable = next((name for name in _TRUST_VARIABLES if environ.get(name)), None)
    if variable is None:
        return
    path = Path(environ[variable])
    try:
        held = path.is_dir() or _holds_certificate(path)
    except OSError as error:
        raise SettingsError(f"{variable}: {path} cannot be read ({error.strerror})") from error
    if not held:
        raise SettingsError(f"{variable}: {path} holds no certificates in PEM")


def _holds_certificate(path: Path) -> bool:
    """Whether one begins in it. To read it whole takes OpenSSL, which takes long to load."""
    with path.open("rb") as file:
        return any(_CERTIFICATE.match(line) for line in file)


def load_settings(path: Path | None, changes: Mapping[str, str | Secret] | None = None) -> Settings:
    """Settings from a TOML file, if there is one, with `changes` over them.

    The file has the names of `Settings`; of the secrets it names their files, as in
    `installer_key_file`, relative to it. Raises SettingsError.
    """
    settings = Settings() if path is None else _from_file(path)
    if changes:
        settings = replace(settings, **changes)  # type: ignore[arg-type]
    if settings.backend_url and (settings.cloud_url or settings.access_token):
        raise SettingsError("give a backend, or a cloud with an access token, and not both")
    if settings.cloud_url and settings.access_token is None:
        raise SettingsError("a cloud needs an access token: --access-token-file")
    if settings.access_token is not None and not settings.cloud_url:
        raise SettingsError("an access token needs its cloud: --cloud")
    for name, url in (("backend", settings.backend_url), ("cloud", settings.cloud_url)):
        _check_url(name, url)
    return settings


def _from_file(path: Path) -> Settings:
    try:
        table = read_toml(path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except (NotText, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    values: dict[str, str | Secret] = {}
    for key, given in table.items():
        if key not in _PLAIN and key not in _SECRET_FILES:
            raise SettingsError(f"{path}: {key}: there is no such setting")
        if not isinstance(given, str):
            raise SettingsError(f"{path}: {key}: must be text in quotes")
        if key in _SECRET_FILES:
            values[_SECRET_FILES[key]] = read_key(path.parent / given)
        else:
            values[key] = given
    return Settings(**values)  # type: ignore[arg-type]


def _check_url(name: str, url: str) -> None:
    """A slip in an address is said at once, and not after three tries to reach it.

    It is not quoted where a password may stand in it, or what steers a terminal.
    """
    if not url:
        return
    try:
        parts = urlsplit(url)
        has_user = "@" in parts.netloc
        usable = parts.scheme in ("http", "https") and _is_host(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an end, or a port that is no number
        usable, has_user = False, "@" in url
    if has_user:
        raise SettingsError(f"{name}: an address must not hold a user or a password")
    if not usable or not url.isprintable() or " " in url:
        quoted = "" if {"@", "%"} & set(url) or not url.isprintable() else f"{url}: "
        raise SettingsError(
            f"{name}: {quoted}an address is https://HOST or https://HOST:PORT, with a port from 1"
            " to 65535"
        )


def _is_host(host: str | None) -> bool:
    """What can be looked up at all. Raises ValueError for letters that no name can have."""
    if host is None:
        return False
    if ":" in host:
        IPv6Address(host)
        return True
    name = host.removesuffix(".")
    if not name.isascii():
        name = name.encode("idna").decode()
    return len(name) <= LONGEST_HOST and all(_LABEL.fullmatch(part) for part in name.split("."))
