"""The way that works everywhere: the person joins, the program only looks."""

from __future__ import annotations

from pathlib import Path

from setup_wizard.ports import WifiJoiner, WifiState
from setup_wizard.wifi.binding import LINUX_INTERFACES, wireless_interfaces

_IN_USE = ("up", "dormant")


class ManualJoiner(WifiJoiner):
    """Needs no permission, and tells only what any program may know."""

    def __init__(self, interfaces: Path = LINUX_INTERFACES) -> None:
        self._interfaces = interfaces

    def state(self) -> WifiState:
        """A Wi-Fi that is down may be off or merely joined to nothing: it cannot be told."""
        try:
            names = wireless_interfaces(self._interfaces)
            if not names:
                return WifiState(present=False)
            if any(self._operating_state(name) in _IN_USE for name in names):
                return WifiState(present=True)
        except OSError:
            # No such folder: not a Linux system. Or the interface was unplugged just now.
            pass
        return WifiState()

    def sees(self, ssid: bytes) -> bool | None:  # noqa: ARG002
        """Cannot tell: looking at the air needs a permission that was not asked for."""
        return None

    def _operating_state(self, name: str) -> str:
        return (self._interfaces / name / "operstate").read_text("ascii").strip()


class GivenAddress(WifiJoiner):
    """The device's address was given: by which network this computer reaches it is not asked."""

    def state(self) -> WifiState:
        return WifiState()

    def sees(self, ssid: bytes) -> bool | None:  # noqa: ARG002
        return None
