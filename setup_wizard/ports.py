"""The outside world on one page: what set-up needs from it, in set-up's own words.

Every port raises leaves of `SetupError` for what the outside does wrong, and `Cancelled` when the
person stops it, at any moment and at once. Adapters implement them; `bootstrap` alone knows
which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent, Provision
from setup_wizard.domain.device import Device, DeviceId, DeviceIdentity, Installation
from setup_wizard.domain.enterprise import CertificateFiles, CertificateSignIn
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session, SignInWay
from setup_wizard.domain.stream import Batch, Source
from setup_wizard.domain.value import value
from setup_wizard.domain.wifi import Credentials, Network


class Cancellation(Protocol):
    """The person's wish to stop, and the only way to wait."""

    def check(self) -> None:
        """Raise Cancelled if the person asked to stop."""

    def wait(self, seconds: float) -> None:
        """Let time pass; raise Cancelled at once when the person asks to stop."""

    def now(self) -> float:
        """Seconds on a clock that only moves forward."""


class DeviceLink(Protocol):
    """The conversation with one device in listening mode."""

    def look(self, cancel: Cancellation) -> DeviceIdentity | None:
        """Ask once, briefly, whether a device is there. None: nothing that answers like one."""

    def identify(self, cancel: Cancellation) -> DeviceIdentity:
        """Meet the device that answers: from here on the only one that is given secrets."""

    def scan(self, cancel: Cancellation) -> tuple[Network, ...]:
        """Every network that the device hears, unmerged, in the device's order."""

    def store_claim_code(self, code: Secret, cancel: Cancellation) -> None: ...

    def store_network(self, credentials: Credentials, cancel: Cancellation) -> None:
        """Encrypt and store. Success says *stored*, not that the passphrase is right."""

    def connect(self, cancel: Cancellation) -> None:
        """Send the device to its network. It leaves the air; a lost answer is no error."""


@value
class WifiState:
    """This computer's Wi-Fi. None means that the system does not tell."""

    present: bool | None = None
    network: bytes | None = None
    """The SSID that this computer uses."""


class WifiJoiner(Protocol):
    """This computer's Wi-Fi."""

    def state(self) -> WifiState: ...

    def sees(self, ssid: bytes) -> bool | None:
        """Whether an access point of that name is in the air; None: cannot tell."""


class CertificateReader(Protocol):
    """The files of a sign-in by certificate, on this computer."""

    def read(self, files: CertificateFiles, cancel: Cancellation) -> CertificateSignIn: ...


