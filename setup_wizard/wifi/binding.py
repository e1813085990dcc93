"""How to keep a connection on one network interface, and which interfaces are wireless."""

from __future__ import annotations

import socket
import struct
import sys
from pathlib import Path

SocketOption = tuple[int, int, bytes]

# The socket module of one system lacks the constants of the others, hence numbers.
_LINUX_SO_BINDTODEVICE = 25
_MACOS_IP_BOUND_IF = 25
_WINDOWS_IP_UNICAST_IF = 31

LINUX_INTERFACES = Path("/sys/class/net")


def interface_options(
    name: str, index: int, *, platform: str = sys.platform
) -> tuple[SocketOption, ...]:
    """Options to set before connecting; none of them needs special rights.

    A source address is not enough: on Linux the packets would still take the other network's
    route when both use the same addresses. Windows needs it in addition.
    """
    if platform == "linux":
        return ((socket.SOL_SOCKET, _LINUX_SO_BINDTODEVICE, name.encode() + b"\0"),)
    if platform == "darwin":
        return ((socket.IPPROTO_IP, _MACOS_IP_BOUND_IF, struct.pack("i", index)),)
    if platform == "win32":
        # For IPv4 Windows wants this one index in network byte order.
        return ((socket.IPPROTO_IP, _WINDOWS_IP_UNICAST_IF, struct.pack("!I", index)),)
    return ()


def wireless_interfaces(root: Path = LINUX_INTERFACES) -> tuple[str, ...]:
    """Names of the Wi-Fi interfaces of a Linux system, in order. Raises OSError elsewhere."""
    return tuple(
        sorted(
            entry.name
            for entry in root.iterdir()
            if (entry / "wireless").exists() or (entry / "phy80211").exists()
        )
    )
