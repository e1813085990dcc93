"""The control port: what the commands' contract promises."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from setup_wizard.simulators.photon import Faults, Photon
from tests.simulators.photon.wire import TIMEOUT, ask, refuses

SET = b'set\n20\n\n{"k":"cc","v":"abc"}'


def get(photon: Photon) -> dict[str, object]:
    with urllib.request.urlopen(photon.control_url + "/state", timeout=TIMEOUT) as answer:
        state: dict[str, object] = json.load(answer)
    return state


def post(photon: Photon, path: str, value: object) -> None:
    request = urllib.request.Request(
        photon.control_url + path, data=json.dumps(value).encode(), method="POST"
    )
    urllib.request.urlopen(request, timeout=TIMEOUT).close()


def test_state_tells_what_is_stored(photon: Photon) -> None:
    before = photon.commands
    ask(photon.tcp_address, SET)

    state = get(photon)
    del state["traffic"]
    assert state == {
        "state": "listening",
        "stored": {"claim_code": "abc", "claim_code_hex": "616263", "networks": []},
        "commands": before + 1,
    }


def test_state_counts_what_went_over_the_wire(photon: Photon) -> None:
    before = photon.traffic
    answer = ask(photon.tcp_address, SET)

    traffic = get(photon)["traffic"]
    assert isinstance(traffic, dict)
    assert traffic["connections"] == before.connections + 1
    assert traffic["received"] == before.received + len(SET)
    assert traffic["sent"] == before.sent + len(answer)
    assert traffic["busy"] > before.busy


def test_setup_prepares_for_a_case(photon: Photon) -> None:
    post(photon, "/setup", {"reset": True, "device_id": "AB" * 12, "claimed": True})

    answer = ask(photon.tcp_address, b"device-id\n0\n\n")

    assert json.loads(answer) == {"id": "AB" * 12, "c": "1"}


def test_reset_forgets_everything_and_ends_faults(photon: Photon) -> None:
    ask(photon.tcp_address, SET)
    photon.faults = Faults(silent=True)

    post(photon, "/reset", {})

    assert photon.claim_code is None
    assert photon.faults == Faults()


def test_listen_brings_the_photon_back(photon: Photon) -> None:
    photon.leave()
    assert refuses(photon.tcp_address)

    post(photon, "/listen", {})

    assert ask(photon.tcp_address, b"version\n0\n\n")


def test_scan_gives_other_neighbours(photon: Photon) -> None:
    post(photon, "/scan", [{"ssid": "Café", "rssi": -40}, {"ssid_hex": "ff", "sec": 1, "ch": 3}])

    answer = ask(photon.tcp_address, b"scan-ap\n0\n\n")

    assert '{"ssid":"Café","rssi":-40,"sec":0,"ch":6,"mdr":54000}'.encode() in answer
    assert b'{"ssid":"\xff","rssi":-50,"sec":1,"ch":3,"mdr":54000}' in answer


def test_faults_come_and_go(photon: Photon) -> None:
    post(photon, "/faults", {"drop_after_bytes": 5, "command": "scan-ap", "silent": None})
    assert photon.faults == Faults(drop_after_bytes=5, command="scan-ap")

    post(photon, "/faults", {})
    assert photon.faults == Faults()


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        ("/faults", {"no_such_fault": True}, 400),
        ("/faults", {"silent": "yes"}, 400),
        ("/faults", {"connect_answer": "loud"}, 400),
        ("/faults", {"command": "no-such-command"}, 400),
        ("/faults", {"times": True}, 400),
        ("/faults", {"drop_after_bytes": -1}, 400),
        ("/faults", {"back_ms": 100}, 400),
        ("/faults", [], 400),
        ("/scan", {}, 400),
        ("/scan", [{"rssi": -40}], 400),
        ("/scan", [{"ssid": "x", "ch": "6"}], 400),
        ("/setup", {"connect_ap": {"drop_after_ms": "soon"}}, 400),
        ("/nothing", {}, 404),
    ],
)
def test_wrong_request_is_named(photon: Photon, path: str, value: object, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(photon, path, value)

    with caught.value as answer:
        assert answer.code == status
        assert json.load(answer)["error"]
