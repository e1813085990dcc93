"""A certificate that is turned down is not the same as nobody being there."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from setup_wizard.backend import HttpBackend
from setup_wizard.bootstrap import words_of
from setup_wizard.brand import load_brand
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import BackendUnreachable, CloudUnreachable
from setup_wizard.domain.secret import Secret
from setup_wizard.particle.client import ParticleCloud
from tests.identities import certificate, ec_key, key_file, pem


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def untrusted(server: ThreadingHTTPServer, tmp_path: Path) -> str:
    """Who vouches for nobody but himself."""
    own, key = tmp_path / "own.pem", tmp_path / "own.key"
    own.write_bytes(pem(certificate(ec_key())))
    key.write_bytes(key_file(ec_key()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return f"https://127.0.0.1:{server.server_port}"


def ask_backend(url: str) -> None:
    HttpBackend(url).reach(StopSwitch())


def ask_cloud(url: str) -> None:
    ParticleCloud(CloudAccess(url, Secret("a-token"), "demo-product")).devices(StopSwitch())


@pytest.mark.parametrize(
    ("ask", "failure"), [(ask_backend, BackendUnreachable), (ask_cloud, CloudUnreachable)]
)
def test_a_certificate_that_was_turned_down_is_said(ask, failure, untrusted: str) -> None:
    with pytest.raises(failure) as caught:
        ask(untrusted)

    said = words_of(load_brand()).error(caught.value)
    assert said.sentence.endswith("cannot be trusted.")
    assert "date and time" in said.advice
    assert said.action == "Try again"


@pytest.mark.parametrize(
    ("ask", "failure"), [(ask_backend, BackendUnreachable), (ask_cloud, CloudUnreachable)]
)
def test_whoever_speaks_no_tls_is_not_there(ask, failure, server: ThreadingHTTPServer) -> None:
    with pytest.raises(failure) as caught:
        ask(f"https://127.0.0.1:{server.server_port}")

    assert "untrusted" not in caught.value.parameters
