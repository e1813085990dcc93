"""Bodies to the byte, and answers as odd as they come."""

from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.domain.errors import (
    DeviceGarbled,
    DeviceRefused,
    NetworkNameLength,
    NetworkUnseen,
    PassphraseLength,
    SetupError,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.softap import codec
from setup_wizard.softap.codec import Command
from tests.softap.recorded import PUBLIC_KEY_FIELD, RECORDED

HOME = Network(b"HomeNet", Security.WPA2, channel=6)
ssids = st.binary(min_size=1, max_size=32)
tellable_ssids = ssids.filter(lambda ssid: b'"' not in ssid and b"\\" not in ssid)
known_securities = st.sampled_from(
    [0, 0x1, 0x8001, 0x200002, 0x400004, 0x400006, 0x2200002, 0x2400004]
)
numbers = st.integers(-(2**31), 2**31 - 1)
networks = st.builds(
    Network,
    ssid=ssids,
    security=st.builds(Security, numbers),
    rssi=st.integers(-120, 0),
    channel=st.integers(0, 255),
    max_data_rate=st.integers(0, 10**6),
)


def scan_answer(heard: list[Network]) -> bytes:
    """Written as the device does: nothing is escaped."""
    return b'{"scans":[%s]}' % b",".join(
        b'{"ssid":"%s","rssi":%d,"sec":%d,"ch":%d,"mdr":%d}'
        % (n.ssid, n.rssi or 0, n.security.code, n.channel, n.max_data_rate or 0)
        for n in heard
    )


# --- requests


def test_claim_code_is_written_as_recorded():
    body = codec.encode_claim_code(Secret("ABCDabcd0123+/=="))

    assert body == RECORDED["tcp-set-claim"].request_body


def test_claim_code_of_63_characters_is_written_as_recorded():
    code = Secret("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!")

    assert codec.encode_claim_code(code) == RECORDED["tcp-claim-63"].request_body


@pytest.mark.parametrize("code", ["", "x" * 64, 'say "hi"', "back\\slash"])
def test_claim_code_that_the_device_would_change_is_refused_unseen(code):
    with pytest.raises(DeviceRefused) as refusal:
        codec.encode_claim_code(Secret(code))

    assert refusal.value.parameters == {"command": "set", "result": -1}


@pytest.mark.parametrize(
    ("case", "network"),
    [
        ("tcp-configure-wpa2", Network(b"HomeNet", Security.WPA2, channel=6)),
        ("tcp-ssid-utf8", Network("Café ☕".encode(), Security(4194310), channel=1)),
        ("tcp-wep-hex10", Network(b"OldWEP", Security.WEP, channel=2)),
        ("http-configure-wpa2", Network(b"HomeNet", Security.WPA2, channel=6)),
    ],
)
def test_network_is_written_as_recorded(case, network):
    recorded = RECORDED[case].request_body
    passphrase = json.loads(recorded)["pwd"]

    assert codec.encode_network(network, passphrase) == recorded


@pytest.mark.parametrize(
    ("case", "network"),
    [
        ("tcp-open-no-pwd", Network(b"OpenCafe", Security.OPEN, channel=10)),
        ("tcp-ssid-invalid-utf8", Network(b"bad\xff\xfeutf8", Security.OPEN, channel=3)),
    ],
)
def test_open_network_is_written_as_recorded(case, network):
    assert codec.encode_network(network, None) == RECORDED[case].request_body


def test_connect_is_written_as_recorded():
    assert codec.encode_connect() == RECORDED["tcp-connect"].request_body


@given(ssid=tellable_ssids, code=known_securities, channel=st.integers(0, 255))
def test_every_ssid_goes_out_raw(ssid, code, channel):
    body = codec.encode_network(Network(ssid, Security(code), channel=channel), "00" * 128)

    assert body.startswith(b'{"idx":0,"ssid":"' + ssid + b'","pwd":"')
    assert body.endswith(b'","sec":%d,"ch":%d}' % (code, channel))


@pytest.mark.parametrize("code", [-1, -(2**31), 0x3, 0x600004, 0x7FFFFFFF])
def test_security_that_nobody_knows_is_for_the_device_to_find_out(code):
    """Told an odd number, it would take the passphrase for a WEP key."""
    body = codec.encode_network(Network(b"Odd", Security(code), channel=6), "00" * 128)

    assert body.endswith(b'","sec":%d,"ch":6}' % Security.WPA2.code)


# --- answers


@pytest.mark.parametrize(("case", "claimed"), [("", False), ("-claimed", True)])
def test_identity_is_read_as_recorded(case, claimed):
    identity = codec.decode_identity(RECORDED[f"tcp-device-id{case}"].json)

    assert str(identity.device_id) == "3a001b000447343138333038"
    assert identity.claimed_before is claimed


@pytest.mark.parametrize(
    ("written", "claimed"),
    [('"0"', False), ("0", False), ("false", False), ('"1"', True), ("1", True), ("true", True)],
)
def test_the_claim_flag_is_read_in_every_spelling(written, claimed):
    body = b'{"id":"3A001B000447343138333038","c":%s}' % written.encode()

    assert codec.decode_identity(body).claimed_before is claimed


@pytest.mark.parametrize(
    "body",
    [
        b"<html>login</html>",
        b"[]",
        b"null",
        b'{"c":"0"}',
        b'{"id":7,"c":"0"}',
        b'{"id":null}',
        b'{"id":"3A00","c":"0"}',
        b'{"id":"3A001B000447343138333038","c":"maybe"}',
        b'{"id":"3A001B000447343138333038","c":[]}',
        b'{"id":"3A001B000447343138333038","c":null}',
        b'{"id":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"id":' * 100_000,
    ],
)
def test_what_is_no_identity_is_garbled(body):
    with pytest.raises(DeviceGarbled):
        codec.decode_identity(body)


def test_public_key_is_read_as_recorded():
    assert codec.decode_public_key(RECORDED["tcp-public-key"].json) == PUBLIC_KEY_FIELD


@pytest.mark.parametrize("body", [b'{"r":0}', b'{"b":5,"r":0}', b'{"b":"00","r":"0"}', b"{}"])
def test_a_public_key_of_the_wrong_type_is_garbled(body):
    with pytest.raises(DeviceGarbled):
        codec.decode_public_key(body)


def test_a_device_without_a_key_refuses():
    with pytest.raises(DeviceRefused):
        codec.decode_public_key(b'{"b":"","r":1}')


@pytest.mark.parametrize("case", sorted(name for name in RECORDED if name.startswith("tcp-scan-")))
def test_scan_is_read_as_recorded(case):
    networks = codec.decode_scan(RECORDED[case].json)

    assert networks == RECORDED[case].heard


@given(heard=st.lists(networks, max_size=6))
def test_every_ssid_comes_back_exactly_whatever_its_bytes(heard):
    assert codec.decode_scan(scan_answer(heard)) == tuple(heard)


@pytest.mark.parametrize(
    "ssid",
    [
        b'"',
        b'","rssi":-1,"sec":0,"ch":1,"mdr":',
        b'{"ssid":"a","rssi":-1}',
        b'"mdr":1}]}',
        b"]}",
        b'"},{"ssid":"',
        b"a\nb\tc\x01\x7f",
        b"\\u0041\\n\\",
        b"\xff\xfe",
    ],
)
def test_an_ssid_that_looks_like_the_answer_itself_loses_nothing(ssid):
    odd = Network(ssid[:32], Security(-1), rssi=-50, channel=1, max_data_rate=1)
    plain = Network(b"HomeNet", Security.WPA2, rssi=-40, channel=6, max_data_rate=144000)

    assert codec.decode_scan(scan_answer([plain, odd, plain])) == (plain, odd, plain)


def test_a_spoilt_entry_does_not_take_its_neighbours_along():
    body = RECORDED["tcp-scan-default"].json.replace(b'"rssi":-55', b'"rssi":-5x', 1)
    heard = RECORDED["tcp-scan-default"].heard

    assert codec.decode_scan(body) == tuple(n for n in heard if n.rssi != -55)


def test_a_scan_with_spaces_and_another_order_is_read_too():
    body = b'{ "scans": [ {"ch": 6, "ssid": "Caf\xc3\xa9", "rssi": -41, "mdr": 1, "sec": 0} ] }'

    (network,) = codec.decode_scan(body)

    assert (network.ssid, network.channel) == ("Café".encode(), 6)


def test_a_device_that_will_not_scan_refuses():
    refusal = b'{"r":-5}'

    assert codec.is_whole(Command.SCAN, refusal)
    with pytest.raises(DeviceRefused) as error:
        codec.decode_scan(refusal)
    assert error.value.parameters == {"command": "scan-ap", "result": -5}


def test_a_scan_of_nothing_is_empty():
    assert codec.decode_scan(b'{"scans":[]}') == ()


@pytest.mark.parametrize(
    "body",
    [
        b'{"scans":5}',
        b'{"scans":[5]}',
        b'{"scans":[{"ssid":5,"rssi":-41,"sec":0,"ch":6,"mdr":1}]}',
        b'{"scans":[{"ssid":"a","rssi":"-41","sec":0,"ch":6,"mdr":1}]}',
        b'{"scans":[{"ssid":"a","rssi":-41,"sec":true,"ch":6,"mdr":1}]}',
        b'{"scans":[{"ssid":"a","rssi":-41.5,"sec":0,"ch":6,"mdr":1}]}',
        b'{"scans":[{"ssid":"a"}]}',
        b'{"r":0}',
        b"<html>",
    ],
)
def test_what_is_no_scan_is_garbled(body):
    with pytest.raises(DeviceGarbled):
        codec.decode_scan(body)


@pytest.mark.parametrize(
    ("case", "leaf", "parameters"),
    [
        ("tcp-not-in-scan-wpa2", NetworkUnseen, {"network": "HomeNet"}),
        ("tcp-ssid-33", NetworkNameLength, {"length": 7}),
        ("tcp-wpa2-pw-7", PassphraseLength, {"length": 8, "allowed": "8–64"}),
        ("tcp-wpa2-padding-type1", DeviceRefused, {"command": "configure-ap", "result": -16640}),
        ("tcp-peap-no-ii", DeviceRefused, {"command": "configure-ap", "result": 1}),
        ("tcp-ssid-number", DeviceRefused, {"command": "configure-ap", "result": "unread"}),
    ],
)
def test_each_no_of_the_device_has_its_name(case, leaf, parameters):
    with pytest.raises(leaf) as refusal:
        codec.require_stored(Credentials(HOME, Secret("hunter22")), RECORDED[case].json)

    assert refusal.value.parameters == parameters


def test_a_yes_of_the_device_is_silent():
    codec.require_stored(Credentials(HOME, Secret("hunter22")), RECORDED["tcp-configure-wpa2"].json)
    codec.require_success(Command.SET, RECORDED["tcp-set-claim"].json)


def test_a_refused_claim_code_says_the_devices_number():
    with pytest.raises(DeviceRefused) as refusal:
        codec.require_success(Command.SET, RECORDED["tcp-set-missing-v"].json)

    assert refusal.value.parameters == {"command": "set", "result": -1}


@pytest.mark.parametrize("body", [b"{}", b'{"r":"0"}', b'{"r":false}', b'{"r":null}', b'{"r":0.0}'])
def test_a_result_of_the_wrong_type_is_garbled(body):
    with pytest.raises(DeviceGarbled):
        codec.require_success(Command.SET, body)


# --- completeness


@pytest.mark.parametrize(
    ("command", "case"),
    [
        (Command.DEVICE_ID, "tcp-device-id"),
        (Command.PUBLIC_KEY, "tcp-public-key"),
        (Command.SET, "tcp-set-claim"),
        (Command.CONNECT, "tcp-connect"),
        (Command.SCAN, "tcp-scan-default"),
        (Command.SCAN, "tcp-scan-quotes"),
        (Command.SCAN, "tcp-scan-invalid-utf8"),
    ],
)
def test_an_answer_is_whole_with_its_last_byte_and_not_before(command, case):
    body = RECORDED[case].json

    assert [codec.is_whole(command, body[:end]) for end in range(len(body))] == [False] * len(body)
    assert codec.is_whole(command, body)


@given(heard=st.lists(networks, max_size=4))
def test_no_ssid_makes_a_scan_look_whole_too_early_or_never(heard):
    body = scan_answer(heard)

    assert not any(codec.is_whole(Command.SCAN, body[:end]) for end in range(len(body)))
    assert codec.is_whole(Command.SCAN, body)


def test_a_scan_by_another_hand_is_whole_too():
    assert codec.is_whole(Command.SCAN, b'{ "scans": [ ]}')
    assert not codec.is_whole(Command.SCAN, b'{"scans":[{"ssid":"x"}]}')


# --- whatever comes


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with a few bytes changed, lost, doubled or cut off."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoilt) + 1)
        match chance.randrange(4):
            case 0:
                spoilt[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoilt[at : at + chance.randint(1, 8)]
            case 2:
                spoilt[at:at] = spoilt[max(0, at - chance.randint(1, 8)) : at]
            case _:
                spoilt[at:at] = chance.choice([b'"', b"\\", b"{", b"}", b"[", b"]", b"-", b"\0"])
    return bytes(spoilt)


def test_spoilt_answers_raise_nothing_but_errors_that_have_a_name():
    chance = random.Random(5609)
    credentials = Credentials(HOME, Secret("hunter22"))
    readers = (
        codec.decode_identity,
        codec.decode_public_key,
        codec.decode_scan,
        lambda body: codec.require_success(Command.SET, body),
        lambda body: codec.require_stored(credentials, body),
    )
    answers = [recorded.json for recorded in RECORDED.values()]
    for _ in range(3000):
        body = mutated(chance.choice(answers), chance)
        for command in Command:
            codec.is_whole(command, body)
        for read in readers:
            with suppress(SetupError):
                read(body)
