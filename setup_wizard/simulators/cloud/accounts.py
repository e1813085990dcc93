"""Who may speak to the cloud: clients, the team's user, customers, and the tokens they hold."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from setup_wizard.simulators.cloud.refusals import Refusal, oauth_refusal

TEAM_USER = "team@example.com"
EVENTS_USER = "events+api@example.com"
EVENTS_SCOPE = "events:get"
ACCESS_LIFETIME = 7_776_000.0  # 90 days
REFRESH_LIFETIME = 14 * 86_400.0
PUBLIC_CLIENTS = ("particle-api", "particle")  # each with its own name as the secret

Clock = Callable[[], float]


@dataclass(frozen=True)
class Principal:
    """On whose behalf a token speaks: the product's team, one of its API users or one customer."""

    name: str
    is_team: bool = False
    scopes: frozenset[str] | None = None
    """Of an API user: the only calls that it is allowed. Nobody else has any."""


@dataclass(frozen=True)
class Client:
    """A program known to the cloud. Public ones may only sign users in by password."""

    client_id: str
    secret: str
    is_public: bool = False


@dataclass(frozen=True)
class Customer:
    """An end user of the product; a shadow customer has no password."""

    customer_id: str
    email: str
    password: str | None


@dataclass(frozen=True)
class Session:
    """One access token with its refresh token. A lifetime of None is for ever."""

    access_token: str
    refresh_token: str
    principal: Principal
    client_id: str
    issued_at: float
    lifetime: float | None
    scope: str | None = None

    @property
    def expires_at(self) -> float | None:
        return None if self.lifetime is None else self.issued_at + self.lifetime


class Accounts:
    """The register of clients, users and sessions."""

    def __init__(self, clock: Clock, *, client_id: str, client_secret: str) -> None:
        self._clock = clock
        self.team = Principal(TEAM_USER, is_team=True)
        self.events_user = Principal(EVENTS_USER, is_team=True, scopes=frozenset({EVENTS_SCOPE}))
        self.team_password = secrets.token_urlsafe(12)
        self.customers: dict[str, Customer] = {}
        self._clients = {name: Client(name, name, is_public=True) for name in PUBLIC_CLIENTS}
        self._clients[client_id] = Client(client_id, client_secret)
        self._sessions: dict[str, Session] = {}
        self._by_refresh_token: dict[str, Session] = {}

    def client(self, client_id: str, secret: str) -> Client:
        client = self._clients.get(client_id)
        if client is None or client.secret != secret:
            raise oauth_refusal(400, "invalid_client", "Client credentials are invalid")
        return client

    def product_client(self, client_id: str, secret: str | None) -> Client:
        """The product's own client; a browser form proves itself by its id alone (None)."""
        known = self._clients.get(client_id)
        client = self.client(client_id, known.secret if known and secret is None else secret or "")
        if client.is_public:
            raise oauth_refusal(400, "unauthorized_client", "This client has no product")
        return client

    def create_customer(self, email: str, *, password: str | None) -> Customer:
        email = email.lower()
        if email in self.customers:
            # The body is known from old client code only; the status is a guess.
            raise oauth_refusal(400, "customer_exists", "That customer already exists")
        customer = Customer(secrets.token_hex(12), email, password)
        self.customers[email] = customer
        return customer

    def remove_customer(self, email: str) -> None:
        if self.customers.pop(email, None) is None:
            raise oauth_refusal(404, "customer_not_found", "Customer not found")
        for session in [s for s in self._sessions.values() if s.principal.name == email]:
            self.revoke(session.access_token)

    def customer(self, email: str) -> Principal:
        """The customer of a scope, spelt exactly as stored: in lower case."""
        if email not in self.customers:
            raise oauth_refusal(400, "invalid_scope", "The customer of this scope is unknown")
        return Principal(email)

    def sign_in(self, username: str, password: str) -> Principal:
        customer = self.customers.get(username)
        if username == TEAM_USER and password == self.team_password:
            return self.team
        if customer is not None and customer.password and customer.password == password:
            return Principal(customer.email)
        raise oauth_refusal(400, "invalid_grant", "User credentials are invalid")

    def knows(self, username: str) -> bool:
        return username == TEAM_USER or username in self.customers

    def issue(
        self,
        principal: Principal,
        client_id: str,
        *,
        lifetime: float | None = ACCESS_LIFETIME,
        scope: str | None = None,
    ) -> Session:
        session = Session(
            access_token=secrets.token_hex(20),
            refresh_token=secrets.token_hex(20),
            principal=principal,
            client_id=client_id,
            issued_at=self._clock(),
            lifetime=lifetime,
            scope=scope,
        )
        self._sessions[session.access_token] = session
        self._by_refresh_token[session.refresh_token] = session
        return session

    def refresh(self, refresh_token: str, client: Client, *, lifetime: float | None) -> Session:
        """A new session for an old one, which ends."""
        old = self._by_refresh_token.get(refresh_token)
        if old is None or old.client_id != client.client_id:
            raise oauth_refusal(400, "invalid_grant", "Invalid refresh token")
        self.revoke(old.access_token)
        if self._clock() >= old.issued_at + REFRESH_LIFETIME:
            raise oauth_refusal(400, "invalid_grant", "Refresh token has expired")
        return self.issue(old.principal, old.client_id, lifetime=lifetime, scope=old.scope)

    def session(self, access_token: str | None) -> Session:
        """The live session of a token, or the refusal that the cloud gives."""
        if not access_token:
            raise oauth_refusal(400, "invalid_request", "The access token was not found")
        session = self._sessions.get(access_token)
        if session is None:
            raise _invalid_token("The access token provided is invalid.")
        if session.expires_at is not None and self._clock() >= session.expires_at:
            raise _invalid_token("The access token provided has expired.")
        return session

    def revoke(self, access_token: str) -> bool:
        """End a session; False when there was none."""
        session = self._sessions.pop(access_token, None)
        if session is None:
            return False
        self._by_refresh_token.pop(session.refresh_token, None)
        return True


def _invalid_token(text: str) -> Refusal:
    return oauth_refusal(401, "invalid_token", text)
