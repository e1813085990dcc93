"""What can happen (events, in the past tense) and what can be asked for (commands, imperative)."""

from __future__ import annotations

from dataclasses import dataclass

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent, Provision
from setup_wizard.domain.device import Device, DeviceId, DeviceIdentity
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network
from setup_wizard.flow.steps import Stage

# --- what a person does ---------------------------------------------------------------------


@dataclass(frozen=True)
class StartPressed: ...


@dataclass(frozen=True)
class SignInPressed:
    customer: str
    installer_key: Secret | None = None
    """None: the key that this computer was set up with."""


@dataclass(frozen=True)
class ContinuePressed:
    """Go on from a step that shows it is ready; front ends may press it by themselves."""


@dataclass(frozen=True)
class ListeningConfirmed: ...


@dataclass(frozen=True)
class RescanPressed: ...


@dataclass(frozen=True)
class SetUpPressed:
    network: Network
    passphrase: Secret | None = None
    name: str = ""
    """What the device is to be called; empty: it keeps the name that it has."""


@dataclass(frozen=True)
class SendAgainPressed:
    passphrase: Secret


@dataclass(frozen=True)
class LightBlinksAgain:
    """The person sees the device back in listening mode, which this computer cannot see."""


@dataclass(frozen=True)
class BackPressed:
    """Back, or Cancel while something runs."""


@dataclass(frozen=True)
class RetryPressed: ...


@dataclass(frozen=True)
class NamePressed:
    name: str


@dataclass(frozen=True)
class CallPressed:
    function: str
    argument: str = ""


@dataclass(frozen=True)
class SetUpAnotherPressed: ...


Action = (
    StartPressed
    | SignInPressed
    | ContinuePressed
    | ListeningConfirmed
    | RescanPressed
    | SetUpPressed
    | SendAgainPressed
    | LightBlinksAgain
    | BackPressed
    | RetryPressed
    | NamePressed
    | CallPressed
    | SetUpAnotherPressed
)

# --- what the work reports ------------------------------------------------------------------


@dataclass(frozen=True)
class StageStarted:
    stage: Stage
    attempt: int = 1


@dataclass(frozen=True)
class StageDone:
    stage: Stage
    seconds: float


@dataclass(frozen=True)
class StageUnproved:
    """The stage came to its end without evidence for either outcome."""

    stage: Stage
    seconds: float


@dataclass(frozen=True)
class JoinNeeded:
    """This computer is not on the device's network; the work goes on when it is."""


@dataclass(frozen=True)
class Rejoined: ...


@dataclass(frozen=True)
class Prepared:
    provision: Provision
    computer_network: bytes | None


@dataclass(frozen=True)
class DeviceFound:
    identity: DeviceIdentity
    access_point: bytes | None = None
    """The device's own network, where this computer tells which one it is on."""


@dataclass(frozen=True)
class NetworksFound:
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class SetupSucceeded:
    """Owned by the customer, by the cloud's word; `device.online` says whether it answered."""

    device: Device
    access: CloudAccess


@dataclass(frozen=True)
class VerificationPending:
    """Stored, and no evidence yet for either end."""


@dataclass(frozen=True)
class SetupFailed:
    error: SetupError
    seconds: float = 0.0


@dataclass(frozen=True)
class Renamed:
    name: str


@dataclass(frozen=True)
class FunctionReturned:
    function: str
    value: int


@dataclass(frozen=True)
class DeviceSpoke:
    events: tuple[DeviceEvent, ...]


@dataclass(frozen=True)
class Stopped:
    """The work ended because it was told to."""


Report = (
    StageStarted
    | StageDone
    | StageUnproved
    | JoinNeeded
    | Rejoined
    | Prepared
    | DeviceFound
    | NetworksFound
    | SetupSucceeded
    | VerificationPending
    | SetupFailed
    | Renamed
    | FunctionReturned
    | DeviceSpoke
    | Stopped
)


@dataclass(frozen=True)
class Reported:
    """A report, with the number of the command that it belongs to: late ones do not count."""

    run: int
    report: Report


Event = Action | Reported

# --- what is asked of the work --------------------------------------------------------------


@dataclass(frozen=True)
class Prepare:
    """Fetch what needs the internet, after signing in for a customer, if one is named."""

    customer: str = ""
    installer_key: Secret | None = None


@dataclass(frozen=True)
class FindDevice:
    seconds: float = 300.0
    """A person has to find a button, wait for a light and open a menu."""


@dataclass(frozen=True)
class ScanNetworks: ...


@dataclass(frozen=True)
class SetUp:
    provision: Provision
    identity: DeviceIdentity
    credentials: Credentials
    access_point: bytes | None = None
    name: str = ""


@dataclass(frozen=True)
class Verify:
    """Look for evidence of a device that was sent to its network before."""

    provision: Provision
    identity: DeviceIdentity
    credentials: Credentials
    access_point: bytes | None = None
    name: str = ""


@dataclass(frozen=True)
class Watch:
    """The device's live events, in the thread that is theirs."""

    access: CloudAccess
    device_id: DeviceId


@dataclass(frozen=True)
class Rename:
    access: CloudAccess
    device_id: DeviceId
    name: str


@dataclass(frozen=True)
class Call:
    access: CloudAccess
    device_id: DeviceId
    function: str
    argument: str


@dataclass(frozen=True)
class Stop: ...


Work = Prepare | FindDevice | ScanNetworks | SetUp | Verify | Watch | Rename | Call
Command = Work | Stop
