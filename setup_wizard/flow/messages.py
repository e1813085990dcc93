"""What can happen (events, in the past tense) and what can be asked for (commands, imperative)."""

from __future__ import annotations

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent, Provision
from setup_wizard.domain.device import Device, DeviceId, DeviceIdentity
from setup_wizard.domain.enterprise import CertificateFiles, SignIn
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Proof, Session
from setup_wizard.domain.value import value
from setup_wizard.domain.wifi import Credentials, Network
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import sign_in_messages as sign_in
from setup_wizard.flow.budgets import FIND_BUDGET
from setup_wizard.flow.steps import Stage

# --- what a person does ---------------------------------------------------------------------


@value
class StartPressed: ...


@value
class ContinuePressed:
    """Go on from a step that shows it is ready; front ends may press it by themselves."""


@value
class ListeningConfirmed: ...


@value
class RescanPressed: ...


@value
class SetUpPressed:
    network: Network
    passphrase: Secret | None = None
    name: str = ""
    """What the device is to be called; empty: it keeps the name that it has."""
    sign_in: SignIn | CertificateFiles | None = None
    """For a company network, in place of a passphrase."""


@value
class SendAgainPressed:
    passphrase: Secret


@value
class LightBlinksAgain:
    """The person sees the device back in listening mode, which this computer cannot see."""


@value
class BackPressed:
    """Back, or Cancel while something runs."""


@value
class RetryPressed: ...


@value
class NamePressed:
    name: str


@value
class SetUpAnotherPressed: ...


@value
class NoticeClosed:
    """The person has read what became of a device that was left behind."""

    device_id: DeviceId


Action = (
    StartPressed
    | ContinuePressed
    | ListeningConfirmed
    | RescanPressed
    | SetUpPressed
    | SendAgainPressed
    | LightBlinksAgain
    | BackPressed
    | RetryPressed
    | NamePressed
    | SetUpAnotherPressed
    | NoticeClosed
    | life.Action
    | sign_in.Action
)

# --- what the work reports ------------------------------------------------------------------


@value
class StageStarted:
    stage: Stage
    attempt: int = 1
    budget: float | None = None
    """Seconds from now after which it is over at the latest; None: nobody can say."""


@value
class StageDone:
    stage: Stage
    seconds: float


@value
class StageUnproved:
    """The stage came to its end without evidence for either outcome."""

    stage: Stage
    seconds: float


@value
class JoinNeeded:
    """This computer is not on the device's network; the work goes on when it is."""

    budget: float | None = None
    """Seconds for which the person is waited for."""


@value
class Rejoined:
    budget: float | None = None
    """Seconds that the stage has from now on."""


@value
class DeviceUpdating:
    """The device renews its own firmware: it is silent or restarts meanwhile, and all is well."""

    budget: float | None = None
    """Seconds that the stage has from now on."""


@value
class DeviceUpdated:
    """It is back from that, or it was called off."""

    budget: float | None = None


@value
class Prepared:
    provision: Provision
    computer_network: bytes | None
    at: float | None = None
    """When, on the clock of the work."""


@value
class DeviceFound:
    identity: DeviceIdentity
    access_point: bytes | None = None
    """The device's own network, where this computer tells which one it is on."""


@value
class NetworksFound:
    networks: tuple[Network, ...]


@value
class SignInRead:
    """The same choice of a network, with what was in its files."""

    choice: SetUpPressed


@value
class SetupSucceeded:
    """Owned by the customer, by the cloud's word; `device.online` says whether it answered."""

    device: Device
    access: CloudAccess


@value
class VerificationPending:
    """Stored, and no evidence yet for either end."""

    access: CloudAccess | None = None
    """The newest way into the cloud; None: the one that is known is good."""


@value
class SetupFailed:
    error: SetupError
    seconds: float = 0.0


@value
class Renamed:
    name: str


@value
class DeviceSpoke:
    events: tuple[DeviceEvent, ...]
    at: float = 0.0
    """When, on the clock of the work."""


@value
class Stopped:
    """The work ended because it was told to."""


Report = (
    StageStarted
    | StageDone
    | StageUnproved
    | JoinNeeded
    | Rejoined
    | DeviceUpdating
    | DeviceUpdated
    | Prepared
    | DeviceFound
    | NetworksFound
    | SignInRead
    | SetupSucceeded
    | VerificationPending
    | SetupFailed
    | Renamed
    | DeviceSpoke
    | Stopped
    | life.Report
    | sign_in.Report
)


@value
class Reported:
    """A report, with the number of the command that it belongs to: late ones do not count."""

    run: int
    report: Report


Event = Action | Reported

# --- what is asked of the work --------------------------------------------------------------


@value
class Prepare:
    """Fetch what needs the internet, for whoever is signed in, or signs in by this proof."""

    session: Session | None = None
    proof: Proof | None = None


@value
class FindDevice:
    seconds: float = FIND_BUDGET


@value
class ScanNetworks: ...


@value
class ReadSignIn:
    """Read the files of a sign-in by certificate, for this choice of a network."""

    choice: SetUpPressed
    files: CertificateFiles


@value
class SetUp:
    provision: Provision
    identity: DeviceIdentity
    credentials: Credentials
    access_point: bytes | None = None
    name: str = ""
    sent_before: bool = False
    """It was sent off before: that it is owned may be of then."""
    prepared_at: float | None = None
    """When the provision was fetched: a claim code is good for an hour."""


@value
class Verify:
    """Look for evidence of a device that was sent to its network before."""

    provision: Provision
    identity: DeviceIdentity
    credentials: Credentials
    access_point: bytes | None = None
    name: str = ""
    sent_before: bool = False


@value
class KeepChecking:
    """One more look, beside everything else; it is asked for again after each.

    Whoever has it done pauses before it, and not where others are looked for meanwhile.
    """

    number: int
    """Of its reports, for good: it goes on when other work begins."""
    verify: Verify
    session: Session | None = None
    proof: Proof | None = None
    """For when the session is over."""
    here: bool = True
    """Whether a device that is back may be asked; not while another one is being set up."""

    @property
    def device_id(self) -> DeviceId:
        return self.verify.identity.device_id


@value
class Watch:
    """The device's live events, in the thread that is theirs."""

    access: CloudAccess
    device_id: DeviceId


@value
class Rename:
    access: CloudAccess
    device_id: DeviceId
    name: str


@value
class Stop: ...


Work = (
    Prepare
    | FindDevice
    | ScanNetworks
    | ReadSignIn
    | SetUp
    | Verify
    | KeepChecking
    | Watch
    | Rename
    | life.Work
    | sign_in.Work
)
Command = Work | Stop
