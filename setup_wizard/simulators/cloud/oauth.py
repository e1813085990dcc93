"""The sign-in layer: tokens handed out, shown and revoked."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from setup_wizard.simulators.cloud.accounts import (
    ACCESS_LIFETIME,
    Principal,
    Session,
)
from setup_wizard.simulators.cloud.limits import TokenLimit
from setup_wizard.simulators.cloud.refusals import NO_STORE, Refusal, claim_refusal, oauth_refusal
from setup_wizard.simulators.cloud.state import State, iso_time
from setup_wizard.simulators.cloud.wire import (
    Fields,
    answer,
    basic_credentials,
    client_credentials,
    read_call,
    read_fields,
)

_FORM = "application/x-www-form-urlencoded"
_SCOPE = "customer="


class OAuthRoutes:
    """Tokens. A limit of None admits everybody."""

    def __init__(self, state: State, limit: TokenLimit | None) -> None:
        self._state = state
        self._limit = limit

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/oauth/token", self.token),
            web.get("/v1/access_tokens/current", self.show_current),
            web.delete("/v1/access_tokens/current", self.revoke_current),
            web.delete("/v1/access_tokens/{token}", self.revoke),
        ]

    async def token(self, request: web.Request) -> web.Response:
        address = request.remote or ""
        if self._limit is None:
            session = await self._grant(request)
        else:
            self._limit.admit(address)
            try:
                session = await self._grant(request)
            except Refusal:
                self._limit.failed(address)
                raise
            self._limit.succeeded(address)
        return answer(session_body(session), headers=NO_STORE)

    async def _grant(self, request: web.Request) -> Session:
        if request.content_type != _FORM:
            text = f"Method must be POST with {_FORM} encoding"
            raise oauth_refusal(400, "invalid_request", text)
        fields = await read_fields(request)
        client_id, secret = client_credentials(request, fields)
        accounts = self._state.accounts
        client = accounts.client(client_id, secret or "")
        lifetime = self._lifetime(fields)
        match fields.text("grant_type"):
            case "password":
                username = fields.required("username").lower()
                principal = accounts.sign_in(username, fields.required("password"))
                return accounts.issue(principal, client_id, lifetime=lifetime)
            case "client_credentials":
                accounts.product_client(client_id, secret)
                scope = fields.text("scope")
                principal = self._principal_of(scope)
                return accounts.issue(principal, client_id, lifetime=lifetime, scope=scope)
            case "refresh_token":
                old = fields.required("refresh_token")
                return accounts.refresh(old, client, lifetime=lifetime)
        raise oauth_refusal(400, "invalid_request", "Invalid or missing grant_type parameter")

    def _principal_of(self, scope: str | None) -> Principal:
        if not scope:
            return self._state.accounts.team
        if not scope.startswith(_SCOPE):
            raise oauth_refusal(400, "invalid_scope", "Unknown scope")
        return self._state.accounts.customer(scope.removeprefix(_SCOPE))

    def _lifetime(self, fields: Fields) -> float | None:
        """Seconds; zero asks for a token that never expires."""
        seconds, moment = fields.text("expires_in"), fields.text("expires_at")
        try:
            if seconds is not None:
                return float(seconds) or None
            if moment is not None:
                expires = datetime.fromisoformat(moment)
                expires = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
                return expires.timestamp() - self._state.clock()
        except ValueError as error:
            raise oauth_refusal(400, "invalid_request", "Not a time of expiry") from error
        return ACCESS_LIFETIME

    async def show_current(self, request: web.Request) -> web.Response:
        session = (await read_call(request, self._state)).session
        expires_at = session.expires_at
        return answer(
            {
                "expires_at": None if expires_at is None else iso_time(expires_at),
                "client": session.client_id,
                "scopes": [session.scope] if session.scope else [],
                "orgs": [],
            }
        )

    async def revoke_current(self, request: web.Request) -> web.Response:
        session = (await read_call(request, self._state)).session
        self._state.accounts.revoke(session.access_token)
        return answer({"ok": True})

    async def revoke(self, request: web.Request) -> web.Response:
        """Whoever has a token may end it; a user name and password are checked if given."""
        basic = basic_credentials(request)
        accounts = self._state.accounts
        if basic is not None:
            if not accounts.knows(basic.login):
                raise claim_refusal(400, "Unknown user")
            try:
                accounts.sign_in(basic.login, basic.password)
            except Refusal as refusal:
                raise claim_refusal(401, "Bad password") from refusal
        if not accounts.revoke(request.match_info["token"]):
            raise claim_refusal(404, "Token not found")
        return answer({"ok": True})


def session_body(session: Session) -> dict[str, object]:
    """How the cloud hands over a session."""
    body: dict[str, object] = {
        "token_type": "bearer",
        "access_token": session.access_token,
        "expires_in": round(session.lifetime or 0),
        "refresh_token": session.refresh_token,
    }
    if session.scope:
        body["scope"] = session.scope
    return body
