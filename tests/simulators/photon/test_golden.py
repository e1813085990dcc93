"""The simulated Photon answers every recorded request with the recorded bytes."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import pytest

from setup_wizard.simulators.photon import Photon, Setup
from tests.simulators.photon.conftest import GOLDEN
from tests.simulators.photon.wire import connect

SILENCE = 0.3  # how long to listen where the device said nothing; an answer takes about 2 ms
SETTLE = 0.06  # the same when all that was recorded is there and more would be wrong
END = 2.0  # how long to wait for bytes or an end that were recorded

CASES = [json.loads(line) for line in (GOLDEN / "shared.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_recorded_case_is_answered_alike(photon: Photon, case: dict[str, Any]) -> None:
    photon.set_up(Setup.parse(case["setup"]))
    address = photon.http_address if case["transport"] == "http" else photon.tcp_address

    replay(address, case)

    check_stored(photon.stored, case["stored"])


def replay(address: str, case: dict[str, Any]) -> None:
    ends = case.get("closed_each") or [case["closed_by_server"]]
    connection: socket.socket | None = None
    try:
        for request, reply, end in zip(case["requests"], case["replies_hex"], ends, strict=True):
            time.sleep(request.get("wait_ms", 0) / 1000)  # part of the recording
            if request.get("no_service"):
                assert not is_served(address, bytes.fromhex(request["send_hex"]))
                continue
            if connection is None or request.get("connection", "new") == "new":
                if connection is not None:
                    connection.close()
                connection = connect(address)
            connection.sendall(bytes.fromhex(request["send_hex"]))
            if request.get("half_close"):
                connection.shutdown(socket.SHUT_WR)
            if not request.get("read", True):
                continue
            expected = bytes.fromhex(reply)
            received, closed = listen(connection, len(expected), closes=end is True)
            assert (received, closed) == (expected, end is True)
    finally:
        if connection is not None:
            connection.close()


def listen(connection: socket.socket, length: int, *, closes: bool) -> tuple[bytes, bool]:
    """Return what comes, and whether the device closes within the time allowed."""
    received = b""
    while True:
        waiting_for_more = closes or len(received) < length
        quiet = SETTLE if length else SILENCE
        connection.settimeout(END if waiting_for_more else quiet)
        try:
            data = connection.recv(65536)
        except TimeoutError:
            return received, False
        except ConnectionError:
            return received, True
        if not data:
            return received, True
        received += data


def is_served(address: str, request: bytes) -> bool:
    try:
        with connect(address) as connection:
            connection.sendall(request)
            return bool(listen(connection, 0, closes=False)[0])
    except ConnectionError:
        return False


def check_stored(stored: dict[str, Any], expected: dict[str, Any]) -> None:
    assert stored["claim_code_hex"] == expected["claim_code_hex"]
    assert stored["claim_code"] == expected["claim_code"]
    assert len(stored["networks"]) == len(expected["networks"])
    for network, recorded in zip(stored["networks"], expected["networks"], strict=True):
        prefix = recorded.pop("passphrase_prefix_hex", None)
        if prefix is not None:
            assert network.pop("passphrase_hex").startswith(prefix)
        assert network == recorded
