"""Reading requests and writing answers, the same for every route."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import BasicAuth, web

from setup_wizard.simulators.cloud.accounts import Principal, Session
from setup_wizard.simulators.cloud.refusals import (
    Refusal,
    not_for_api_users,
    oauth_refusal,
)
from setup_wizard.simulators.cloud.state import State

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Fields:
    """The fields of a body, whether it was a form or JSON."""

    values: Mapping[str, object]
    is_form: bool = False

    def text(self, *names: str) -> str | None:
        """The first of these fields that is there, as a form would spell it."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, bool):
                return str(value).lower()
            if value is not None:
                return str(value)
        return None

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise oauth_refusal(400, "invalid_request", f"{name} is required")
        return value

    def is_true(self, name: str) -> bool:
        return self.text(name) in ("true", "1")


@dataclass(frozen=True)
class Call:
    """One request of a known principal, read."""

    session: Session
    fields: Fields

    @property
    def principal(self) -> Principal:
        return self.session.principal


async def read_fields(request: web.Request) -> Fields:
    if request.body_exists and request.content_type in _FORMS:
        return Fields(dict(await request.post()), is_form=True)
    return await read_json(request)


async def read_json(request: web.Request) -> Fields:
    """The body as JSON, whatever it calls itself: curl calls everything a form."""
    try:
        values = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise oauth_refusal(400, "invalid_request", "The body is not JSON") from error
    if not isinstance(values, dict):
        raise oauth_refusal(400, "invalid_request", "The body is not a JSON object")
    return Fields(values)


async def read_call(request: web.Request, state: State, *, scope: str = "") -> Call:
    """Who asks and what for. A product's path is for its team only.

    `scope` is what an API user must have; without one the call is for none of them.
    """
    fields = await read_fields(request)
    call = Call(state.accounts.session(_access_token(request, fields)), fields)
    scopes = call.principal.scopes
    if scopes is not None and scope not in scopes:
        raise not_for_api_users()
    product = request.match_info.get("product")
    if product is not None:
        state.require_product(product)
        state.require_team(call.principal)
    return call


def client_credentials(request: web.Request, fields: Fields) -> tuple[str, str | None]:
    """The client's id and secret, from HTTP Basic or from the form."""
    basic = basic_credentials(request)
    if basic is not None:
        return basic.login, basic.password
    return fields.text("client_id") or "", fields.text("client_secret")


def basic_credentials(request: web.Request) -> BasicAuth | None:
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith("basic "):
        return None
    try:
        return BasicAuth.decode(header, encoding="utf-8")
    except ValueError as error:
        raise oauth_refusal(400, "invalid_client", "Malformed credentials") from error


def answer(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.json_response(text=text, status=status, headers=headers)


def refused(refusal: Refusal) -> web.Response:
    return answer(refusal.body, status=refusal.status, headers=refusal.headers)


def bearer_token(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else None


def _access_token(request: web.Request, fields: Fields) -> str | None:
    token = bearer_token(request)
    if token is None and request.method == "GET":
        token = request.query.get("access_token")
    if token is None and fields.is_form:
        token = fields.text("access_token")
    return token
