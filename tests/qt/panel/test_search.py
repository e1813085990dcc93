"""A search through a full table is made in slices: the window goes on meanwhile."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from setup_wizard.live.log import SIEVED
from setup_wizard.qt.panel import event_area
from tests.qt.panel.outside import KITCHEN, said

ROWS = 3 * SIEVED


def test_a_long_search_is_made_in_slices_and_the_last_words_count(
    open_panel, house, qtbot, monkeypatch
):
    monkeypatch.setattr(event_area, "SIEVING", 0.0)
    panel = open_panel(capacity=ROWS)
    house.cloud.handed.put(*(said(name="n", data=str(number)) for number in range(ROWS)))
    qtbot.waitUntil(lambda: panel.events.model.rowCount() == ROWS)

    panel.events.set_devices(frozenset())
    assert panel.events.model.rowCount() == ROWS
    panel.events.set_devices(frozenset({str(KITCHEN.device_id)}))
    panel.events.findChild(QLineEdit, "search").setText("99")

    qtbot.waitUntil(lambda: 0 < panel.events.model.rowCount() < 100)
    shown = [panel.events.model.text(row, 3) for row in range(panel.events.model.rowCount())]
    assert shown == [str(number) for number in range(ROWS) if "99" in str(number)]
