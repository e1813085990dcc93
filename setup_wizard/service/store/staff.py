"""The maker's people, and the keys that sign them in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from setup_wizard.domain.errors import KeyRefused
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import (
    Actor,
    CustomerSession,
    Role,
    StaffKey,
    StaffMember,
)
from setup_wizard.service.store.audit import Line, write_down
from setup_wizard.service.store.database import Database
from setup_wizard.service.store.secrets import hash_of, new_token

_FROM_SETTINGS = "settings"
_FROM_COMMAND = "first key"

_log = logging.getLogger(__name__)


class StaffExists(Exception):
    """There is a staff member of this name, and they may sign in."""


class StaffUnknown(Exception):
    """There is no staff member of this name who may sign in."""


@dataclass(frozen=True)
class KeyHolder:
    """The staff member whom a key belongs to."""

    staff_id: int
    key_id: int
    name: str
    role: Role


@dataclass(frozen=True)
class KnownStaff:
    """A staff member as a list shows them."""

    id: int
    name: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None
    """When one of their keys was last used."""
    revoked_at: datetime | None


class Staff:
    """The staff of one product."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id

    async def by_key(self, key: Secret) -> KeyHolder:
        """Whose installer key this is; it is now used. Raises KeyRefused."""
        query = (
            select(StaffMember.id, StaffKey.id, StaffMember.name, StaffMember.role)
            .join(StaffKey, StaffKey.staff_id == StaffMember.id)
            .where(StaffKey.key_hash == hash_of(key), StaffKey.revoked_at.is_(None))
            .where(StaffMember.product_id == self._product_id, StaffMember.revoked_at.is_(None))
            .order_by(StaffKey.id)
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).first()
        if found is None:
            raise KeyRefused
        staff_id, key_id, name, role = found
        async with self._database.writing() as connection:
            await connection.execute(
                update(StaffKey).where(StaffKey.id == key_id).values(last_used_at=datetime.now(UTC))
            )
        return KeyHolder(staff_id, key_id, name, Role(role))

    async def add(self, name: str, role: Role) -> tuple[int, Secret]:
        """A new staff member, or one who was revoked before; their number and only key.

        Raises StaffExists.
        """
        key, now = new_token(), datetime.now(UTC)
        async with self._database.writing() as connection:
            insert = self._database.insert(StaffMember)
            staff_id: int | None = await connection.scalar(
                insert.values(product_id=self._product_id, name=name, role=role, created_at=now)
                .on_conflict_do_update(
                    index_elements=["product_id", "name"],
                    set_={"role": role, "revoked_at": None},
                    where=StaffMember.revoked_at.is_not(None),
                )
                .returning(StaffMember.id)
            )
            if staff_id is None:
                raise StaffExists(name)
            await _void_keys(connection, staff_id, now)
            await connection.execute(
                self._database.insert(StaffKey).values(
                    staff_id=staff_id,
                    key_hash=hash_of(key),
                    label=_FROM_COMMAND,
                    from_settings=False,
                    created_at=now,
                )
            )
            await self._write_down(connection, "staff.added", staff_id, now)
        return staff_id, key

    async def revoke(self, name: str) -> int:
        """Let nobody in by this name; sessions opened by it end, and its keys are void for ever.

        Raises StaffUnknown.
        """
        now = datetime.now(UTC)
        async with self._database.writing() as connection:
            staff_id: int | None = await connection.scalar(
                update(StaffMember)
                .where(StaffMember.product_id == self._product_id, StaffMember.name == name)
                .where(StaffMember.revoked_at.is_(None))
                .values(revoked_at=now)
                .returning(StaffMember.id)
            )
            if staff_id is None:
                raise StaffUnknown(name)
            await _void_keys(connection, staff_id, now)
            await self._write_down(connection, "staff.revoked", staff_id, now)
        return staff_id

    async def list(self) -> tuple[KnownStaff, ...]:
        """All of them, also the revoked, by name."""
        query = (
            select(
                StaffMember.id,
                StaffMember.name,
                StaffMember.role,
                StaffMember.created_at,
                func.max(StaffKey.last_used_at, type_=StaffKey.last_used_at.type),
                StaffMember.revoked_at,
            )
            .outerjoin(StaffKey, StaffKey.staff_id == StaffMember.id)
            .where(StaffMember.product_id == self._product_id)
            .group_by(StaffMember.id)
            .order_by(StaffMember.name)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(KnownStaff(row[0], row[1], Role(row[2]), *row[3:]) for row in rows)

    async def set_installer_keys(self, keys: Sequence[tuple[str, Secret]]) -> None:
        """Of the keys from the settings let exactly these in; sessions of the others end.

        Each label is a staff member, and an installer unless they were added as something else.
        A key that was revoked by the command stays void, also when its holder is added again or
        the settings give it to somebody else.
        """
        now = datetime.now(UTC)
        async with self._database.writing() as connection:
            void = await self._void_hashes(connection)
            wanted: set[int] = set()
            for label, key in keys:
                staff_id, is_revoked = await self._ensure_installer(connection, label, now)
                key_hash = hash_of(key)
                if key_hash not in void:
                    wanted.add(await self._ensure_key(connection, staff_id, key_hash, now))
                if is_revoked:  # or it would get the role of whoever is added by this name
                    await _void_keys(connection, staff_id, now)
                if is_revoked or key_hash in void:
                    _log.warning("staff=%s revoked=yes: the key in the settings is void", label)
            others = await connection.scalars(
                select(StaffKey.id)
                .join(StaffMember, StaffMember.id == StaffKey.staff_id)
                .where(StaffMember.product_id == self._product_id, StaffKey.from_settings)
                .where(StaffKey.revoked_at.is_(None), StaffKey.id.not_in(wanted))
            )
            await _withdraw_keys(connection, others.all(), now)

    async def _write_down(
        self, connection: AsyncConnection, verb: str, staff_id: int, now: datetime
    ) -> None:
        """By nobody else than whoever runs the backend."""
        line = Line(self._product_id, now, Actor.SYSTEM, verb, staff_id=staff_id)
        await write_down(connection, line)

    async def _void_hashes(self, connection: AsyncConnection) -> set[str]:
        """Of the keys that were revoked by the command, whoever is said to have them now."""
        query = (
            select(StaffKey.key_hash)
            .join(StaffMember, StaffMember.id == StaffKey.staff_id)
            .where(StaffMember.product_id == self._product_id)
            .where(StaffKey.revoked_at.is_not(None), StaffKey.from_settings.is_(False))
        )
        return set(await connection.scalars(query))

    async def _ensure_installer(
        self, connection: AsyncConnection, name: str, now: datetime
    ) -> tuple[int, bool]:
        await connection.execute(
            self._database.insert(StaffMember)
            .values(product_id=self._product_id, name=name, role=Role.INSTALLER, created_at=now)
            .on_conflict_do_nothing()
        )
        query = (
            select(StaffMember.id, StaffMember.revoked_at)
            .where(StaffMember.product_id == self._product_id)
            .where(StaffMember.name == name)
        )
        staff_id, revoked_at = (await connection.execute(query)).one()
        return staff_id, revoked_at is not None

    async def _ensure_key(
        self, connection: AsyncConnection, staff_id: int, key_hash: str, now: datetime
    ) -> int:
        insert = self._database.insert(StaffKey)
        made = await connection.execute(
            insert.values(
                staff_id=staff_id,
                key_hash=key_hash,
                label=_FROM_SETTINGS,
                from_settings=True,
                created_at=now,
            )
            .on_conflict_do_update(
                index_elements=["staff_id", "key_hash"],
                set_={"revoked_at": None, "from_settings": True},
            )
            .returning(StaffKey.id)
        )
        key_id: int = made.scalar_one()
        return key_id


async def _void_keys(connection: AsyncConnection, staff_id: int, now: datetime) -> None:
    """Withdraw all keys of somebody for ever: the settings have no more say about them."""
    keys = await connection.scalars(
        update(StaffKey)
        .where(StaffKey.staff_id == staff_id)
        .values(from_settings=False)
        .returning(StaffKey.id)
    )
    await _withdraw_keys(connection, keys.all(), now)


async def _withdraw_keys(connection: AsyncConnection, keys: Sequence[int], now: datetime) -> None:
    await connection.execute(
        update(StaffKey)
        .where(StaffKey.id.in_(keys), StaffKey.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    await connection.execute(delete(CustomerSession).where(CustomerSession.key_id.in_(keys)))
