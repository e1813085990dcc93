"""User names, certificates and keys as the recorded device wants them, and as it stores them."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.serialization import load_der_private_key

from setup_wizard.domain.enterprise import CertificateSignIn, PasswordSignIn, SignIn
from setup_wizard.domain.errors import DeviceRefused, NetworkUnseen, SignInNotStored
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.simulators.photon import Photon, ScanEntry
from setup_wizard.softap import codec
from setup_wizard.softap.client import SoftapLink
from setup_wizard.softap.codec import SealedKey
from setup_wizard.softap.crypto import DeviceKey
from tests.identities import certificate_sign_in
from tests.softap.recorded import PUBLIC_KEY_FIELD, decrypt
from tests.softap.stage import Person

GOLDEN = Path(__file__).parents[1] / "golden"
OFFICE = Network(b"CorpEAP", Security.WPA2_ENTERPRISE, channel=36)
OLD_OFFICE = Network(b"Old office", Security.WPA_ENTERPRISE, channel=3)
JANE = PasswordSignIn("jané@corp ☕".encode(), Secret("geheim ✓ \"'\\"), b"anonymous")


def golden(case: str) -> dict:
    lines = (GOLDEN / "shared.jsonl").read_text().splitlines()
    (found,) = (c for line in lines if (c := json.loads(line))["id"] == case)
    return found


def recorded_body(case: str) -> bytes:
    return bytes.fromhex(golden(case)["requests"][0]["send_hex"]).partition(b"\n\n")[2]


# --- against the recordings -----------------------------------------------------------------


def test_a_user_name_is_written_as_recorded() -> None:
    recorded = recorded_body("tcp-peap")
    sign_in = PasswordSignIn(b"user@corp", Secret("secretpw"), b"anon")

    body = codec.encode_password_sign_in(OFFICE, sign_in, json.loads(recorded)["pwd"])

    assert body == recorded


def test_a_certificate_is_written_as_recorded() -> None:
    recorded = recorded_body("tcp-tls-der-key")
    fields = json.loads(recorded)
    sign_in = CertificateSignIn(fields["crt"].encode(), Secret(b"0 not looked at"))

    body = codec.encode_certificate_sign_in(
        OFFICE, sign_in, SealedKey(key=fields["key"], session_key=fields["ek"])
    )

    assert body == recorded


def test_a_key_is_sealed_so_that_the_recorded_device_can_open_it() -> None:
    """As the recorded key opens: the padding is what the device then keeps with it."""
    der = bytes.fromhex(golden("tcp-tls-der-key")["stored"]["networks"][0]["private_key_hex"])
    private_key = der[: -der[-1]]

    sealed = DeviceKey.parse(PUBLIC_KEY_FIELD).seal(Secret(private_key))
    again = DeviceKey.parse(PUBLIC_KEY_FIELD).seal(Secret(private_key))

    session = decrypt(sealed.session_key)
    opener = Cipher(AES(session[:16]), CBC(session[16:])).decryptor()
    assert opener.update(bytes.fromhex(sealed.key)) + opener.finalize() == der
    assert (len(session), len(sealed.session_key)) == (32, 256)
    assert re.fullmatch("[0-9a-f]+", sealed.key)
    assert (again.key, decrypt(again.session_key)) != (sealed.key, session), "used once only"


def test_the_recorded_session_key_is_one_that_we_could_have_sent() -> None:
    key = json.loads((GOLDEN / "key.json").read_text())
    private = load_der_private_key(bytes.fromhex(key["private_pkcs1_der_hex"]), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    case = golden("tcp-tls-der-key")
    ek = json.loads(recorded_body("tcp-tls-der-key"))["ek"]

    assert private.decrypt(bytes.fromhex(ek), padding.PKCS1v15()).hex() == case["plain_hex"]


@pytest.mark.parametrize("case", ["tcp-peap-no-ii", "tcp-peap-no-pwd", "tcp-tls-pem-key"])
def test_a_no_to_a_sign_in_has_a_name_of_its_own(case: str) -> None:
    answer = bytes.fromhex(golden(case)["replies_hex"][0]).strip()

    with pytest.raises(SignInNotStored):
        codec.require_stored(Credentials(OFFICE, sign_in=JANE), answer)
    with pytest.raises(DeviceRefused):
        codec.require_stored(Credentials(Network(b"Cafe", Security.OPEN)), answer)


# --- against the simulated device -----------------------------------------------------------


@pytest.fixture(scope="module")
def photon() -> Iterator[Photon]:
    scan = [
        ScanEntry(each.ssid, security=each.security.code, channel=each.channel)
        for each in (OFFICE, OLD_OFFICE)
    ]
    with Photon(scan=scan) as running:
        yield running


@pytest.fixture(params=["tcp", "http"])
def link(request, photon: Photon) -> SoftapLink:
    photon.reset()
    tcp, http = (
        (host, int(port)) for host, port in map(split, (photon.tcp_address, photon.http_address))
    )
    return (
        SoftapLink(tcp=tcp, http=None)
        if request.param == "tcp"
        else SoftapLink(tcp=None, http=http)
    )


def split(address: str) -> list[str]:
    return address.split(":")


def store(link: SoftapLink, network: Network, sign_in: SignIn) -> None:
    link.store_network(Credentials(network, sign_in=sign_in), Person())


def kept(photon: Photon) -> dict:
    networks = photon.stored["networks"]
    assert isinstance(networks, list)
    (network,) = networks
    return network


@pytest.mark.parametrize("network", [OFFICE, OLD_OFFICE], ids=["wpa2", "wpa"])
def test_a_user_name_and_a_password_arrive_exactly(link, photon, network: Network) -> None:
    store(link, network, JANE)

    stored = kept(photon)
    assert bytes.fromhex(stored["inner_identity_hex"]) == JANE.identity
    assert bytes.fromhex(stored["outer_identity_hex"]) == b"anonymous"
    assert Secret(bytes.fromhex(stored["eap_password_hex"])) == JANE.password
    assert (stored["eap"], stored["security"]) == (25, network.security.code)
    assert stored["channel"] == network.channel


@pytest.mark.parametrize("with_ca", [True, False], ids=["checked", "unchecked"])
def test_a_certificate_and_its_key_arrive_exactly(link, photon, with_ca: bool) -> None:
    sign_in = certificate_sign_in(ca=with_ca, outer=b"anonymous" if with_ca else b"")
    store(link, OFFICE, sign_in)

    stored = kept(photon)
    private_key = bytes.fromhex(stored["private_key_hex"])
    assert stored["eap"] == 13
    assert Secret(private_key[: -private_key[-1]]) == sign_in.private_key
    # The device writes no new end after un-escaping: the line end keeps the odd byte apart.
    assert bytes.fromhex(stored["client_cert_hex"])[: len(sign_in.certificate)] == (
        sign_in.certificate
    )
    assert bytes.fromhex(stored.get("ca_hex", "")) == sign_in.ca
    assert bytes.fromhex(stored["outer_identity_hex"]) == sign_in.outer_identity


def test_the_longest_that_fits_is_stored_whole(link, photon) -> None:
    head, tail = b"-----BEGIN CERTIFICATE-----\r\n", b"-----END CERTIFICATE-----\r\n"
    pem = head + b"x" * (4094 - len(head + tail)) + tail
    der = b"\x30\x82\x0f\xeb" + bytes(4079 - 4)

    store(link, OFFICE, CertificateSignIn(pem, Secret(der), pem, b"x" * 64))

    stored = kept(photon)
    assert bytes.fromhex(stored["client_cert_hex"])[:4094] == pem
    assert bytes.fromhex(stored["ca_hex"]) == pem
    assert bytes.fromhex(stored["private_key_hex"])[:4079] == der


def test_even_the_longest_request_goes_out_in_one_write(link, photon, monkeypatch) -> None:
    """What comes after a pause the device may take for somebody else's."""
    written: list[bytes] = []

    class Watched(socket.socket):
        def send(self, data, *flags):
            written.append(bytes(data))
            return super().send(data, *flags)

    monkeypatch.setattr(socket, "socket", Watched)
    store(link, OFFICE, certificate_sign_in(ca=True))

    (whole,) = (data for data in written if b"configure-ap" in data[:30])
    assert whole.endswith(b"}")
    assert len(whole) > 4000


def test_a_company_network_that_the_device_does_not_hear_is_said(link, photon) -> None:
    with pytest.raises(NetworkUnseen):
        store(link, Network(b"Elsewhere", Security.WPA2_ENTERPRISE), JANE)


def test_one_after_the_other_the_newest_sign_in_counts(link, photon) -> None:
    store(link, OFFICE, certificate_sign_in())
    store(link, OLD_OFFICE, JANE)

    assert kept(photon)["eap"] == 25
