"""The signals by which somebody outside wants a command to end."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from setup_wizard.cancellation import StopSwitch


def endings() -> list[signal.Signals]:
    """Ctrl-C, a polite kill, and a terminal that is closed.

    Not the last one for a command that was started to outlive its terminal, as by `nohup`.
    """
    found = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        found.append(signal.SIGHUP)
    return found


def end_by(switch: StopSwitch) -> None:
    """From now on each of them turns the switch."""

    def turn(_number: int, _frame: FrameType | None) -> None:
        switch.turn()

    for number in endings():
        signal.signal(number, turn)
