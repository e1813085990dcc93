"""What the device's radio sees, and the numbers that WICED gives to kinds of security."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WEP = 0x1
TKIP = 0x2
AES = 0x4
WPA = 0x200000
WPA2 = 0x400000
ENTERPRISE = 0x2000000

LONGEST_SSID = 32


@dataclass(frozen=True)
class ScanEntry:
    """One base station, in the order in which the radio reports them."""

    ssid: bytes
    rssi: int = -50
    security: int = 0
    channel: int = 6
    max_data_rate: int = 54000

    @property
    def shown(self) -> bytes:
        """The name as the device writes it: as a C string, so a hidden one is empty."""
        return self.ssid[:LONGEST_SSID].split(b"\0", 1)[0]


def parse_scan(items: Iterable[Mapping[str, object]]) -> tuple[ScanEntry, ...]:
    """Read a scan list: `ssid` or `ssid_hex`, with `rssi`, `sec`, `ch` and `mdr`."""
    return tuple(_parse(item) for item in items)


def _parse(item: Mapping[str, object]) -> ScanEntry:
    match item:
        case {"ssid_hex": str(digits)}:
            ssid = bytes.fromhex(digits)
        case {"ssid": str(text)}:
            ssid = text.encode()
        case _:
            raise ValueError('a network of a scan list needs "ssid" or "ssid_hex"')
    names = {"rssi": "rssi", "sec": "security", "ch": "channel", "mdr": "max_data_rate"}
    numbers: dict[str, int] = {}
    for key, name in names.items():
        value = item.get(key)
        if isinstance(value, int):
            numbers[name] = value
        elif value is not None:
            raise ValueError(f'"{key}" of a network in a scan list must be a whole number')
    return ScanEntry(ssid, **numbers)


NEIGHBOURHOOD = (
    ScanEntry(b"Maple Street 12", -41, WPA2 | AES, 6, 144000),
    ScanEntry(b"Maple Street 12", -63, WPA2 | AES, 11, 144000),
    ScanEntry("Café Crème".encode(), -58, WPA2 | AES | TKIP, 1, 72200),
    ScanEntry(b"Upstairs", -66, WPA2 | AES, 11, 144000),
    ScanEntry(b"Library (free)", -71, 0, 10, 54000),
    ScanEntry(b"Grandma's Wi-Fi", -76, WPA | TKIP, 3, 54000),
    ScanEntry(b"Workshop 1999", -80, WEP, 2, 11000),
    ScanEntry(b"Campus", -83, ENTERPRISE | WPA2 | AES, 36, 300000),
)
