"""Adapter: the maker's backend, which knows the customer and holds the secrets, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from setup_wizard.domain.cloud import CloudAccess, Provision
from setup_wizard.domain.device import LONGEST_NAME, DeviceId, Installation
from setup_wizard.domain.errors import (
    AccountRefused,
    AccountsUnreachable,
    BackendBroken,
    BackendBusy,
    BackendUnreachable,
    BackendUntrusted,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    CodeRefused,
    CodeSpent,
    CodeWrong,
    CustomerRefused,
    DeviceNotInProduct,
    DeviceNotYours,
    DeviceOfSomebodyElse,
    KeyRefused,
    ProductEventsNotOffered,
    RoleRefused,
    SetupError,
    SignInExpired,
    SignInNotOffered,
    TokenRefused,
    TooManyTries,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session, SignInWay
from setup_wizard.ports import Backend, Cancellation
from setup_wizard.web import Bearer, busy_seconds, usable_ids
from setup_wizard.web_client import NoAnswer, WebAnswer, WebClient

CONNECT_TIMEOUT = 6.0  # a tethered laptop on a weak signal connects within this
ANSWER_TIMEOUT = 20.0  # the backend asks the cloud three times; longer, and nobody waits

PROBLEM = "application/problem+json"  # RFC 9457

_GOOD = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED)
_WAYS = {way.value: way for way in SignInWay}


class HttpBackend(Backend):
    """One installation's conversation with its backend; signed in after one of the `sign_in…`."""

    def __init__(self, url: str, installer_key: Secret | None = None) -> None:
        self._web = WebClient(url)
        self._installer_key = installer_key
        self._bearer: Bearer | None = None

    def reach(self, cancel: Cancellation) -> None:
        """Wants its JSON, because a hotel's sign-in page also answers 200."""
        self._answer(self._send("GET", "/healthz", cancel))

    def ways_in(self, cancel: Cancellation) -> tuple[SignInWay, ...]:
        """Those that this program knows."""
        offered = self._answer(self._send("GET", "/v1/", cancel)).get("sign_in")
        if not isinstance(offered, list):
            raise BackendBroken(status=200)
        return tuple(_WAYS[name] for name in offered if isinstance(name, str) and name in _WAYS)

    def send_code(self, customer: str, cancel: Cancellation) -> int:
        _check_sendable(customer)
        body = {"customer": customer}
        answer = self._answer(self._send("POST", "/v1/sign-in-codes", cancel, body=body))
        return _seconds(answer)

    def sign_in(self, customer: str, installer_key: Secret | None, cancel: Cancellation) -> Session:
        self._bearer = None
        _check_sendable(customer)
        key = installer_key or self._installer_key
        if key is None:
            raise KeyRefused
        return self._session({"customer": customer, "installer_key": key.reveal()}, cancel)

    def sign_in_by_code(self, customer: str, code: Secret, cancel: Cancellation) -> Session:
        _check_sendable(customer)
        return self._session({"customer": customer, "code": code.reveal()}, cancel)

    def sign_in_by_account(self, id_token: Secret, cancel: Cancellation) -> Session:
        return self._session({"id_token": id_token.reveal()}, cancel)

    def resume(self, session_token: Secret) -> None:
        self._bearer = Bearer(session_token, SignInExpired)

    def sign_out(self, cancel: Cancellation) -> None:
        bearer, self._bearer = self._bearer, None
        if bearer is None:
            return
        with suppress(SignInExpired):  # it had ended by itself
            response = self._send("DELETE", "/v1/sessions/current", cancel, bearer=bearer)
            if response.status != HTTPStatus.NO_CONTENT:
                raise _refusal(response, None)

    def _session(self, proof: Mapping[str, object], cancel: Cancellation) -> Session:
        self._bearer = None
        answer = self._answer(self._send("POST", "/v1/sessions", cancel, body=proof))
        token = Secret(_text(answer, "session_token"))
        watches = answer.get("watches_product") is True
        session = Session(token, _text(answer, "customer"), _seconds(answer), watches)
        self.resume(token)
        return session

    def provision(self, cancel: Cancellation) -> Provision:
        answer = self._signed_in("/v1/provisions", {}, cancel)
        return Provision(
            Secret(_text(answer, "claim_code")), _access(answer), _owned(answer.get("device_ids"))
        )

    def renew_access(self, cancel: Cancellation) -> CloudAccess:
        """A new access token for the customer who is signed in."""
        return _access(self._signed_in("/v1/access-tokens", {}, cancel))

    def product_access(self, cancel: Cancellation) -> CloudAccess:
        """Its token does not end by itself."""
        key, proof = self._installer_key, self._bearer
        if proof is None and key is not None:
            proof = Bearer(key, KeyRefused, header="X-Installer-Key")
        if proof is None:
            raise SignInExpired
        response = self._send("POST", "/v1/staff/events-token", cancel, body={}, bearer=proof)
        if _knows_no_such_way(response):
            raise ProductEventsNotOffered
        access = _access(self._answer(response))
        if access.product is None:
            raise BackendBroken(status=response.status)
        return access

    def check_device(self, device_id: DeviceId, cancel: Cancellation) -> None:
        self._signed_in(f"/v1/devices/{device_id}/eligibility", {}, cancel, device=device_id)

    def record(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        body = {"device_id": device_id.text, "name": name}
        self._signed_in("/v1/devices", body, cancel, device=device_id)

    def installations(self, cancel: Cancellation) -> tuple[Installation, ...]:
        """None at a backend that does not know them: they are no part of setting up."""
        if self._bearer is None:
            raise SignInExpired
        response = self._send("GET", "/v1/installations", cancel, bearer=self._bearer)
        if response.status == HTTPStatus.NOT_FOUND:
            return ()
        listed = self._answer(response).get("installations")
        if not isinstance(listed, list):
            raise BackendBroken(status=200)
        return tuple(_installation(item) for item in listed)

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
    ) -> WebAnswer:
        try:
            return self._web.ask(
                method,
                path,
                cancel,
                connect_timeout=CONNECT_TIMEOUT,
                answer_timeout=ANSWER_TIMEOUT,
                auth=bearer,
                body=body,
            )
        except NoAnswer as error:
            raise (BackendUntrusted if error.distrusted else BackendUnreachable) from error

    def _answer(self, response: WebAnswer, *, device: DeviceId | None = None) -> dict[str, object]:
        """The JSON object of a good answer; raises what the backend says is wrong."""
        if response.status not in _GOOD:
            raise _refusal(response, device)
        document = _document(response)
        if document is None:
            raise _somebody_else(response)
        return document


