"""Requests and answers recorded from a device (Device OS 2.3.1), and the test key it had."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from setup_wizard.domain.wifi import Network, Security

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Recorded:
    """One exchange, as it went over the wire."""

    request: bytes
    answer: bytes
    heard: tuple[Network, ...]
    """What the radio heard, for scans."""

    @property
    def request_body(self) -> bytes:
        separator = b"\r\n\r\n" if b"HTTP/1.1" in self.request else b"\n\n"
        return self.request.partition(separator)[2]

    @property
    def json(self) -> bytes:
        """The JSON of an answer over TCP."""
        return self.answer.strip()


def _read(line: str) -> tuple[str, Recorded]:
    case = json.loads(line)
    heard = tuple(
        Network(
            bytes.fromhex(network["ssid_hex"]),
            Security(network["sec"]),
            rssi=network["rssi"],
            channel=network["ch"],
            max_data_rate=network["mdr"],
        )
        for network in case.get("scan", ())
    )
    recorded = Recorded(
        bytes.fromhex(case["request_hex"]), bytes.fromhex(case["answer_hex"] or ""), heard
    )
    return case["id"], recorded


RECORDED = dict(map(_read, (_HERE / "recorded.jsonl").read_text().splitlines()))
_KEY = json.loads((_HERE / "device_key.json").read_text())
PUBLIC_KEY_FIELD: str = _KEY["public_key_field"]
PUBLIC_DER = bytes.fromhex(_KEY["public_spki_der_hex"])


def decrypt(digits: str) -> bytes:
    """What the device reads in `pwd`."""
    key = load_der_private_key(bytes.fromhex(_KEY["private_pkcs1_der_hex"]), None)
    assert isinstance(key, RSAPrivateKey)
    return key.decrypt(bytes.fromhex(digits), padding.PKCS1v15())
