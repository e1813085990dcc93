"""Ctrl-C ends the window, at whatever moment it is pressed, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

ENDED = -signal.SIGINT
WAIT = 30.0  # seconds, on a busy computer


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a console, not to a process")
@pytest.mark.parametrize("line", ['{"event": "first_paint"}', '{"event": "page", "scene": "join"}'])
def test_the_demo_ends_with_its_world(line: str, tmp_path: os.PathLike[str]) -> None:
    command = [sys.executable, "-m", "setup_wizard", "--demo", "--autopilot", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        told = iter(window.stdout.readline, "")
        assert any(each.strip() == line for each in told)
        world = psutil.Process(window.pid).children(recursive=True)
        window.send_signal(signal.SIGINT)

        assert window.wait(WAIT) == ENDED
    _, alive = psutil.wait_procs(world, timeout=WAIT)
    assert alive == []
