"""One-time codes, sent by e-mail. The whole rule is here: length, lifetime, tries.

A code is made for any address, known or not, so that the answer tells nothing about customers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, not_, select, update

from setup_wizard.domain.errors import CodeRefused
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import SignInCode
from setup_wizard.service.store.database import Database, sweep
from setup_wizard.service.store.secrets import hash_of_text

CODE_DIGITS = 6  # with five tries one guess in 200 000 succeeds
CODE_LIFETIME = timedelta(minutes=10)  # mail can be slow
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=30)  # a letter takes seconds; who has two types the wrong one
_SALT_BYTES = 16
_SHAPE = re.compile(rf"[0-9]{{{CODE_DIGITS}}}")
_LIVE = (
    SignInCode.product_id == bindparam("for_product"),
    SignInCode.email_hash == bindparam("for_email"),
    SignInCode.consumed_at.is_(None),
    SignInCode.expires_at > bindparam("now"),
)
# Every guess asks this: to build it anew takes longer than to send it.
_TRIES = select(SignInCode.tries_left).where(*_LIVE, SignInCode.tries_left > 0)


class JustSent(Exception):
    """The newest letter to this address may still be on its way."""


class Codes:
    """The sign-in codes of one product's backend."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id

    async def issue(self, email: str) -> Secret:
        """A new code for this address; an older one is void from now on.

        Raises JustSent, for all but one of those who want one at once.
        """
        code = Secret(f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}")
        salt, now = secrets.token_hex(_SALT_BYTES), datetime.now(UTC)
        fresh = {
            "salt": salt,
            "code_hash": _hash(salt, code),
            "expires_at": now + CODE_LIFETIME,
            "tries_left": CODE_TRIES,
            "consumed_at": None,
        }
        async with self._database.writing() as connection:
            await connection.execute(sweep(SignInCode, SignInCode.expires_at, now))
            issued = await connection.execute(
                self._database.insert(SignInCode)
                .values(product_id=self._product_id, email_hash=hash_of_text(email), **fresh)
                .on_conflict_do_update(
                    index_elements=["product_id", "email_hash"],
                    set_=fresh,
                    where=not_(and_(*_just_sent(now))),
                )
                .returning(SignInCode.tries_left)
            )
            if issued.one_or_none() is None:
                raise JustSent
        return code

    async def check_pause(self, email: str) -> None:
        """Raises JustSent while the newest letter to this address, known or not, is young."""
        young = select(SignInCode.tries_left).where(
            *code_of(email, self._product_id), *_just_sent(datetime.now(UTC))
        )
        async with self._database.reading() as connection:
            if await connection.scalar(young) is not None:
                raise JustSent

    async def withdraw(self, email: str) -> None:
        """Forget the code of this address: its letter was not sent."""
        async with self._database.writing() as connection:
            await connection.execute(delete(SignInCode).where(*code_of(email, self._product_id)))

    async def consume(self, email: str, code: Secret) -> None:
        """Use a code up. Raises CodeRefused, for all but one of those who offer it at once.

        It tells how many tries are left, where there was a code to try; there may be one for any
        address, so that this too tells nothing about customers. What no code of ours can be is
        a slip of the hand and no guess, and costs none.
        """
        now, right = datetime.now(UTC), False
        live = {"for_product": self._product_id, "for_email": hash_of_text(email), "now": now}
        # Who guesses where nothing can be won shall not hold up those who write.
        tries = await self._database.ask(_TRIES, live)
        if not tries:
            raise CodeRefused
        if not _SHAPE.fullmatch(code.reveal()):
            raise CodeRefused(tries_left=tries[0].tries_left)
        async with self._database.writing() as connection:
            # Take the try before looking: who fails has paid, however many come at once. It also
            # locks the row until the end of this transaction.
            taken = await connection.execute(
                update(SignInCode)
                .where(*_LIVE, SignInCode.tries_left > 0)
                .values(tries_left=SignInCode.tries_left - 1)
                .returning(SignInCode.salt, SignInCode.code_hash, SignInCode.tries_left),
                live,
            )
            found = taken.one_or_none()
            if found is not None:
                right = hmac.compare_digest(_hash(found.salt, code), found.code_hash)
            if right:
                used_up = update(SignInCode).where(*_LIVE).values(consumed_at=now)
                await connection.execute(used_up, live)
        if found is None:
            raise CodeRefused
        if not right:
            raise CodeRefused(tries_left=found.tries_left)


def code_of(email: str, product_id: int) -> tuple[ColumnElement[bool], ...]:
    """The code of this address."""
    return SignInCode.product_id == product_id, SignInCode.email_hash == hash_of_text(email)


def _just_sent(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The letter may still be on its way. A code that is of no more use is replaced at once."""
    return (
        SignInCode.expires_at > now + CODE_LIFETIME - CODE_PAUSE,
        SignInCode.consumed_at.is_(None),
        SignInCode.tries_left > 0,
    )


def _hash(salt: str, code: Secret) -> str:
    return hashlib.sha256(salt.encode() + code.reveal_bytes()).hexdigest()
