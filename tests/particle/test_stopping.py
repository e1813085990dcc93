"""Nobody waits for a cloud that is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.secret import Secret
from setup_wizard.particle.client import ParticleCloud
from setup_wizard.particle.session import InjectedSession
from setup_wizard.ports import Cancellation
from tests.particle.conftest import TOKEN
from tests.particle.servers import Answer, scripted_server
from tests.silence import AT_ONCE, SilentServer, seconds_to_stop, silent_server

DEVICE = DeviceId("0123456789abcdef01234567")

CALLS: dict[str, Callable[[CloudAccess, Cancellation], object]] = {
    "devices": lambda access, cancel: ParticleCloud(access).devices(cancel),
    "device": lambda access, cancel: ParticleCloud(access).device(DEVICE, cancel),
    "ping": lambda access, cancel: ParticleCloud(access).ping(DEVICE, cancel),
    "rename": lambda access, cancel: ParticleCloud(access).rename(DEVICE, "Lamp", cancel),
    "call": lambda access, cancel: ParticleCloud(access).call(DEVICE, "led", "", cancel),
    "read": lambda access, cancel: ParticleCloud(access).read(DEVICE, "lamp", cancel),
    "injected reach": lambda access, cancel: InjectedSession(access).reach(cancel),
    "injected provision": lambda access, cancel: InjectedSession(access).provision(cancel),
}


@pytest.fixture
def silence() -> Iterator[SilentServer]:
    with silent_server() as server:
        yield server


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_silent_cloud_is_left_at_once(
    silence: SilentServer, call: Callable[[CloudAccess, Cancellation], object]
) -> None:
    access = CloudAccess(silence.url, Secret(TOKEN))

    assert seconds_to_stop(silence, lambda cancel: call(access, cancel)) < AT_ONCE


def test_after_a_stop_the_same_cloud_can_be_asked_again(silence: SilentServer) -> None:
    cloud = ParticleCloud(CloudAccess(silence.url, Secret(TOKEN)))
    seconds_to_stop(silence, cloud.devices)

    with scripted_server() as server:
        server.answer = Answer(body=[])
        cloud._api._web.base = server.url

        assert cloud.devices(StopSwitch()) == ()
