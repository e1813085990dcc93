"""Everything that a person can do and that work can report, for walks through the machine."""

from __future__ import annotations

from dataclasses import replace

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.errors import (
    BackendError,
    ChoiceError,
    CloudError,
    ComputerError,
    DeviceError,
    DeviceNotFound,
    DeviceOffline,
    JoinError,
    SetupError,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import SignInWay
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.steps import PREPARATION, SETUP, Stage, Step
from tests.failures import leaves
from tests.flow import roads
from tests.flow.samples import (
    BY_ACCOUNT,
    BY_CODE,
    BY_KEY,
    BY_NAME,
    CAFE,
    CODE_SENT,
    CUSTOMER,
    DEVICE_ID,
    FILES,
    HIDDEN,
    HOME,
    LED,
    OFFICE,
    PASSPHRASE,
    SESSION,
    SIGN_IN,
    event,
)

PRESSED = DeviceEvent("button", "pressed", "2026-01-01T00:00:00Z", str(DEVICE_ID))
BY_FILES = m.SetUpPressed(OFFICE, sign_in=FILES)
ACTIONS: tuple[m.Action, ...] = (
    m.StartPressed(),
    door.CodeWanted(CUSTOMER),
    door.SignInPressed(BY_KEY),
    door.SignInPressed(BY_CODE),
    door.SignInPressed(BY_ACCOUNT),
    door.SignOutPressed(),
    m.ContinuePressed(),
    m.ListeningConfirmed(),
    m.RescanPressed(),
    m.SetUpPressed(HOME, PASSPHRASE, "Lamp"),
    m.SetUpPressed(CAFE),
    m.SetUpPressed(HOME, Secret(HIDDEN + "x" * 60)),
    m.SetUpPressed(Network(b'"', Security.OPEN)),
    m.SetUpPressed(OFFICE, PASSPHRASE),
    m.SetUpPressed(OFFICE, sign_in=BY_NAME),
    m.SetUpPressed(HOME, sign_in=BY_NAME),
    BY_FILES,
    m.SendAgainPressed(PASSPHRASE),
    m.SendAgainPressed(Secret("short")),
    m.LightBlinksAgain(),
    m.BackPressed(),
    m.RetryPressed(),
    m.NamePressed("Lamp"),
    m.SetUpAnotherPressed(),
    m.NoticeClosed(DEVICE_ID),
    life.LifeTestPressed(),
)


def _failures(*families: type[SetupError]) -> tuple[m.SetupFailed, ...]:
    return tuple(m.SetupFailed(leaf(), 1.0) for leaf in leaves() if issubclass(leaf, families))


def _stages(*stages: Stage) -> tuple[m.Report, ...]:
    return (*map(m.StageStarted, stages), *(m.StageDone(stage, 1.0) for stage in stages))


UNPROVED = tuple(m.StageUnproved(stage, 1.0) for stage in (Stage.JOIN_NETWORK, Stage.GO_ONLINE))
"""Only what is waited for can come to its end without evidence."""


EVIDENCE = (roads.SUCCEEDED, m.VerificationPending())
REJOINING = (m.JoinNeeded(), m.Rejoined())
UPDATING = (m.DeviceUpdating(), m.DeviceUpdated())
REPORTS: dict[type[m.Work], tuple[m.Report, ...]] = {
    door.AskWaysIn: (
        *_stages(Stage.REACH_BACKEND),
        roads.OFFERED,
        door.SignInOffered(tuple(SignInWay), SESSION),
        *_failures(BackendError, ComputerError),
    ),
    door.SendCode: (CODE_SENT, *_failures(BackendError, ComputerError)),
    door.SignIn: (door.SignedIn(SESSION), *_failures(BackendError, ComputerError)),
    door.SignOut: (door.SignedOut(), *_failures(BackendError, ComputerError)),
    m.Prepare: (
        *_stages(*PREPARATION),
        door.SignedIn(SESSION),
        roads.PREPARED,
        *_failures(BackendError, ComputerError),
    ),
    m.FindDevice: (roads.FOUND, *_failures(DeviceNotFound, ComputerError)),
    m.ScanNetworks: (roads.NETWORKS, *_failures(DeviceError, ComputerError)),
    m.ReadSignIn: (
        m.SignInRead(replace(BY_FILES, sign_in=SIGN_IN)),
        *_failures(ChoiceError, ComputerError),
    ),
    m.SetUp: (
        *_stages(*SETUP),
        *UNPROVED,
        *REJOINING,
        *UPDATING,
        *EVIDENCE,
        *_failures(SetupError),
    ),
    m.Verify: (
        *_stages(*SETUP[1:]),
        *UNPROVED,
        *UPDATING,
        *EVIDENCE,
        *_failures(JoinError, BackendError, CloudError, ComputerError),
    ),
    m.KeepChecking: (
        *_stages(*SETUP[1:]),
        *UNPROVED,
        *UPDATING,
        *EVIDENCE,
        *_failures(JoinError, BackendError, CloudError, ComputerError),
    ),
    m.Watch: (
        life.Listening(),
        m.DeviceSpoke((event(),)),
        m.DeviceSpoke((PRESSED,), 11.2),
        *_failures(CloudError, ComputerError),
    ),
    m.Rename: (m.Renamed("Lamp"), *_failures(BackendError, CloudError, ComputerError)),
    life.TestLife: (
        life.LifeAwaited(10.0, 70.0),
        life.LifeAnswered(LED.returns, 10.5),
        life.LifeAnswered(-1, 10.5),
        life.LifeRefused(DeviceOffline(), 12.0),
        life.LifeTimeOver(70.0),
    ),
}
"""What each command can report, beside that it stopped."""
EVERY_REPORT = (*{repr(r): r for known in REPORTS.values() for r in known}.values(), m.Stopped())
ALONGSIDE = (m.Rename, life.TestLife)
ON_AND_ON = (m.Watch, m.KeepChecking)
END = m.SetupFailed | m.Stopped
AT_WORK = {
    Step.WELCOME,
    Step.SIGN_IN,
    Step.SIGN_IN_CODE,
    Step.PREPARE,
    Step.JOIN,
    Step.NETWORK,
    Step.SETTING_UP,
}
WITH_DEVICE = {Step.NETWORK, Step.SETTING_UP, Step.WRONG_PASSPHRASE, Step.STILL_CHECKING}
