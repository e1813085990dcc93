"""How a mail is handed over: encrypted, with a password, tried again, and given up."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from ipaddress import IPv4Address
from pathlib import Path
from typing import Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from setup_wizard.domain.secret import Secret
from setup_wizard.service import mail
from setup_wizard.service.mail import MailBusy, Mailer, open_mailer
from setup_wizard.service.sign_in_settings import MailEncryption, MailSettings
from tests.service.caller import JANE
from tests.service.fake_cloud import WAIT
from tests.service.mail_server import PASSWORD, USER, MailServer

CODE = Secret("271828")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "RETRY_PAUSES", (0.01, 0.01))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "mail.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.fixture(params=[MailEncryption.STARTTLS, MailEncryption.TLS])
def private(request: pytest.FixtureRequest, certificate: Path) -> Iterator[MailServer]:
    """Encrypts, and wants a password."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with MailServer(tls=tls, starttls=request.param is MailEncryption.STARTTLS) as server:
        yield server


def _settings(
    port: int,
    encryption: MailEncryption = MailEncryption.NONE,
    *,
    password: str = "",
) -> MailSettings:
    return MailSettings(
        "127.0.0.1",
        port,
        encryption,
        Address("Lamp", addr_spec="hello@lamp.example"),
        user=USER if password else "",
        password=Secret(password),
    )


def _private_settings(server: MailServer, *, password: str = PASSWORD) -> MailSettings:
    encryption = MailEncryption.STARTTLS if server.starttls else MailEncryption.TLS
    return _settings(server.port, encryption, password=password)


def _send(settings: MailSettings) -> None:
    async def send() -> None:
        async with open_mailer(settings) as mailer:
            assert mailer
            mailer.send_code(JANE, CODE)

    asyncio.run(send())


def test_a_mail_goes_encrypted_and_with_the_password(
    private: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    _send(_private_settings(private))

    assert private.code() == CODE.reveal()


def test_a_mail_server_whom_nobody_vouches_for_gets_neither_code_nor_password(
    private: MailServer, caplog: pytest.LogCaptureFixture
):
    _send(_private_settings(private))

    assert private.messages == []
    assert "mail=lost reason=certificate" in caplog.text


def test_a_wrong_password_is_said_in_the_log_and_not_shown(
    private: MailServer,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    _send(_private_settings(private, password="wrong-password"))

    assert private.messages == []
    assert "mail=lost reason=SMTPAuthenticationError_535" in caplog.text
    assert "wrong-password" not in caplog.text


def test_a_server_without_encryption_gets_nothing_when_it_was_asked_for(
    caplog: pytest.LogCaptureFixture,
):
    with MailServer() as server:
        _send(_settings(server.port, MailEncryption.STARTTLS))

        assert server.messages == []
    assert "mail=lost reason=not_supported" in caplog.text


@pytest.mark.parametrize(
    ("own", "greeting"), [("shop", "[127.0.0.1]"), ("shop.example.com", "shop.example.com")]
)
def test_a_server_is_greeted_without_a_look_up(
    own: str, greeting: str, monkeypatch: pytest.MonkeyPatch
):
    """Where there is no name service, the question takes longer than the delivery may."""
    monkeypatch.setattr(socket, "gethostname", lambda: own)
    monkeypatch.setattr(socket, "getfqdn", lambda: pytest.fail("somebody asked for a full name"))
    with MailServer() as server:
        _send(_settings(server.port))
        server.wait_for(1)

    assert server.greetings == [greeting]


def test_what_may_be_better_later_is_tried_again(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    with MailServer() as server:
        server.answers = ["451 greylisted", "421 closing"]

        _send(_settings(server.port))

        assert server.code() == CODE.reveal()
    assert "mail=sent attempt=3/3" in caplog.text


@pytest.mark.parametrize(("answer", "tries"), [("550 no such user", 1), ("451 later", 3)])
def test_a_mail_is_given_up_and_the_log_says_so_without_address_and_code(
    answer: str, tries: int, caplog: pytest.LogCaptureFixture
):
    with MailServer() as server:
        server.answers = [answer] * 5

        _send(_settings(server.port))

        assert server.refused == [answer] * tries
    assert "mail=lost" in caplog.text
    assert JANE not in caplog.text
    assert CODE.reveal() not in caplog.text


def test_nobody_at_the_other_end_is_tried_again_and_given_up(caplog: pytest.LogCaptureFixture):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens

        _send(_settings(taken.getsockname()[1]))

    assert caplog.text.count("mail=failed reason=ConnectionRefusedError") == 3
    assert "mail=lost" in caplog.text


def test_when_too_many_wait_the_next_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "MOST_WAITING", 2)

    async def send(server: MailServer) -> None:
        with ThreadPoolExecutor(1) as threads:
            mailer = Mailer(_settings(server.port), threads)
            mailer.send_code(JANE, CODE)
            mailer.send_code(JANE, CODE)
            with pytest.raises(MailBusy):
                mailer.send_code(JANE, CODE)
            await mailer.finish()

    with MailServer() as server:
        asyncio.run(send(server))

        assert len(server.messages) == 2


def test_at_the_end_a_mail_that_waits_for_its_next_try_is_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "RETRY_PAUSES", (3600.0,))
    monkeypatch.setattr(mail, "LAST_MAILS", 0.2)
    with MailServer() as server:
        server.answers = ["451 later"]

        _send(_settings(server.port))

        assert server.messages == []


class _Trickler:
    """A mail server whose greeting goes on and on, in steps that are short enough for anybody."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.greets = threading.Event()
        self.broken_off = 0
        self._tls = tls
        self._tempo = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                with (
                    self._tls.wrap_socket(accepted, server_side=True)
                    if self._tls
                    else accepted as c
                ):
                    self._greet(c)

    def _greet(self, connection: socket.socket) -> None:
        try:
            connection.sendall(b"220-")
            for _ in range(1000):
                connection.sendall(b"x")
                self.greets.set()
                self._tempo.wait(0.01)
        except OSError:
            self.broken_off += 1


@pytest.fixture(params=[MailEncryption.NONE, MailEncryption.TLS])
def trickling(
    request: pytest.FixtureRequest, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[_Trickler, MailSettings]:
    tls = None
    if request.param is MailEncryption.TLS:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
    server = _Trickler(tls)
    return server, _settings(server.port, request.param)


def test_a_server_that_comes_to_no_end_is_given_up(
    trickling: tuple[_Trickler, MailSettings],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(mail, "DELIVERY_TIMEOUT", 0.2)
    server, settings = trickling

    with server:
        _send(settings)

    assert caplog.text.count("mail=failed reason=too_slow") == 3
    assert "mail=lost reason=too_slow" in caplog.text
    assert server.broken_off == 3


def test_at_the_end_a_delivery_under_way_is_broken_off(
    trickling: tuple[_Trickler, MailSettings], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "LAST_MAILS", 0.0)
    server, settings = trickling

    async def send() -> None:
        async with open_mailer(settings) as mailer:
            assert mailer
            mailer.send_code(JANE, CODE)
            assert await asyncio.to_thread(server.greets.wait, WAIT)

    with server:
        asyncio.run(send())

    assert server.broken_off == 1
