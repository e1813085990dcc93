"""What ends a command from outside, and what does not."""

from __future__ import annotations

import signal
import sys

import pytest

from setup_wizard.cli.endings import endings
from tests.cli.command import ENDS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_command_that_is_to_outlive_its_terminal_is_not_ended_by_it() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        heard = endings()
    finally:
        signal.signal(signal.SIGHUP, before)

    assert set(ENDS) - set(heard) == {signal.SIGHUP}
