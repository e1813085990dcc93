"""A small cloud on loopback: the calls that the backend makes, with answers to script."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web

PRODUCT = "demo-product"
CLIENT_ID = "demo-4711"
CLIENT_SECRET = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"
WAIT = 20.0  # seconds, for anything that a test waits for on a busy computer


@dataclass(frozen=True)
class Seen:
    """One request, as it arrived."""

    call: str
    path: str
    """Still quoted."""
    form: Mapping[str, str]
    authorization: str
    cookie: str


@dataclass(frozen=True)
class Scripted:
    """An answer that a test put in place of the honest one."""

    status: int = 200
    body: object = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Held:
    """Calls of one kind that wait until they are let go."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.let_go = threading.Event()


class FakeCloud:
    """`with FakeCloud() as cloud:` then use `cloud.url`."""

    def __init__(self) -> None:
        self.customers: set[str] = set()
        self.devices: dict[str, list[str]] = {}
        """By owner, who is nobody when empty."""
        self.token_owners: dict[str, str] = {}
        self.claim_codes: list[str] = []
        self.seen: list[Seen] = []
        self.url = ""
        self._scripts: dict[str, Scripted] = {}
        self._held: dict[str, Held] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def script(self, call: str, scripted: Scripted) -> None:
        self._scripts[call] = scripted

    def unscript(self, call: str) -> None:
        """Answer honestly again."""
        del self._scripts[call]

    def hold(self, call: str) -> Held:
        self._held[call] = Held()
        return self._held[call]

    def release(self, call: str) -> None:
        """Hold no further ones; those that wait go on waiting."""
        self._held.pop(call)

    def calls(self) -> list[str]:
        return [seen.call for seen in self.seen]

    def secrets(self) -> set[str]:
        """Everything that this cloud gave out, and the secret that it was given."""
        return {CLIENT_SECRET, *self.token_owners, *self.claim_codes}

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(WAIT)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        for held in self._held.values():
            held.let_go.set()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(WAIT)

    def _run(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _answer(self, request: web.Request) -> web.Response:
        posted = await request.post()
        form = {name: str(value) for name, value in posted.items()}
        customers = f"/v1/products/{PRODUCT}/customers"
        path = request.raw_path
        honest: Callable[[web.Request, dict[str, str]], web.Response]
        match request.method, path:
            case "POST", "/oauth/token":
                call, honest = "token", self._token
            case "POST", _ if path == customers:
                call, honest = "create_customer", self._create_customer
            case "POST", _ if path == f"/v1/products/{PRODUCT}/device_claims":
                call, honest = "claim_code", self._claim_code
            case "GET", "/v1/devices":
                call, honest = "list_devices", self._list_devices
            case "GET", _ if path.startswith(f"/v1/products/{PRODUCT}/devices?deviceId="):
                call, honest = "find_device", self._find_device
            case "DELETE", _ if path.startswith("/v1/devices/"):
                call, honest = "release_device", self._release_device
            case "DELETE", _ if path.startswith(f"{customers}/"):
                call, honest = "delete_customer", self._delete_customer
            case _:
                call, honest = "unknown", self._unknown
        sent = request.headers
        authorization, cookie = sent.get("Authorization", ""), sent.get("Cookie", "")
        self.seen.append(Seen(call, path, form, authorization, cookie))
        if call in self._held:
            held = self._held[call]
            held.arrived.set()
            await asyncio.to_thread(held.let_go.wait, WAIT)
        if call not in self._scripts:
            return honest(request, form)
        scripted = self._scripts[call]
        text = json.dumps(scripted.body) if scripted.text is None else scripted.text
        return web.Response(status=scripted.status, text=text, headers=scripted.headers)

    def _token(self, request: web.Request, form: dict[str, str]) -> web.Response:
        if not _is_client(request):
            return _refuse(400, "invalid_client")
        if form["grant_type"] != "client_credentials":
            return _refuse(400, "invalid_request")
        owner = form.get("scope", "").removeprefix("customer=")
        if owner and owner not in self.customers:
            return _refuse(400, "invalid_scope")
        return self._issue(owner, int(form["expires_in"]))

    def _create_customer(self, request: web.Request, form: dict[str, str]) -> web.Response:
        if not _is_client(request):
            return _refuse(401, "invalid_client")
        if form["no_password"] != "true":
            return _refuse(400, "password_required")
        if form["email"] in self.customers:
            return _refuse(400, "customer_exists")
        self.customers.add(form["email"])
        return self._issue(form["email"], 7776000, status=201)

    def _claim_code(self, request: web.Request, form: dict[str, str]) -> web.Response:
        owner = self._owner(request)
        if not owner:
            return _refuse(401, "invalid_token")
        code = base64.b64encode(secrets.token_bytes(48)).decode()[:63]
        self.claim_codes.append(code)
        owned = self.devices.get(owner, [])
        return web.json_response({"claim_code": code, "device_ids": owned})

    def _list_devices(self, request: web.Request, form: dict[str, str]) -> web.Response:
        owner = self._owner(request)
        if not owner:
            return _refuse(401, "invalid_token")
        return web.json_response([{"id": item} for item in self.devices.get(owner, [])])

    def _find_device(self, request: web.Request, form: dict[str, str]) -> web.Response:
        if self._owner(request) != "":
            return _refuse(401, "invalid_token")
        wanted = request.query["deviceId"]
        found = [
            {"id": item, "owner": owner or None}
            for owner, items in self.devices.items()
            for item in items
            if wanted in item
        ]
        return web.json_response({"devices": found, "customers": [], "meta": {"total_pages": 1}})

    def _release_device(self, request: web.Request, form: dict[str, str]) -> web.Response:
        owner = self._owner(request)
        if not owner:
            return _refuse(401, "invalid_token")
        device_id = request.path.rpartition("/")[2]
        if device_id not in self.devices.get(owner, []):
            return web.json_response({"error": "Permission Denied", "info": "no"}, status=403)
        self.devices[owner].remove(device_id)
        self.devices.setdefault("", []).append(device_id)
        return web.json_response({"ok": True})

    def _delete_customer(self, request: web.Request, form: dict[str, str]) -> web.Response:
        if self._owner(request) != "":
            return _refuse(401, "invalid_token")
        email = unquote(request.raw_path.rpartition("/")[2])
        if email not in self.customers:
            return _refuse(404, "customer_unknown")
        self.customers.discard(email)
        return web.json_response({"ok": True})

    def _unknown(self, request: web.Request, form: dict[str, str]) -> web.Response:
        return _refuse(404, "not_found")

    def _issue(self, owner: str, lifetime: int, *, status: int = 200) -> web.Response:
        token = secrets.token_hex(20)
        self.token_owners[token] = owner
        body = {"token_type": "bearer", "access_token": token, "expires_in": lifetime}
        return web.json_response({**body, "refresh_token": "0" * 40}, status=status)

    def _owner(self, request: web.Request) -> str | None:
        """Whose token it is; empty for the client's own."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.token_owners.get(token)


def _is_client(request: web.Request) -> bool:
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    return request.headers.get("Authorization") == f"Basic {pair}"


def _refuse(status: int, error: str) -> web.Response:
    return web.json_response({"error": error, "error_description": "no"}, status=status)
