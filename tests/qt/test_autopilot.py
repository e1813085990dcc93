"""The demo drives itself through its whole window, and leaves a picture of every page."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage

from setup_wizard.brand import load_brand
from setup_wizard.flow.steps import Step

LIMIT = 55.0  # seconds; it takes about 17
_UNSEEN = {Step.STILL_CHECKING}  # the simulated device never lets anybody wait that long


@pytest.mark.slow
def test_it_ends_well_and_silently_with_a_picture_of_every_page(tmp_path):
    """All about one flight: it takes a whole journey, and workers do not share one."""
    ended = subprocess.run(
        [sys.executable, "-m", "setup_wizard", "--demo", "--autopilot", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]

    check_it_ended_well(ended, lines)
    check_every_page_has_a_picture_in_light_and_in_dark(lines, tmp_path)
    check_the_pictures_are_of_the_window_in_its_colours(tmp_path)
    check_nothing_was_said_but_what_the_journey_provokes(ended)


@pytest.mark.slow
def test_a_picture_that_cannot_be_saved_ends_it(tmp_path):
    (tmp_path / "01-welcome-light.png").mkdir()
    (tmp_path / "01-welcome-dark.png").mkdir()

    ended = subprocess.run(
        [sys.executable, "-m", "setup_wizard", "--demo", "--autopilot", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert ended.returncode == 1
    assert f"{tmp_path}/01-welcome-" in ended.stderr
    assert "was not saved" in ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1])["result"] == "failed"


def check_it_ended_well(ended, lines):
    assert ended.returncode == 0, ended.stderr
    assert lines[-1]["event"] == "finished"
    assert (lines[-1]["result"], lines[-1]["step"], lines[-1]["error"]) == ("success", "done", None)
    assert lines[-1]["online"] is True


def check_every_page_has_a_picture_in_light_and_in_dark(lines, folder):
    pictures = {file.name for file in folder.glob("*.png")}

    assert set(lines[-1]["pictures"]) == pictures
    for step in set(Step) - _UNSEEN:
        for mood in ("light", "dark"):
            assert [p for p in pictures if f"-{step.value}" in p and p.endswith(f"-{mood}.png")]
    for mood in ("light", "dark"):
        assert [p for p in pictures if p.endswith(f"-panel-{mood}.png")]


def check_the_pictures_are_of_the_window_in_its_colours(folder):
    brand = load_brand()
    bands: dict[str, set[str]] = {"light": set(), "dark": set()}

    for file in folder.glob("*.png"):
        picture = QImage(str(file))
        colours = brand.colours(dark=file.stem.endswith("dark"))
        own = (1240, 800) if "-panel" in file.stem else (920, 640)
        assert (picture.width(), picture.height()) == own
        assert picture.pixelColor(4, 300).name() == colours.surface, file.name
        if "-panel" not in file.stem:
            below = picture.pixelColor(4, 636).name()  # the demo's band, as soon as there is one
            bands[file.stem.rpartition("-")[2]] |= {below} - {colours.surface}
    assert [len(found) for found in bands.values()] == [1, 1]


def check_nothing_was_said_but_what_the_journey_provokes(ended):
    """On the error channel."""
    lines = [line for line in ended.stderr.splitlines() if "propagateSizeHints" not in line]

    assert [line for line in lines if "SW-WRONG-PASSPHRASE" not in line] == []
