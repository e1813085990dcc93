"""Measures the live panel under a shouting fleet; prints one JSON line.

    python tests/benchmarks/panel.py [SECONDS]

A cloud in a process of its own, the real client, the real thread and the real window without a
display. Opening: from the button to the first row, with the panel's own imports. Then the table
is filled to its 100,000 rows, a filter and the plot are on, and 20,000 events come each second
for 10 seconds, while a heartbeat of 5 ms in the window's thread tells how long it stood still.
The same heartbeat before, with nothing to do, tells what this computer adds. At the end a million
more, as fast as they are taken, show whether memory grows.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
PER_SECOND = 21_000  # the goal is 20,000, and nobody writes at an exact pace
SECONDS = 10
MILLION = 1_000_000
BEAT_MS = 5
IDLE = 3.0  # s; how late the heartbeat is here when nothing happens
LIMIT = 120.0  # s for each part
PREFIX = "temperature"  # seven of ten
GOALS = {"p99_ms": 16, "max_ms": 50, "resident_mib": 400, "open_ms": 300}


def main() -> None:
    """The cloud here, the panel in a child: nothing else is in its memory."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else str(SECONDS)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is installed
    program = f"from tests.benchmarks.panel import measure; measure({seconds})"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    print(ended.stdout, end="")


def measure(seconds: float) -> None:
    cloud = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.panel_cloud"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert cloud.stdin is not None
    assert cloud.stdout is not None
    try:
        result = _measure(cloud.stdin, cloud.stdout, seconds)
    finally:
        cloud.kill()
        cloud.wait()
    print(json.dumps({"benchmark": "panel", **result, "goals": GOALS}))


def _measure(orders: IO[str], answers: IO[str], seconds: float) -> dict[str, object]:
    from PySide6.QtCore import Qt, QThread, QTimer
    from PySide6.QtWidgets import QApplication, QLineEdit

    from setup_wizard.bootstrap import words_of
    from setup_wizard.brand import load_brand
    from setup_wizard.domain.cloud import CloudAccess
    from setup_wizard.domain.secret import Secret
    from setup_wizard.live.log import CAPACITY
    from setup_wizard.particle.client import ParticleCloud
    from setup_wizard.qt.app import SWITCH_SECONDS
    from setup_wizard.qt.pages.page import Look
    from setup_wizard.qt.theme import apply_theme

    sys.setswitchinterval(SWITCH_SECONDS)  # as the program does
    gc.set_threshold(50_000)
    app = QApplication([])
    brand = load_brand()
    look = Look(apply_theme(app, brand, dark=False, motion=False), brand, words_of(brand))
    access = CloudAccess(json.loads(answers.readline())["url"], Secret("token"))

    def order(line: str) -> None:
        orders.write(line + "\n")
        orders.flush()

    def until(reached: Callable[[], bool]) -> None:
        limit = time.monotonic() + LIMIT
        while not reached():
            app.processEvents()
            assert time.monotonic() < limit, "it takes too long"

    # --- opening
    thread = QThread()
    thread.start()
    began = time.perf_counter()
    from setup_wizard.qt.panel.access import PanelAccess
    from setup_wizard.qt.panel.feed import Feed
    from setup_wizard.qt.panel.memory import Memory
    from setup_wizard.qt.panel.window import PanelWindow

    class Way(PanelAccess):
        def cloud(self) -> ParticleCloud:
            if not hasattr(self, "way"):
                self.way = ParticleCloud(access)
            return self.way

    session = Way(access, lambda: None)  # type: ignore[arg-type,return-value]
    feed = Feed(session.stream, thread)
    panel = PanelWindow(look, session, feed, Memory(None))
    panel.begin()
    panel.show()
    log, model = panel.events.log, panel.events.model
    until(lambda: model.rowCount() > 0)
    app.processEvents()
    open_ms = (time.perf_counter() - began) * 1000

    # --- a full table
    order(f"burst {CAPACITY}")
    until(lambda: log.counters(0.0).received == CAPACITY + 1)
    prefix = panel.findChild(QLineEdit, "prefix")
    assert prefix is not None
    prefix.setText(PREFIX)
    until(lambda: not log.filter.wants_all)
    order(f"burst {CAPACITY // 2}")
    until(lambda: len(log) == CAPACITY)
    sent = CAPACITY + CAPACITY // 2 + 1
    until(lambda: log.counters(0.0).received == sent)
    answers.readline()
    answers.readline()
    gc.collect()
    gc.freeze()

    # --- a shouting fleet
    late: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append((now - last) * 1000 - BEAT_MS)
        last = now

    heart = QTimer()
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    heart.start(BEAT_MS)
    last = time.perf_counter()
    idle_until = last + IDLE
    loop_until(app, lambda: time.perf_counter() > idle_until)
    idle = figures(late)
    late.clear()
    busy = time.process_time()
    last = began = time.perf_counter()
    order(f"rate {PER_SECOND} {seconds}")
    sent += round(PER_SECOND * seconds)
    loop_until(app, lambda: log.counters(0.0).received >= sent)
    heart.stop()
    took = time.perf_counter() - began
    cpu = time.process_time() - busy
    counted = log.counters(0.0)
    resident = resident_mib()
    answers.readline()

    # --- a million more
    gc.unfreeze()
    order(f"burst {MILLION}")
    began = time.perf_counter()
    loop_until(app, lambda: log.counters(0.0).received >= sent + MILLION)
    million = time.perf_counter() - began
    gc.collect()
    after = resident_mib()
    final = log.counters(0.0)
    panel.close()
    ended = feed.wait(2.0)
    thread.quit()
    thread.wait()
    return {
        "open_ms": round(open_ms, 1),
        "per_second": round(PER_SECOND * seconds / took),
        **figures(late),
        "idle": idle,
        "cpu_of_a_core": round(cpu / took, 2),
        "received": counted.received,
        "all_accounted": counted.received == counted.shown + sum(counted.dropped.values()) == sent
        and final.received == final.shown + sum(final.dropped.values()) == sent + MILLION,
        "resident_mib": round(resident, 1),
        "after_million_mib": round(after, 1),
        "million_seconds": round(million, 1),
        "stopped": ended,
    }


def figures(late: list[float]) -> dict[str, float]:
    """How late the heartbeat was."""
    ordered = sorted(late)
    return {
        "beats": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2], 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)], 2),
        "max_ms": round(ordered[-1], 2),
    }


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def loop_until(app: object, reached: Callable[[], bool]) -> None:
    """With Qt's own loop, which sleeps between events, as the program's does."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, look = QEventLoop(), QTimer()
    limit = time.monotonic() + LIMIT

    def see() -> None:
        assert time.monotonic() < limit, "it takes too long"
        if reached():
            loop.quit()

    look.timeout.connect(see)
    look.start(50)
    loop.exec()


if __name__ == "__main__":
    main()
