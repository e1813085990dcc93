"""The device cloud on loopback, as a set-up, its backend and a live panel see it."""

from __future__ import annotations

from setup_wizard.simulators.cloud.faults import Faults
from setup_wizard.simulators.cloud.server import Cloud

__all__ = ["Cloud", "Faults"]
