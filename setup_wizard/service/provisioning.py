"""What the backend does for a customer, step by step: no HTTP and no SQL in here."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    CustomerRefused,
    DeviceNotInProduct,
    DeviceNotYours,
    DeviceOfSomebodyElse,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.service.cloud import AccessToken, Claim, Cloud
from setup_wizard.service.models import LONGEST_EMAIL
from setup_wizard.service.store import Store
from setup_wizard.service.store.audit import Doer
from setup_wizard.service.store.devices import RecordedDevice
from setup_wizard.service.store.sessions import SignedIn
from setup_wizard.service.tokens import Need, Tokens

# What browsers take for an address. The cloud lower-cases it, so this backend does so first.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CustomerProvision:
    """Everything that a set-up takes along when it leaves the internet."""

    claim: Claim
    access: AccessToken


class Provisioning:
    """The verbs of the backend."""

    def __init__(self, store: Store, cloud: Cloud, *, access_token_lifetime: int) -> None:
        self._store = store
        self._cloud = cloud
        self._tokens = Tokens(cloud, store.limits, lifetime=access_token_lifetime)

    async def signed_in(self, token: Secret) -> SignedIn:
        """Whose session this is. Raises SignInExpired."""
        return await self._store.sessions.customer(token)

    async def provision(self, who: SignedIn) -> CustomerProvision:
        """A claim code, and a token with at least half of its life before it.

        Who signed in twice may be given the same token: it opens the same devices.
        """
        claim, access = await self._tokens.as_customer(
            who.customer, self._cloud.claim, need=Need.HAND_OUT
        )
        return CustomerProvision(claim, access)

    async def access_token(self, who: SignedIn) -> AccessToken:
        """A new token for the customer's own devices, at most one a minute."""
        return await self._tokens.renewed(who.customer)

    async def is_theirs_already(self, who: SignedIn, device_id: DeviceId) -> bool:
        """Whether the customer owns this device; False when nobody does, and they may.

        Raises DeviceNotInProduct and DeviceOfSomebodyElse.
        """
        device = await self._tokens.as_client(
            lambda token: self._cloud.product_device(device_id, token)
        )
        if device is None:
            raise DeviceNotInProduct(device=str(device_id))
        if device.owner not in (None, who.customer):
            raise DeviceOfSomebodyElse(device=str(device_id))
        return device.owner is not None

    async def record_device(
        self, who: SignedIn, device_id: DeviceId, name: str, *, request_id: str
    ) -> tuple[RecordedDevice, bool]:
        """Write a device down once the cloud says that it is the customer's; True when new."""
        owned, _ = await self._tokens.as_customer(
            who.customer, self._cloud.device_ids, need=Need.USE
        )
        if device_id not in owned:
            raise DeviceNotYours(device=str(device_id))
        recorded, is_new = await self._store.devices.record(
            who, device_id, name, request_id=request_id
        )
        _log.info("device_id=%s recorded=%s", device_id, "new" if is_new else "again")
        return recorded, is_new

    async def devices(self, who: SignedIn) -> tuple[RecordedDevice, ...]:
        """What was recorded for the customer."""
        return await self._store.devices.of_customer(who.customer_id)

    async def forget_customer(self, email: str, *, by: Doer) -> bool:
        """Remove a customer, at the cloud first: what fails there can be tried again.

        Their devices become nobody's, so that the next owner can set them up. False when nobody
        was known here by this address.
        """
        is_known = await self._store.customers.is_known(email)

        async def delete(client_token: Secret) -> None:
            # Only with that token in hand: without it no device should be released either.
            if is_known:
                await self._tokens.as_customer(email, self._release_devices, need=Need.USE)
            await self._cloud.delete_customer(email, client_token)

        await self._tokens.as_client(delete)
        self._tokens.forget(email)
        return await self._store.customers.delete(email, by=by)

    async def _release_devices(self, customer_token: Secret) -> None:
        devices = await self._cloud.device_ids(customer_token)
        for device_id in sorted(devices, key=str):
            await self._cloud.release_device(device_id, customer_token)
            _log.info("device_id=%s released", device_id)

    async def check(self) -> None:
        """Raise StorageUnavailable or SQLAlchemyError unless the database answers."""
        await self._store.check()


def parse_address(text: str) -> str:
    """An e-mail address in lower case. Raises CustomerRefused."""
    address = text.strip()
    # ASCII first: lower() turns a few foreign letters into ASCII ones.
    if not address.isascii() or len(address) > LONGEST_EMAIL:
        raise CustomerRefused
    address = address.lower()
    # `=?` begins an encoded word: whoever reads a letter's head makes another address of it.
    if "=?" in address or not _ADDRESS.fullmatch(address):
        raise CustomerRefused
    return address
