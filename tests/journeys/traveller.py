"""Somebody who goes through the journey: the machine, the runner, the real adapters, no window."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from setup_wizard.bootstrap import open_outside
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network
from setup_wizard.flow import messages as m
from setup_wizard.flow.journal import Journal
from setup_wizard.flow.machine import advance, start
from setup_wizard.flow.runner import perform
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.service.models import RateCount, SignInCode
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.settings import Settings
from setup_wizard.simulators.cloud import Faults
from setup_wizard.simulators.house import scan_list
from setup_wizard.simulators.photon import Setup, parse_scan
from setup_wizard.simulators.world import World
from tests.service.databases import migrated_sqlite

CUSTOMER = "Jane+photon@Example.com"
WRONG_PASSPHRASE = "not the password"
ONLINE_SECONDS = 0.1
STRIDE = 10.0  # of who waits for nothing: 18 looks instead of 180
HURRY = 12.0  # 60 s of silence are over in 5, and a busy server still has 2 s for an answer


class WatchedWorld(World):
    """A world that remembers every secret that was told in it, and can begin anew."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.told: list[tuple[str, str]] = []

    def begin_anew(self, *, pace: float) -> None:
        """For another journey: a device that nobody has seen, no faults, no mail, no tries counted.

        What was stopped stays so, and the backend remembers its own access to the cloud.
        """
        self.photon.leave()
        self._end_timers()
        self._pace = pace
        self.product.stop()
        another = secrets.token_hex(12)
        self.register(another)
        self.photon.sleep = asyncio.sleep
        self.photon.set_up(Setup(reset=True, device_id=another, scan=parse_scan(scan_list())))
        self.cloud.faults = Faults()
        self.stay_offline, self.wifi.present = False, True
        self.wifi.appeared(self.photon.ssid)
        self.wifi.join(self.networks[0].ssid)
        file = self.service_settings.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as database, database:
            for table in (RateCount, SignInCode):
                database.execute(f"DELETE FROM {table.__tablename__}")
        self.mail.messages.clear()
        self.told.clear()

    def _service_settings(self, folder: str) -> ServiceSettings:
        settings = super()._service_settings(folder)
        # Its backend need not make the tables of each world anew.
        Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(migrated_sqlite())
        return settings


class HastyWorld(WatchedWorld):
    """Where a device that is let in is online at once.

    One that comes back takes its time: it must be seen to be away, by clocks that do not leap.
    """

    def _set_out(self, seconds: float, act: Callable[[], None]) -> None:
        super()._set_out(ONLINE_SECONDS if act == self.come_online else seconds, act)


class QuickTime:
    """Seconds that pass quickly while somebody waits, and as ever while something is done.

    So a computer that is slow makes no budget run out. Pauses always leap; waiting for a peer is
    hurried only where the peer is to be silent: a look at the clock counts one slice of the time
    since the last look as waiting, and the rest as work.
    """

    SLICE = 0.06  # seconds; everybody who waits for a peer looks at the clock more often

    def __init__(self, hurry: float = 1.0) -> None:
        self._seconds = self._looked = time.monotonic()
        self._hurry = hurry

    def now(self) -> float:
        passed = time.monotonic() - self._looked
        self._looked += passed
        waited = min(passed, self.SLICE)
        self._seconds += waited * self._hurry + (passed - waited)
        return self._seconds

    def leap(self, seconds: float) -> None:
        """Somebody has waited for so long, and nobody looked meanwhile."""
        self._seconds += seconds
        self._looked = time.monotonic()


class QuickClock(StopSwitch):
    """The switch and the clock of one command. A pause of 10 s really takes 10 s / pace."""

    def __init__(self, pace: float, quick: QuickTime, *, stride: float = 1.0) -> None:
        super().__init__()
        self._pace, self._time = pace, quick
        self.stride = stride
        """How many pauses one stands for, where nothing can come but the end of all patience."""

    def wait(self, seconds: float) -> None:
        super().wait(seconds / self._pace)
        self._time.leap(seconds * self.stride)

    def now(self) -> float:
        return self._time.now()


