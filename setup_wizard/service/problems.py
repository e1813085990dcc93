"""What went wrong, as the backend tells it: RFC 9457 problem documents with a short code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from setup_wizard.domain.errors import (
    AccountRefused,
    AccountsUnreachable,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    CodeRefused,
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
    TooManyTries,
)
from setup_wizard.service.cloud import BUSY_PAUSE, CloudRefused
from setup_wizard.service.mail import MailBusy
from setup_wizard.service.store.database import StorageFull, StorageUnavailable

MEDIA_TYPE = "application/problem+json"


class ProblemBody(BaseModel):
    """The body of every answer that is not a success."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    tries_left: int | None = None
    """Of a one-time code that was wrong."""


@dataclass(frozen=True)
class Problem:
    """One way for a request to fail. Nothing in it is secret or taken from the request."""

    status: int
    code: str
    title: str
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    tries_left: int | None = None


KEY_REFUSED = Problem(401, "key_refused", "The installer key is wrong or was withdrawn.")
ROLE_REFUSED = Problem(403, "role_refused", "This staff member may not do that.")
ACCOUNT_REFUSED = Problem(
    401,
    "account_refused",
    "The account's token was not accepted.",
    "Sign in at the account again. Its e-mail address must be confirmed.",
)
ACCOUNTS_UNREACHABLE = Problem(
    502, "accounts_unreachable", "The accounts' server did not answer.", "Try again shortly."
)
CODE_REFUSED = Problem(
    401,
    "code_refused",
    "The code is wrong, too old, or was used already.",
    "Ask for another code if this one was tried several times.",
)
SIGN_IN_NOT_OFFERED = Problem(
    422, "sign_in_not_offered", "This backend does not offer that way to sign in."
)
TOO_MANY_TRIES = Problem(429, "too_many_tries", "That was tried too often. Try again later.")
MAIL_BUSY = Problem(503, "mail_busy", "Too many e-mails are waiting. Try again shortly.")
SESSION_EXPIRED = Problem(
    401,
    "session_expired",
    "The session is over. Sign in again.",
    headers={"WWW-Authenticate": "Bearer"},
)
METRICS_REFUSED = Problem(
    401,
    "metrics_refused",
    "The metrics are for those who know the metrics token.",
    headers={"WWW-Authenticate": "Bearer"},
)
CUSTOMER_REFUSED = Problem(422, "customer_refused", "The customer's e-mail address cannot be used.")
DEVICE_NOT_VERIFIED = Problem(
    409,
    "device_not_verified",
    "The cloud does not list this device as the customer's.",
    "The device may not have been online since it was set up. Try again shortly.",
)
DEVICE_NOT_IN_PRODUCT = Problem(
    404,
    "device_not_in_product",
    "This device is none of this product's.",
    "Whoever makes the product must add it there first.",
)
DEVICE_OF_SOMEBODY_ELSE = Problem(
    409,
    "device_of_somebody_else",
    "This device belongs to another customer.",
    "They, or the maker's support, must release it first.",
)
PRODUCT_EVENTS_NOT_OFFERED = Problem(
    404,
    "product_events_not_offered",
    "This backend has no token for the product's events.",
    "Whoever runs the backend must set events_token.",
)
CLOUD_UNREACHABLE = Problem(
    502, "cloud_unreachable", "The cloud did not answer.", "Try again shortly."
)
CLOUD_REFUSED = Problem(
    502,
    "cloud_refused",
    "The cloud refused this backend.",
    "Whoever runs the backend must check its client id, client secret and product.",
)
CLOUD_BROKEN = Problem(
    502, "cloud_broken", "The cloud gave an answer that makes no sense.", "Try again shortly."
)
CLOUD_BUSY = Problem(503, "cloud_busy", "The cloud asks for time. Try again later.")
STORAGE_FULL = Problem(
    507,
    "storage_full",
    "The backend's database has no room left.",
    "Whoever runs the backend must make room.",
)
STORAGE_UNAVAILABLE = Problem(
    503, "storage_unavailable", "The backend's database did not answer.", "Try again shortly."
)

REQUEST_REFUSED = Problem(422, "request_refused", "The request is not as this backend wants it.")
NOT_FOUND = Problem(404, "not_found", "There is nothing at this address.")
METHOD_NOT_ALLOWED = Problem(405, "method_not_allowed", "This address takes other methods.")
NOT_JSON = Problem(415, "not_json", "The request's body must be application/json.")
BODY_TOO_LARGE = Problem(413, "body_too_large", "The request's body is too large.")
BODY_TOO_SLOW = Problem(408, "body_too_slow", "The request's body did not arrive in time.")
NOT_READY = Problem(503, "not_ready", "The backend cannot serve anybody yet.")
INTERNAL_ERROR = Problem(
    500,
    "internal_error",
    "The backend failed.",
    "Its log has the reason, under this request id.",
)

_PROBLEMS: Mapping[type[SetupError], Problem] = {
    KeyRefused: KEY_REFUSED,
    SignInExpired: SESSION_EXPIRED,
    CustomerRefused: CUSTOMER_REFUSED,
    DeviceNotYours: DEVICE_NOT_VERIFIED,
    DeviceNotInProduct: DEVICE_NOT_IN_PRODUCT,
    DeviceOfSomebodyElse: DEVICE_OF_SOMEBODY_ELSE,
    CloudUnreachable: CLOUD_UNREACHABLE,
    CloudRefused: CLOUD_REFUSED,
    CloudBroken: CLOUD_BROKEN,
    CloudBusy: CLOUD_BUSY,
    AccountRefused: ACCOUNT_REFUSED,
    AccountsUnreachable: ACCOUNTS_UNREACHABLE,
    CodeRefused: CODE_REFUSED,
    RoleRefused: ROLE_REFUSED,
    ProductEventsNotOffered: PRODUCT_EVENTS_NOT_OFFERED,
    SignInNotOffered: SIGN_IN_NOT_OFFERED,
    TooManyTries: TOO_MANY_TRIES,
    MailBusy: MAIL_BUSY,
    StorageFull: STORAGE_FULL,
    StorageUnavailable: STORAGE_UNAVAILABLE,
}


def of_error(error: SetupError) -> Problem:
    """The problem that tells of this error."""
    problem = _PROBLEMS.get(type(error), INTERNAL_ERROR)
    if problem in (CLOUD_BUSY, MAIL_BUSY, TOO_MANY_TRIES):
        return _busy(problem, str(error.parameters.get("seconds", BUSY_PAUSE)))
    match error.parameters.get("tries_left"):
        case int(tries_left):
            return replace(problem, tries_left=tries_left)
    return problem


def answer(problem: Problem, *, request_id: str) -> JSONResponse:
    """The HTTP response for a problem."""
    body = ProblemBody(
        type=f"urn:setup-wizard:problem:{problem.code}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail or problem.title,
        code=problem.code,
        request_id=request_id,
        tries_left=problem.tries_left,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(problem.headers),
    )


def _busy(problem: Problem, seconds: str) -> Problem:
    return replace(
        problem, detail=f"Try again in {seconds} seconds.", headers={"Retry-After": seconds}
    )
