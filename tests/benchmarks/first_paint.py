"""Measures how long the window takes from exec to its first paint; prints one JSON line.

    python tests/benchmarks/first_paint.py [RUNS]

Side by side and in turns, so that a noisy machine troubles all alike: the interpreter alone,
Qt's widgets imported, a bare Qt window's first paint, ours, and ours with all its pictures drawn.
The bare window is the floor: no program with Qt from Python can be quicker.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 9
# As it is installed: with its bytecode, which some environments forbid to write.
INSTALLED = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", **INSTALLED}

BARE_WINDOW = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        print('painted', flush=True)
app = QApplication([])
window = Window()
rows = QVBoxLayout(window)
rows.addWidget(QLabel('Hello'))
rows.addWidget(QPushButton('Start'))
window.resize(920, 640)
window.show()
app.exec()
"""
# The real command; only the paint of its window is made to say so. A filter for events would tell
# it too, and cost 50 ms itself.
WINDOW = """
import gc, sys
import setup_wizard.__main__
gc.set_threshold(setup_wizard.__main__.OBJECTS_BEFORE_COLLECTING)  # as main() does, but earlier
from setup_wizard.qt.window import Window
import setup_wizard.qt.app
class Watched(Window):
    def paintEvent(self, event):
        super().paintEvent(event)
        if moment == 'first':
            print('painted', flush=True)
        else:
            setup_wizard.qt.app.QTimer.singleShot(0, lambda: print('painted', flush=True))
setup_wizard.qt.app.Window = Watched
sys.argv[1:] = ['--backend', 'http://127.0.0.1:9']
setup_wizard.__main__.main()
"""
SAY = "print('here', flush=True)"
PROGRAMS = {
    "python_ms": SAY,
    "qt_widgets_ms": f"import PySide6.QtWidgets; {SAY}",
    "bare_window_ms": BARE_WINDOW,
    "first_paint_ms": f"moment = 'first'{WINDOW}",
    "whole_paint_ms": f"moment = 'whole'{WINDOW}",
}


def until_first_line(program: str) -> float:
    """Milliseconds from exec to the first line on standard output."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=OFFSCREEN,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        passed = (time.perf_counter() - started) * 1000
        process.kill()
    assert line, program
    return passed


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for program in PROGRAMS.values():
        until_first_line(program)  # files and bytecode into the cache
    for _ in range(runs):
        for name, program in PROGRAMS.items():
            taken[name].append(until_first_line(program))
    result = {name: round(statistics.median(times), 1) for name, times in taken.items()}
    best = {name.replace("_ms", "_least_ms"): round(min(t), 1) for name, t in taken.items()}
    print(json.dumps({"benchmark": "first_paint", "runs": runs, **result, **best, "goal_ms": 250}))


if __name__ == "__main__":
    main()
