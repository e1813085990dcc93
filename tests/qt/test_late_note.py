"""Late news of a device that was left behind, over whatever page is in front."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from setup_wizard.flow import messages as m
from tests.flow.roads import after
from tests.qt.helpers import scenes
from tests.qt.helpers.stage import Dress, Stage, part, undress


@pytest.fixture
def stage(qapp):
    made = Stage(qapp, Dress(), scenes.choosing())
    made.open()
    yield made
    made.close()
    undress(qapp)


def note(stage: Stage) -> list[str]:
    """Its words; nothing where it is not to be seen."""
    found = stage.window.findChild(QWidget, "late_note")
    if found is None or not found.isVisibleTo(stage.window):
        return []
    return [label.text() for label in found.findChildren(QLabel) if label.text()]


def test_without_news_there_is_no_note(stage):
    assert note(stage) == []


def test_a_late_success_is_told_on_the_page_in_front(stage):
    stage.show(scenes.late_success())

    assert note(stage) == ["turbo_weasel, from before, is online now."]


def test_a_late_cause_says_what_happened(stage):
    stage.show(scenes.late_cause())

    (text,) = note(stage)
    assert "is not online" in text
    assert "did not accept the password" in text


def test_a_note_that_was_read_goes(stage):
    stage.show(scenes.late_success())

    part(stage.window, QAbstractButton, "close_note").click()

    assert note(stage) == []
    assert stage.state.pending == ()


def test_the_note_stays_on_the_next_page(stage):
    stage.show(scenes.late_success())
    stage.show(after(scenes.late_success(), m.BackPressed()))

    assert note(stage) == ["turbo_weasel, from before, is online now."]


def test_the_note_is_said_once(stage, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(stage.window, "_announce", said.append)

    stage.show(scenes.late_success())
    stage.show(after(scenes.late_success(), m.BackPressed()))

    assert sum("is online now" in text for text in said) == 1
