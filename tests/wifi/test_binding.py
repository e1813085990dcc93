"""Which socket options keep a connection on one interface, and that the kernel takes them."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from pathlib import Path

import pytest

from setup_wizard.wifi.binding import interface_options, wireless_interfaces


def test_linux_binds_by_name() -> None:
    assert interface_options("wlan0", 3, platform="linux") == ((socket.SOL_SOCKET, 25, b"wlan0\0"),)


def test_macos_binds_by_index() -> None:
    ((level, option, value),) = interface_options("en0", 4, platform="darwin")

    assert (level, option) == (socket.IPPROTO_IP, 25)
    assert int.from_bytes(value, sys.byteorder) == 4


def test_windows_binds_by_index_in_network_byte_order() -> None:
    assert interface_options("Wi-Fi", 12, platform="win32") == (
        (socket.IPPROTO_IP, 31, b"\0\0\0\x0c"),
    )


def test_other_systems_have_no_option() -> None:
    assert interface_options("wlan0", 3, platform="freebsd14") == ()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_the_kernel_holds_a_socket_to_the_named_interface() -> None:
    ((level, option, value),) = interface_options("lo", 1)

    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        closing(socket.socket()) as client,
    ):
        client.setsockopt(level, option, value)
        client.settimeout(5)
        client.connect(listener.getsockname())

        assert client.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16) == b"lo\0"


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_the_kernel_names_an_interface_that_is_gone() -> None:
    (option,) = interface_options("no-such-wifi", 99)

    with closing(socket.socket()) as client, pytest.raises(OSError, match="No such device"):
        client.setsockopt(*option)


def test_wireless_interfaces_are_those_with_a_radio(tmp_path: Path) -> None:
    for folder in ("eth0", "wlp3s0/wireless", "lo", "wlan1/phy80211"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bonding_masters").write_text("")

    assert wireless_interfaces(tmp_path) == ("wlan1", "wlp3s0")
