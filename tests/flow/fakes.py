"""A scripted outside world in which time passes only when the work waits."""

from __future__ import annotations

from collections.abc import Callable

from setup_wizard.domain.device import Device, DeviceIdentity
from setup_wizard.domain.enterprise import CertificateFiles, CertificateSignIn
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network
from setup_wizard.flow import messages as m
from setup_wizard.flow.runner import perform
from setup_wizard.ports import (
    Cancellation,
    CertificateReader,
    DeviceLink,
    Outside,
    WifiJoiner,
    WifiState,
)
from tests.flow.clock import Clock, Scripted
from tests.flow.fake_backend import FakeBackend, FakeSessions
from tests.flow.fake_cloud import FakeCloud
from tests.flow.samples import (
    ACCESS_POINT,
    CAFE,
    DEVICE,
    HOME,
    IDENTITY,
    PASSPHRASE,
    SIGN_IN,
)

JOINING = 10.0  # seconds that the device needs to join its network
TRYING = 60.0  # seconds after which it gives up and comes back


class FakeFiles(Scripted, CertificateReader):
    def read(self, files: CertificateFiles, cancel: Cancellation) -> CertificateSignIn:
        cancel.check()
        self._called("read")
        return SIGN_IN


class FakeLink(Scripted, DeviceLink):
    def __init__(self) -> None:
        super().__init__()
        self.answering: DeviceIdentity | None = IDENTITY
        self.scans: list[tuple[Network, ...]] = [(CAFE, HOME)]
        """The last one is what every later scan finds."""
        self.claim_code: Secret | None = None
        self.stored: Credentials | None = None
        self.on_connect: Callable[[], None] = lambda: None

    def look(self, cancel: Cancellation) -> DeviceIdentity | None:
        cancel.check()
        self._called("look")
        return self.answering

    def identify(self, cancel: Cancellation) -> DeviceIdentity:
        cancel.check()
        self._called("identify")
        assert self.answering is not None
        return self.answering

    def scan(self, cancel: Cancellation) -> tuple[Network, ...]:
        cancel.check()
        self._called("scan")
        return self.scans.pop(0) if len(self.scans) > 1 else self.scans[0]

    def store_claim_code(self, code: Secret, cancel: Cancellation) -> None:
        cancel.check()
        self._called("store_claim_code")
        self.claim_code = code

    def store_network(self, credentials: Credentials, cancel: Cancellation) -> None:
        cancel.check()
        self._called("store_network")
        self.stored = credentials

    def connect(self, cancel: Cancellation) -> None:
        cancel.check()
        self._called("connect")
        self.on_connect()


class FakeWifi(WifiJoiner):
    def __init__(self) -> None:
        self.present: bool | None = True
        self.network: bytes | None = b"Home"
        self.in_the_air: set[bytes] | None = None
        """None: this system does not tell."""

    def state(self) -> WifiState:
        return WifiState(self.present, self.network)

    def sees(self, ssid: bytes) -> bool | None:
        return None if self.in_the_air is None else ssid in self.in_the_air


class World:
    """One device in listening mode, one customer, and a network with one right passphrase."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.link = FakeLink()
        self.wifi = FakeWifi()
        self.certificates = FakeFiles()
        self.backend = FakeBackend()
        self.sessions = FakeSessions()
        self.cloud = FakeCloud(self.clock)
        self.link.on_connect = self.device_leaves
        self.reports: list[m.Report] = []

    @property
    def outside(self) -> Outside:
        return Outside(
            self.link,
            self.wifi,
            self.certificates,
            self.backend,
            self.sessions,
            self.cloud.open,
        )

    def device_leaves(self) -> None:
        """What a real device does with what it was told."""
        self.link.answering = None
        if self.wifi.in_the_air is not None:
            self.wifi.in_the_air.discard(ACCESS_POINT)
        stored = self.link.stored
        assert stored is not None
        if stored.network == HOME and stored.passphrase != PASSPHRASE:
            self.clock.at(TRYING, self.device_comes_back)
        else:
            self.clock.at(JOINING, self.device_comes_online)

    def device_comes_back(self) -> None:
        if self.wifi.in_the_air is not None:
            self.wifi.in_the_air.add(ACCESS_POINT)
        self.link.answering = IDENTITY

    def device_comes_online(self) -> None:
        self.cloud.listed = (DEVICE,)
        self.cloud.answering = True

    def nothing_happens(self) -> None:
        """For `on_connect`: the device takes the command and stays."""

    def device_goes_for_good(self) -> None:
        """For `on_connect`: it leaves and is never heard of again."""
        self.link.answering = None

    def perform(self, work: m.Work) -> list[m.Report]:
        """Everything that the work reports, to its end."""
        self.perform_telling(work, self.reports.append)
        return self.reports

    def perform_telling(self, work: m.Work, tell: Callable[[m.Report], None]) -> None:
        perform(work, self.outside, self.clock, tell)


def stages(reports: list[m.Report]) -> list[str]:
    """The course of the stages in short: `save`, `save 2`, `save ok` or `save unproved`."""
    lines = []
    for report in reports:
        if isinstance(report, m.StageStarted):
            again = f" {report.attempt}" if report.attempt > 1 else ""
            lines.append(f"{report.stage.value}{again}")
        if isinstance(report, m.StageDone):
            lines.append(f"{report.stage.value} ok")
        if isinstance(report, m.StageUnproved):
            lines.append(f"{report.stage.value} unproved")
    return lines


def success(reports: list[m.Report]) -> Device:
    """The device that the work brought online; it is the last thing heard."""
    end = reports[-1]
    assert isinstance(end, m.SetupSucceeded), end
    return end.device


def failure(reports: list[m.Report]) -> SetupError:
    """The error that ended the work; it is the last thing heard."""
    end = reports[-1]
    assert isinstance(end, m.SetupFailed), end
    return end.error
