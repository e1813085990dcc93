"""What the simulated cloud knows: its accounts, the product's devices and open claim codes."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from setup_wizard.simulators.cloud.accounts import Accounts, Clock, Principal
from setup_wizard.simulators.cloud.refusals import (
    claim_refusal,
    device_refusal,
    not_for_this_token,
    unknown_device,
)

PRODUCT_NUMBER = 12345  # a product has a number and a slug, and answers to both
CLAIM_CODE_LENGTH = 63
CLAIM_CODE_LIFETIME = 3600.0
_CLAIM_CODE_ALPHABET = string.ascii_letters + string.digits + "+/"
_DEVICE_ID_LENGTH = 24


@dataclass
class Device:
    """One device of the product."""

    device_id: str
    name: str = ""
    owner: str | None = None
    online: bool = False
    functions: dict[str, int] = field(default_factory=dict)
    """Name to what it answers."""
    variables: dict[str, object] = field(default_factory=dict)
    updating: bool = False
    """It writes its own flash, and answers nothing meanwhile."""
    signaling: bool = False
    notes: str | None = None
    last_heard: float | None = None
    last_handshake: float | None = None


@dataclass(frozen=True)
class _ClaimCode:
    owner: str
    expires_at: float


class State:
    """Everything but the open connections. One thread at a time."""

    def __init__(self, clock: Clock, *, product: str, client_id: str, client_secret: str) -> None:
        self.clock = clock
        self.product = product
        self.client_id = client_id
        self.accounts = Accounts(clock, client_id=client_id, client_secret=client_secret)
        self.devices: dict[str, Device] = {}
        self._claim_codes: dict[str, _ClaimCode] = {}

    def require_product(self, product: str) -> None:
        if product not in (self.product, str(PRODUCT_NUMBER)):
            raise device_refusal(404, "Product not found.")

    def require_team(self, principal: Principal) -> None:
        if not principal.is_team:
            raise not_for_this_token()

    def add_device(
        self,
        device_id: str,
        *,
        name: str = "",
        functions: Mapping[str, int],
        variables: Mapping[str, object],
        owner: str | None = None,
        online: bool = False,
    ) -> Device:
        """Put a device into the product, or change what it is."""
        device = Device(
            parse_device_id(device_id),
            name=name,
            owner=owner.lower() if owner else None,
            functions=dict(functions),
            variables=dict(variables),
        )
        self.devices[device.device_id] = device
        if online:
            self.connect(device)
        return device

    def connect(self, device: Device) -> None:
        device.online = True
        device.last_heard = device.last_handshake = self.clock()

    def owned_by(self, principal: Principal) -> list[Device]:
        """Newest handshake first, as the cloud sorts them."""
        owned = [device for device in self.devices.values() if device.owner == principal.name]
        return sorted(owned, key=lambda device: -(device.last_handshake or 0))

    def find(self, principal: Principal, name: str) -> Device:
        """A device that this principal owns, by id or by name."""
        return _find(self.owned_by(principal), name)

    def find_in_product(self, name: str) -> Device:
        return _find(self.devices.values(), name)

    def make_claim_code(self, principal: Principal) -> str:
        code = "".join(secrets.choice(_CLAIM_CODE_ALPHABET) for _ in range(CLAIM_CODE_LENGTH))
        self._claim_codes[code] = _ClaimCode(principal.name, self.clock() + CLAIM_CODE_LIFETIME)
        return code

    def use_claim_code(self, device: Device, code: str) -> bool:
        """Give the device to whoever made the code. False when the code or the owner forbids it.

        A device sends its code on every handshake, so a spent one is no event.
        """
        claim = self._claim_codes.get(code)
        if claim is None or self.clock() >= claim.expires_at:
            return False
        if device.owner not in (None, claim.owner):
            return False
        del self._claim_codes[code]
        device.owner = claim.owner
        return True

    @property
    def open_claim_codes(self) -> int:
        now = self.clock()
        return sum(now < claim.expires_at for claim in self._claim_codes.values())

    def claim_online_device(self, principal: Principal, device_id: str) -> Device:
        """The claim without a code: only for a device that is online and nobody's."""
        device = self.devices.get(device_id)
        if device is None:
            raise claim_refusal(404, "device does not exist")
        if device.owner not in (None, principal.name):
            raise claim_refusal(403, "That belongs to someone else.")
        if not device.online:
            raise claim_refusal(404, ["Core isn't online", 404])
        device.owner = principal.name
        return device

    def remove_customer(self, email: str) -> None:
        """With the tokens and the open claim codes; the devices become nobody's."""
        self.accounts.remove_customer(email)
        self._claim_codes = {k: v for k, v in self._claim_codes.items() if v.owner != email}
        for device in self.devices.values():
            if device.owner == email:
                device.owner = None


def parse_device_id(text: str) -> str:
    """24 lower-case hexadecimal digits. Raises ValueError."""
    device_id = text.lower()
    if len(device_id) != _DEVICE_ID_LENGTH or not set(device_id) <= set("0123456789abcdef"):
        raise ValueError("a device id has 24 hexadecimal digits")
    return device_id


def iso_time(moment: float) -> str:
    """As the cloud writes time: milliseconds and a Z."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _find(devices: Iterable[Device], name: str) -> Device:
    for device in devices:
        if name == device.device_id or (device.name and name == device.name):
            return device
    raise unknown_device()
