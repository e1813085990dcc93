"""Where a certificate can be turned down: at the backend, and at the cloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from setup_wizard.backend import HttpBackend
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.secret import Secret
from setup_wizard.flow import messages as m
from setup_wizard.flow.machine import start
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Stage, Step
from setup_wizard.particle.session import InjectedSession
from tests.journeys.traveller import QuickClock

if TYPE_CHECKING:
    from tests.journeys.roads import Explorer

Road = Callable[["Explorer"], State]


def backend_untrusted(explorer: Explorer) -> None:
    """Somebody else's certificate where the backend was."""
    cast(HttpBackend, explorer.outside.backend)._web.base = explorer.distrusted


def cloud_untrusted(explorer: Explorer) -> None:
    """The same where the cloud was, for what is asked there from now on."""
    reach = explorer.outside.open_cloud
    # In the ports themselves, which the work that is under way has in its hands.
    object.__setattr__(
        explorer.outside,
        "open_cloud",
        lambda access: reach(replace(access, url=explorer.distrusted)),
    )


def preparing_with_a_token(explorer: Explorer) -> State:
    """The program was handed the customer's token: what is prepared is asked of the cloud."""
    access = CloudAccess(explorer.distrusted, Secret("0" * 40), None)
    explorer.outside = replace(explorer.outside, backend=InjectedSession(access))
    explorer.state = start(needs_sign_in=False)
    return explorer.act(m.StartPressed())


def naming_it(explorer: Explorer) -> State:
    """It was given a name before it was online, as `provision --name` does."""

    def hear(report: m.Report, _clock: QuickClock) -> None:
        if isinstance(report, m.StageStarted) and report.stage is Stage.MAKE_YOURS:
            cloud_untrusted(explorer)

    explorer.find_device()
    explorer.on_report = hear
    secret = Secret(explorer.world.networks[0].passphrase)
    network = explorer.network(explorer.world.networks[0].ssid)
    return explorer.act(m.SetUpPressed(network, secret, "Kitchen"))


def renaming_it(explorer: Explorer) -> State:
    explorer.set_up()
    cloud_untrusted(explorer)
    return explorer.act(m.NamePressed("Kitchen"))


CLOUD_TRUST_ROADS: dict[tuple[str, Step], Road] = {
    ("SW-CLOUD-UNTRUSTED", Step.PREPARE): preparing_with_a_token,
    ("SW-CLOUD-UNTRUSTED", Step.SETTING_UP): naming_it,
    ("SW-CLOUD-UNTRUSTED", Step.DONE): renaming_it,
}