def settings_for(world: WatchedWorld, **changes: object) -> Settings:
    told = world.announce()
    values: dict[str, object] = {
        "backend_url": told["backend"]["url"],
        "installer_key": Secret(told["backend"]["installer_key"]),
        "customer": CUSTOMER,
        "device": f"tcp://{told['photon']['tcp']},http://{told['photon']['http']}",
        "wifi_url": told["wifi"]["url"],
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


class Traveller:
    """Holds the state, acts as a person, and performs every command to its end."""

    def __init__(
        self, world: WatchedWorld, *, pace: float = 6.0, hurry: float = 1.0, **changes: object
    ) -> None:
        settings = settings_for(world, **changes)
        self.world = world
        self.outside = open_outside(settings)
        self.pace, self.quick, self.stride = pace, QuickTime(hurry), 1.0
        self.state = start(
            needs_sign_in=settings.needs_sign_in,
            customer=settings.customer,
            proof=settings.proof,
        )
        self.reports: list[m.Report] = []
        self.on_report: Callable[[m.Report, QuickClock], None] = lambda _report, _clock: None
        self.watching: m.Watch | None = None
        self.journal: Journal | None = None
        self.late: list[m.KeepChecking] = []
        """Devices that are looked for by and by: a round each, when `time_passes`."""

    def clock(self) -> QuickClock:
        """The time that one command sees."""
        return QuickClock(self.pace, self.quick, stride=self.stride)

    def act(self, *events: m.Event) -> State:
        for event in events:
            self._take(event)
        return self.state

    def _take(self, event: m.Event) -> None:
        before = self.state
        self.state, command = advance(before, event)
        if self.journal is not None:
            self.journal.note(event, before, self.state, command)
        if isinstance(command, m.Watch):
            self.watching = command
        elif isinstance(command, m.KeepChecking):
            self.late.append(command)
        elif command is not None and not isinstance(command, m.Stop):
            self._perform(command)

    def time_passes(self) -> State:
        """One round for each device that is looked for."""
        late, self.late = self.late, []
        for work in late:
            if work.number in self.state.at_work:
                self._perform(work, number=work.number)
        return self.state

    def watch_until(self, good: Callable[[State], bool]) -> State:
        """Listen to the device of the last page, for so long."""
        assert self.watching is not None
        clock, run = self.clock(), self.state.run

        def hear(report: m.Report) -> None:
            self._take(m.Reported(run, report))
            if good(self.state):
                clock.turn()

        perform(self.watching, self.outside, clock, hear)
        return self.state

    def _perform(self, work: m.Work, *, number: int | None = None) -> None:
        clock, run = self.clock(), self.state.run if number is None else number

        def hear(report: m.Report) -> None:
            self.reports.append(report)
            self._remember(report)
            self.on_report(report, clock)
            self._take(m.Reported(run, report))

        self._work(work, clock, hear)

    def _work(self, work: m.Work, clock: QuickClock, hear: Callable[[m.Report], None]) -> None:
        perform(work, self.outside, clock, hear)

    def _remember(self, report: m.Report) -> None:
        if isinstance(report, m.Prepared):
            provision = report.provision
            self.world.told += [
                ("claim code", provision.claim_code.reveal()),
                ("access token", provision.access.access_token.reveal()),
            ]

    # --- the usual road -------------------------------------------------------------------------

    def prepare(self) -> State:
        return self.act(m.StartPressed())

    def find_device(self) -> State:
        self.prepare()
        self.world.choose_device()
        self.act(m.ContinuePressed(), m.ListeningConfirmed())
        return self.act(m.ContinuePressed())

    def network(self, ssid: str) -> Network:
        return next(n for n in self.state.networks if n.ssid == ssid.encode())

    def set_up(self, ssid: str = "HomeNet", passphrase: str | None = None) -> State:
        """From wherever the journey is to the end of the unattended work."""
        if self.state.step is Step.WELCOME:
            self.find_device()
        if passphrase is None:
            passphrase = next(n.passphrase for n in self.world.networks if n.ssid == ssid)
        secret = Secret(passphrase) if passphrase else None
        return self.act(m.SetUpPressed(self.network(ssid), secret))
