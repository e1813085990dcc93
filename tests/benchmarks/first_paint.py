"""Measures how long the window takes from exec to its first paint; prints one JSON line.

    python tests/benchmarks/first_paint.py [RUNS]

Side by side in one run: the interpreter alone, Qt's widgets imported, and the window painted.
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
OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}

# The real command; only the window's first paint is made to say so.
WINDOW = """
import setup_wizard.cli
from setup_wizard.qt.window import Window
class Watched(Window):
    def paintEvent(self, event):
        super().paintEvent(event)
        print('painted', flush=True)
import setup_wizard.qt.app
setup_wizard.qt.app.Window = Watched
setup_wizard.cli.run(['--backend', 'http://127.0.0.1:9'])
"""


def until_first_line(arguments: list[str]) -> float:
    """Milliseconds from exec to the first line on standard output."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
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
    assert line, arguments
    return passed


def median_of(arguments: list[str], runs: int) -> float:
    until_first_line(arguments)  # files and bytecode into the cache
    return round(statistics.median(until_first_line(arguments) for _ in range(runs)), 1)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    say = "print('here', flush=True)"
    result = {
        "benchmark": "first_paint",
        "runs": runs,
        "python_ms": median_of(["-c", say], runs),
        "qt_widgets_ms": median_of(["-c", f"import PySide6.QtWidgets; {say}"], runs),
        "first_paint_ms": median_of(["-c", WINDOW], runs),
        "goal_ms": 250,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
