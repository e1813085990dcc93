"""The desktop's side of the wire in these tests: real HTTP, and a look at every refusal."""

from __future__ import annotations

import asyncio
import json
import select
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from setup_wizard.service.models import Role
from setup_wizard.service.store import open_store
from tests.service.fake_cloud import PRODUCT

TIMEOUT = 20.0  # seconds; generous for a busy computer
JANE = "jane@example.com"
SHOP_KEY = "shop-key-5f2a7c1e9b"
VAN_KEY = "van-key-81d03be6aa"
EVENTS_TOKEN = "e7" * 20


class Caller:
    """Asks the backend, and insists that every refusal is a proper problem document."""

    def __init__(self, url: str, database_url: str = "") -> None:
        self.url = url
        self.staff_keys: dict[Role, str] = {}
        self._database_url = database_url
        self.session_tokens: list[str] = []
        self.refusals: list[str] = []
        self._idle: list[HTTPConnection] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in self._idle:
            connection.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        data: bytes | None = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if data is None and body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        answer = self._exchange(method, path, data, sent)
        assert answer.headers["X-Request-Id"]
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.status_code >= 400:
            # Not `text`, which guesses at the encoding for longer than all the rest takes.
            self.refusals.append(answer.content.decode() + str(answer.headers))
            _check_problem(answer)
        return answer

    def _exchange(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> requests.Response:
        """What a session of `requests` does, which takes longer for it than the backend does."""
        connection = self._connection()
        try:
            connection.request(method, path, data, headers)
            received = connection.getresponse()
            content = received.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise requests.ConnectionError(f"Connection failed: {error!r}") from error
        self._idle.append(connection)
        answer = requests.Response()
        answer.status_code = received.status
        answer.headers = CaseInsensitiveDict(received.getheaders())
        answer.encoding = "utf-8"
        answer._content = content
        return answer

    def _connection(self) -> HTTPConnection:
        """One that nobody else is using; one that the backend closed connects again."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return HTTPConnection(urlsplit(self.url).netloc, timeout=TIMEOUT)
        if connection.sock and select.select([connection.sock], [], [], 0)[0]:
            connection.close()
        return connection

    def sign_in(self, customer: str = JANE, *, key: str = SHOP_KEY) -> str:
        answer = self.ask("POST", "/v1/sessions", body={"customer": customer, "installer_key": key})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["session_token"]
        self.session_tokens.append(token)
        return token

    def provision(self, token: str) -> requests.Response:
        return self.ask("POST", "/v1/provisions", body={}, token=token)

    def record(self, token: str, device_id: str, name: str = "kitchen") -> requests.Response:
        body = {"device_id": device_id, "name": name}
        return self.ask("POST", "/v1/devices", body=body, token=token)

    def check_device(self, token: str, device_id: str) -> requests.Response:
        return self.ask("POST", f"/v1/devices/{device_id}/eligibility", body={}, token=token)

    def staff_key(self, role: Role) -> str:
        """The key of a staff member with this role, added the way the command does."""
        if role not in self.staff_keys:
            self.staff_keys[role] = asyncio.run(self._add_staff(role))
        return self.staff_keys[role]

    def audit(self, query: str = "") -> list[dict[str, Any]]:
        """What requests did, as an admin reads it, the newest first."""
        headers = {"X-Installer-Key": self.staff_key(Role.ADMIN)}
        answer = self.ask("GET", f"/v1/audit{query}", headers=headers)
        assert answer.status_code == 200
        return [line for line in answer.json()["lines"] if line["request_id"]]

    def revoke_staff(self, name: str) -> None:
        """As the command does."""
        asyncio.run(self._revoke_staff(name))

    def delete_customer(self, quoted: str, *, key: str | None = None) -> requests.Response:
        """With a support key of its own, unless there is another."""
        headers = {"X-Installer-Key": key or self.staff_key(Role.SUPPORT)}
        return self.ask("DELETE", f"/v1/customers/{quoted}", headers=headers)

    async def _add_staff(self, role: Role) -> str:
        async with open_store(self._database_url, product=PRODUCT) as store:
            _, key = await store.staff.add(role, role)
        return key.reveal()

    async def _revoke_staff(self, name: str) -> None:
        async with open_store(self._database_url, product=PRODUCT) as store:
            await store.staff.revoke(name)


def _check_problem(answer: requests.Response) -> None:
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    more = {"tries_left"} if problem["code"] == "code_refused" else set()
    assert set(problem) - more == {"type", "title", "status", "detail", "code", "request_id"}
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert problem["type"] == f"urn:setup-wizard:problem:{problem['code']}"


def code_of(answer: requests.Response) -> str:
    code: str = answer.json()["code"]
    return code
