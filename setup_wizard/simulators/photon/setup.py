"""What a recorded case asks of the device before it begins (tests/golden/README)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from setup_wizard.simulators.photon.radio import ScanEntry, parse_scan

_DROP_AFTER_MS = 100  # the recorded devices took 50 to 100


@dataclass(frozen=True)
class ConnectAp:
    """What happens after `connect-ap`."""

    drop_after: float = _DROP_AFTER_MS / 1000
    """Seconds until the access point is gone."""
    answer_lost: bool = False
    blackhole: bool = False
    """The address goes silent instead of refusing."""

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> ConnectAp:
        drop_after = values.get("drop_after_ms", _DROP_AFTER_MS)
        if not isinstance(drop_after, int):
            raise ValueError('"drop_after_ms" must be a whole number')
        return cls(
            drop_after / 1000, bool(values.get("answer_lost")), bool(values.get("blackhole"))
        )


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Changes to the device; None leaves a thing as it is."""

    reset: bool = False
    device_id: str | None = None
    claimed: bool | None = None
    scan: tuple[ScanEntry, ...] | None = None
    connect_ap: ConnectAp | None = None

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> Setup:
        device_id, claimed = values.get("device_id"), values.get("claimed")
        scan, connect_ap = values.get("scan"), values.get("connect_ap")
        return cls(
            reset=bool(values.get("reset")),
            device_id=device_id if isinstance(device_id, str) else None,
            claimed=claimed if isinstance(claimed, bool) else None,
            scan=parse_scan(scan) if isinstance(scan, list) else None,
            connect_ap=ConnectAp.parse(connect_ap) if isinstance(connect_ap, dict) else None,
        )
