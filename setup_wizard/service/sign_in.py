"""Who somebody is: every way to sign in, and out. No HTTP and no SQL in here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from setup_wizard.domain.errors import (
    AccountRefused,
    CodeRefused,
    KeyRefused,
    RoleRefused,
    SignInNotOffered,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.service.accounts import Accounts
from setup_wizard.service.mail import MailBusy, Mailer
from setup_wizard.service.models import Role, SignInMethod
from setup_wizard.service.provisioning import parse_address
from setup_wizard.service.store import Store
from setup_wizard.service.store.codes import JustSent
from setup_wizard.service.store.sessions import SESSION_LIFETIME, SignedIn
from setup_wizard.service.store.staff import KeyHolder
from setup_wizard.service.throttle import (
    CODES_PER_ADDRESS,
    CODES_PER_CLIENT,
    WRONG_PER_CLIENT,
    Throttle,
)

SIGNS_CUSTOMERS_IN = (Role.ADMIN, Role.INSTALLER)
DELETES_CUSTOMERS = (Role.ADMIN, Role.SUPPORT)
"""Not installers: a shop's key is in many hands, and a deletion cannot be undone."""


WATCHES_PRODUCT = (Role.ADMIN, Role.SUPPORT)
"""Not installers: the token shows what every customer's device says, and does not end."""


@dataclass(frozen=True)
class OpenSession:
    """A session that was just opened."""

    token: Secret
    who: SignedIn
    expires_in: int
    """Seconds."""
    watches_product: bool = False
    """Whether a staff member opened it who may have the token for the product's events."""


class SignIn:
    """The doors of the backend. `client` is where somebody asks from, as `client_address` tells."""

    def __init__(self, store: Store, *, mailer: Mailer | None, accounts: Accounts | None) -> None:
        self._store = store
        self._mailer = mailer
        self._accounts = accounts
        self._throttle = Throttle(store.limits)

    @property
    def offered(self) -> tuple[SignInMethod, ...]:
        """The ways in, the customers' own first."""
        code = () if self._mailer is None else (SignInMethod.CODE,)
        oidc = () if self._accounts is None else (SignInMethod.OIDC,)
        return (*code, *oidc, SignInMethod.INSTALLER_KEY)

    async def send_code(self, customer: str, *, client: str) -> None:
        """Mail a code to this address, known or not: nothing in here asks whether it is.

        Who asks again while a letter may be on its way is told the same and gets no second one:
        of two letters people type the wrong one. So an answer that was lost can be asked for again.

        Raises CustomerRefused, MailBusy, SignInNotOffered and TooManyTries.
        """
        mailer = self._mailer
        if mailer is None:
            raise SignInNotOffered
        email = parse_address(customer)
        await self._throttle.take(CODES_PER_CLIENT, client)
        with suppress(JustSent):
            await self._store.codes.check_pause(email)
            await self._throttle.check(CODES_PER_ADDRESS, email)
            code = await self._store.codes.issue(email)
            # Only a letter counts: of many who ask at once, one has it sent.
            await self._throttle.take(CODES_PER_ADDRESS, email)
            try:
                mailer.send_code(email, code)
            except MailBusy:
                await self._store.codes.withdraw(email)  # or the next would be told that it is sent
                raise

    async def by_code(self, customer: str, code: Secret, *, client: str) -> OpenSession:
        """Let a customer in.

        Raises CodeRefused, CustomerRefused, SignInNotOffered and TooManyTries.
        """
        if self._mailer is None:
            raise SignInNotOffered
        email = parse_address(customer)
        async with self._wrong_ones_counted(client):
            await self._store.codes.consume(email, _without_blanks(code))
        token = await self._store.sessions.open_for_customer(email, method=SignInMethod.CODE)
        return await self._opened(token)

    async def by_account(self, id_token: Secret, *, client: str) -> OpenSession:
        """Let a customer in who has an account with the maker.

        Raises AccountRefused, AccountsUnreachable, SignInNotOffered and TooManyTries.
        """
        if self._accounts is None:
            raise SignInNotOffered
        async with self._wrong_ones_counted(client):
            account = await self._accounts.account(id_token)
        token = await self._store.sessions.open_for_customer(
            account.email, method=SignInMethod.OIDC, subject=account.subject
        )
        return await self._opened(token)

    async def by_key(self, customer: str, installer_key: Secret, *, client: str) -> OpenSession:
        """Let a staff member in, for a customer.

        Raises KeyRefused, RoleRefused, CustomerRefused and TooManyTries.
        """
        holder = await self.staff(installer_key, roles=SIGNS_CUSTOMERS_IN, client=client)
        email = parse_address(customer)
        token = await self._store.sessions.open_for_customer(
            email, method=SignInMethod.INSTALLER_KEY, key_id=holder.key_id
        )
        return await self._opened(token, watches_product=holder.role in WATCHES_PRODUCT)

    async def staff(
        self, installer_key: Secret, *, roles: Container[Role], client: str
    ) -> KeyHolder:
        """Whose key this is, for a deed of these roles.

        Raises KeyRefused, RoleRefused and TooManyTries.
        """
        async with self._wrong_ones_counted(client):
            holder = await self._store.staff.by_key(installer_key)
        if holder.role not in roles:
            raise RoleRefused
        return holder

    async def staff_behind(self, session: Secret, *, roles: Container[Role]) -> KeyHolder:
        """Who opened this session for a customer, for a deed of these roles.

        Raises SignInExpired, and RoleRefused for the customers' own sessions too.
        """
        holder = await self._store.sessions.opener(session)
        if holder is None or holder.role not in roles:
            raise RoleRefused
        return holder

    async def out(self, token: Secret) -> None:
        """End a session; one that is over already is no fault."""
        await self._store.sessions.end(token)

    async def _opened(self, token: Secret, *, watches_product: bool = False) -> OpenSession:
        who = await self._store.sessions.customer(token)
        return OpenSession(token, who, int(SESSION_LIFETIME.total_seconds()), watches_product)

    @asynccontextmanager
    async def _wrong_ones_counted(self, client: str) -> AsyncIterator[None]:
        """Who guesses a lot is not listened to for a while, and costs one question only."""
        await self._throttle.check(WRONG_PER_CLIENT, client)
        try:
            yield
        except (AccountRefused, CodeRefused, KeyRefused):
            await self._throttle.take(WRONG_PER_CLIENT, client)
            raise


def _without_blanks(code: Secret) -> Secret:
    """As it is copied from a mail."""
    return Secret("".join(code.reveal().split()))
