"""`setup-wizard staff`: who of the maker's people may sign in."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from setup_wizard.cli.database import service_settings, with_store
from setup_wizard.cli.output import OutputLost, put
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role
from setup_wizard.service.store import Store
from setup_wizard.service.store.staff import KnownStaff, StaffExists, StaffUnknown
from setup_wizard.settings import SettingsError

T = TypeVar("T")


def staff(options: Namespace) -> int:
    """Add, revoke or list."""
    match options.deed:
        case "add":
            _add(options)
        case "revoke":
            _revoke(options)
        case _:
            _list(options)
    return 0


def _add(options: Namespace) -> None:
    async def add(store: Store) -> Secret:
        _, key = await store.staff.add(options.name, Role(options.role))
        return key

    if sys.stdout is None:
        raise OutputLost("it is closed; nobody was added")
    try:
        key = _with_store(options, add, may_create=True)
    except StaffExists as error:
        raise SettingsError(
            f"{options.name} may sign in already; for another key, revoke and add them again"
        ) from error
    try:
        put(key.reveal())
    except OutputLost as error:
        todo = "but the key is lost; for another one, revoke and add them again"
        raise OutputLost(f"{error.reason}; {options.name} was added, {todo}") from error
    print(
        f"{options.name} may sign in as {options.role} with this key. It is shown only now.",
        file=sys.stderr,
    )


def _revoke(options: Namespace) -> None:
    async def revoke(store: Store) -> None:
        await store.staff.revoke(options.name)

    try:
        _with_store(options, revoke)
    except StaffUnknown as error:
        raise SettingsError(f"there is nobody named {options.name} who may sign in") from error


def _list(options: Namespace) -> None:
    async def known(store: Store) -> tuple[KnownStaff, ...]:
        return await store.staff.list()

    lines = []
    for member in _with_store(options, known):
        used = member.last_used_at
        fields = (
            member.name,
            member.role,
            "active" if member.revoked_at is None else "revoked",
            "never used" if used is None else f"used {used:%Y-%m-%d}",
        )
        lines.append("\t".join(fields))
    put(*lines)


def _with_store(
    options: Namespace, work: Callable[[Store], Awaitable[T]], *, may_create: bool = False
) -> T:
    settings = service_settings(options, required=() if options.product else ("product",))
    if options.product:
        settings = replace(settings, product=options.product)
    return with_store(settings, work, may_create=may_create)
