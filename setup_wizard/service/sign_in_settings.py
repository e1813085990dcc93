"""What sign-in by e-mail and by the maker's own accounts must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from enum import StrEnum
from urllib.parse import urlsplit

from setup_wizard.domain.host import is_loopback
from setup_wizard.domain.secret import Secret

PLAIN = (
    *("mail_host", "mail_port", "mail_encryption", "mail_user", "mail_sender"),
    *("oidc_issuer", "oidc_audience", "oidc_jwks_url", "oidc_email_claim"),
)
SECRET = ("mail_password",)

_HIGHEST_PORT = 65_535


class MailEncryption(StrEnum):
    """How the way to the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_USUAL_PORTS = {MailEncryption.STARTTLS: 587, MailEncryption.TLS: 465, MailEncryption.NONE: 25}


@dataclass(frozen=True)
class MailSettings:
    """The mail server that sends the codes. Raises ValueError, which names the setting."""

    host: str
    port: int
    encryption: MailEncryption
    sender: Address
    """Whom the customer sees it coming from; the name is the product's."""
    user: str = ""
    password: Secret = field(default=Secret(""))

    def __post_init__(self) -> None:
        if not 0 < self.port <= _HIGHEST_PORT:
            raise ValueError("mail_port: a number from 1 to 65535")
        if self.encryption is MailEncryption.NONE and not is_loopback(self.host):
            raise ValueError("mail_encryption: must be starttls or tls, codes travel there")
        if bool(self.user) != bool(len(self.password)):
            raise ValueError("mail_user and mail_password: one is missing")


def mail_settings(found: Mapping[str, str], *, product_name: str) -> MailSettings | None:
    """From settings by their names; None when there is no mail server."""
    host = found.get("mail_host", "")
    if not host:
        return None
    try:
        encryption = MailEncryption(found.get("mail_encryption", MailEncryption.STARTTLS))
    except ValueError:
        raise ValueError("mail_encryption: starttls, tls or none") from None
    port = found.get("mail_port", str(_USUAL_PORTS[encryption]))
    return MailSettings(
        host=host,
        port=int(port) if port.isascii() and port.isdigit() else 0,
        encryption=encryption,
        sender=_sender(found.get("mail_sender", ""), product_name),
        user=found.get("mail_user", ""),
        password=Secret(found.get("mail_password", "")),
    )


@dataclass(frozen=True)
class AccountsSettings:
    """Whose tokens are believed, by OpenID Connect. Raises ValueError, which names the setting."""

    issuer: str
    audience: str
    """As whom the issuer knows this backend: without it any program's token would do."""
    jwks_url: str = ""
    """Where the issuer's keys are; else its discovery document tells."""
    email_claim: str = "email"
    """Another claim than this is believed without `email_verified`."""

    def __post_init__(self) -> None:
        if not self.audience:
            raise ValueError("oidc_audience: is missing")
        check_url("oidc_issuer", self.issuer)
        if self.jwks_url:
            check_url("oidc_jwks_url", self.jwks_url)


def accounts_settings(found: Mapping[str, str]) -> AccountsSettings | None:
    """From settings by their names; None when the maker has no accounts."""
    if not found.get("oidc_issuer"):
        return None
    return AccountsSettings(
        issuer=found["oidc_issuer"],
        audience=found.get("oidc_audience", ""),
        jwks_url=found.get("oidc_jwks_url", ""),
        email_claim=found.get("oidc_email_claim", "email"),
    )


def check_url(name: str, url: str) -> None:
    """Raise ValueError unless what it leads to can be believed: by https, or on this computer."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError(f"{name}: must begin with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"{name}: must be https, whom to believe is told there")


def _sender(address: str, name: str) -> Address:
    if not name.isprintable():
        raise ValueError("product_name: one line of text")
    try:
        sender = Address(name, addr_spec=address)
        address.encode("ascii")
    except (MessageError, ValueError, IndexError):  # the parser raises all three
        raise ValueError("mail_sender: an e-mail address") from None
    if not (sender.username and sender.domain):
        raise ValueError("mail_sender: an e-mail address")
    return sender
