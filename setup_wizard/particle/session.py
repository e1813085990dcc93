"""Session injection: set-up with a customer's access token and without a maker's backend."""

from __future__ import annotations

from urllib.parse import quote

from setup_wizard.domain.cloud import CloudAccess, Provision
from setup_wizard.domain.device import DeviceId, Installation
from setup_wizard.domain.errors import CloudBroken, ProductEventsNotOffered, SignInNotOffered
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session, SignInWay
from setup_wizard.particle.api import CloudApi
from setup_wizard.ports import Backend, Cancellation
from setup_wizard.web import usable_ids


class InjectedSession(Backend):
    """The program was handed an access token; the cloud itself stands in for the backend."""

    def __init__(self, access: CloudAccess) -> None:
        self._access = access
        self._api = CloudApi(access)

    def reach(self, cancel: Cancellation) -> None:
        """Lists the devices, so that a refused token shows before the computer leaves its Wi-Fi."""
        self._api.ask("GET", "/v1/devices", cancel)

    def ways_in(self, cancel: Cancellation) -> tuple[SignInWay, ...]:  # noqa: ARG002 (the port's)
        """None, and none is needed: the token says who the customer is."""
        return ()

    def send_code(self, customer: str, cancel: Cancellation) -> int:  # noqa: ARG002 (the port's)
        raise SignInNotOffered

    def sign_in_by_code(self, customer: str, code: Secret, cancel: Cancellation) -> Session:  # noqa: ARG002 (the port's)
        raise SignInNotOffered

    def sign_in_by_account(self, id_token: Secret, cancel: Cancellation) -> Session:  # noqa: ARG002 (the port's)
        raise SignInNotOffered

    def resume(self, session_token: Secret) -> None:
        """Nothing to do: there are no sessions."""

    def sign_out(self, cancel: Cancellation) -> None:
        """Nothing to do: whoever handed the token over takes it back."""

    def sign_in(
        self,
        customer: str,  # noqa: ARG002 (the port's)
        installer_key: Secret | None,  # noqa: ARG002 (the port's)
        cancel: Cancellation,  # noqa: ARG002 (the port's)
    ) -> Session:
        raise SignInNotOffered

    def provision(self, cancel: Cancellation) -> Provision:
        """Makes the claim code at the product's endpoint when there is a product."""
        product = self._access.product
        scope = "" if product is None else f"/products/{quote(product, safe='')}"
        claim = self._api.ask("POST", f"/v1{scope}/device_claims", cancel, body={})
        match claim:
            case {"claim_code": str(code), **others} if code:
                return Provision(Secret(code), self._access, _owned(others.get("device_ids")))
        raise CloudBroken(status=200)

    def check_device(self, device_id: DeviceId, cancel: Cancellation) -> None:
        """Nobody can be asked: a customer's token does not see what is not the customer's."""

    def renew_access(self, cancel: Cancellation) -> CloudAccess:
        """The same token: whoever handed it over hands over the next one."""
        cancel.check()
        return self._access

    def product_access(self, cancel: Cancellation) -> CloudAccess:
        """The same token: whether it opens the product's events, the cloud knows."""
        cancel.check()
        if self._access.product is None:
            raise ProductEventsNotOffered
        return self._access

    def record(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        """Nothing to do: the cloud knows whose device it is, and nobody else keeps a book."""

    def installations(self, cancel: Cancellation) -> tuple[Installation, ...]:
        """None: groups are the maker's idea, which the cloud does not share."""
        cancel.check()
        return ()


def _owned(device_ids: object) -> tuple[DeviceId, ...]:
    if device_ids is None:
        return ()
    if not isinstance(device_ids, list):
        raise CloudBroken(status=200)
    return usable_ids(device_ids)
