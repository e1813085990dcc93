"""What the commands have in common that work on the backend's database."""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.settings import SettingsError as ServiceSettingsError
from setup_wizard.service.store import Store, open_store
from setup_wizard.service.store.database import (
    DatabaseRefused,
    DatabaseUrl,
    StorageFull,
    StorageUnavailable,
)
from setup_wizard.settings import SettingsError

DATABASE_FAILURES = (DatabaseRefused, StorageFull, StorageUnavailable, SQLAlchemyError)

T = TypeVar("T")


def service_settings(options: Namespace, *, required: Collection[str]) -> ServiceSettings:
    """The backend's settings, of which a command may need less than `serve` does."""
    try:
        settings = ServiceSettings.from_environment(os.environ, options.config, required=required)
    except ServiceSettingsError as error:
        raise SettingsError(str(error)) from error
    return replace(settings, database_url=options.database) if options.database else settings


def with_store(
    settings: ServiceSettings, work: Callable[[Store], Awaitable[T]], *, may_create: bool = False
) -> T:
    """Do this with the database, which is brought up to date first. Raises SettingsError.

    A mistyped address must not look like a shop without people, so that only what adds some may
    create it.
    """

    async def run() -> T:
        if not may_create:
            DatabaseUrl(settings.database_url).check_existence()
        async with open_store(settings.database_url, product=settings.product) as store:
            return await work(store)

    try:
        return asyncio.run(run())
    except DATABASE_FAILURES as error:
        raise SettingsError(why_no_database(error)) from error


def why_no_database(error: BaseException) -> str:
    """A sentence for whoever runs the backend."""
    if isinstance(error, DatabaseRefused):
        return str(error)
    if isinstance(error, StorageFull):
        return "the database has no room left; nothing was changed"
    # Not the error's own text, which may quote the address with its password.
    cause = error.__cause__ if isinstance(error, StorageUnavailable) else error
    reason = getattr(cause, "orig", None) or cause
    if isinstance(reason, SQLAlchemyError) or not str(reason):
        reason = type(reason).__name__
    return f"the database cannot be opened: {reason}"
