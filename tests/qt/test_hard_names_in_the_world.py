"""Names and passwords that break other programs, through the window into the simulated device."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QComboBox

from setup_wizard.flow.steps import Step
from setup_wizard.qt.widgets import NetworkList
from setup_wizard.simulators.house import NETWORKS, HouseNetwork
from setup_wizard.simulators.world import World
from tests.identities import KEY_PASSWORD, as_the_device_takes_it, bundle, certificate, rsa_key
from tests.journeys.traveller import HastyWorld
from tests.qt.helpers.stage import part, settle
from tests.qt.test_window_in_the_world import LONG, Visit, go_to_networks, visit  # noqa: F401

CAFE = "Café ☕ d'Ani & Co <2.4>"
SIXTY_THREE = "  Zwölf Böxkämpfer ✓ 'jagen' \"Viktor\" \\ & <quer> 100 % {}"
SIXTY_THREE += " " * (63 - len(SIXTY_THREE.encode()))
OFFICE = NETWORKS[-1]


@pytest.fixture
def world() -> Iterator[World]:
    house = (HouseNetwork(CAFE, SIXTY_THREE, rssi=-57, channel=1), OFFICE)
    with HastyWorld(networks=house, pace=0.6, scan_seconds=0.0) as made:
        yield made


def choose(opened: Visit, name: str) -> None:
    networks = part(opened.window.page, NetworkList, "networks")
    row = next(row for row in networks.rows() if row.name == name)
    assert networks.select(row.key)
    settle(opened.app)


def stored(world: World) -> dict[str, str]:
    networks = world.photon.stored["networks"]
    assert isinstance(networks, list)
    return {k: v for k, v in networks[0].items() if isinstance(v, str)}


@pytest.mark.slow
def test_a_hard_name_and_63_mixed_bytes_go_through_unharmed(visit, world, qtbot) -> None:  # noqa: F811
    go_to_networks(visit, world, qtbot)
    choose(visit, CAFE)
    visit.field("passphrase").setText(SIXTY_THREE)
    visit.button("primary").click()
    qtbot.waitUntil(lambda: visit.state.step is Step.DONE, timeout=LONG)

    assert len(SIXTY_THREE.encode()) == 63
    assert bytes.fromhex(stored(world)["ssid_hex"]) == CAFE.encode()
    assert bytes.fromhex(stored(world)["passphrase_hex"]) == SIXTY_THREE.encode()


@pytest.mark.slow
def test_a_company_network_after_a_slip_in_the_user_name(visit, world, qtbot) -> None:  # noqa: F811
    go_to_networks(visit, world, qtbot)
    choose(visit, OFFICE.ssid)
    visit.field("user_name").setText("joe@warehouse.example")
    visit.field("passphrase").setText(OFFICE.passphrase)
    visit.button("primary").click()
    qtbot.waitUntil(lambda: visit.state.error is not None, timeout=LONG)
    refused = visit.state

    visit.field("user_name").setText(OFFICE.user_name)
    visit.button("primary").click()
    world.choose_device()
    qtbot.waitUntil(lambda: visit.state.step is Step.DONE, timeout=LONG)

    assert (refused.step, refused.error.code) == (Step.NETWORK, "SW-NETWORK-SIGN-IN")
    assert bytes.fromhex(stored(world)["inner_identity_hex"]).decode() == OFFICE.user_name
    assert bytes.fromhex(stored(world)["eap_password_hex"]).decode() == OFFICE.passphrase


@pytest.mark.slow
def test_a_certificate_file_is_read_off_the_windows_thread(visit, world, qtbot, tmp_path) -> None:  # noqa: F811
    own = certificate(rsa_key())
    (tmp_path / "jane.p12").write_bytes(bundle(rsa_key(), own))
    go_to_networks(visit, world, qtbot)
    choose(visit, OFFICE.ssid)
    part(visit.window.page, QComboBox, "sign_in_kind").setCurrentIndex(1)
    visit.field("certificate").setText(str(tmp_path / "jane.p12"))
    visit.button("primary").click()
    qtbot.waitUntil(lambda: visit.state.error is not None, timeout=LONG)
    refused = visit.state
    settle(visit.app)
    visit.field("passphrase").setText(KEY_PASSWORD)
    visit.button("primary").click()
    qtbot.waitUntil(lambda: visit.state.saved, timeout=LONG)

    assert (refused.step, refused.error.code) == (Step.NETWORK, "SW-KEY-PASSWORD-MISSING")
    pem = as_the_device_takes_it(own)
    assert bytes.fromhex(stored(world)["client_cert_hex"])[: len(pem)] == pem
