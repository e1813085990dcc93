"""Sessions: opaque tokens that end by themselves, or when they are revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select

from setup_wizard.domain.errors import SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import (
    Actor,
    Customer,
    CustomerSession,
    Role,
    SignInMethod,
    StaffKey,
    StaffMember,
)
from setup_wizard.service.store.batching import Batching
from setup_wizard.service.store.customers import ensure_customer
from setup_wizard.service.store.database import Database, sweep
from setup_wizard.service.store.secrets import hash_of, new_token
from setup_wizard.service.store.staff import KeyHolder

SESSION_LIFETIME = timedelta(hours=12)  # one working day of an installer


@dataclass(frozen=True)
class SignedIn:
    """Who asks: a customer, or a staff member for a customer."""

    customer: str
    customer_id: int
    staff_id: int | None
    method: SignInMethod

    @property
    def actor(self) -> Actor:
        """As what the audit log has them."""
        return Actor.CUSTOMER if self.staff_id is None else Actor.STAFF


LOOK_UPS_AT_ONCE = 2  # batches; each takes a millisecond, and one that hangs holds nobody up

# Every request asks this: to build it anew takes longer than to send it.
_CUSTOMERS_OF = (
    select(
        CustomerSession.token_hash,
        Customer.email,
        Customer.id,
        StaffKey.staff_id,
        CustomerSession.method,
    )
    .join(CustomerSession, CustomerSession.customer_id == Customer.id)
    .outerjoin(StaffKey, StaffKey.id == CustomerSession.key_id)
    .where(CustomerSession.token_hash.in_(bindparam("token_hashes", expanding=True)))
    .where(CustomerSession.product_id == bindparam("product_id"))
    .where(CustomerSession.expires_at > bindparam("now"))
    .where(StaffKey.revoked_at.is_(None))  # also when it was just being opened then
)


class Sessions:
    """The sessions at the backend of one product."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id
        self._look_up = Batching(self._customers_of, at_once=LOOK_UPS_AT_ONCE)

    async def open_for_customer(
        self,
        email: str,
        *,
        method: SignInMethod,
        key_id: int | None = None,
        subject: str | None = None,
    ) -> Secret:
        """Sign a customer in, known before or not, and return the new session token.

        `key_id` is the key of the staff member who does it for them.
        """
        token, now = new_token(), datetime.now(UTC)
        async with self._database.writing() as connection:
            customer_id = await ensure_customer(
                connection, self._database, product_id=self._product_id, email=email
            )
            # After the customer, as a deletion has it: two who have half each would wait for ever.
            await connection.execute(sweep(CustomerSession, CustomerSession.expires_at, now))
            await connection.execute(
                self._database.insert(CustomerSession).values(
                    token_hash=hash_of(token),
                    product_id=self._product_id,
                    customer_id=customer_id,
                    key_id=key_id,
                    method=method,
                    subject=subject,
                    created_at=now,
                    expires_at=now + SESSION_LIFETIME,
                )
            )
        return token

    async def customer(self, token: Secret) -> SignedIn:
        """Whose session this is. Raises SignInExpired."""
        found = await self._look_up(hash_of(token))
        if found is None:
            raise SignInExpired
        return found

    async def _customers_of(self, token_hashes: Sequence[str]) -> list[SignedIn | None]:
        known = {
            "token_hashes": sorted(set(token_hashes)),
            "product_id": self._product_id,
            "now": datetime.now(UTC),
        }
        found = {
            token_hash: SignedIn(email, customer_id, staff_id, SignInMethod(method))
            for token_hash, email, customer_id, staff_id, method in await self._database.ask(
                _CUSTOMERS_OF, known
            )
        }
        return [found.get(each) for each in token_hashes]

    async def opener(self, token: Secret) -> KeyHolder | None:
        """The staff member who opened it; None: the customer did. Raises SignInExpired."""
        query = (
            select(StaffMember.id, StaffKey.id, StaffMember.name, StaffMember.role)
            .select_from(CustomerSession)
            .outerjoin(StaffKey, StaffKey.id == CustomerSession.key_id)
            .outerjoin(StaffMember, StaffMember.id == StaffKey.staff_id)
            .where(CustomerSession.token_hash == hash_of(token))
            .where(CustomerSession.product_id == self._product_id)
            .where(CustomerSession.expires_at > datetime.now(UTC))
            .where(StaffKey.revoked_at.is_(None))
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).one_or_none()
        if found is None:
            raise SignInExpired
        staff_id, key_id, name, role = found
        return None if staff_id is None else KeyHolder(staff_id, key_id, name, Role(role))

    async def end(self, token: Secret) -> None:
        """Sign out; a session that is over already is no fault."""
        async with self._database.writing() as connection:
            await connection.execute(
                delete(CustomerSession).where(CustomerSession.token_hash == hash_of(token))
            )
