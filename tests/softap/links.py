"""A healthy device's replies, what is to be stored in it, and links to it."""

from __future__ import annotations

from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.softap.client import SoftapLink
from tests.softap.recorded import PUBLIC_KEY_FIELD, RECORDED
from tests.softap.stage import Door, says

DEVICE_ID = "3a001b000447343138333038"
HTML = b"<html>Your router: sign in</html>"
ROUTER = says(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n" + HTML)
HOME = Credentials(Network(b"HomeNet", Security.WPA2, channel=6), Secret("hunter2 hunter2"))
CAFE = Credentials(Network(b"OpenCafe", Security.OPEN, channel=10))
CODE = Secret("a claim code")
YES = b'{"r":0}'


def replies(**changes: bytes) -> dict[str, bytes]:
    """What a healthy device answers; underscores stand for the hyphens of commands."""
    return {
        "device-id": b'{"id":"%s","c":"0"}' % DEVICE_ID.upper().encode(),
        "scan-ap": RECORDED["tcp-scan-default"].json,
        "public-key": b'{"b":"%s","r":0}' % PUBLIC_KEY_FIELD.encode(),
        "set": YES,
        "configure-ap": YES,
        "connect-ap": YES,
    } | {command.replace("_", "-"): reply for command, reply in changes.items()}


OTHER_ID = b'{"id":"FF001B000447343138333038","c":"0"}'


def over_tcp(door: Door) -> SoftapLink:
    return SoftapLink(tcp=door.address, http=None)


def over_http(door: Door) -> SoftapLink:
    return SoftapLink(tcp=None, http=door.address)
