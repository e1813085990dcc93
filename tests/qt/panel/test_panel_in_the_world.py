"""The panel on the simulated cloud, through the real client: events, a cut, and the end."""

from __future__ import annotations

import threading
import time

import pytest
import requests
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QListWidget

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import TokenRefused
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session
from setup_wizard.particle.client import ParticleCloud
from setup_wizard.ports import Outside
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.event_model import Column
from setup_wizard.qt.panel.feed import Feed
from setup_wizard.qt.panel.memory import Memory
from setup_wizard.qt.panel.window import PanelWindow
from setup_wizard.simulators.cloud import Cloud
from setup_wizard.simulators.cloud.faults import Faults
from tests.flow.fake_backend import FakeBackend, FakeSessions
from tests.flow.fakes import FakeFiles, FakeLink, FakeWifi

DEVICE = "3a001b000447343138333038"
STRANGER = "4b002c000547343138333038"
STREAM = "event-stream"

pytestmark = pytest.mark.slow


@pytest.fixture
def cloud():
    with Cloud() as made:
        made.add_device(
            DEVICE,
            name="Kitchen",
            functions={"led": 7},
            variables={"temperature": 21.5},
            owner=made.username,
            online=True,
        )
        yield made


@pytest.fixture
def backend(cloud) -> FakeBackend:
    made = FakeBackend()
    made.of_the_product = CloudAccess(cloud.url, Secret(cloud.events_token), cloud.product)
    return made


@pytest.fixture
def panel(qapp, look, cloud, backend, thread, qtbot):
    access = CloudAccess(cloud.url, Secret(cloud.team_token))

    def outside() -> Outside:
        return Outside(FakeLink(), FakeWifi(), FakeFiles(), backend, FakeSessions(), ParticleCloud)

    staff = Session(Secret("session"), watches_product=True)
    session = PanelAccess(access, outside, session=staff)
    made = PanelWindow(look, session, Feed(session.stream, thread), Memory(None))
    made.begin()
    made.show()
    qtbot.waitUntil(lambda: cloud.summary()["streams"] == 1)
    yield made
    made.close()
    assert made._feed.wait(2.0)
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def column(panel, which: Column) -> list[str]:
    return [panel.events.model.text(row, which) for row in range(panel.events.model.rowCount())]


def streams() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == STREAM]


def test_what_a_device_publishes_is_shown(panel, cloud, qtbot):
    cloud.publish(DEVICE, "temperature", "21.5")

    qtbot.waitUntil(lambda: column(panel, Column.DATA) == ["21.5"])
    qtbot.waitUntil(lambda: column(panel, Column.DEVICE) == ["Kitchen"])


def test_a_function_is_called_there(panel, cloud, qtbot):
    qtbot.waitUntil(lambda: panel.devices.count() == 3)
    panel.devices.setCurrentRow(2)

    panel.findChild(QAbstractButton, "call").click()

    listed = panel.findChild(QListWidget, "history")
    qtbot.waitUntil(lambda: "returned 7" in listed.item(0).text())


def test_a_cut_is_told_and_leaves_a_row(panel, cloud, qtbot):
    cloud.publish(DEVICE, "temperature", "1")
    qtbot.waitUntil(lambda: column(panel, Column.DATA) == ["1"])

    cloud.faults = Faults(drop_streams="cut")
    qtbot.waitUntil(lambda: "Connection lost" in panel._state.text)
    cloud.faults = Faults()
    qtbot.waitUntil(lambda: panel.events.model.rowCount() == 2, timeout=15_000)

    assert "events may be missing" in column(panel, Column.DATA)[1]
    assert panel._state.text == "Live"


def test_closed_while_reconnecting_it_leaves_no_thread(panel, cloud, qtbot):
    cloud.faults = Faults(
        status=503, path_prefix="/v1/devices/events", times=1_000, drop_streams="cut"
    )
    qtbot.waitUntil(lambda: "Connection lost" in panel._state.text)
    began = time.monotonic()

    panel.close()

    assert panel._feed.wait(2.0)
    assert time.monotonic() - began < 1.5, "0.2 on a computer with nothing else to do"
    qtbot.waitUntil(lambda: streams() == [])


def test_staff_hear_a_stranger_s_device_until_the_token_is_withdrawn(
    panel, cloud, backend, qtbot, look
):
    cloud.add_device(STRANGER, owner="joe@example.com", online=True)
    panel.devices.setCurrentRow(1)
    qtbot.waitUntil(lambda: cloud.summary()["streams_opened"] == 2)
    cloud.publish(STRANGER, "temperature", "4.5")
    qtbot.waitUntil(lambda: column(panel, Column.DATA)[1:] == ["4.5"])
    assert STRANGER[:10].upper() in column(panel, Column.DEVICE)[1]

    requests.delete(f"{cloud.url}/v1/access_tokens/{cloud.events_token}", timeout=10)
    cloud.faults = Faults(drop_streams="cut")

    sentence = look.words.error(TokenRefused()).sentence
    qtbot.waitUntil(lambda: sentence in panel._state.text, timeout=15_000)
    assert backend.count("product_access") == 2, "a new one was asked for, once"
