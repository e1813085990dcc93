"""Every command ends in one report, however it ends."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import count

import pytest

from setup_wizard.domain.errors import (
    BackendUnreachable,
    CloudUnreachable,
    DeviceNotFound,
    TokenRefused,
)
from setup_wizard.domain.wifi import Credentials
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import SAVE_BUDGET
from setup_wizard.flow.life_messages import Listening
from setup_wizard.flow.steps import Stage
from tests.flow.fakes import World, failure
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    BY_KEY,
    CREDENTIALS,
    DEVICE_ID,
    HIDDEN,
    HOME,
    IDENTITY,
    PROVISION,
    WRONG,
    event,
)

SET_UP = m.SetUp(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp")
VERIFY = m.Verify(PROVISION, IDENTITY, CREDENTIALS, ACCESS_POINT, "Lamp")
WATCH = m.Watch(ACCESS, DEVICE_ID)
RENAME = m.Rename(ACCESS, DEVICE_ID, "Lamp")
MISTYPED = replace(SET_UP, credentials=Credentials(HOME, WRONG))
CANCELLABLE: list[m.Work] = [
    m.Prepare(proof=BY_KEY),
    m.FindDevice(),
    m.ScanNetworks(),
    SET_UP,
    MISTYPED,
    VERIFY,
]


def a_world(work: m.Work) -> World:
    """One in which that work has to wait for something before it ends well, or at all."""
    world = World()
    world.backend.fail("provision", BackendUnreachable())
    world.link.scans = [(), (HOME,)]
    if isinstance(work, m.FindDevice | m.SetUp):
        world.link.answering = None
        world.clock.at(5.0, world.device_comes_back)
    if isinstance(work, m.Verify):
        world.backend = World().backend
        world.link.stored = CREDENTIALS
        world.device_leaves()
    return world


# --- stopping -------------------------------------------------------------------------------


@pytest.mark.parametrize("work", CANCELLABLE, ids=lambda work: type(work).__name__)
def test_the_person_may_stop_at_any_moment_and_hears_of_it_once(work: m.Work) -> None:
    for look in count(1):
        world = a_world(work)
        world.clock.cancel_at = look
        reports = world.perform(work)
        if not world.clock.cancelled:
            break

        assert reports.count(m.Stopped()) == 1, look
        assert reports[-1] == m.Stopped(), look

    assert look > 2
    assert m.Stopped() not in reports


@pytest.mark.parametrize("work", CANCELLABLE, ids=lambda work: type(work).__name__)
def test_the_person_may_stop_at_any_report(work: m.Work) -> None:
    full = a_world(work).perform(work)
    for number in range(1, len(full)):
        world = a_world(work)

        def stop_at_report(report: m.Report, world: World = world, number: int = number) -> None:
            world.reports.append(report)
            world.clock.cancelled = world.clock.cancelled or len(world.reports) == number

        world.perform_telling(work, stop_at_report)

        assert world.reports[:number] == full[:number]
        assert world.reports[-1] == m.Stopped() or len(world.reports) == len(full)
        assert world.reports.count(m.Stopped()) <= 1


def test_a_stop_before_anything_is_saved_leaves_the_device_as_it_was() -> None:
    world = World()
    world.clock.cancelled = True

    assert world.perform(SET_UP) == [m.StageStarted(Stage.SAVE, budget=SAVE_BUDGET), m.Stopped()]
    assert world.link.calls == []


# --- failing --------------------------------------------------------------------------------


def test_a_failure_says_how_long_it_took() -> None:
    world = World()
    world.link.answering = None

    (report,) = world.perform(m.FindDevice())

    assert isinstance(report, m.SetupFailed)
    assert isinstance(report.error, DeviceNotFound)
    assert report.seconds >= m.FindDevice().seconds


def test_a_fault_of_ours_is_not_hidden() -> None:
    def stumble() -> None:
        raise ZeroDivisionError

    world = World()
    world.link.on_connect = stumble

    with pytest.raises(ZeroDivisionError):
        world.perform(SET_UP)
    assert not isinstance(world.reports[-1], m.SetupFailed | m.Stopped)


def test_neither_the_log_nor_the_reports_tell_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        told = [a_world(work).perform(work) for work in CANCELLABLE]

    assert "stage=save attempt=1/1" in caplog.text
    assert HIDDEN not in caplog.text
    assert HIDDEN not in repr(told)
    assert HIDDEN not in repr(CANCELLABLE)


# --- beside the journey ---------------------------------------------------------------------


def test_live_events_are_told_one_after_the_other() -> None:
    world = World()
    world.cloud.live = (event(1), event(2, "button"))

    at = world.clock.now()
    assert world.perform(WATCH) == [
        Listening(),
        m.DeviceSpoke((event(1),), at),
        m.DeviceSpoke((event(2, "button"),), at),
    ]
    assert world.cloud.opened == [ACCESS]


def test_watching_ends_quietly_when_it_is_stopped() -> None:
    world = World()
    world.cloud.goes_on = True
    world.clock.cancel_at = 10

    assert world.perform(WATCH) == [Listening()]


def test_a_stream_that_is_refused_is_a_failure() -> None:
    world = World()
    world.cloud.fail("events", TokenRefused())

    assert isinstance(failure(world.perform(WATCH)), TokenRefused)


def test_a_name_is_given_at_the_cloud_and_written_down() -> None:
    world = World()

    assert world.perform(RENAME) == [m.Renamed("Lamp")]
    assert world.cloud.named == world.backend.recorded == [(DEVICE_ID, "Lamp")]


def test_a_name_that_the_cloud_did_not_take_is_not_written_down() -> None:
    world = World()
    world.cloud.fail("rename", CloudUnreachable())

    assert isinstance(failure(world.perform(RENAME)), CloudUnreachable)
    assert world.backend.recorded == []
