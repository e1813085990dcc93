"""The last page shows what the device says, whatever it says."""

from __future__ import annotations

import pytest

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.flow import messages as m
from setup_wizard.qt.widgets import Sparkline
from tests.flow.roads import after
from tests.flow.samples import DEVICE_ID
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import part


def spoke(data: str, published_at: str = "2026-01-01T00:02:00Z") -> m.DeviceSpoke:
    return m.DeviceSpoke((DeviceEvent("temperature", data, published_at, str(DEVICE_ID)),))


@pytest.mark.parametrize("data", ["nan", "inf", "-inf", "1e999", "warm", ""])
def test_what_is_no_number_leaves_the_curve_as_it_was(stage, data):
    opened = stage(scenes.done_alive())
    before = part(opened.window.page, Sparkline, "plot").values()
    assert len(before) > 1

    opened.show(after(scenes.done_alive(), spoke(data)))

    assert part(opened.window.page, Sparkline, "plot").values() == before


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "now"])
def test_a_time_that_cannot_be_is_shown_as_it_is(stage, when):
    opened = stage(after(scenes.done_alive(), spoke("21.5", when)))

    assert when in opened.window.page.findChild(object, "events").rows()[0].time
