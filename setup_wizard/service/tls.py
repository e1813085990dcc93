"""The backend's own TLS: a certificate and its key, from files."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import uvicorn

from setup_wizard.domain.host import is_loopback
from setup_wizard.service.settings import ServiceSettings, SettingsError


@dataclass(frozen=True)
class TlsFiles:
    """A certificate with those that vouch for it, and its key without a password; both PEM."""

    certificate: Path
    key: Path

    @classmethod
    def of(cls, settings: ServiceSettings) -> TlsFiles | None:
        """The files that the settings name. Raises SettingsError when it is only one."""
        if settings.tls_certificate is None and settings.tls_key is None:
            return None
        if settings.tls_certificate is None or settings.tls_key is None:
            raise SettingsError("tls_certificate and tls_key: TLS needs both, or neither")
        return cls(settings.tls_certificate, settings.tls_key)

    def context(self) -> ssl.SSLContext:
        """What a server answers handshakes with. Raises SettingsError."""
        for setting, path in (("tls_certificate", self.certificate), ("tls_key", self.key)):
            try:
                path.read_bytes()
            except OSError as error:
                reason = f"{setting}: {path} cannot be read ({error.strerror})"
                raise SettingsError(reason) from error
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key, password=_no_password)
        except ssl.SSLError as error:
            raise SettingsError(self._why(error)) from error
        return context

    def _why(self, error: ssl.SSLError) -> str:
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"tls_key: {self.key} is not the key of {self.certificate}"
        return f"tls_certificate, tls_key: {self.certificate} and {self.key} must be PEM files"


def worker_context(
    config: uvicorn.Config, _default: Callable[[], ssl.SSLContext]
) -> ssl.SSLContext:
    """For uvicorn, which makes the context in each worker."""
    return TlsFiles(Path(str(config.ssl_certfile)), Path(str(config.ssl_keyfile))).context()


def check_openness(settings: ServiceSettings, host: str) -> None:
    """Raise SettingsError where customers' tokens would cross a network in the open."""
    if not (
        is_loopback(host)
        or settings.tls_certificate is not None
        or settings.trusted_proxies
        or settings.allow_plain_http
    ):
        raise SettingsError(
            f"--host {host} is open to the network, and without TLS so is every token: set"
            " tls_certificate and tls_key; or trusted_proxies, when a proxy before it does TLS;"
            " or allow_plain_http = true"
        )


def _no_password() -> NoReturn:
    # Otherwise OpenSSL would ask the terminal, and wait there.
    raise SettingsError("tls_key: must not have a password; take it out, and guard the file")
