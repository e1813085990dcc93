"""What the simulated device stores is what was typed, or it was refused before and said why.

The client's own code up to the socket, the device's own code from there: no byte is scripted.
"""

from __future__ import annotations

import functools
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from setup_wizard.domain.enterprise import PasswordSignIn
from setup_wizard.domain.errors import ChoiceError, PassphraseLength
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.ports import Cancellation
from setup_wizard.simulators.photon import Photon, ScanEntry
from setup_wizard.simulators.photon.crypto import DeviceKey
from setup_wizard.simulators.photon.device import COMMANDS_WITH_BODY, Device
from setup_wizard.simulators.photon.wire_tcp import PREAMBLE, read_request
from setup_wizard.softap.client import SoftapLink
from setup_wizard.softap.codec import Command
from setup_wizard.softap.framing import TcpFraming
from setup_wizard.words import SENTENCES
from tests.softap.stage import Person

DEVICE_ID = "3a001b000447343138333038"
CAFE = "Café ☕ d'Ani & Co <2.4>".encode()
MIXED = "Zwölf Böxkämpfer ✓ 'jagen' \"Viktor\" \\ & <quer>; 100 % {} ".encode()
SIXTY_THREE = MIXED[:52] + b'\xff\x80\x01\t\n/\\" \xc3x'

ssids = st.binary(max_size=40)
passphrases = st.binary(max_size=70)
identities = st.binary(max_size=70)
hexadecimal = st.text("0123456789abcdefABCDEF", min_size=8, max_size=28).map(str.encode)


class Near(SoftapLink):
    """The client with the device at the other end of no wire at all."""

    def __init__(self, device: Device) -> None:
        super().__init__()
        self._device = device

    def _ask(
        self, command: Command, body: bytes, cancel: Cancellation, *_: object, **__: object
    ) -> bytes:
        framing = TcpFraming()
        sent = framing.request(command, body)
        request = read_request(sent, ended=False, with_body=COMMANDS_WITH_BODY)
        assert request is not None, "the device would wait for more"
        pieces = self._device.answer(request.command, request.body).pieces
        return framing.body(command, PREAMBLE + b"".join(pieces))


@functools.cache
def device_key() -> DeviceKey:
    return DeviceKey()


def device_near(*networks: Network) -> Device:
    scan = [ScanEntry(each.ssid, security=each.security.code) for each in networks]
    return Device(device_id=DEVICE_ID, key=device_key(), claimed=False, scan=scan)


def stored(network: Network, passphrase: bytes | None) -> tuple[bytes, bytes, int] | None:
    """SSID, passphrase and security as the device keeps them; None: refused, and said why."""
    device = device_near(network)
    try:
        credentials = Credentials(network, None if passphrase is None else Secret(passphrase))
    except ChoiceError as refusal:
        says_why(refusal)
        return None
    Near(device).store_network(credentials, Person())
    (kept,) = device.networks
    assert kept.channel == network.channel
    return kept.ssid, kept.passphrase or b"", kept.security


def says_why(refusal: ChoiceError) -> None:
    assert SENTENCES[f"{refusal.code}.what"]
    assert SENTENCES[f"{refusal.code}.do"]


def possible_name(name: bytes, shortest: int) -> bool:
    return shortest <= len(name) <= 64 and not set(b'"\\\0') & set(name)


def possible(password: bytes) -> bool:
    return 1 <= len(password) <= 64 and b"\0" not in password


def tellable(ssid: bytes) -> bool:
    return 1 <= len(ssid) <= 32 and not set(b'"\\\0') & set(ssid)


@settings(max_examples=150)
@given(ssids, passphrases, st.sampled_from([0x200002, 0x200006, 0x400004, 0x400006]))
@example(CAFE, SIXTY_THREE, 0x400004)
@example(b"\xff\xfe\x01\t\x7f", b"\xff" * 64, 0x400004)
@example(b"x" * 32, b"pass\0phrase", 0x400004)
def test_wpa(ssid: bytes, passphrase: bytes, code: int) -> None:
    kept = stored(Network(ssid, Security(code), channel=11), passphrase)

    possible = tellable(ssid) and 8 <= len(passphrase) <= 64 and b"\0" not in passphrase
    assert kept == ((ssid, passphrase, code) if possible else None)


@settings(max_examples=60)
@given(ssids, st.none() | passphrases)
def test_open(ssid: bytes, passphrase: bytes | None) -> None:
    kept = stored(Network(ssid, Security.OPEN, channel=1), passphrase)

    assert kept == ((ssid, b"", 0) if tellable(ssid) and not passphrase else None)


@settings(max_examples=100)
@given(passphrases | hexadecimal, st.sampled_from([Security.WEP, Security(0x8001)]))
@example(b"abcde", Security.WEP)
@example(b"0123456789ABCDEF0123456789", Security.WEP)
def test_wep(key: bytes, security: Security) -> None:
    kept = stored(Network(b"Old", security, channel=2), key)

    if kept is not None:
        raw = bytes.fromhex(key.decode()) if len(key) in (10, 26) else key
        assert kept == (b"Old", raw, Security.WEP.code)
    else:
        assert len(key) not in (5, 13) or b"\0" in key


@settings(max_examples=60)
@given(passphrases, st.sampled_from([-1, -(2**31), 0x3, 0x600004, 0x7FFFFFFE]))
def test_security_that_nobody_knows(passphrase: bytes, code: int) -> None:
    """What such a network wants, only the device can tell; what it keeps is what was typed."""
    with suppress(PassphraseLength):
        kept = stored(Network(b"Odd", Security(code)), passphrase)
        assert kept is None or kept[:2] == (b"Odd", passphrase)


@settings(max_examples=150)
@given(identities, passphrases, identities)
@example("jörg@firma ☕".encode(), SIXTY_THREE, b"")
@example(b"x" * 64, b"\xff" * 64, b"\xff\x01\t")
def test_user_name_and_password(identity: bytes, password: bytes, outer: bytes) -> None:
    network = Network(CAFE, Security.WPA2_ENTERPRISE, channel=9)
    device = device_near(network)
    try:
        sign_in = PasswordSignIn(identity, Secret(password), outer)
    except ChoiceError as refusal:
        says_why(refusal)
        assert not (possible_name(identity, 1) and possible_name(outer, 0) and possible(password))
        return
    Near(device).store_network(Credentials(network, sign_in=sign_in), Person())

    (kept,), signed_in = device.networks, device.enterprise
    assert signed_in is not None
    assert (kept.ssid, kept.security) == (CAFE, 0x2400004)
    assert (signed_in.inner_identity, signed_in.password) == (identity, password)
    assert signed_in.outer_identity == outer


@pytest.mark.parametrize("door", ["tcp", "http"])
@pytest.mark.parametrize(
    ("ssid", "passphrase"),
    [(CAFE, SIXTY_THREE), (b"\xff\xfe\x01\t", b"\x80" * 64), (b" two  blanks ", b" ' & < / ")],
)
def test_over_real_sockets(door: str, ssid: bytes, passphrase: bytes) -> None:
    scan = [ScanEntry(ssid, security=Security.WPA2.code)]
    with Photon(scan=scan) as photon:
        address = photon.tcp_address if door == "tcp" else photon.http_address
        host, port = address.split(":")
        here = (host, int(port))
        link = SoftapLink(tcp=here, http=None) if door == "tcp" else SoftapLink(tcp=None, http=here)
        (network,) = link.scan(Person())
        link.store_network(Credentials(network, Secret(passphrase)), Person())

        (kept,) = photon.networks

    assert (network.ssid, kept.ssid, kept.passphrase) == (ssid, ssid, passphrase)
