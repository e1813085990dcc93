"""From the last page to the panel and back: one thread for live events, which is lent."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent

from setup_wizard.domain.life import LifeDue, LifeFailed, LifePassed, LifeWaiting
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Step
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.done import DonePage
from setup_wizard.qt.panel.host import TOLD, PanelHost
from setup_wizard.qt.panels import Panels
from tests.flow.samples import BUTTON, DEVICE, LED
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import Dress, dress, undress
from tests.qt.panel.outside import House, said


@pytest.fixture
def look(qapp):
    yield dress(qapp, Dress())
    undress(qapp)


@pytest.fixture
def controller(qapp, house):
    made = Controller(scenes.done_online(), house.open)
    made.start()
    yield made
    assert made.stop(), "a thread outlived the window"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def host(qapp, look, controller, house):
    page = DonePage(look)
    made = PanelHost(page, controller, house.open, None)
    yield made
    made.close()
    page.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def watches(controller, monkeypatch) -> list[int]:
    """The runs that the live thread is asked to watch."""
    asked: list[int] = []
    controller._watch_wanted.connect(lambda run, *_: asked.append(run))
    return asked


def test_it_opens_for_the_device_of_the_last_page(host, house, qtbot):
    house.cloud.listed = (DEVICE,)

    host.open()

    qtbot.waitUntil(host.panel.isVisible)
    qtbot.waitUntil(lambda: host.panel.devices.device == DEVICE)


def test_a_panel_that_is_not_wanted_any_more_is_closed_however_far_it_is(host):
    host.open()
    host.close()

    assert host.panel is None


def test_a_second_opening_shows_the_same_panel(host):
    host.open()
    first = host.panel

    host.open()

    assert host.panel is first


def test_without_a_device_there_is_no_panel(host, controller):
    controller.state = scenes.choosing()

    host.open()

    assert host.panel is None


def test_the_last_page_hears_its_device_through_the_panel(host, house, controller, qtbot):
    host.open()

    house.cloud.handed.put(said(name="button", data="pressed"))

    qtbot.waitUntil(lambda: "button" in controller.state.heard)


def test_the_makers_test_passes_while_the_panel_is_open(host, house, controller, qtbot):
    now = time.monotonic()
    life = LifeWaiting(BUTTON, now, now + 60.0)
    controller.state = replace(controller.state, life_test=BUTTON, life=life)
    host.open()

    crowd = [said(name=f"noise {number}") for number in range(3 * TOLD)]
    house.cloud.handed.put(said(name="button", data="pressed"), *crowd)

    qtbot.waitUntil(lambda: isinstance(controller.state.life, LifePassed))


def test_the_makers_test_begins_while_the_panel_is_open(host, controller, qtbot):
    host.open()
    controller.state = replace(controller.state, life_test=LED, life=LifeDue(LED))

    controller._begin_watch(
        controller.state.run, m.Watch(controller.state.provision.access, DEVICE.device_id)
    )

    qtbot.waitUntil(
        lambda: isinstance(controller.state.life, LifeWaiting | LifePassed | LifeFailed)
    )


@pytest.mark.parametrize("next_customer", ["", "joe@example.com"])
def test_a_panel_ends_with_the_sign_in_of_its_customer(host, controller, next_customer):
    host.open()

    controller.state_changed.emit(replace(controller.state, customer=next_customer))

    assert host.panel is None


def test_a_panel_stays_while_its_customer_sets_another_device_up(host, controller):
    host.open()

    controller.dispatch(m.SetUpAnotherPressed())

    assert host.panel is not None


def test_the_last_page_does_not_hear_other_devices(host, house, controller, qtbot):
    host.open()

    house.cloud.handed.put(said(name="strange", device="f" * 24), said(name="own"))

    qtbot.waitUntil(lambda: "own" in controller.state.heard)
    assert "strange" not in controller.state.heard


def test_a_new_name_is_the_last_pages_too(host, controller):
    host.open()

    host.panel.renamed.emit(DEVICE.device_id, "Hall")

    assert controller.state.name == "Hall"


def test_the_thread_is_given_back_when_the_panel_closes(
    host, house, controller, monkeypatch, qtbot
):
    asked = watches(controller, monkeypatch)
    work = m.Watch(controller.state.provision.access, DEVICE.device_id)
    host.open()
    qtbot.waitUntil(lambda: house.cloud.sources != [])
    controller._begin_watch(controller.state.run, work)
    assert asked == [], "the panel has the thread"

    host.close()

    assert host.panel is None
    assert asked == [controller.state.run]
    qtbot.waitUntil(lambda: house.cloud.handed.stopped)


def test_what_is_no_longer_wanted_is_not_watched_again(host, controller, monkeypatch):
    asked = watches(controller, monkeypatch)
    host.open()
    controller._begin_watch(
        controller.state.run, m.Watch(controller.state.provision.access, DEVICE.device_id)
    )
    controller.dispatch(m.SetUpAnotherPressed())

    host.close()

    assert asked == []


def test_the_button_of_the_last_page_opens_it(stage, monkeypatch):
    opened = stage(scenes.done_online())
    calls: list[bool] = []
    monkeypatch.setattr(PanelHost, "open", lambda self: calls.append(True))
    panels = Panels(opened.controller, opened.window, House().open, remembers=False)
    panels.attend()
    assert opened.window.page_of(Step.DONE) is opened.window.page

    opened.button("primary").click()

    assert opened.button("primary").text() == "Open panel"
    assert calls == [True]