def _check_sendable(customer: str) -> None:
    """Half a character, as a wrong encoding leaves it, is in nobody's address."""
    try:
        customer.encode()
    except UnicodeEncodeError:
        raise CustomerRefused from None


def _refusal(response: WebAnswer, device: DeviceId | None) -> SetupError:
    status, document = response.status, _document(response) or {}
    problem = document.get("code")
    wait = busy_seconds(response.headers)
    match problem:
        case "key_refused":
            return KeyRefused()
        case "customer_refused":
            return CustomerRefused()
        case "code_refused":
            return _code_refused(document.get("tries_left"))
        case "account_refused":
            return AccountRefused()
        case "accounts_unreachable":
            return AccountsUnreachable()
        case "role_refused":
            return RoleRefused()
        case "sign_in_not_offered":
            return SignInNotOffered()
        case "too_many_tries":
            return TooManyTries(seconds=wait)
        case "mail_busy":
            return BackendBusy(seconds=wait)
        case "product_events_not_offered":
            return ProductEventsNotOffered()
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
        case "device_not_in_product" if device is not None:
            return DeviceNotInProduct(device=device.text)
        case "device_of_somebody_else" if device is not None:
            return DeviceOfSomebodyElse(device=device.text)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return BackendBusy(seconds=wait)
    ours = isinstance(problem, str) and problem != "not_found"  # which is a path too many
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or ours:
        return BackendBroken(status=status)
    return _somebody_else(response)


def _knows_no_such_way(response: WebAnswer) -> bool:
    """A backend from before there was this way, in its own words: others know no path, too."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    document = _document(response) or {}
    is_missing = response.status == HTTPStatus.NOT_FOUND
    return is_missing and kind == PROBLEM and document.get("code") == "not_found"


def _somebody_else(response: WebAnswer) -> BackendUnreachable:
    """A hotel's sign-in page, a redirection, an address with a slip: not the backend's words."""
    return BackendUnreachable(status=response.status)


def _code_refused(tries_left: object) -> SetupError:
    """What the backend tells of a code that it refused; it need not tell anything."""
    match tries_left:
        case bool():
            return CodeRefused()
        case int() if tries_left > 0:
            return CodeWrong(tries=tries_left)
        case 0:
            return CodeSpent()
    return CodeRefused()


def _document(response: WebAnswer) -> dict[str, object] | None:
    """The JSON object of an answer; None when it has none."""
    document = response.document()
    return document if isinstance(document, dict) else None


def _text(answer: Mapping[str, object], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise BackendBroken(status=200)
    return value


def _seconds(answer: Mapping[str, object]) -> int:
    value = answer.get("expires_in")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BackendBroken(status=200)
    return value


def _access(answer: Mapping[str, object]) -> CloudAccess:
    product = None if answer.get("product") is None else _text(answer, "product")
    token = Secret(_text(answer, "access_token"))
    lifetime = answer.get("expires_in")
    lasts = lifetime if isinstance(lifetime, int) and lifetime > 0 else None
    return CloudAccess(_text(answer, "cloud_url"), token, product, lasts)


def _installation(item: object) -> Installation:
    match item:
        case {"name": str(name), "device_ids": [*device_ids]} if name:
            return Installation(name[:LONGEST_NAME], usable_ids(device_ids))
    raise BackendBroken(status=200)


def _owned(device_ids: object) -> tuple[DeviceId, ...]:
    if not isinstance(device_ids, list):
        raise BackendBroken(status=200)
    return usable_ids(device_ids)
