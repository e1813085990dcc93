"""Stages are shown as they are, counted while they run, and changed in place."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from setup_wizard.qt.widgets import CheckList, StageList, StageRow, StageState

SAVING = StageRow("save", "Saving", StageState.DONE, seconds=3.4)
JOINING = StageRow("join", "Joining HomeNet", StageState.RUNNING)
ONLINE = StageRow("online", "Going online")


@pytest.fixture
def stages(lively, qtbot, clock) -> StageList:
    made = StageList(lively, clock=clock)
    qtbot.addWidget(made)
    made.set_rows([SAVING, JOINING, ONLINE])
    return made


def row_widgets(stages):
    layout = stages.layout()
    return [layout.itemAt(place).widget() for place in range(layout.count())]


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.text()]


def test_each_stage_is_heard_with_state_and_time(stages, heard):
    assert [heard(row)[0] for row in row_widgets(stages)] == [
        "Saving, done, 3 s",
        "Joining HomeNet, running",
        "Going online, waiting",
    ]


def test_a_running_stage_counts_its_seconds(stages, clock):
    clock.now += 12.7
    stages._tick()

    assert texts(row_widgets(stages)[1]) == ["Joining HomeNet", "12 s"]


def test_a_stage_of_less_than_a_second_shows_no_figure(stages, clock):
    clock.now += 0.9
    stages._tick()

    assert texts(row_widgets(stages)[1]) == ["Joining HomeNet"]


def test_a_stage_that_went_on_running_is_not_counted_anew(stages, clock):
    clock.now += 5
    stages.set_rows(
        [SAVING, StageRow("join", "Joining HomeNet", StageState.RUNNING, "Second try"), ONLINE]
    )

    assert texts(row_widgets(stages)[1]) == ["Joining HomeNet", "Second try", "5 s"]


def limited(seconds: float, note: str = "") -> list[StageRow]:
    return [StageRow("join", "Joining HomeNet", StageState.RUNNING, note, budget=seconds)]


@pytest.mark.parametrize(
    ("passed", "left"),
    [
        (0.0, "at most 3 minutes more"),
        (59.9, "at most 3 minutes more"),
        (61.0, "at most 2 minutes more"),
        (119.0, "at most 2 minutes more"),
        (120.0, "1:00 left"),
        (135.5, "0:45 left"),
        (179.5, "0:01 left"),
        (200.0, "0:00 left"),
    ],
)
def test_what_is_left_is_told_calmly_and_at_the_end_to_the_second(stages, clock, passed, left):
    stages.set_rows(limited(180.0))
    clock.now += passed
    stages._tick()

    assert left in texts(row_widgets(stages)[0])


def test_what_is_left_stands_behind_what_is_noted(stages):
    stages.set_rows(limited(45.0, "Trying again (2)"))

    assert "Trying again (2) · 0:45 left" in texts(row_widgets(stages)[0])


def test_another_budget_is_counted_from_now(stages, clock):
    stages.set_rows(limited(180.0))
    clock.now += 150
    stages.set_rows(limited(300.0))

    assert "at most 5 minutes more" in texts(row_widgets(stages)[0])


def test_nothing_is_left_to_count_once_a_stage_is_over(stages):
    stages.set_rows([StageRow("join", "Joining", StageState.DONE, seconds=2.0, budget=180.0)])

    assert texts(row_widgets(stages)[0]) == ["Joining", "2 s"]


def test_ears_are_not_bothered_with_each_second(stages, clock, heard):
    stages.set_rows(limited(30.0, "Trying again (2)"))
    row = row_widgets(stages)[0]
    before = [heard(each) for each in (row, *row.findChildren(QLabel))]
    clock.now += 10
    stages._tick()

    assert "Trying again (2) · 0:20 left" in texts(row)
    assert heard(row)[0] == "Joining HomeNet, running, Trying again (2)"
    # A label with a name of its own is silent about its text.
    named = [each for each in row.findChildren(QLabel) if "left" in each.text()]
    assert [each.accessibleName() for each in named] == ["Trying again (2)"]
    assert len(before) == 4
    assert stages.now() == "Joining HomeNet\nTrying again (2)"


def test_rows_change_in_place(stages):
    before = row_widgets(stages)

    stages.set_rows([SAVING, StageRow("join", "Joining HomeNet", StageState.FAILED), ONLINE])

    assert row_widgets(stages) == before
    assert stages.rows()[1].state is StageState.FAILED


def test_rows_follow_the_order_that_is_given(stages):
    stages.set_rows([ONLINE, SAVING])

    assert [row.key for row in stages.rows()] == ["online", "save"]
    assert [texts(row)[0] for row in row_widgets(stages)] == ["Going online", "Saving"]


def test_a_note_does_not_move_the_rows_below(stages):
    before = stages.sizeHint().height()

    stages.set_rows(
        [SAVING, StageRow("join", "Joining HomeNet", StageState.RUNNING, "Trying"), ONLINE]
    )

    assert stages.sizeHint().height() == before


def test_no_spinner_in_the_first_moments(stages, clock):
    stages.resize(400, stages.sizeHint().height())
    first = stages.grab().toImage()
    clock.now += 0.3
    stages._tick()
    assert stages.grab().toImage() == first

    clock.now += 0.2
    stages._tick()

    assert stages.grab().toImage() != first


def test_time_passes_only_while_something_runs_in_sight(stages, qtbot):
    assert not stages.is_moving()

    stages.show()
    assert stages.is_moving()
    stages.hide()
    assert not stages.is_moving()
    stages.show()
    stages.set_rows([SAVING])

    assert not stages.is_moving()


@pytest.mark.parametrize("state", StageState)
def test_every_state_looks_different(theme, qtbot, state):
    pictures = []
    for other in StageState:
        made = CheckList(theme, clock=lambda: 5.0)
        qtbot.addWidget(made)
        made.set_rows([StageRow(1, "Internet", other)])
        pictures.append(made.grab().toImage())

    mine = pictures.pop(list(StageState).index(state))

    assert mine not in pictures
