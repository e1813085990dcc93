"""The report for support in the window: offered quietly, saved off its thread, and found again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Step
from setup_wizard.qt.report_bar import OFFERED, ReportBar
from setup_wizard.qt.window import SIZE, SMALLEST
from tests.flow import roads
from tests.qt.helpers import scenes
from tests.qt.helpers.geometry import faults
from tests.qt.helpers.scenes import SCENES
from tests.qt.helpers.stage import settle


@pytest.fixture
def chosen(monkeypatch):
    """A person who chooses this file, whatever they are asked."""

    def choose(file: Path | None) -> None:
        monkeypatch.setattr(ReportBar, "_ask_where", lambda _self: file)

    return choose


def save(opened, qtbot) -> None:
    opened.button("report_save").click()
    qtbot.waitUntil(lambda: told(opened) != "")


def told(opened) -> str:
    label = opened.window.findChild(QLabel, "report_told")
    return label.text() if label.isVisibleTo(opened.window) else ""


@pytest.mark.slow
def test_it_is_offered_where_something_ended_or_failed(stage):
    opened = stage(painted=False)
    bar = opened.window.findChild(QWidget, "report")
    for name, state in SCENES.items():
        opened.show(state())

        ended = opened.state.step in OFFERED or opened.state.error is not None
        assert bar.isVisibleTo(opened.window) == ended, name


def test_the_path_is_told_and_can_be_copied(stage, chosen, qtbot, tmp_path):
    opened = stage(scenes.still_checking())
    chosen(tmp_path / "report.zip")

    save(opened, qtbot)
    opened.button("report_copy").click()

    assert opened.paper.saved == [tmp_path / "report.zip"]
    assert told(opened) == f"Saved in {tmp_path.name}."
    assert QGuiApplication.clipboard().text() == str(tmp_path / "report.zip")
    assert opened.button("report_copy").text() == "Copied"


def test_the_folder_can_be_shown(stage, chosen, qtbot, tmp_path, monkeypatch):
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    opened = stage(scenes.still_checking())
    chosen(tmp_path / "report.zip")

    save(opened, qtbot)
    opened.button("report_show").click()

    assert [url.toLocalFile() for url in shown] == [str(tmp_path)]


@pytest.mark.parametrize(
    "trouble", [PermissionError(13, "Permission denied"), ValueError("hidden-place")], ids=repr
)
def test_what_cannot_be_written_is_said_and_can_be_tried_again(
    stage, chosen, qtbot, tmp_path, caplog, trouble
):
    opened = stage(scenes.backend_down())
    chosen(tmp_path / "report.zip")
    opened.paper.trouble = trouble

    save(opened, qtbot)

    assert told(opened) == "It was not saved."
    assert opened.button("report_save").text() == "Choose another folder…"
    assert opened.button("report_save").isEnabled()
    assert "hidden-place" not in caplog.text


def test_a_person_who_changes_their_mind_saves_nothing(stage, chosen):
    opened = stage(scenes.still_checking())
    chosen(None)

    opened.button("report_save").click()

    assert opened.paper.saved == []
    assert told(opened) == ""


def test_the_window_goes_on_while_it_is_saved(stage, chosen, qtbot, tmp_path):
    opened = stage(scenes.still_checking())
    chosen(tmp_path / "report.zip")
    goes_on, thread = threading.Event(), []

    def slowly(_file: Path) -> None:
        thread.append(threading.current_thread())
        assert goes_on.wait(10)

    opened.paper.save = slowly
    opened.button("report_save").click()
    settle(opened.app)
    can_be_pressed = opened.button("report_save").isEnabled()
    goes_on.set()
    qtbot.waitUntil(lambda: told(opened) != "")

    assert not can_be_pressed
    assert thread != [threading.main_thread()]


def test_the_next_page_begins_with_the_offer_again(stage, chosen, qtbot, tmp_path):
    opened = stage(scenes.still_checking())
    chosen(tmp_path / "report.zip")
    save(opened, qtbot)

    opened.show(scenes.done_online())

    assert told(opened) == ""
    assert opened.button("report_save").isVisible()


def test_the_person_is_asked_where_with_a_name_that_says_what_and_when(stage, tmp_path, qtbot):
    opened = stage(scenes.still_checking())
    seen = []

    def answer() -> None:
        dialog = opened.window.findChild(QFileDialog, "report_file")
        field = dialog.findChild(QLineEdit)
        seen.append(field.text())
        field.setText(str(tmp_path / "mine"))
        dialog.accept()

    QTimer.singleShot(0, answer)
    save(opened, qtbot)

    (name,) = seen
    assert name.startswith("setup-report-20")
    assert name.endswith(".zip")
    assert opened.paper.saved == [tmp_path / "mine.zip"]


def test_it_can_be_saved_by_keys_alone(stage, chosen, qtbot, tmp_path):
    opened = stage(scenes.still_checking())
    chosen(tmp_path / "report.zip")
    for _ in range(10):
        if opened.focus() == "report_save":
            break
        opened.press(Qt.Key.Key_Tab)

    opened.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told(opened) != "")

    assert opened.focus() == "report_show"


def test_the_focus_goes_back_to_the_page_when_the_offer_goes(stage):
    opened = stage(scenes.backend_down())
    opened.button("report_save").setFocus()

    opened.press(Qt.Key.Key_Escape)

    assert opened.state.step is Step.WELCOME
    assert opened.focus() == "primary"


def test_everything_that_happens_is_noted_with_what_follows(stage):
    opened = stage(roads.welcome())
    opened.controller.journal = opened.paper

    opened.press(Qt.Key.Key_Return)
    opened.hear(m.Stopped())

    assert opened.paper.noted == [
        m.StartPressed(),
        m.Reported(opened.state.run, m.Stopped()),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 2.0], ids=["100%", "200%"])
@pytest.mark.parametrize("size", [SMALLEST, SIZE], ids=str)
@pytest.mark.parametrize("trouble", [None, OSError()], ids=["saved", "not_saved"])
@pytest.mark.parametrize("name", ["prepare_failed", "still_checking", "wrong_passphrase"])
def test_what_became_of_it_fits_into_the_corner(
    stage, chosen, qtbot, tmp_path, size, scale, trouble, name
):
    opened = stage(SCENES[name](), size=size, scale=scale, painted=False)
    chosen(tmp_path / "a folder with quite a long name" / "report.zip")
    opened.paper.trouble = trouble

    save(opened, qtbot)
    settle(opened.app)

    assert opened.window.size().toTuple() == size
    assert faults(opened.window) == []
