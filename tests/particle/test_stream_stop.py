"""Stopping a stream at once, wherever it stands, and streams through TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.secret import Secret
from setup_wizard.particle.client import ParticleCloud
from tests.particle.conftest import TOKEN, FakeCancellation
from tests.particle.listening import (
    DEVICE,
    FRAMINGS,
    HELLO,
    STOP_LIMIT,
    event,
    expected,
    listen,
    listening,
)
from tests.particle.servers import (
    BOUND,
    STREAM_HEAD,
    RawServer,
    Visit,
    chunked,
    raw_server,
    refused_url,
    unchunked,
    until_hung_up,
)


def stopped_within(server: RawServer, url: str) -> float:
    """Seconds from the wish to stop until the listening thread has ended."""
    cancel = FakeCancellation()
    outcome: list[object] = []
    listener = threading.Thread(target=lambda: outcome.append(list(listen(url, cancel))))
    listener.start()
    assert server.arrived.acquire(timeout=BOUND)
    began = time.monotonic()
    cancel.cancel()
    listener.join(BOUND)
    elapsed = time.monotonic() - began
    assert not listener.is_alive()
    assert len(outcome) == 1
    return elapsed


def after(head: bytes) -> Visit:
    """Silence after some bytes."""

    def visit(connection: socket.socket) -> None:
        connection.sendall(head)
        until_hung_up(connection)

    return visit


@pytest.mark.parametrize(
    "visit",
    [
        chunked(),
        unchunked(),
        until_hung_up,
        after(STREAM_HEAD),
        after(STREAM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5"),
    ],
    ids=["quiet chunks", "quiet", "no answer", "half a head", "half a chunk"],
)
def test_stopping_takes_no_time_wherever_the_stream_stands(visit: Visit) -> None:
    with raw_server(visit) as server:
        assert stopped_within(server, server.url) < STOP_LIMIT


def test_stopping_takes_no_time_under_a_flood() -> None:
    def flood(connection: socket.socket) -> None:
        while True:
            connection.sendall(event(0) * 100)

    with raw_server(unchunked(then=flood)) as server:
        assert stopped_within(server, server.url) < STOP_LIMIT


def test_stopping_during_a_pause_ends_quietly() -> None:
    assert list(listen(refused_url(), FakeCancellation(pauses=1))) == []


def test_stopping_between_two_events_ends_quietly() -> None:
    with listening(chunked(event(1), event(2))) as (_, events, cancel):
        assert next(events) == expected(1)
        cancel.cancel()
        assert list(events) == []


def reader_threads() -> list[threading.Thread]:
    """Those that do not end within the limit."""
    threads = [thread for thread in threading.enumerate() if thread.name == "event-stream"]
    for thread in threads:
        thread.join(STOP_LIMIT)
    return [thread for thread in threads if thread.is_alive()]


@FRAMINGS
def test_a_stream_that_is_stopped_leaves_no_thread(framing: Callable[..., Visit]) -> None:
    with listening(framing(event(1))) as (_, events, cancel):
        next(events)
        cancel.cancel()
        list(events)

        assert reader_threads() == []


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server certificate that this computer's settings trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


def test_stopping_takes_no_time_with_tls_too(tls: ssl.SSLContext) -> None:
    with raw_server(chunked(HELLO), tls=tls) as server:
        assert stopped_within(server, server.url) < STOP_LIMIT
        assert reader_threads() == []


def test_events_come_through_tls(tls: ssl.SSLContext) -> None:
    with raw_server(chunked(*map(event, range(300))), tls=tls) as server:
        events = ParticleCloud(CloudAccess(server.url, Secret(TOKEN))).events(
            DEVICE, FakeCancellation()
        )
        with closing(events):  # type: ignore[type-var]
            assert list(islice(events, 300)) == [expected(number) for number in range(300)]


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    with raw_server(chunked(event(1)), tls=tls) as server:
        assert list(listen(server.url, FakeCancellation(pauses=1))) == []
        assert server.requests == []