class Backend(Protocol):
    """The maker's side: it knows the customer and holds the secrets that this program must not."""

    def reach(self, cancel: Cancellation) -> None:
        """Ask for a sign of life."""

    def ways_in(self, cancel: Cancellation) -> tuple[SignInWay, ...]:
        """How somebody can sign in here, the customers' own ways first."""

    def send_code(self, customer: str, cancel: Cancellation) -> int:
        """Have a one-time code sent by e-mail, which is good for so many seconds."""

    def sign_in(self, customer: str, installer_key: Secret | None, cancel: Cancellation) -> Session:
        """Open a session for this customer; without a key, with the one that is set up here."""

    def sign_in_by_code(self, customer: str, code: Secret, cancel: Cancellation) -> Session: ...

    def sign_in_by_account(self, id_token: Secret, cancel: Cancellation) -> Session:
        """By a token of the maker's own accounts, which says who the customer is."""

    def resume(self, session_token: Secret) -> None:
        """Go on with a session that was opened before; nobody is asked whether it still lasts."""

    def sign_out(self, cancel: Cancellation) -> None:
        """End the session, if there is one; it is forgotten here whatever the backend says."""

    def provision(self, cancel: Cancellation) -> Provision: ...

    def renew_access(self, cancel: Cancellation) -> CloudAccess:
        """A fresh way into the cloud for the same customer."""

    def product_access(self, cancel: Cancellation) -> CloudAccess:
        """The way to the events of the whole product, for the maker's staff.

        As whoever is signed in; where nobody is, by the key that is set up here.
        """

    def check_device(self, device_id: DeviceId, cancel: Cancellation) -> None:
        """Raise DeviceNotInProduct or DeviceOfSomebodyElse if the customer cannot have it."""

    def record(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        """Write down that the customer owns this device."""

    def installations(self, cancel: Cancellation) -> tuple[Installation, ...]:
        """The customer's groups of devices; none where the maker's side knows none."""


class SessionStore(Protocol):
    """Where this computer keeps a customer's session until the next time, if anywhere is safe.

    It never fails: without it, somebody signs in once more.
    """

    def load(self, cancel: Cancellation) -> Session | None:
        """The one that is kept, unless its time is over."""

    def keep(self, session: Session, cancel: Cancellation) -> None: ...

    def forget(self, cancel: Cancellation) -> None: ...


class Ear(Protocol):
    """A device's live events, taken when it suits: between two looks at something else."""

    def take(self, cancel: Cancellation) -> tuple[DeviceEvent, ...]:
        """What arrived since the last time, without waiting; nothing while there is no way."""

    def close(self) -> None: ...


class Stream(Protocol):
    """An open event stream that looks after itself: it reconnects and renews its token.

    One thread takes; any thread may stop it.
    """

    def take(self, timeout: float) -> Batch:
        """All that came since the last time; waits so many seconds for the first of it."""

    def stop(self) -> None:
        """Hang up at once; a `take` that waits returns. Twice is harmless."""


Renew = Callable[[Cancellation], CloudAccess]
"""A fresh way into the cloud: `Backend.renew_access`."""


class Cloud(Protocol):
    """The customer's devices in the cloud."""

    def devices(self, cancel: Cancellation) -> tuple[Device, ...]: ...

    def device(self, device_id: DeviceId, cancel: Cancellation) -> Device: ...

    def ping(self, device_id: DeviceId, cancel: Cancellation) -> bool:
        """Whether the device itself answers now: evidence that is never stale."""

    def signal(self, device_id: DeviceId, cancel: Cancellation, *, on: bool) -> None:
        """Let the device's light show all colours in turn, or stop it."""

    def rename(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None: ...

    def unclaim(self, device_id: DeviceId, cancel: Cancellation) -> None:
        """Give the device up: it belongs to nobody then."""

    def call(
        self, device_id: DeviceId, function: str, argument: str, cancel: Cancellation
    ) -> int: ...

    def read(self, device_id: DeviceId, variable: str, cancel: Cancellation) -> object: ...

    def events(self, device_id: DeviceId, cancel: Cancellation) -> Iterator[DeviceEvent]:
        """Live events until cancelled, reconnecting as needed; ends quietly when cancelled."""

    def stream(self, source: Source, *, renew: Renew | None = None) -> Stream:
        """Begin to listen, without waiting. Without `renew` a refused token is the end."""

    def listen(self, device_id: DeviceId) -> Ear:
        """What the cloud itself tells about the device, from now on; it need not be owned yet."""


@value
class Outside:
    """All ports of one journey."""

    link: DeviceLink
    wifi: WifiJoiner
    certificates: CertificateReader
    backend: Backend
    sessions: SessionStore
    open_cloud: Callable[[CloudAccess], Cloud]


class Rehearsal(Protocol):
    """A person's hands and memory in the simulated world; every call returns at once."""

    customer: str

    @property
    def installer_key(self) -> str:
        """What somebody of the maker's staff would type; empty until the world runs."""

    def code(self, customer: str) -> str:
        """In the newest mail to this customer; empty until there is one."""

    @property
    def access_point(self) -> str:
        """The device's network, as the Wi-Fi menu names it; empty until the world runs."""

    def begin(self) -> None:
        """Start the world, without waiting for it."""

    def hold_button(self) -> None: ...

    def join_access_point(self) -> None: ...

    def press_button(self) -> None: ...

    def passphrase(self, ssid: str) -> str: ...

    def user_name(self, ssid: str) -> str:
        """Of a company network; empty for any other."""
