"""Where a journey can break, and how: each road ends at one failure, through real sockets."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import SetupError, SignInExpired
from setup_wizard.domain.life import FunctionTest, LifeFailed
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByKey
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.life_messages import Listening
from setup_wizard.flow.machine import start
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Stage, Step
from setup_wizard.ports import Outside
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.worker import Worker
from setup_wizard.service.server import RunningService
from setup_wizard.simulators.cloud import Cloud
from setup_wizard.simulators.cloud import Faults as CloudFaults
from setup_wizard.simulators.photon import Faults as PhotonFaults
from setup_wizard.simulators.photon import Setup, parse_scan
from setup_wizard.web import Bearer
from tests.journeys.company_roads import COMPANY_ROADS
from tests.journeys.sign_in_roads import (
    SIGN_IN_ROADS,
    while_asking_for_a_code,
    while_signing_out,
    while_typing_it,
)
from tests.journeys.traveller import (
    CUSTOMER,
    HURRY,
    STRIDE,
    WRONG_PASSPHRASE,
    QuickClock,
    Traveller,
    WatchedWorld,
)
from tests.journeys.trust_roads import CLOUD_TRUST_ROADS, backend_untrusted

PACE = 40.0  # no budget matters here, only what is said when it is over
NEVER_OPENED = "0" * 43  # no session of the backend has this token


class Explorer(Traveller):
    """Travels as in the window: it signs in, and its work runs behind the window's border."""

    def __init__(self, world: WatchedWorld, other: Cloud, distrusted: str) -> None:
        super().__init__(world, pace=PACE, hurry=HURRY)
        self.state = start(needs_sign_in=True)
        self.other = other
        """A server that is not the maker's."""
        self.distrusted = distrusted
        """The address of one whose certificate nobody believes."""

    def sign_in(self, customer: str = CUSTOMER, key: str = "") -> State:
        secret = Secret(key or self.world.installer_key)
        return self.act(m.StartPressed(), door.SignInPressed(ByKey(customer, secret)))

    def prepare(self) -> State:
        return self.sign_in()

    def choose(self, ssid: bytes, security: Security = Security.OPEN, typed: str = "") -> State:
        self.find_device()
        return self.act(m.SetUpPressed(Network(ssid, security), Secret(typed) if typed else None))

    def _work(self, work: m.Work, clock: QuickClock, hear: Callable[[m.Report], None]) -> None:
        def hear_numbered(_run: int, report: m.Report) -> None:
            hear(report)

        worker = Worker(lambda: self.outside)
        worker.reported.connect(hear_numbered)
        worker.perform(self.state.run, work, clock)


Fault = Callable[[Explorer], None]
Road = Callable[[Explorer], State]

# --- what breaks ------------------------------------------------------------------------------


def device(**fault: object) -> Fault:
    def strike(explorer: Explorer) -> None:
        explorer.world.photon.faults = PhotonFaults.parse(fault)

    return strike


def swapped(explorer: Explorer) -> None:
    explorer.world.photon.set_up(Setup(device_id=secrets.token_hex(12)))


def off_the_air(explorer: Explorer) -> None:
    explorer.world.photon.leave()
    explorer.stride = STRIDE


def alone(explorer: Explorer) -> None:
    explorer.world.photon.set_scan([])


def backend_down(explorer: Explorer) -> None:
    explorer.world.stop_backend()


def backend_replaced(**fault: object) -> Fault:
    """Another server answers where the backend was."""

    def strike(explorer: Explorer) -> None:
        explorer.other.faults = CloudFaults.from_json(fault)
        cast(HttpBackend, explorer.outside.backend)._web.base = explorer.other.url

    return strike


def session_over(explorer: Explorer) -> None:
    cast(HttpBackend, explorer.outside.backend)._bearer = Bearer(
        Secret(NEVER_OPENED), SignInExpired
    )


def cloud(**fault: object) -> Fault:
    def strike(explorer: Explorer) -> None:
        explorer.world.cloud.faults = CloudFaults.from_json(fault)

    return strike


def busy_device(explorer: Explorer) -> None:
    """The cloud hears nothing from it, and yet it is online."""
    call = f"/v1/devices/{explorer.world.photon.device_id}/led"
    cloud(status=408, path_prefix=call)(explorer)


