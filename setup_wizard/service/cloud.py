"""The backend's own way to the device cloud: the five calls that need the client secret."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp
from yarl import URL

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import CloudBroken, CloudBusy, CloudError, CloudUnreachable
from setup_wizard.domain.secret import Secret
from setup_wizard.service.breaker import MOST_CALLS, Breaker
from setup_wizard.service.cloud_calls import OnCall, told
from setup_wizard.service.settings import ServiceSettings

CONNECT_TIMEOUT = 4.0  # seconds; a TLS handshake with a far data centre takes under one
ANSWER_TIMEOUT = 8.0  # seconds in all; three calls in a row stay below the 30 s of a desktop
BUSY_PAUSE = 60  # seconds to wait when the cloud limits us and does not say how long
SHORTEST_RETRY_PAUSE, LONGEST_RETRY_PAUSE = 0.02, 0.1  # seconds; apart, so as not to come at once
LONGEST_BUSY_PAUSE = 1800  # seconds; the cloud's longest block is half an hour

_BUSY = (429, 529)  # the cloud's pages name both
_MISSING = 404
_PRODUCT_MISSING = "Product not found."  # with 404, which else means that the customer is gone


class CloudRefused(CloudError):
    """The cloud refuses the client id, the secret or the product. Parameters: call, status."""

    code = "SW-CLOUD-REFUSED"


@dataclass(frozen=True)
class AccessToken:
    """A token as the cloud issued it."""

    token: Secret
    expires_in: int
    """Seconds."""


@dataclass(frozen=True)
class Claim:
    """What a device is claimed with, and what the customer owned before."""

    code: Secret
    device_ids: tuple[DeviceId, ...]


@dataclass(frozen=True)
class ProductDevice:
    """A device as the product's list has it."""

    device_id: DeviceId
    owner: str | None
    """An e-mail address in lower case; None while it is nobody's."""


@dataclass(frozen=True)
class _Answer:
    call: str
    status: int
    body: object
    """Parsed JSON; None when there was none."""

    @property
    def error(self) -> object:
        return self.body.get("error") if isinstance(self.body, dict) else None

    def broken(self) -> CloudBroken:
        return CloudBroken(call=self.call, status=self.status)


