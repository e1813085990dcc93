"""The Photon on its sockets: leaving the air, coming back, and failing on request."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from setup_wizard.simulators.photon import ConnectAp, Faults, Photon, ScanEntry, Setup
from setup_wizard.simulators.photon.faults import GARBAGE, ROUTER_PAGE
from tests.simulators.photon.wire import TIMEOUT, ask, connect, is_silent, receive, refuses

VERSION = b"version\n0\n\n"
VERSION_ANSWER = b'\n\n{"v":2}'
CONNECT = b"connect-ap\n0\n\n"
CONNECT_ANSWER = b'\n\n{"r":0}'
HTTP_VERSION = b"GET /version HTTP/1.1\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


def test_announcement_names_the_addresses(photon: Photon) -> None:
    assert photon.announce() == {
        "photon": {
            "http": photon.http_address,
            "tcp": photon.tcp_address,
            "device_id": "3a001b000447343138333038",
            "ssid": "Photon-AB12CD",
        },
        "control": photon.control_url,
    }


def test_photon_leaves_and_comes_back_on_the_same_ports(photon: Photon) -> None:
    addresses = (photon.tcp_address, photon.http_address)
    for _ in range(20):
        photon.leave()
        assert all(refuses(address) for address in addresses)
        photon.listen()
        assert (photon.tcp_address, photon.http_address) == addresses
        assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER


def test_open_connections_are_dropped_when_the_photon_leaves(photon: Photon) -> None:
    with connect(photon.tcp_address) as half_sent, connect(photon.http_address) as idle:
        half_sent.sendall(b"vers")
        idle.sendall(HTTP_VERSION)
        assert receive(idle, most=len(LAST_CHUNK))

        photon.leave()

        for connection in (half_sent, idle):
            connection.settimeout(TIMEOUT)
            try:
                receive(connection)
            except ConnectionResetError:
                continue


def test_world_is_told_once_the_photon_is_gone() -> None:
    states: list[str] = []
    told = threading.Event()

    def on_connect() -> None:
        states.append(photon.state)
        refused.append(refuses(photon.tcp_address))
        photon.listen()
        told.set()

    refused: list[bool] = []
    with Photon(on_connect=on_connect) as photon:
        assert ask(photon.tcp_address, CONNECT) == CONNECT_ANSWER
        assert told.wait(TIMEOUT)
        assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER

    assert (states, refused) == (["connecting"], [True])


def test_black_hole_swallows_everything_until_the_photon_listens(photon: Photon) -> None:
    photon.set_up(Setup(connect_ap=ConnectAp(drop_after=0.0, blackhole=True)))
    ask(photon.tcp_address, CONNECT)
    wait_for_state(photon, "connecting")

    with connect(photon.tcp_address) as connection:
        connection.sendall(VERSION)
        assert is_silent(connection)

    photon.listen()
    assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER


def test_world_says_what_became_of_the_photon(photon: Photon) -> None:
    photon.set_state("online")

    assert photon.state == "online"


def test_half_sent_request_blocks_every_other_tcp_client(photon: Photon) -> None:
    with ExitStack() as stack:
        half_sent = stack.enter_context(connect(photon.tcp_address))
        half_sent.sendall(b"foo")
        # Connected second, so that it is also heard second.
        waiting = stack.enter_context(connect(photon.tcp_address))
        waiting.sendall(VERSION)
        assert is_silent(waiting)

        half_sent.close()

        waiting.settimeout(TIMEOUT)
        assert receive(waiting) == VERSION_ANSWER


def test_idle_connection_blocks_nobody(photon: Photon) -> None:
    with connect(photon.tcp_address):
        assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER


def test_eleventh_http_stream_is_turned_down(photon: Photon) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            stream = stack.enter_context(connect(photon.http_address))
            stream.sendall(HTTP_VERSION)
            receive(stream, most=1)

        answer = ask(photon.http_address, HTTP_VERSION)

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1\r\n" in answer


def test_silent_fault_leaves_the_connection_open(photon: Photon) -> None:
    photon.faults = Faults(silent=True)

    with connect(photon.tcp_address) as connection:
        connection.sendall(VERSION)
        assert is_silent(connection)


def test_answer_is_cut_after_some_bytes(photon: Photon) -> None:
    photon.faults = Faults(drop_after_bytes=4)

    assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER[:4]
    assert ask(photon.http_address, HTTP_VERSION) == b"HTTP"


def test_answer_is_garbage(photon: Photon) -> None:
    photon.faults = Faults(garbage=True)

    assert ask(photon.tcp_address, VERSION) == b"\n\n" + GARBAGE
    assert GARBAGE in ask(
        photon.http_address, b"GET /version HTTP/1.1\r\nConnection: close\r\n\r\n"
    )


def test_answer_is_a_reset(photon: Photon) -> None:
    photon.faults = Faults(reset=True)

    for address, request in ((photon.tcp_address, VERSION), (photon.http_address, HTTP_VERSION)):
        with pytest.raises(ConnectionResetError):
            ask(address, request)


def test_answer_is_the_page_of_a_router(photon: Photon) -> None:
    photon.faults = Faults(html=True)

    assert ask(photon.tcp_address, VERSION) == ROUTER_PAGE
    http = b"GET /version HTTP/1.1\r\nConnection: close\r\n\r\n"
    assert ask(photon.http_address, http) == ROUTER_PAGE


def test_answer_has_wrong_types(photon: Photon) -> None:
    photon.faults = Faults(wrong_types=True)

    assert json.loads(ask(photon.tcp_address, VERSION)) == {"v": "2"}
    heard = json.loads(ask(photon.tcp_address, b"scan-ap\n0\n\n"))["scans"]
    assert isinstance(heard[0]["ssid"], int)
    assert isinstance(heard[0]["rssi"], str)


def test_answer_is_a_refusal_and_nothing_is_done(photon: Photon) -> None:
    photon.faults = Faults(result=-5)

    assert ask(photon.tcp_address, b'set\n20\n\n{"k":"cc","v":"abc"}') == b'\n\n{"r":-5}'
    assert ask(photon.tcp_address, CONNECT) == b'\n\n{"r":-5}'
    assert photon.claim_code is None
    assert photon.state == "listening"


def test_photon_refuses_connections_until_the_fault_is_lifted(photon: Photon) -> None:
    photon.faults = Faults(refused=True)
    assert refuses(photon.tcp_address)
    assert refuses(photon.http_address)

    photon.faults = Faults()
    assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER


def test_photon_refuses_connections_once_a_command_was_answered(photon: Photon) -> None:
    photon.faults = Faults(refused=True, command="version")

    assert ask(photon.tcp_address, b"device-id\n0\n\n")
    assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER
    assert refuses(photon.tcp_address)


def test_photon_comes_back_by_itself(photon: Photon) -> None:
    photon.faults = Faults(refused=True, back_ms=30)
    assert refuses(photon.tcp_address)

    wait_until(lambda: not refuses(photon.tcp_address), "the photon is back")
    assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER


def test_photon_lets_time_pass_as_it_is_told(photon: Photon) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    photon.sleep = sleep
    photon.faults = Faults(scan_latency_ms=25_000, latency_ms=300)
    try:
        ask(photon.tcp_address, b"scan-ap\n0\n\n")
    finally:
        photon.sleep = asyncio.sleep

    assert slept == [25.3]


def test_fault_can_be_kept_to_one_command(photon: Photon) -> None:
    photon.faults = Faults(drop_after_bytes=0, command="device-id")

    assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER
    assert ask(photon.tcp_address, b"device-id\n0\n\n") == b""


def test_fault_can_be_kept_to_some_answers(photon: Photon) -> None:
    photon.faults = Faults(drop_after_bytes=0, times=2)

    answers = [ask(photon.tcp_address, VERSION) for _ in range(3)]

    assert answers == [b"", b"", VERSION_ANSWER]


def test_first_connection_is_held_open(photon: Photon) -> None:
    photon.faults = Faults(hold_first_connection=True)

    with connect(photon.tcp_address) as first:
        first.sendall(VERSION)
        assert receive(first, most=len(VERSION_ANSWER)) == VERSION_ANSWER
        assert is_silent(first)
        assert ask(photon.tcp_address, VERSION) == VERSION_ANSWER


def test_connect_answer_can_be_a_reset(photon: Photon) -> None:
    photon.faults = Faults(connect_answer="reset")

    with pytest.raises(ConnectionResetError):
        ask(photon.tcp_address, CONNECT)
    wait_for_state(photon, "connecting")


def test_connect_answer_can_be_empty(photon: Photon) -> None:
    photon.faults = Faults(connect_answer="empty")

    assert ask(photon.tcp_address, CONNECT) == b""
    wait_for_state(photon, "connecting")


def test_connect_answer_can_hang_while_the_photon_leaves(photon: Photon) -> None:
    photon.faults = Faults(connect_answer="hang")

    with connect(photon.tcp_address) as connection:
        connection.sendall(CONNECT)
        wait_for_state(photon, "connecting")
        assert refuses(photon.tcp_address)
        assert is_silent(connection)


def test_scan_takes_its_time() -> None:
    scan = (ScanEntry(b"Home"),)
    with Photon(scan=scan, scan_latency=0.2) as photon, connect(photon.tcp_address) as connection:
        connection.sendall(b"scan-ap\n0\n\n")
        assert is_silent(connection)
        connection.settimeout(TIMEOUT)
        assert json.loads(receive(connection))["scans"][0]["ssid"] == "Home"


@pytest.mark.parametrize("port", ["http_port", "tcp_port", "control_port"])
def test_port_in_use_is_an_error_that_leaves_nothing_behind(photon: Photon, port: str) -> None:
    taken = int(photon.control_url.rpartition(":")[2])
    ports = {port: taken}

    with pytest.raises(OSError, match="in use"):
        Photon(
            http_port=ports.get("http_port", 0),
            tcp_port=ports.get("tcp_port", 0),
            control_port=ports.get("control_port", 0),
        ).start()


def test_clients_meet_no_trap_while_the_photon_comes_and_goes(photon: Photon) -> None:
    done = threading.Event()
    answers: set[bytes] = set()

    def insist() -> None:
        while not done.is_set():
            try:
                answers.add(ask(photon.tcp_address, VERSION))
            except ConnectionError:
                continue

    clients = [threading.Thread(target=insist) for _ in range(3)]
    for client in clients:
        client.start()
    for _ in range(30):
        photon.leave()
        assert refuses(photon.tcp_address)
        photon.listen()
        assert not refuses(photon.tcp_address)
    done.set()
    for client in clients:
        client.join()

    assert answers <= {b"", VERSION_ANSWER}


def wait_for_state(photon: Photon, state: str) -> None:
    wait_until(lambda: photon.state == state, f"the photon is {state}")


def wait_until(holds: Callable[[], bool], what: str) -> None:
    reached = threading.Event()
    for _ in range(int(TIMEOUT / 0.01)):
        if holds():
            return
        reached.wait(0.01)
    pytest.fail(f"it never came true that {what}")