def cloud_down(explorer: Explorer) -> None:
    explorer.world.product.stop()
    explorer.world.cloud.stop()


def sold(explorer: Explorer) -> None:
    """The device is somebody else's in the very moment when it is to be recorded."""
    explorer.world.cloud.add_device(explorer.world.photon.device_id, owner="eve@example.com")


def no_wifi(explorer: Explorer) -> None:
    explorer.world.wifi.present = False


def bug(explorer: Explorer) -> None:
    """A fault of our own, where a sane program would never have one."""
    explorer.outside = cast(Outside, object())


# --- and where --------------------------------------------------------------------------------


def while_preparing(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        fault(explorer)
        return explorer.prepare()

    return travel


def while_looking(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        explorer.prepare()
        explorer.world.choose_device()
        fault(explorer)
        return explorer.act(m.ContinuePressed(), m.ListeningConfirmed())

    return travel


def while_rescanning(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        explorer.find_device()
        fault(explorer)
        return explorer.act(m.RescanPressed())

    return travel


def while_saving(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        explorer.find_device()
        fault(explorer)
        return explorer.set_up()

    return travel


def while_making_it_yours(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        def hear(report: m.Report, _clock: QuickClock) -> None:
            if isinstance(report, m.StageStarted) and report.stage is Stage.MAKE_YOURS:
                fault(explorer)

        explorer.on_report = hear
        return explorer.set_up()

    return travel


def while_renaming(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        explorer.set_up()
        fault(explorer)
        return explorer.act(m.NamePressed("Kitchen"))

    return travel


def while_proving_it_lives(fault: Fault, function: str = "led", argument: str = "on") -> Road:
    """The device is listened to already when the maker's own test meets its fault."""

    def travel(explorer: Explorer) -> State:
        test = FunctionTest("It lives", function, returns=1, argument=argument)
        explorer.state = replace(explorer.state, life_test=test)
        explorer.set_up()
        fault(explorer)
        return explorer.act(m.Reported(explorer.state.run, Listening()))

    return travel


def hardly_heard(explorer: Explorer) -> State:
    explorer.find_device()
    faint = {"ssid": "HomeNet", "rssi": -86, "sec": Security.WPA2.code, "ch": 6, "mdr": 144000}
    explorer.world.photon.set_scan(parse_scan([faint]))
    return explorer.set_up(passphrase=WRONG_PASSPHRASE)


def without_an_events_token(explorer: Explorer) -> State:
    """The maker has set none, and the panel is asked for everything of the product."""
    state = explorer.set_up()
    assert state.provision is not None
    settings = replace(explorer.world.service_settings, events_token=Secret(""))
    with RunningService(settings) as service:
        outside = replace(explorer.outside, backend=HttpBackend(service.url))
        panel = PanelAccess(state.provision.access, lambda: outside, session=state.session)
        try:
            panel.find_product(StopSwitch())
        except SetupError as error:
            return replace(state, error=error)  # the panel says it, beside the last page
    return state


def with_a_stranger(explorer: Explorer) -> State:
    """A device that its maker has forgotten to add to the product."""
    swapped(explorer)
    return explorer.set_up()


def an_hour_later(explorer: Explorer) -> State:
    explorer.find_device()
    began = explorer.state.prepared_at
    assert began is not None
    explorer.state = replace(explorer.state, prepared_at=began - 3600)
    return explorer.set_up()


def nothing(_explorer: Explorer) -> None: ...


def shown(state: State) -> SetupError | None:
    """The failure that a person reads: beside the maker's own test it is the test's alone."""
    return state.life.error if isinstance(state.life, LifeFailed) else state.error


LOOKING = {"command": "scan-ap"}
SAVING = {"command": "set"}
TOKENS = {"path_prefix": "/oauth/token"}

ROADS: dict[tuple[str, Step], Road] = {
    ("SW-NAME-LENGTH", Step.NETWORK): lambda e: e.choose(b"n" * 33),
    ("SW-NAME-CHARACTERS", Step.NETWORK): lambda e: e.choose(b'say "hi"'),
    ("SW-PASSPHRASE-LENGTH", Step.NETWORK): lambda e: e.choose(b"HomeNet", Security.WPA2, "short"),
    ("SW-WEP-KEY", Step.NETWORK): lambda e: e.choose(b"OldRouter", Security.WEP, "012345678z"),
    ("SW-PASSPHRASE-MISSING", Step.NETWORK): lambda e: e.choose(b"HomeNet", Security.WPA2),
    ("SW-PASSPHRASE-NEEDLESS", Step.NETWORK): lambda e: e.choose(b"Guests", typed="not asked for"),
    **COMPANY_ROADS,
    ("SW-NO-DEVICE", Step.JOIN): while_looking(off_the_air),
    ("SW-NO-DEVICE", Step.SETTING_UP): while_saving(off_the_air),
    ("SW-DEVICE-SILENT", Step.JOIN): while_looking(device(silent=True, **LOOKING)),
    ("SW-DEVICE-SILENT", Step.NETWORK): while_rescanning(device(silent=True, **LOOKING)),
    ("SW-DEVICE-SILENT", Step.SETTING_UP): while_saving(device(silent=True, **SAVING)),
    ("SW-DEVICE-GONE", Step.JOIN): while_looking(device(drop_after_bytes=9, **LOOKING)),
    ("SW-DEVICE-GONE", Step.NETWORK): while_rescanning(off_the_air),
    ("SW-DEVICE-GONE", Step.SETTING_UP): while_saving(device(drop_after_bytes=3, **SAVING)),
    ("SW-DEVICE-GARBLED", Step.JOIN): while_looking(device(garbage=True, **LOOKING)),
    ("SW-DEVICE-GARBLED", Step.NETWORK): while_rescanning(device(garbage=True, **LOOKING)),
    ("SW-DEVICE-GARBLED", Step.SETTING_UP): while_saving(device(garbage=True, **SAVING)),
    # Two line feeds and no more: the device could not read what it was asked.
    ("SW-DEVICE-REFUSED", Step.JOIN): while_looking(device(drop_after_bytes=2, **LOOKING)),
    ("SW-DEVICE-REFUSED", Step.NETWORK): while_rescanning(device(drop_after_bytes=2, **LOOKING)),
    ("SW-DEVICE-REFUSED", Step.SETTING_UP): while_saving(device(drop_after_bytes=2, **SAVING)),
    ("SW-OTHER-DEVICE", Step.SETTING_UP): while_saving(swapped),
    ("SW-NO-NETWORKS", Step.JOIN): while_looking(alone),
    ("SW-NO-NETWORKS", Step.NETWORK): while_rescanning(alone),
    ("SW-NETWORK-UNSEEN", Step.NETWORK): while_saving(alone),
    ("SW-NAME-UNSEEN", Step.NETWORK): lambda e: e.choose(b"Homenet", Security.WPA2, "long enough"),
    ("SW-NETWORK-WEAK", Step.NETWORK): hardly_heard,
    ("SW-WRONG-PASSPHRASE", Step.WRONG_PASSPHRASE): lambda e: e.set_up(passphrase=WRONG_PASSPHRASE),
    ("SW-JOIN-FAILED", Step.NETWORK): lambda e: e.choose(b"Nowhere"),
    ("SW-BACKEND-DOWN", Step.PREPARE): while_preparing(backend_down),
    ("SW-BACKEND-DOWN", Step.SETTING_UP): while_making_it_yours(backend_down),
    ("SW-BACKEND-DOWN", Step.DONE): while_renaming(backend_down),
    ("SW-BACKEND-UNTRUSTED", Step.PREPARE): while_preparing(backend_untrusted),
    ("SW-BACKEND-UNTRUSTED", Step.SETTING_UP): while_making_it_yours(backend_untrusted),
    ("SW-BACKEND-UNTRUSTED", Step.DONE): while_renaming(backend_untrusted),
    ("SW-BACKEND-BROKEN", Step.PREPARE): while_preparing(backend_replaced(status=500)),
    ("SW-BACKEND-BROKEN", Step.SETTING_UP): while_making_it_yours(backend_replaced(status=500)),
    ("SW-BACKEND-BROKEN", Step.DONE): while_renaming(backend_replaced(status=500)),
    ("SW-BACKEND-BUSY", Step.PREPARE): while_preparing(backend_replaced(status=429)),
    ("SW-BACKEND-BUSY", Step.SETTING_UP): while_making_it_yours(backend_replaced(status=429)),
    ("SW-BACKEND-BUSY", Step.DONE): while_renaming(backend_replaced(status=429)),
    ("SW-KEY-REFUSED", Step.SIGN_IN): lambda e: e.sign_in(key="not the key"),
    **SIGN_IN_ROADS,
    ("SW-SET-UP-EXPIRED", Step.PREPARE): an_hour_later,
    ("SW-SIGN-IN-EXPIRED", Step.SIGN_IN): while_making_it_yours(session_over),
    ("SW-SIGN-IN-EXPIRED", Step.DONE): while_renaming(session_over),
    ("SW-NO-PRODUCT-EVENTS", Step.DONE): without_an_events_token,
    ("SW-CUSTOMER-REFUSED", Step.SIGN_IN): lambda e: e.sign_in("nobody"),
    ("SW-CLOUD-DOWN", Step.PREPARE): while_preparing(cloud_down),
    ("SW-CLOUD-DOWN", Step.SETTING_UP): while_making_it_yours(cloud_down),
    ("SW-CLOUD-DOWN", Step.DONE): while_renaming(cloud_down),
    **CLOUD_TRUST_ROADS,
    ("SW-CLOUD-BROKEN", Step.PREPARE): while_preparing(cloud(garbage=True)),
    ("SW-CLOUD-BROKEN", Step.SETTING_UP): while_making_it_yours(cloud(status=500)),
    ("SW-CLOUD-BROKEN", Step.DONE): while_renaming(cloud(garbage=True)),
    ("SW-CLOUD-BUSY", Step.PREPARE): while_preparing(cloud(status=429)),
    ("SW-CLOUD-BUSY", Step.SETTING_UP): while_making_it_yours(cloud(status=429)),
    ("SW-CLOUD-BUSY", Step.DONE): while_renaming(cloud(status=429)),
    ("SW-TOKEN-REFUSED", Step.PREPARE): while_preparing(cloud(status=401, **TOKENS)),
    ("SW-TOKEN-REFUSED", Step.SETTING_UP): while_making_it_yours(cloud(status=401)),
    ("SW-TOKEN-REFUSED", Step.DONE): while_renaming(cloud(status=401)),
    ("SW-NOT-YOURS", Step.SETTING_UP): while_making_it_yours(sold),
    ("SW-NOT-YOURS", Step.DONE): while_renaming(sold),
    ("SW-SOMEBODY-ELSES", Step.SETTING_UP): while_saving(sold),
    ("SW-NOT-IN-PRODUCT", Step.SETTING_UP): with_a_stranger,
    ("SW-DEVICE-OFFLINE", Step.DONE): while_proving_it_lives(cloud(status=408)),
    ("SW-DEVICE-SLOW", Step.DONE): while_proving_it_lives(busy_device),
    ("SW-ARGUMENT-LENGTH", Step.DONE): while_proving_it_lives(nothing, argument="x" * 623),
    ("SW-NOT-EXPOSED", Step.DONE): while_proving_it_lives(nothing, function="fly"),
    ("SW-UNEXPECTED", Step.PREPARE): while_preparing(bug),
    ("SW-UNEXPECTED", Step.JOIN): while_looking(bug),
    ("SW-UNEXPECTED", Step.NETWORK): while_rescanning(bug),
    ("SW-UNEXPECTED", Step.SETTING_UP): while_saving(bug),
    ("SW-UNEXPECTED", Step.DONE): while_renaming(bug),
    ("SW-NO-WIFI", Step.PREPARE): while_preparing(no_wifi),
}
"""A road to every failure, for every step that a person can stand at with it."""

AT_THE_DOOR: dict[Step, Callable[[Fault], Road]] = {
    Step.SIGN_IN: while_asking_for_a_code,
    Step.SIGN_IN_CODE: while_typing_it,
    Step.WELCOME: while_signing_out,
}
FAULTS_AT_THE_DOOR: dict[str, Fault] = {
    "SW-BACKEND-DOWN": backend_down,
    "SW-BACKEND-UNTRUSTED": backend_untrusted,
    "SW-BACKEND-BROKEN": backend_replaced(status=500),
    "SW-BACKEND-BUSY": backend_replaced(status=429),
    "SW-UNEXPECTED": bug,
}
ROADS |= {
    (code, step): road(fault)
    for step, road in AT_THE_DOOR.items()
    for code, fault in FAULTS_AT_THE_DOOR.items()
}