class Cloud:
    """One product at the cloud, as its maker may use it. Made by `open_cloud`."""

    def __init__(
        self, settings: ServiceSettings, http: aiohttp.ClientSession, breaker: Breaker
    ) -> None:
        self._base = settings.cloud_url.rstrip("/")
        self._product = f"/v1/products/{quote(settings.product, safe='')}"
        self._client_id = settings.client_id
        self._client_secret = settings.client_secret
        self._http = http
        self._breaker = breaker
        self.on_call: OnCall | None = None

    @property
    def fingerprint(self) -> str:
        """Tells one client, with its secret, from another; the secret cannot be got from it."""
        return hashlib.sha256(self._client().encode()).hexdigest()

    async def ensure_customer(self, email: str) -> None:
        """Make a customer without a password; one who is there already is fine."""
        form = {"grant_type": "client_credentials", "email": email, "no_password": "true"}
        answer = await self._exchange(
            "create_customer",
            "POST",
            f"{self._product}/customers",
            authorization=self._client(),
            form=form,
        )
        # The status of this refusal is not documented, so only its word counts.
        if answer.error != "customer_exists":
            _require_success(answer)

    async def customer_token(self, email: str, *, lifetime: int) -> AccessToken:
        """A token that opens this customer's devices and nothing else."""
        return await self._token({"scope": f"customer={email}", "expires_in": str(lifetime)})

    async def client_token(self, *, lifetime: int) -> AccessToken:
        """A token of the client itself; it never leaves this backend."""
        return await self._token({"expires_in": str(lifetime)})

    async def claim(self, customer_token: Secret) -> Claim:
        """A fresh claim code of the product, valid for one hour and one device."""
        answer = await self._exchange(
            "claim_code",
            "POST",
            f"{self._product}/device_claims",
            authorization=_bearer(customer_token),
            json_body={},
        )
        match _require_success(answer):
            case {"claim_code": str(code), "device_ids": list(device_ids)} if code:
                owned = tuple(_device_id(item, answer) for item in device_ids)
                return Claim(Secret(code), owned)
        raise answer.broken()

    async def device_ids(self, customer_token: Secret) -> frozenset[DeviceId]:
        """The devices that the customer owns now."""
        answer = await self._exchange(
            "list_devices", "GET", "/v1/devices", authorization=_bearer(customer_token)
        )
        devices = _require_success(answer)
        if not isinstance(devices, list):
            raise answer.broken()
        return frozenset(
            _device_id(device.get("id") if isinstance(device, dict) else None, answer)
            for device in devices
        )

    async def product_device(
        self, device_id: DeviceId, client_token: Secret
    ) -> ProductDevice | None:
        """The device, if it is one of the product's."""
        answer = await self._exchange(
            "find_device",
            "GET",
            f"{self._product}/devices?deviceId={device_id}",
            authorization=_bearer(client_token),
        )
        match _require_success(answer):
            case {"devices": list(listed)}:
                # Other devices may be listed too: whose names or ids contain this one.
                found = [_product_device(item, answer) for item in listed]
                return next((device for device in found if device.device_id == device_id), None)
        raise answer.broken()

    async def release_device(self, device_id: DeviceId, customer_token: Secret) -> None:
        """Make a device of the customer's nobody's; one that is no longer theirs is fine.

        Asked as the customer, so that nobody else's device can be hit; it stays in the product.
        """
        answer = await self._exchange(
            "release_device",
            "DELETE",
            f"/v1/devices/{device_id}",
            authorization=_bearer(customer_token),
        )
        if answer.status not in (403, _MISSING):
            _require_success(answer)

    async def delete_customer(self, email: str, client_token: Secret) -> None:
        """Remove a customer with all tokens and claim codes; one who is not there is fine."""
        answer = await self._exchange(
            "delete_customer",
            "DELETE",
            f"{self._product}/customers/{quote(email, safe='')}",
            authorization=_bearer(client_token),
        )
        if answer.status != _MISSING or answer.error == _PRODUCT_MISSING:
            _require_success(answer)

    async def _token(self, fields: Mapping[str, str]) -> AccessToken:
        form = {"grant_type": "client_credentials", **fields}
        answer = await self._exchange(
            "token",
            "POST",
            "/oauth/token",
            authorization=self._client(),
            form=form,
            repeatable=False,  # every one counts
        )
        match _require_success(answer):
            case {"access_token": str(token), "expires_in": int(expires_in)} if token:
                return AccessToken(Secret(token), expires_in)
        raise answer.broken()

    @told
    async def _exchange(
        self,
        call: str,
        method: str,
        path: str,
        *,
        authorization: str,
        form: Mapping[str, str] | None = None,
        json_body: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> _Answer:
        """Ask, and once more when the connection fails.

        A call that is not repeatable is asked again only when it certainly never arrived; a claim
        code too many hurts nobody. After a timeout nothing is: a desktop waits for no second one.
        """

        async def send() -> _Answer:
            # encoded=True: an address with `+` or `/` must arrive as we quoted it.
            url = URL(self._base + path, encoded=True)
            headers = {"Authorization": authorization}
            # No redirects: credentials go to this host and no other.
            async with self._http.request(
                method, url, headers=headers, data=form, json=json_body, allow_redirects=False
            ) as response:
                content = await response.read()
                answer = _Answer(call, response.status, _parse(content))
                if answer.status in _BUSY:
                    pause = _pause(response.headers.get("Retry-After", ""))
                    raise CloudBusy(call=call, seconds=pause)
                return answer

        async with self._breaker.turn(call):
            try:
                try:
                    return await send()
                except aiohttp.ClientConnectionError as error:
                    if not _may_repeat(error, method, repeatable=repeatable):
                        raise
                await asyncio.sleep(_retry_pause())
                return await send()
            except (aiohttp.ClientConnectionError, TimeoutError) as error:
                raise CloudUnreachable(call=call, reason=type(error).__name__) from error
            except aiohttp.ClientError as error:  # an answer that is not HTTP, or half of one
                raise CloudBroken(call=call, status=0) from error

    def _client(self) -> str:
        pair = f"{self._client_id}:{self._client_secret.reveal()}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


@asynccontextmanager
async def open_cloud(
    settings: ServiceSettings, *, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[Cloud]:
    """The cloud, with its connections kept open between calls."""
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT, connect=CONNECT_TIMEOUT),
        cookie_jar=aiohttp.DummyCookieJar(),
        connector=aiohttp.TCPConnector(limit=MOST_CALLS),
    ) as http:
        yield Cloud(settings, http, Breaker(clock))


def _may_repeat(error: aiohttp.ClientConnectionError, method: str, *, repeatable: bool) -> bool:
    if isinstance(error, TimeoutError):
        return False
    # A GET or DELETE whose connection broke the HTTP library has sent twice already.
    return isinstance(error, aiohttp.ClientConnectorError) or (repeatable and method == "POST")


def _retry_pause() -> float:
    return random.uniform(SHORTEST_RETRY_PAUSE, LONGEST_RETRY_PAUSE)  # noqa: S311  # no secret


def _bearer(token: Secret) -> str:
    return f"Bearer {token.reveal()}"


def _parse(content: bytes) -> object:
    try:
        parsed: object = json.loads(content)
    except (
        ValueError,
        RecursionError,
    ):  # the cause would hold the answer, and that may hold a token
        return None
    return parsed


def _require_success(answer: _Answer) -> object:
    if answer.error == "invalid_client" or answer.status in (401, 403, _MISSING):
        raise CloudRefused(call=answer.call, status=answer.status)
    if not 200 <= answer.status < 300:
        raise answer.broken()
    return answer.body


def _device_id(item: object, answer: _Answer) -> DeviceId:
    try:
        return DeviceId.parse(str(item))
    except ValueError as error:
        raise answer.broken() from error


def _product_device(item: object, answer: _Answer) -> ProductDevice:
    if isinstance(item, dict):
        owner = item.get("owner")
        if owner is None or isinstance(owner, str):
            return ProductDevice(_device_id(item.get("id"), answer), (owner or "").lower() or None)
    raise answer.broken()


def _pause(retry_after: str) -> int:
    """Seconds; the header's other form, a date, is read as no answer."""
    if not (retry_after.isascii() and retry_after.isdigit()):
        return BUSY_PAUSE
    return max(1, min(int(retry_after), LONGEST_BUSY_PAUSE))
