"""Every way in which the cloud says no: a status and one of its three shapes of body."""

from __future__ import annotations

from collections.abc import Mapping

NO_STORE = {"Cache-Control": "no-store"}


class Refusal(Exception):
    """An answer that is not a success."""

    def __init__(
        self, status: int, body: Mapping[str, object], *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def oauth_refusal(status: int, code: str, text: str) -> Refusal:
    """The shape of the sign-in layer and of every token check."""
    return Refusal(status, {"error": code, "error_description": text}, headers=NO_STORE)


def device_refusal(status: int, text: str) -> Refusal:
    """The shape of calls to a device."""
    return Refusal(status, {"ok": False, "error": text})


def claim_refusal(status: int, *errors: object) -> Refusal:
    """The shape of claiming, signalling and token removal."""
    return Refusal(status, {"ok": False, "errors": list(errors)})


def unknown_device() -> Refusal:
    """A foreign device and one that does not exist look the same."""
    info = (
        "I didn't recognize that device name or ID, try opening "
        "https://api.particle.io/v1/devices?access_token=undefined"
    )
    return Refusal(403, {"error": "Permission Denied", "info": info})


def not_for_this_token() -> Refusal:
    """The token is good, but not for this product call."""
    info = "This access token is not allowed to do that"
    return Refusal(403, {"error": "Permission Denied", "info": info})


def not_for_api_users() -> Refusal:
    """The token is an API user's, whose scopes leave this call out."""
    return oauth_refusal(400, "unauthorized", "API users are not allowed to call this endpoint")


def too_many(seconds: float) -> Refusal:
    """The cloud's own body for this is not documented; clients go by the status."""
    text = "Too many requests, please slow down."
    body = {"error": "too_many_requests", "error_description": text}
    return Refusal(429, body, headers={"Retry-After": str(max(1, round(seconds)))})
