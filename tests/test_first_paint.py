"""The first paint waits for nothing that it does not need: the real command, watched from inside.

A child process runs the command with a window whose first paint tells what was imported by then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import certifi
import pytest

ROOT = Path(__file__).parents[1]
NEEDED_OF_QT = {"QtCore", "QtGui", "QtWidgets"}
TOO_EARLY = (
    *("requests", "urllib3", "cryptography", "aiohttp", "fastapi", "sqlalchemy", "uvicorn"),
    *("asyncio", "ssl", "http.client", "email", "logging.config"),
    *("setup_wizard.service", "setup_wizard.softap", "setup_wizard.particle"),
    *("setup_wizard.backend", "setup_wizard.simulators", "setup_wizard.report", "platformdirs"),
    "setup_wizard.qt.panel",
    *("orjson", "setup_wizard.live"),
)
WATCHED = """
import json, os, sys
import setup_wizard.__main__
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        is_paint = event.type() is QEvent.Type.Paint
        if is_paint and isinstance(watched, QWidget) and watched.isWindow():
            print(json.dumps({"window": type(watched).__name__, "modules": sorted(sys.modules)}))
            sys.stdout.flush()
            os._exit(0)
        return False

class Watched(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.first_paint = FirstPaint()
        self.installEventFilter(self.first_paint)

import PySide6.QtWidgets
PySide6.QtWidgets.QApplication = Watched
sys.exit(setup_wizard.__main__.main())
"""


def modules_at_first_paint(*arguments: str) -> set[str]:
    """Run the command until its window paints for the first time."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "REQUESTS_CA_BUNDLE": certifi.where(),  # as in companies: it is looked at, and no more
    }
    answer = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=30,
    )
    assert answer.stdout, answer.stderr
    told = json.loads(answer.stdout)
    assert told["window"] == "Window"
    return set(told["modules"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [("--backend", "http://127.0.0.1:9"), ("--demo",), ("--demo", "--brand", "moss")],
)
def test_nothing_that_can_wait_comes_before_the_first_paint(arguments: tuple[str, ...]) -> None:
    modules = modules_at_first_paint(*arguments)

    qt = {name.split(".")[1] for name in modules if name.startswith("PySide6.Qt")}
    early = [name for name in TOO_EARLY if name in modules]
    assert (qt, early) == (NEEDED_OF_QT, [])


def test_nobody_reads_the_source_of_what_is_imported() -> None:
    """Python's own import is in its place again after Qt was loaded."""
    program = (
        "import builtins; before = builtins.__import__; import setup_wizard.qt.app;"
        "print(builtins.__import__ is before)"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}

    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=60,
        check=True,
    )

    assert told.stdout.strip() == "True"
