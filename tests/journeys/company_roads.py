"""Where a company network's sign-in can break: user names, files that people choose, the device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from setup_wizard.domain.enterprise import CertificateFiles, PasswordSignIn
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.simulators.photon import Faults
from tests.identities import KEY_PASSWORD, certificate, key_file, pem, rsa_key
from tests.journeys.traveller import Traveller

Road = Callable[[Traveller], State]

OFFICE = Network(b"Warehouse", Security.WPA2_ENTERPRISE)
HOME = Network(b"HomeNet", Security.WPA2)
NO_KEYS = b"a shopping list"


def choosing(press: m.SetUpPressed) -> Road:
    def travel(traveller: Traveller) -> State:
        traveller.find_device()
        return traveller.act(press)

    return travel


def by_name(network: Network) -> Road:
    sign_in = PasswordSignIn(b"jane@warehouse.example", Secret("not the forklift's number"))
    return choosing(m.SetUpPressed(network, sign_in=sign_in))


def _certificate() -> bytes:
    return pem(certificate(rsa_key()))


def _key() -> bytes:
    return key_file(rsa_key())


def _protected_key() -> bytes:
    return key_file(rsa_key(), password=KEY_PASSWORD)


def by_files(
    *,
    own: Callable[[], bytes] = _certificate,
    key: Callable[[], bytes] = _key,
    password: str = "",
    outer: bytes = b"",
) -> Road:
    """By certificate, from files whose bytes are made on the way: a key takes a tenth of a second.

    A file of no bytes is one that is missing.
    """

    def travel(traveller: Traveller) -> State:
        with TemporaryDirectory() as folder:
            files = CertificateFiles(
                _written(folder, "jane.crt", own()),
                _written(folder, "jane.key", key()),
                Secret(password) if password else None,
                outer_identity=outer,
            )
            return choosing(m.SetUpPressed(OFFICE, sign_in=files))(traveller)

    return travel


def _written(folder: str, name: str, data: bytes) -> Path:
    path = Path(folder) / name
    if data:
        path.write_bytes(data)
    return path


def refused_by_the_device(traveller: Traveller) -> State:
    """The device stores nothing and answers 1, as for credentials that it cannot read."""
    traveller.world.photon.faults = Faults(command="configure-ap", result=1)
    return by_files()(traveller)


COMPANY_ROADS: dict[tuple[str, Step], Road] = {
    ("SW-PASSPHRASE-CHARACTERS", Step.NETWORK): choosing(
        m.SetUpPressed(HOME, Secret(b"ends here\0and not here"))
    ),
    ("SW-SIGN-IN-MISSING", Step.NETWORK): choosing(m.SetUpPressed(OFFICE)),
    ("SW-SIGN-IN-NEEDLESS", Step.NETWORK): by_name(HOME),
    ("SW-SIGN-IN-NOT-STORED", Step.NETWORK): refused_by_the_device,
    ("SW-USER-NAME-LENGTH", Step.NETWORK): by_files(outer=b"j" * 65),
    ("SW-USER-NAME-CHARACTERS", Step.NETWORK): by_files(outer=b'say "jane"'),
    ("SW-CERTIFICATE-LENGTH", Step.NETWORK): by_files(
        own=lambda: pem(certificate(rsa_key(), filler=4000))
    ),
    ("SW-FILE-UNREADABLE", Step.NETWORK): by_files(own=bytes),
    ("SW-NO-CERTIFICATE", Step.NETWORK): by_files(own=lambda: NO_KEYS),
    ("SW-NO-PRIVATE-KEY", Step.NETWORK): by_files(key=lambda: NO_KEYS),
    ("SW-KEY-PASSWORD-MISSING", Step.NETWORK): by_files(key=_protected_key),
    ("SW-KEY-PASSWORD-WRONG", Step.NETWORK): by_files(key=_protected_key, password="a guess"),
    ("SW-KEY-MISMATCH", Step.NETWORK): by_files(key=lambda: key_file(rsa_key(1))),
    ("SW-NETWORK-SIGN-IN", Step.NETWORK): by_name(OFFICE),
}
"""A road to every failure of a company network's sign-in, and to the passphrase's odd one."""
