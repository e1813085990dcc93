"""`setup-wizard customers`: who owns devices, and forgetting them."""

from __future__ import annotations

from argparse import Namespace

from setup_wizard.cli.database import service_settings, with_store
from setup_wizard.cli.output import put
from setup_wizard.domain.errors import CustomerRefused, SetupError
from setup_wizard.service import problems
from setup_wizard.service.cloud import open_cloud
from setup_wizard.service.provisioning import Provisioning, parse_address
from setup_wizard.service.settings import REQUIRED
from setup_wizard.service.store import Store
from setup_wizard.service.store.audit import THE_SYSTEM
from setup_wizard.service.store.customers import KnownCustomer
from setup_wizard.settings import SettingsError


def customers(options: Namespace) -> int:
    """List or delete."""
    if options.deed == "delete":
        _delete(options)
    else:
        _list(options)
    return 0


def _list(options: Namespace) -> None:
    async def known(store: Store) -> tuple[KnownCustomer, ...]:
        return await store.customers.list()

    lines = []
    for customer in with_store(service_settings(options, required=("product",)), known):
        devices = "1 device" if customer.devices == 1 else f"{customer.devices} devices"
        lines.append(f"{customer.email}\t{devices}\tsince {customer.created_at:%Y-%m-%d}")
    put(*lines)


def _delete(options: Namespace) -> None:
    settings = service_settings(options, required=REQUIRED)
    try:
        email = parse_address(options.email)
    except CustomerRefused as error:
        raise SettingsError("this is no e-mail address") from error

    async def delete(store: Store) -> None:
        if not await store.customers.is_known(email):
            raise SettingsError(f"there is no customer {email}")
        async with open_cloud(settings) as cloud:
            lifetime = settings.access_token_lifetime
            provisioning = Provisioning(store, cloud, access_token_lifetime=lifetime)
            try:
                await provisioning.forget_customer(email, by=THE_SYSTEM)
            except SetupError as error:
                title = problems.of_error(error).title
                raise SettingsError(f"{email} is not deleted: {title}") from error

    with_store(settings, delete)
