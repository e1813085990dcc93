"""The work before the device is told anything: session, claim code, finding it, its networks."""

from __future__ import annotations

from setup_wizard.domain.cloud import Provision
from setup_wizard.domain.errors import (
    BackendUnreachable,
    DeviceNotFound,
    NoNetworksSeen,
    NoWifi,
)
from setup_wizard.domain.wifi import Network
from setup_wizard.flow.budgets import ASK_BUDGET, ATTEMPTS, FIND_PAUSE, SCAN_PAUSE, SCAN_TRIES
from setup_wizard.flow.messages import DeviceFound, FindDevice, Prepare, Prepared
from setup_wizard.flow.sign_in_messages import SignedIn
from setup_wizard.flow.sign_in_work import enter, forgetting
from setup_wizard.flow.steps import Stage
from setup_wizard.flow.work import Bench
from setup_wizard.ports import WifiState


def prepare(work: Prepare, bench: Bench) -> Prepared:
    """Fetch what needs the internet, for the computer is about to leave it."""
    backend = bench.outside.backend

    def provision() -> Provision:
        if work.session is not None:
            backend.resume(work.session.token)
        elif work.proof is not None:
            bench.tell(SignedIn(enter(work.proof, backend, bench.cancel)))
        return backend.provision(bench.cancel)

    def reach() -> None:
        backend.reach(bench.cancel)

    with bench.within(ASK_BUDGET, BackendUnreachable):
        bench.stage(Stage.REACH_BACKEND, reach, attempts=ATTEMPTS, budget=ASK_BUDGET)
    with forgetting(bench), bench.within(ASK_BUDGET, BackendUnreachable):
        provisioned = bench.stage(Stage.PROVISION, provision, attempts=ATTEMPTS, budget=ASK_BUDGET)
    fetched_at = bench.cancel.now()
    wifi = bench.stage(Stage.CHECK_WIFI, lambda: _check_wifi(bench))
    return Prepared(provisioned, wifi.network, fetched_at)


def _check_wifi(bench: Bench) -> WifiState:
    state = bench.outside.wifi.state()
    if state.present is False:
        raise NoWifi
    return state


def find_device(work: FindDevice, bench: Bench) -> DeviceFound:
    """Ask until a device answers: the one sign that this computer is on its network."""
    until = bench.cancel.now() + work.seconds
    while bench.cancel.now() < until:
        if bench.outside.link.look(bench.cancel) is not None:
            # From here on this is the device that secrets may go to.
            identity = bench.outside.link.identify(bench.cancel)
            return DeviceFound(identity, bench.outside.wifi.state().network)
        bench.cancel.wait(FIND_PAUSE)
    raise DeviceNotFound


def scan_networks(bench: Bench) -> tuple[Network, ...]:
    """The device's own list: only what it hears can it join."""
    for attempt in range(SCAN_TRIES):
        if attempt:
            bench.cancel.wait(SCAN_PAUSE)
        networks = bench.outside.link.scan(bench.cancel)
        if networks:
            return networks
    raise NoNetworksSeen
