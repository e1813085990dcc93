"""Adapter: the maker's backend, which knows the customer and holds the secrets, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping

import requests

from setup_wizard.domain.cloud import CloudAccess, Provision
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    BackendBroken,
    BackendBusy,
    BackendUnreachable,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    CustomerRefused,
    DeviceNotYours,
    KeyRefused,
    SetupError,
    SignInExpired,
    TokenRefused,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.interruptible import interruptible
from setup_wizard.ports import Backend, Cancellation
from setup_wizard.web import Bearer, busy_seconds, usable_ids

CONNECT_TIMEOUT = 6.0  # a tethered laptop on a weak signal connects within this
ANSWER_TIMEOUT = 20.0  # the backend asks the cloud three times; longer, and nobody waits


class HttpBackend(Backend):
    """One installation's conversation with its backend; signed in after `sign_in`."""

    def __init__(self, url: str, installer_key: Secret | None = None) -> None:
        self._base = url.rstrip("/")
        self._installer_key = installer_key
        self._idle: requests.Session | None = None
        """Open connections; put back only by a call that came to its end."""
        self._bearer: Bearer | None = None

    def reach(self, cancel: Cancellation) -> None:
        """Wants its JSON, because a hotel's sign-in page also answers 200."""
        self._answer(self._send("GET", "/healthz", cancel))

    def sign_in(self, customer: str, installer_key: Secret | None, cancel: Cancellation) -> None:
        self._bearer = None
        key = installer_key or self._installer_key
        if key is None:
            raise KeyRefused
        body = {"customer": customer, "installer_key": key.reveal()}
        answer = self._answer(self._send("POST", "/v1/sessions", cancel, body=body))
        self._bearer = Bearer(Secret(_text(answer, "session_token")), SignInExpired)

    def provision(self, cancel: Cancellation) -> Provision:
        answer = self._signed_in("/v1/provisions", {}, cancel)
        return Provision(
            Secret(_text(answer, "claim_code")), _access(answer), _owned(answer.get("device_ids"))
        )

    def renew_access(self, cancel: Cancellation) -> CloudAccess:
        """A new access token for the customer who is signed in."""
        return _access(self._signed_in("/v1/access-tokens", {}, cancel))

    def record(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        body = {"device_id": device_id.text, "name": name}
        self._signed_in("/v1/devices", body, cancel, device=device_id)

    def _signed_in(
        self,
        path: str,
        body: Mapping[str, object],
        cancel: Cancellation,
        *,
        device: DeviceId | None = None,
    ) -> dict[str, object]:
        if self._bearer is None:
            raise SignInExpired
        response = self._send("POST", path, cancel, body=body, bearer=self._bearer)
        return self._answer(response, device=device)

    def _send(
        self,
        method: str,
        path: str,
        cancel: Cancellation,
        *,
        body: Mapping[str, object] | None = None,
        bearer: Bearer | None = None,
    ) -> requests.Response:
        session, self._idle = self._idle or requests.Session(), None

        def act() -> requests.Response:
            return session.request(
                method,
                self._base + path,
                json=body,
                auth=bearer or _no_credentials,
                timeout=(CONNECT_TIMEOUT, ANSWER_TIMEOUT),
                allow_redirects=False,
            )

        try:
            response = interruptible(act, cancel, limit=CONNECT_TIMEOUT + ANSWER_TIMEOUT)
        except requests.RequestException as error:
            error.request = None  # it holds the installer key or the session token
            raise BackendUnreachable from error
        except TimeoutError as error:
            raise BackendUnreachable from error
        self._idle = session
        return response

    def _answer(
        self, response: requests.Response, *, device: DeviceId | None = None
    ) -> dict[str, object]:
        """The JSON object of a good answer; raises what the backend says is wrong."""
        if response.status_code not in (200, 201):
            raise _refusal(response, device)
        document = _document(response)
        if document is None:
            raise BackendBroken(status=response.status_code)
        return document


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what ~/.netrc has for this host."""
    return request


def _refusal(response: requests.Response, device: DeviceId | None) -> SetupError:
    status = response.status_code
    problem = (_document(response) or {}).get("code")
    wait = busy_seconds(response)
    match problem:
        case "key_refused":
            return KeyRefused()
        case "customer_refused":
            return CustomerRefused()
        case "session_expired":
            return SignInExpired()
        case "cloud_unreachable":
            return CloudUnreachable()
        case "cloud_refused":
            return TokenRefused()
        case "cloud_broken":
            return CloudBroken(status=status)
        case "cloud_busy":
            return CloudBusy(seconds=wait)
        case "device_not_verified" if device is not None:
            return DeviceNotYours(device=device.text)
    return BackendBusy(seconds=wait) if status == 429 else BackendBroken(status=status)


def _document(response: requests.Response) -> dict[str, object] | None:
    """The JSON object of an answer; None when it has none."""
    try:
        document = json.loads(response.content)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _text(answer: Mapping[str, object], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise BackendBroken(status=200)
    return value


def _access(answer: Mapping[str, object]) -> CloudAccess:
    product = None if answer.get("product") is None else _text(answer, "product")
    token = Secret(_text(answer, "access_token"))
    lifetime = answer.get("expires_in")
    lasts = lifetime if isinstance(lifetime, int) and lifetime > 0 else None
    return CloudAccess(_text(answer, "cloud_url"), token, product, lasts)


def _owned(device_ids: object) -> tuple[DeviceId, ...]:
    if not isinstance(device_ids, list):
        raise BackendBroken(status=200)
    return usable_ids(device_ids)
