"""The window's sign-ins against a real backend: by key, by account, and again in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from setup_wizard.backend import HttpBackend
from setup_wizard.bootstrap import open_outside
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.device import DeviceId
from setup_wizard.flow.machine import start
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Cancellation, Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.sign_out import SignOutLink
from setup_wizard.qt.window import Window
from setup_wizard.service.server import RunningService
from setup_wizard.service.sign_in_settings import AccountsSettings
from setup_wizard.settings import Settings
from setup_wizard.simulators.world import World
from tests.journeys.traveller import HastyWorld
from tests.qt.helpers.stage import Dress, Stage, dress, settle, undress
from tests.qt.test_window_in_the_world import (
    CUSTOMER,
    LONG,
    choose_networks,
    sign_in,
)
from tests.service.issuer import AUDIENCE, Issuer

pytestmark = pytest.mark.slow


class Guest(Stage):
    """The window of somebody whom nobody knows, at this backend."""

    def __init__(self, app, world: World, backend_url: str) -> None:
        told = world.announce()
        self.backend_url = backend_url
        settings = Settings(
            backend_url=backend_url,
            device=f"tcp://{told['photon']['tcp']},http://{told['photon']['http']}",
            wifi_url=told["wifi"]["url"],
        )
        self.app = app
        self.look = dress(app, Dress())
        self.before_record: list[Callable[[], None]] = []
        """What happens meanwhile elsewhere, each once."""
        self.controller = Controller(start(needs_sign_in=True), lambda: self._open(settings))
        self.window = Window(self.look, self.controller, PageBook(asks_key=True))
        self.window.show_in_corner(SignOutLink(self.look, self.controller))
        self.window.show()
        self.controller.start()
        settle(app)

    def _open(self, settings: Settings) -> Outside:
        outside = open_outside(settings)
        record = outside.backend.record

        def record_then(device_id: DeviceId, name: str, cancel: Cancellation) -> None:
            while self.before_record:
                self.before_record.pop()()
            record(device_id, name, cancel)

        outside.backend.record = record_then  # type: ignore[method-assign]
        return outside

    def end_session(self) -> None:
        """As when it was withdrawn, or its time is over."""
        session = self.state.session
        assert session is not None
        other = HttpBackend(self.backend_url)
        other.resume(session.token)
        other.sign_out(StopSwitch())


@pytest.fixture
def world() -> Iterator[World]:
    with HastyWorld(pace=0.6, scan_seconds=0.0) as made:
        yield made


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as made:
        yield made


@pytest.fixture
def guest(qapp, world, issuer) -> Iterator[Guest]:
    """At a backend that offers all ways in."""
    accounts = AccountsSettings(issuer.url, AUDIENCE)
    with RunningService(replace(world.service_settings, accounts=accounts)) as service:
        made = Guest(qapp, world, service.url)
        yield made
        assert made.controller.stop()
        made.close()
        undress(qapp)


def ask_who(guest: Guest, qtbot) -> None:
    guest.button("primary").click()
    qtbot.waitUntil(lambda: guest.state.step is Step.SIGN_IN, timeout=LONG)
    settle(guest.app)


def set_up(guest: Guest, world: World, qtbot) -> None:
    guest.field("passphrase").setText(world.networks[0].passphrase)
    guest.button("primary").click()


def type_secret(guest: Guest, name: str, text: str) -> None:
    around = guest.window.page.findChild(QWidget, name)
    assert around is not None
    field = around.findChild(QLineEdit)
    assert field is not None
    field.setText(text)


def finish(guest: Guest, world: World, qtbot) -> None:
    choose_networks(guest, world, qtbot)
    set_up(guest, world, qtbot)
    qtbot.waitUntil(lambda: guest.state.step is Step.DONE, timeout=LONG)
    assert world.cloud.device(world.photon.device_id)["owner"] == CUSTOMER


def test_an_installer_brings_a_customers_device_online(guest, world, qtbot):
    ask_who(guest, qtbot)
    guest.button_named("by_key").click()
    guest.field("email").setText(CUSTOMER)
    type_secret(guest, "installer_key", world.installer_key)
    guest.button("primary").click()

    finish(guest, world, qtbot)


def test_a_customer_with_an_account_brings_a_device_online(guest, world, issuer, qtbot):
    ask_who(guest, qtbot)
    guest.button_named("by_account").click()
    type_secret(guest, "account_pass", issuer.token())
    guest.button("primary").click()

    finish(guest, world, qtbot)


def test_a_session_that_ends_in_the_middle_costs_a_code_and_nothing_that_was_typed(
    guest, world, qtbot
):
    guest.button("primary").click()
    sign_in(guest, world, qtbot)
    choose_networks(guest, world, qtbot)
    guest.before_record.append(guest.end_session)
    set_up(guest, world, qtbot)
    qtbot.waitUntil(lambda: guest.state.error is not None, timeout=LONG)
    settle(guest.app)
    assert (guest.state.step, guest.state.error.code) == (Step.SIGN_IN, "SW-SIGN-IN-EXPIRED")
    assert guest.field("email").text() == CUSTOMER
    assert guest.state.credentials is not None

    sign_in(guest, world, qtbot)
    qtbot.waitUntil(lambda: guest.state.step is Step.DONE, timeout=LONG)

    assert len(world.photon.stored["networks"]) == 1


def test_signing_out_leads_back_to_the_question(guest, world, qtbot):
    guest.button("primary").click()
    sign_in(guest, world, qtbot)
    qtbot.waitUntil(lambda: guest.state.step is Step.LISTENING, timeout=LONG)
    settle(guest.app)

    guest.window.findChild(QAbstractButton, "sign_out").click()
    qtbot.waitUntil(lambda: not guest.state.working, timeout=LONG)
    settle(guest.app)

    assert (guest.state.step, guest.state.error) == (Step.WELCOME, None)
    ask_who(guest, qtbot)
    assert guest.field("email").text() == ""
