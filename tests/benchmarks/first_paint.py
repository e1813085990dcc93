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
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 9
OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}


def until_first_line(arguments: list[str]) -> float:
    """Milliseconds from exec to the first line on standard output."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, cwd=ROOT, env=OFFSCREEN, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        passed = (time.perf_counter() - started) * 1000
        process.terminate()
    assert line, arguments
    return passed


def median_of(arguments: list[str], runs: int) -> float:
    until_first_line(arguments)  # files and bytecode into the cache
    return round(statistics.median(until_first_line(arguments) for _ in range(runs)), 1)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    say = "print('here', flush=True)"
    with tempfile.TemporaryDirectory() as folder:
        window = ["-m", "setup_wizard", "--demo", "--autopilot", folder]
        result = {
            "benchmark": "first_paint",
            "runs": runs,
            "python_ms": median_of(["-c", say], runs),
            "qt_widgets_ms": median_of(["-c", f"import PySide6.QtWidgets; {say}"], runs),
            "first_paint_ms": median_of(window, runs),
            "goal_ms": 250,
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
