"""Nobody waits for certificate files that a dead disk or a slow key keeps back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from setup_wizard import certificates
from setup_wizard.cancellation import StopSwitch
from setup_wizard.certificates import CertificateFileReader
from setup_wizard.domain.enterprise import CertificateFiles
from setup_wizard.domain.errors import Cancelled, FileUnreadable
from setup_wizard.domain.secret import Secret
from tests.identities import KEY_PASSWORD, bundle, certificate, ec_key

LONG = 10.0  # seconds; a guard only
READER = CertificateFileReader()


class DeadMount:
    """A folder of another computer, which is gone: whoever reads there waits."""

    def __init__(self, patch: pytest.MonkeyPatch, dead: str) -> None:
        self.asked, self.free = threading.Event(), threading.Event()
        read = Path.read_bytes

        def read_bytes(path: Path) -> bytes:
            if path.name == dead:
                self.asked.set()
                self.free.wait(LONG)
            return read(path)

        patch.setattr(Path, "read_bytes", read_bytes)


@pytest.fixture
def mount(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeadMount]:
    mount = DeadMount(monkeypatch, "ca.crt")
    yield mount
    mount.free.set()


@pytest.fixture
def files(tmp_path: Path) -> CertificateFiles:
    own, ca = tmp_path / "jane.p12", tmp_path / "ca.crt"
    own.write_bytes(bundle(ec_key(), certificate(ec_key())))
    ca.write_bytes(bundle(None, certificate(ec_key(1), "CA")))
    return CertificateFiles(own, key_password=Secret(KEY_PASSWORD), ca=ca)


def test_a_stop_is_heard_while_a_file_does_not_come(
    files: CertificateFiles, mount: DeadMount
) -> None:
    switch = StopSwitch()

    def stop() -> None:
        mount.asked.wait(LONG)
        switch.turn()

    person = threading.Thread(target=stop)
    person.start()

    with pytest.raises(Cancelled):
        READER.read(files, switch)
    person.join()

    assert not mount.free.is_set()


def test_a_file_that_never_comes_is_unreadable_and_named(
    files: CertificateFiles, mount: DeadMount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "READ_LIMIT", 0.05)

    with pytest.raises(FileUnreadable) as caught:
        READER.read(files, StopSwitch())

    assert caught.value.parameters == {"name": "ca.crt"}


def test_what_was_stopped_while_a_key_was_opened_has_no_result(
    files: CertificateFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = StopSwitch()

    def load(data: bytes, password: bytes | None) -> object:
        switch.turn()
        return load_pkcs12(data, password)

    monkeypatch.setattr(certificates, "load_pkcs12", load)

    with pytest.raises(Cancelled):
        READER.read(files, switch)


@pytest.mark.parametrize("twice", [False, True], ids=["named once", "named for both"])
def test_one_file_is_opened_once(
    files: CertificateFiles, monkeypatch: pytest.MonkeyPatch, twice: bool
) -> None:
    """With many rounds of its key derivation that takes seconds."""
    opened = []

    def load(data: bytes, password: bytes | None) -> object:
        opened.append(data)
        return load_pkcs12(data, password)

    monkeypatch.setattr(certificates, "load_pkcs12", load)
    own = files.certificate

    READER.read(CertificateFiles(own, own if twice else None, Secret(KEY_PASSWORD)), StopSwitch())

    assert len(opened) == 1
