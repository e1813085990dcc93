"""Everything that a front end shows, as one frozen value."""

from __future__ import annotations

from enum import Enum

from setup_wizard.domain.cloud import DeviceEvent, Provision
from setup_wizard.domain.device import Device, DeviceId, DeviceIdentity
from setup_wizard.domain.enterprise import CertificateFiles
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.life import LifeProof, LifeTest
from setup_wizard.domain.sign_in import Proof, Session, SignInWay
from setup_wizard.domain.value import value
from setup_wizard.domain.wifi import Credentials, Network
from setup_wizard.flow.messages import KeepChecking
from setup_wizard.flow.sign_in_messages import CodeSent
from setup_wizard.flow.steps import Stage, Step


class Status(Enum):
    """How a stage stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNPROVED = "unproved"


@value
class StageProgress:
    stage: Stage
    status: Status = Status.WAITING
    attempts: int = 0
    seconds: float = 0.0
    budget: float | None = None
    """Seconds that it had at most when it was last heard of, while it runs."""


def waiting(stages: tuple[Stage, ...]) -> tuple[StageProgress, ...]:
    return tuple(StageProgress(stage) for stage in stages)


def with_progress(
    progress: tuple[StageProgress, ...], changed: StageProgress
) -> tuple[StageProgress, ...]:
    """The same lines with one of them changed; a stage that is not there changes nothing."""
    return tuple(changed if line.stage is changed.stage else line for line in progress)


@value
class Pending:
    """A device that was left behind while nobody had heard of it; at last, what became of it."""

    work: KeepChecking
    name: str = ""
    device: Device | None = None
    """It came online after all."""
    error: SetupError | None = None
    """It came back, or cannot be looked for any more."""

    @property
    def over(self) -> bool:
        return self.device is not None or self.error is not None


@value
class State:
    """One journey. Secrets in here are `Secret`, so the whole value is silent in logs."""

    step: Step = Step.WELCOME
    needs_sign_in: bool = False
    life_test: LifeTest | None = None
    """What the maker has each device show on the last page."""
    run: int = 0
    """Number of the newest command; reports of older ones are ignored."""
    working: bool = False
    error: SetupError | None = None

    ways: tuple[SignInWay, ...] = ()
    """How one can sign in, as the backend says."""
    customer: str = ""
    proof: Proof | None = None
    """What was shown to sign in; kept while it may serve again."""
    code: CodeSent | None = None
    """The newest one that is on its way by e-mail."""
    session: Session | None = None
    leaving: Session | None = None
    """Signed out here, and the backend was not heard to have ended it."""
    checks: tuple[StageProgress, ...] = ()
    provision: Provision | None = None
    prepared_at: float | None = None
    """When it was fetched, on the clock of the work."""
    computer_network: bytes | None = None

    identity: DeviceIdentity | None = None
    access_point: bytes | None = None
    networks: tuple[Network, ...] = ()
    """Merged, strongest first."""
    scanned: bool = False

    reading: CertificateFiles | None = None
    """What is being read for a choice that was made."""
    credentials: Credentials | None = None
    name: str = ""
    stages: tuple[StageProgress, ...] = ()
    join_needed: bool = False
    sent: frozenset[DeviceId] = frozenset()
    """Devices that may have been sent to a network: from the moment when that was asked for, for
    a set-up that is stopped half way may have done it. Kept as long as the program runs."""
    sent_before: bool = False
    """The device in front was one of them before it was asked for this time."""
    claim_for: DeviceId | None = None
    """The device that has, or may have, the claim code of this provision: a code is for one."""
    updating: bool = False
    """The device renews its firmware, by the cloud's word."""

    device: Device | None = None
    spoken: tuple[DeviceEvent, ...] = ()
    """The newest live events, oldest first."""
    heard: frozenset[str] = frozenset()
    """Names of all live events so far."""

    life: LifeProof | None = None
    """How far the maker's test is with the device of the last page."""

    pending: tuple[Pending, ...] = ()
    """Devices that were left behind, oldest first."""

    @property
    def at_work(self) -> frozenset[int]:
        """Numbers of the work that is wanted; all other work is to stop."""
        return frozenset({self.run, *(p.work.number for p in self.pending if not p.over)})

    @property
    def can_sign_out(self) -> bool:
        """Whether it is asked who somebody is, and this computer may well be on the internet."""
        here = self.step in (Step.LISTENING, Step.DONE)
        return here and self.needs_sign_in and self.session is not None

    @property
    def late(self) -> Pending | None:
        """What became of a device that was left behind, and was not read yet."""
        return next((p for p in self.pending if p.over), None)

    @property
    def saved(self) -> bool:
        """Whether the device has been told everything and sent to its network."""
        return any(s.stage is Stage.SAVE and s.status is Status.DONE for s in self.stages)
