"""The values that the tests of the flow talk about: one device, one customer, a few networks."""

from __future__ import annotations

from pathlib import Path

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent, Provision
from setup_wizard.domain.device import Device, DeviceId, DeviceIdentity
from setup_wizard.domain.enterprise import (
    CertificateFiles,
    CertificateSignIn,
    PasswordSignIn,
)
from setup_wizard.domain.life import EventTest, FunctionTest
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByAccount, ByCode, ByKey, Session
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.flow.sign_in_messages import CodeSent

DEVICE_ID = DeviceId("3a001b000447343138333038")
OTHER_ID = DeviceId("ffffffffffffffffffffffff")
IDENTITY = DeviceIdentity(DEVICE_ID, claimed_before=False)
OTHER_IDENTITY = DeviceIdentity(OTHER_ID, claimed_before=True)
ACCESS_POINT = b"Photon-AB12CD"

HOME = Network(b"Home", Security.WPA2, rssi=-50, channel=6)
CAFE = Network(b"Cafe", Security.OPEN, rssi=-70, channel=1)

OFFICE = Network(b"Office", Security.WPA2_ENTERPRISE, rssi=-60, channel=3)

CUSTOMER = "jane@example.com"
PASSPHRASE = Secret("hidden-passphrase")
WRONG = Secret("hidden-mistake")
KEY = Secret("hidden-installer-key")
CLAIM_CODE = Secret("hidden-claim-code")
TOKEN = Secret("hidden-token")
FRESH_TOKEN = Secret("hidden-fresh-token")
BY_KEY = ByKey(CUSTOMER, KEY)
BY_CODE = ByCode(CUSTOMER, Secret("hidden-123456"))
BY_ACCOUNT = ByAccount(Secret("hidden-id-token"))
SESSION = Session(Secret("hidden-session"), CUSTOMER, 43_200)
LASTING = 600
CODE_SENT = CodeSent(CUSTOMER, LASTING, until=float(LASTING))
HIDDEN = "hidden-"
"""How every secret text in these tests begins."""

BY_NAME = PasswordSignIn(b"jane@example.com", Secret("hidden-password"), b"anonymous")
SIGN_IN = CertificateSignIn(
    b"-----BEGIN CERTIFICATE-----\r\nMII=\r\n-----END CERTIFICATE-----\r\n",
    Secret("hidden-private-key"),
)
FILES = CertificateFiles(Path("jane.crt"), Path("jane.key"), Secret("hidden-key-password"))

CREDENTIALS = Credentials(HOME, PASSPHRASE)
ACCESS = CloudAccess("http://cloud.invalid", TOKEN, product="lamps")
FRESH_ACCESS = CloudAccess("http://cloud.invalid", FRESH_TOKEN, product="lamps")
PROVISION = Provision(CLAIM_CODE, ACCESS)
OWNED_PROVISION = Provision(CLAIM_CODE, ACCESS, owned=(DEVICE_ID,))

DEVICE = Device(DEVICE_ID, name="turbo_weasel", functions=("led",))

BUTTON = EventTest("Press the button on {device} now", "button", 60.0, "pressed")
LED = FunctionTest("{device} turns on its light", "led", 2, "on")


def event(number: int = 0, name: str = "temperature") -> DeviceEvent:
    return DeviceEvent(name, str(number), "2026-01-01T00:00:00Z", str(DEVICE_ID))
