"""The window against the simulated world: real adapters, real sockets, nothing scripted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit

from setup_wizard.bootstrap import open_outside
from setup_wizard.flow.machine import start
from setup_wizard.flow.steps import Step
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.window import Window
from setup_wizard.settings import Settings
from setup_wizard.simulators.world import World
from tests.journeys.traveller import HastyWorld
from tests.letter_box import code_sent_by
from tests.qt.helpers.stage import Dress, Stage, dress, settle, undress

CUSTOMER = "jane@example.com"
LONG = 20_000  # ms; a journey in a quick world takes about 5 s


class Visit(Stage):
    """The window of a customer in this world."""

    def __init__(self, app, world: World) -> None:
        told = world.announce()
        settings = Settings(
            backend_url=told["backend"]["url"],
            device=f"tcp://{told['photon']['tcp']},http://{told['photon']['http']}",
            wifi_url=told["wifi"]["url"],
        )
        self.app = app
        self.look = dress(app, Dress())
        state = start(needs_sign_in=True)
        self.controller = Controller(state, lambda: open_outside(settings))
        self.window = Window(self.look, self.controller, PageBook(asks_key=True))
        self.window.show()
        self.controller.start()
        settle(app)


@pytest.fixture(params=[False, True], ids=["two radios", "one radio"])
def world(request) -> Iterator[World]:
    # Not quicker: the window's own waits are real, and a device must be seen to leave.
    with HastyWorld(single_radio=request.param, pace=0.6, scan_seconds=0.0) as made:
        yield made


@pytest.fixture
def visit(qapp, world) -> Iterator[Visit]:
    made = Visit(qapp, world)
    yield made
    assert made.controller.stop()
    made.close()
    undress(qapp)


def sign_in(visit: Stage, world: World, qtbot) -> None:
    """By the code from the e-mail, from wherever the address is asked for."""
    qtbot.waitUntil(lambda: visit.state.step is Step.SIGN_IN, timeout=LONG)
    visit.field("email").setText(CUSTOMER)
    code = code_sent_by(visit.button("primary").click, world.mail, CUSTOMER)
    qtbot.waitUntil(lambda: visit.state.step is Step.SIGN_IN_CODE, timeout=LONG)
    visit.field("code").setText(code)
    visit.button("primary").click()


def go_to_networks(visit: Visit, world: World, qtbot) -> None:
    visit.button("primary").click()
    sign_in(visit, world, qtbot)
    choose_networks(visit, world, qtbot)


def choose_networks(visit: Stage, world: World, qtbot) -> None:
    """From the preparations on."""
    qtbot.waitUntil(lambda: visit.state.step is Step.LISTENING, timeout=LONG)
    visit.button("primary").click()
    world.choose_device()
    qtbot.waitUntil(lambda: visit.state.step is Step.NETWORK, timeout=LONG)
    settle(visit.app)


@pytest.mark.slow
def test_a_customer_brings_a_device_online_after_a_slip(visit, world, qtbot):
    home = world.networks[0]
    go_to_networks(visit, world, qtbot)

    visit.field("passphrase").setText("not the password")
    visit.button("primary").click()
    qtbot.waitUntil(lambda: visit.state.step is Step.WRONG_PASSPHRASE, timeout=LONG)
    assert visit.field("passphrase").echoMode() is QLineEdit.EchoMode.Normal

    visit.field("passphrase").setText(home.passphrase)
    visit.button("primary").click()
    world.choose_device()
    qtbot.waitUntil(lambda: visit.state.join_needed or visit.state.saved, timeout=LONG)
    world.choose_device()
    qtbot.waitUntil(lambda: visit.state.step is Step.DONE, timeout=LONG)
    qtbot.waitUntil(lambda: "temperature" in visit.state.heard, timeout=LONG)

    assert world.photon.state == "online"


@pytest.mark.slow
def test_a_backend_that_is_down_is_said_and_a_way_back_is_there(visit, world, qtbot):
    world.stop_backend()
    visit.button("primary").click()
    qtbot.waitUntil(lambda: visit.state.error is not None, timeout=LONG)
    settle(visit.app)

    assert visit.state.error.code == "SW-BACKEND-DOWN"
    assert visit.focus() == "error_action"
    visit.button("back").click()
    assert visit.state.step is Step.WELCOME
