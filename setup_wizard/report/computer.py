"""What of this computer matters to support: versions, and how it is connected. Never whose it is.

No registry of addresses, no host name, no user, no path. Linux tells most of its interfaces in
files; on other systems only their names and the way to the device are known without a helper.
"""

from __future__ import annotations

import ipaddress
import platform
import re
import socket
import struct
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias

from setup_wizard import __version__
from setup_wizard.brand import Brand
from setup_wizard.flow.journal import Safe

Facts: TypeAlias = "dict[str, Safe]"

LIBRARIES = ("PySide6-Essentials", "requests", "urllib3", "cryptography", "platformdirs")
DEVICE_RANGE = ipaddress.ip_network("192.168.0.0/24")
DEVICE = "192.168.0.1"
ELSEWHERE = "192.0.2.1"  # RFC 5737: nobody's address, so it stands for the internet
SYSFS = Path("/sys/class/net")
ROUTES = Path("/proc/net/route")

_GIVEN_BY_SYSTEM = re.compile(
    r"(lo|eth|wlan|wwan|tun|tap|wg|ppp|br|docker|bond|virbr|usb|ifb|dummy|sit)\d*"  # Linux
    r"|(en|wl|ww)(P\d+)?[osp]\d+([a-z]\d+)*"  # systemd, by place in the machine
    r"|(en|utun|awdl|llw|bridge|gif|stf|anpi|ap|lo)\d+"  # macOS
    r"|(ethernet|wireless|ppp|loopback|tunnel|other)_\d+"  # Windows
)
_IPV4_OF_INTERFACE = 0x8915  # SIOCGIFADDR
_UP = 0x1  # IFF_UP
_LOCALLY_GIVEN = 0x2  # the bit of a MAC address that its system made up


def versions(brand: Brand) -> Facts:
    qt = sys.modules.get("PySide6.QtCore")
    return {
        "program": __version__,
        "frozen": getattr(sys, "frozen", False),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "qt_loaded": str(qt.qVersion()) if qt is not None else None,
        "libraries": {name: _version(name) for name in LIBRARIES},
        "brand": {"maker": brand.maker.name, "folder": brand.folder.name},
    }


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:  # a frozen program carries no such notes
        return None


def network(*, sysfs: Path = SYSFS, routes: Path = ROUTES) -> Facts:
    """The interfaces as far as this system tells, and the ways to the device and elsewhere."""
    to_device, elsewhere = _source_towards(DEVICE), _source_towards(ELSEWHERE)
    told: Facts = {
        "way_to_device": _address(to_device),
        "way_to_device_is_of_its_network": _in_device_range(to_device),
        "way_elsewhere": _address(elsewhere),
        "same_way_for_both": None if to_device is None else to_device == elsewhere,
    }
    if not sysfs.is_dir():
        unknown = ["up", "kind", "mtu", "ipv4", "maker", "default_route"]
        return {**told, "interfaces": [{"name": n} for n in _names()], "unknown": list(unknown)}
    folders = sorted(each for each in sysfs.iterdir() if each.is_dir())
    default = _default_route(routes)
    return {
        **told,
        "interfaces": [_interface(each, is_default=each.name == default) for each in folders],
        "unknown": [],
    }


def _names() -> list[str]:
    with suppress(OSError):
        return [shown_name(name) for _, name in socket.if_nameindex()]
    return []


def _interface(folder: Path, *, is_default: bool) -> Facts:
    address = _ipv4(folder.name)
    flags = _content(folder / "flags")
    mtu = _content(folder / "mtu")
    return {
        "name": shown_name(folder.name),
        "kind": _kind(folder),
        "up": bool(int(flags, 16) & _UP) if flags else None,
        "state": _state(_content(folder / "operstate")),
        "mtu": int(mtu) if mtu.isdecimal() else None,
        "ipv4": _address(address),
        "is_of_the_devices_network": _in_device_range(address),
        "maker": _maker(_content(folder / "address")),
        "default_route": is_default,
    }


def shown_name(name: str) -> str:
    """A name that systems give is told; one that a person made up, or made of a MAC, is not."""
    if _GIVEN_BY_SYSTEM.fullmatch(name):
        return name
    return f"<name, {len(name.encode('utf-8', 'surrogatepass'))} bytes>"


def _kind(folder: Path) -> str:
    if (folder / "wireless").exists() or (folder / "phy80211").exists():
        return "wifi"
    if (folder / "tun_flags").exists() or folder.name.startswith(("wg", "ppp")):
        return "tunnel"
    if _content(folder / "type") == "772":  # ARPHRD_LOOPBACK
        return "loopback"
    return "wired" if (folder / "device").exists() else "virtual"


def _state(operstate: str) -> str | None:
    known = ("up", "down", "unknown", "dormant", "lowerlayerdown", "notpresent", "testing")
    return operstate if operstate in known else None


def _maker(mac: str) -> str | None:
    """The half of a MAC address that names who built the radio; never the other half."""
    if not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", mac) or mac == "00:00:00:00:00:00":
        return None
    return "made up" if int(mac[:2], 16) & _LOCALLY_GIVEN else mac[:8]


def _ipv4(interface: str) -> str | None:
    """Its first IPv4 address. None: it has none, or the system does not tell."""
    if sys.platform != "linux":
        return None
    import fcntl

    request = struct.pack("256s", interface.encode("utf-8", "surrogateescape")[:15])
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        answer = fcntl.ioctl(asker.fileno(), _IPV4_OF_INTERFACE, request)
        return socket.inet_ntoa(answer[20:24])
    return None


def _source_towards(host: str) -> str | None:
    """The address that this computer would speak from; a datagram socket sends nothing for it."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.connect((host, 9))
        return str(asker.getsockname()[0])
    return None


def _in_device_range(address: str | None) -> bool | None:
    return None if address is None else ipaddress.ip_address(address) in DEVICE_RANGE


def _address(address: str | None) -> str | None:
    """As it is where it means nothing outside a house, else only how it begins."""
    if address is None or ipaddress.ip_address(address).is_private:
        return address
    return f"{address.partition('.')[0]}.x.x.x"


def _default_route(routes: Path) -> str | None:
    """The interface of the route to everywhere with the least metric, in Linux's own table."""
    found: list[tuple[int, str]] = []
    for line in _content(routes).splitlines()[1:]:
        columns = line.split()
        if len(columns) > 6 and columns[1] == "00000000" and columns[6].isdecimal():
            found.append((int(columns[6]), columns[0]))
    return min(found)[1] if found else None


def _content(file: Path) -> str:
    """What is in one of the system's small files; nothing when it cannot be read."""
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="ascii").strip()
    return ""
