"""A running cloud with one customer, and a reader of raw streams."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from setup_wizard.simulators.cloud import Cloud

LIMIT = 10.0  # seconds before a test calls something lost


@dataclass
class Api:
    """Plain HTTP against one cloud."""

    cloud: Cloud
    now: list[float] = field(default_factory=list)

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.cloud.url + path
        return requests.request(method, url, headers=headers, timeout=LIMIT, **more)

    def token(self, **form: str) -> requests.Response:
        client = {"client_id": self.cloud.client_id, "client_secret": self.cloud.client_secret}
        return self.ask("POST", "/oauth/token", data=client | form)

    def create(self, email: str, **form: str) -> requests.Response:
        path = f"/v1/products/{self.cloud.product}/customers"
        basic = (self.cloud.client_id, self.cloud.client_secret)
        return self.ask("POST", path, auth=basic, data={"email": email, "no_password": "true"})

    def customer(self, email: str) -> str:
        """The access token of a new customer."""
        return str(self.create(email).json()["access_token"])

    def pass_time(self, seconds: float) -> None:
        self.now[0] += seconds


@pytest.fixture
def api() -> Iterator[Api]:
    now = [1_800_000_000.25]
    with Cloud(clock=lambda: now[0]) as cloud:
        yield Api(cloud, now)


@pytest.fixture
def cloud(api: Api) -> Cloud:
    return api.cloud


@pytest.fixture
def jane(api: Api) -> str:
    return api.customer("jane@example.com")


class RawStream:
    """The bytes of one HTTP answer as they come."""

    def __init__(self, url: str, path: str, token: str, version: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=LIMIT)
        head = f"GET {path} HTTP/{version}\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self._socket.sendall(head.encode())
        self.received = b""

    def until(self, mark: bytes, times: int = 1) -> bytes:
        """Everything so far, once the mark has come so often."""
        while self.received.count(mark) < times:
            data = self._socket.recv(65536)
            assert data, f"ended after {self.received[-200:]!r}"
            self.received += data
        return self.received

    def count(self, mark: bytes, times: int) -> None:
        """Read so many marks without keeping what was read."""
        tail = b""
        while times > 0:
            data = self._socket.recv(1 << 18)
            assert data, f"ended, {times} missing"
            times -= (tail + data).count(mark)
            tail = (tail + data)[-(len(mark) - 1) :]

    def rest(self) -> bytes:
        """What comes until the other side closes, orderly or not."""
        rest = b""
        while True:
            try:
                data = self._socket.recv(65536)
            except ConnectionResetError:
                return rest
            if not data:
                return rest
            rest += data

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def open_stream(cloud: Cloud) -> Iterator[Callable[..., RawStream]]:
    streams: list[RawStream] = []

    def opened(path: str, token: str, *, version: str = "1.1") -> RawStream:
        stream = RawStream(cloud.url, path, token, version)
        streams.append(stream)
        stream.until(b":ok")
        return stream

    yield opened
    for stream in streams:
        stream.close()
