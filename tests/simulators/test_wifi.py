"""The simulated computer's Wi-Fi: one radio, and gates that open only where it leads."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from setup_wizard.simulators.wifi import ComputerWifi, Gate, wifi_control

LIMIT = 5.0  # seconds; everything here is on loopback


@contextmanager
def echo_server() -> Iterator[tuple[str, int]]:
    """Answers each connection with what it says first, in capitals, until it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(ConnectionResetError):
                    while data := connection.recv(1000):
                        connection.sendall(data.upper())

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = listener.getsockname()
        yield str(host), int(port)
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(LIMIT)


@pytest.fixture
def wifi() -> ComputerWifi:
    wifi = ComputerWifi(home="Home")
    wifi.appeared("Photon-AB12CD")
    return wifi


@contextmanager
def gate_to(target: tuple[str, int], wifi: ComputerWifi) -> Iterator[Gate]:
    gate = Gate(target, lambda: wifi.online)
    gate.start()
    wifi.watch(gate)
    try:
        yield gate
    finally:
        gate.stop()


def test_an_open_gate_relays_both_ways(wifi: ComputerWifi) -> None:
    with (
        echo_server() as target,
        gate_to(target, wifi) as gate,
        socket.create_connection(gate.address, timeout=LIMIT) as connection,
    ):
        connection.sendall(b"hello")

        assert connection.recv(100) == b"HELLO"


def test_a_gate_resets_who_comes_from_another_network(wifi: ComputerWifi) -> None:
    wifi.join("Photon-AB12CD")

    with (
        echo_server() as target,
        gate_to(target, wifi) as gate,
        pytest.raises(ConnectionResetError),  # at once, or when something is wanted of it
        socket.create_connection(gate.address, timeout=LIMIT) as connection,
    ):
        connection.recv(100)


def test_leaving_the_network_cuts_what_runs(wifi: ComputerWifi) -> None:
    with (
        echo_server() as target,
        gate_to(target, wifi) as gate,
        socket.create_connection(gate.address, timeout=LIMIT) as connection,
    ):
        connection.sendall(b"hello")
        connection.recv(100)

        wifi.join("Photon-AB12CD")

        with pytest.raises(ConnectionResetError):
            connection.recv(100)


def test_a_server_that_is_gone_closes_the_connection(wifi: ComputerWifi) -> None:
    with echo_server() as target:
        pass

    with (
        gate_to(target, wifi) as gate,
        socket.create_connection(gate.address, timeout=LIMIT) as connection,
    ):
        assert connection.recv(100) == b""


def test_the_computer_falls_off_a_network_that_vanishes_and_goes_home(wifi: ComputerWifi) -> None:
    assert wifi.join("Photon-AB12CD")
    assert not wifi.online

    wifi.vanished("Photon-AB12CD")
    assert wifi.network is None

    wifi.go_home()
    assert wifi.online


def test_a_computer_that_moved_elsewhere_is_not_moved_home(wifi: ComputerWifi) -> None:
    wifi.join("Photon-AB12CD")

    wifi.go_home()

    assert wifi.network == "Photon-AB12CD"


def test_a_network_out_of_sight_cannot_be_joined(wifi: ComputerWifi) -> None:
    assert not wifi.join("Nowhere")
    assert wifi.network == "Home"


def test_the_control_tells_the_state_and_joins(wifi: ComputerWifi) -> None:
    control = wifi_control(wifi)
    control.start()
    try:
        state = requests.get(f"{control.url}/wifi", timeout=LIMIT).json()
        joined = requests.post(f"{control.url}/join", json={"ssid": "Photon-AB12CD"}, timeout=LIMIT)
        refused = requests.post(f"{control.url}/join", json={"ssid": "Nowhere"}, timeout=LIMIT)
    finally:
        control.stop()

    assert state == {"present": True, "network": "Home", "visible": ["Home", "Photon-AB12CD"]}
    assert joined.json()["network"] == "Photon-AB12CD"
    assert refused.status_code == 404
