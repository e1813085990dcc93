"""TLS with the owner's files, and no way to be open to the network by mistake."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
import ssl
import time
import warnings
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from setup_wizard.service.server import GRACE_PERIOD
from setup_wizard.service.settings import ServiceSettings, SettingsError
from setup_wizard.service.tls import TlsFiles, check_openness
from tests.service.running import LONG, Running, served


def make_pair(folder: Path, name: str, *, password: bytes | None = None) -> TlsFiles:
    """A certificate for 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    files = TlsFiles(folder / f"{name}.pem", folder / f"{name}.key")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password)
            if password
            else serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    return make_pair(tmp_path, "first")


def _options(files: TlsFiles) -> tuple[str, ...]:
    return ("--tls-certificate", str(files.certificate), "--tls-key", str(files.key))


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_speaks_tls_and_ends_though_a_client_keeps_its_connection(
    settings: ServiceSettings, files: TlsFiles, workers: str
):
    with (
        served(settings, "--workers", workers, *_options(files)) as running,
        requests.Session() as keeping,
    ):
        url = f"{running.url}/readyz"
        answer = keeping.get(url, verify=str(files.certificate), timeout=LONG)
        began = time.monotonic()
        status = running.end()
        seconds = time.monotonic() - began

    assert url.startswith("https://127.0.0.1:")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert (status, running.err) == (0, "")
    assert seconds < GRACE_PERIOD  # what it took when asyncio waited for the client's goodbye


def test_old_versions_of_tls_are_refused(settings: ServiceSettings, files: TlsFiles):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that is what this test is about
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    with served(settings, *_options(files)) as running:
        address = urlsplit(running.url)
        assert address.hostname
        with (
            socket.create_connection((address.hostname, address.port or 0), timeout=LONG) as plain,
            pytest.raises(ssl.SSLError, match=r"(?i)protocol.version|reset|eof"),
        ):
            old.wrap_socket(plain)


def _swap(files: TlsFiles, tmp_path: Path) -> None:
    make_pair(tmp_path, "second").key.replace(files.key)


def _lock(files: TlsFiles, tmp_path: Path) -> None:
    locked = make_pair(tmp_path, "locked", password=b"hush")
    locked.key.replace(files.key)
    locked.certificate.replace(files.certificate)


FAULTS: list[tuple[Callable[[TlsFiles, Path], object], str]] = [
    (lambda files, _: files.key.unlink(), "tls_key: .*first.key cannot be read"),
    (lambda files, _: files.certificate.unlink(), "tls_certificate: .* cannot be read"),
    (lambda files, _: files.certificate.write_text("none"), "must be PEM files"),
    (lambda files, _: files.key.write_bytes(b"\x30\x82"), "must be PEM files"),
    (_swap, "tls_key: .*first.key is not the key of .*first.pem"),
    (_lock, "must not have a password"),
]


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS)
def test_files_that_cannot_be_used_are_named(
    files: TlsFiles, tmp_path: Path, spoil: Callable[[TlsFiles, Path], object], sentence: str
):
    spoil(files, tmp_path)

    with pytest.raises(SettingsError, match=sentence):
        files.context()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_says_what_is_wrong_with_the_files(
    settings: ServiceSettings, files: TlsFiles, tmp_path: Path, workers: str
):
    _swap(files, tmp_path)

    with served(settings, "--workers", workers, *_options(files)) as running:
        _refuses(running, "is not the key of")


def test_one_file_of_two_is_not_enough(settings: ServiceSettings, files: TlsFiles):
    with served(settings, "--tls-key", str(files.key)) as running:
        _refuses(running, "TLS needs both, or neither")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_does_not_open_itself_to_the_network_without_tls(
    settings: ServiceSettings, workers: str
):
    with served(settings, "--host", "0.0.0.0", "--workers", workers) as running:
        _refuses(running, "--host 0.0.0.0 is open to the network")


def _refuses(running: Running, sentence: str) -> None:
    assert running.wait() == 2
    assert running.url == ""
    assert running.err.startswith("setup-wizard: ")
    assert sentence in running.err
    assert running.err.count("\n") == 1


@pytest.mark.parametrize("host", ["", "::", "0.0.0.0", "192.0.2.1", "setup.example"])
def test_a_host_that_is_not_loopback_is_open(settings: ServiceSettings, host: str):
    with pytest.raises(SettingsError, match="is open to the network"):
        check_openness(settings, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_needs_no_tls(settings: ServiceSettings, host: str):
    check_openness(settings, host)


@pytest.mark.parametrize(
    "variables",
    [
        {"SETUP_WIZARD_TLS_CERTIFICATE": "c.pem", "SETUP_WIZARD_TLS_KEY": "k.pem"},
        {"SETUP_WIZARD_TRUSTED_PROXIES": "10.0.0.1"},
        {"SETUP_WIZARD_ALLOW_PLAIN_HTTP": "true"},
    ],
)
def test_tls_or_a_proxy_or_a_clear_word_opens_it(variables: dict[str, str]):
    settings = ServiceSettings.from_environment(variables, required=())

    check_openness(settings, "0.0.0.0")


def test_the_files_stand_beside_the_settings(tmp_path: Path):
    config = tmp_path / "shop.toml"
    config.write_text(
        '[service]\ntls_certificate = "c.pem"\ntls_key = "/etc/k.pem"\nallow_plain_http = true'
    )

    settings = ServiceSettings.from_environment({}, config, required=())

    assert TlsFiles.of(settings) == TlsFiles(tmp_path / "c.pem", Path("/etc/k.pem"))
    assert settings.allow_plain_http


def test_no_files_mean_no_tls(settings: ServiceSettings):
    assert TlsFiles.of(settings) is None
    with pytest.raises(SettingsError, match="both, or neither"):
        TlsFiles.of(dataclasses.replace(settings, tls_key=Path("k.pem")))
