"""A scripted backend, and a store for one session, for whoever plays the outside world."""

from __future__ import annotations

from setup_wizard.domain.cloud import CloudAccess, Provision
from setup_wizard.domain.device import DeviceId, Installation
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session, SignInWay
from setup_wizard.ports import Backend, Cancellation, SessionStore
from tests.flow.clock import Scripted
from tests.flow.samples import ACCESS, PROVISION, SESSION


class FakeBackend(Scripted, Backend):
    def __init__(self) -> None:
        super().__init__()
        self.provisions: list[Provision] = [PROVISION]
        """The last one is what every later request is given."""
        self.renewed: CloudAccess = ACCESS
        """What a request for a fresh token is given."""
        self.of_the_product = CloudAccess(ACCESS.url, Secret("events token"), product="lamps")
        self.ways = tuple(SignInWay)
        self.signed_in: list[tuple[str, Secret | None]] = []
        self.resumed: Secret | None = None
        self.recorded: list[tuple[DeviceId, str]] = []
        self.grouped: tuple[Installation, ...] = ()

    def reach(self, cancel: Cancellation) -> None:
        cancel.check()
        self._called("reach")

    def ways_in(self, cancel: Cancellation) -> tuple[SignInWay, ...]:
        cancel.check()
        self._called("ways_in")
        return self.ways

    def send_code(self, customer: str, cancel: Cancellation) -> int:
        cancel.check()
        self._called("send_code")
        return 600

    def sign_in(self, customer: str, installer_key: Secret | None, cancel: Cancellation) -> Session:
        return self._sign_in(customer, installer_key, cancel)

    def sign_in_by_code(self, customer: str, code: Secret, cancel: Cancellation) -> Session:
        return self._sign_in(customer, code, cancel)

    def sign_in_by_account(self, id_token: Secret, cancel: Cancellation) -> Session:
        return self._sign_in("jane@example.com", id_token, cancel)

    def resume(self, session_token: Secret) -> None:
        self.calls.append("resume")
        self.resumed = session_token

    def sign_out(self, cancel: Cancellation) -> None:
        cancel.check()
        self._called("sign_out")

    def _sign_in(self, customer: str, proof: Secret | None, cancel: Cancellation) -> Session:
        cancel.check()
        self._called("sign_in")
        self.signed_in.append((customer, proof))
        return Session(SESSION.token, customer, SESSION.expires_in)

    def provision(self, cancel: Cancellation) -> Provision:
        cancel.check()
        self._called("provision")
        return self.provisions.pop(0) if len(self.provisions) > 1 else self.provisions[0]

    def renew_access(self, cancel: Cancellation) -> CloudAccess:
        cancel.check()
        self._called("renew_access")
        return self.renewed

    def product_access(self, cancel: Cancellation) -> CloudAccess:
        cancel.check()
        self._called("product_access")
        return self.of_the_product

    def check_device(self, device_id: DeviceId, cancel: Cancellation) -> None:
        cancel.check()
        self._called("check_device")

    def record(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        cancel.check()
        self._called("record")
        self.recorded.append((device_id, name))

    def installations(self, cancel: Cancellation) -> tuple[Installation, ...]:
        cancel.check()
        self._called("installations")
        return self.grouped


class FakeSessions(SessionStore):
    def __init__(self) -> None:
        self.kept: Session | None = None

    def load(self, cancel: Cancellation) -> Session | None:
        cancel.check()
        return self.kept

    def keep(self, session: Session, cancel: Cancellation) -> None:
        self.kept = session

    def forget(self, cancel: Cancellation) -> None:
        self.kept = None
