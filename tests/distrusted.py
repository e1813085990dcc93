"""A server that vouches for itself, and is believed by nobody."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.identities import certificate, ec_key, key_file, pem

STOP_INTERVAL = 0.01  # seconds between two looks whether it is to end


@contextmanager
def deaf_server(folder: Path, *, tls: bool = True) -> Iterator[str]:
    """The https address of one that no request comes through to; without TLS it would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    if tls:
        own, key = folder / "own.pem", folder / "own.key"
        own.write_bytes(pem(certificate(ec_key())))
        key.write_bytes(key_file(ec_key()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(STOP_INTERVAL,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
