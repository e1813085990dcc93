"""One published event, and its bytes on a stream."""

from __future__ import annotations

import json
from dataclasses import dataclass

from setup_wizard.simulators.cloud.state import PRODUCT_NUMBER, iso_time

LONGEST_NAME = 64
_FIRMWARE_VERSION = 1
_USER_NUMBER = "5e8f8c6f0d1a2b0007b1c3d4"


@dataclass(frozen=True)
class Event:
    """What a device, or a program in its place, has published."""

    name: str
    data: str | None
    device_id: str
    """`api` for an event that a program published."""
    owner: str | None
    published_at: float
    ttl: int = 60

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            raise ValueError("an event name has 1 to 64 printable characters")


@dataclass(frozen=True)
class Framing:
    """How one stream wants its bytes."""

    product: bool = False
    """Streams of a product tell more."""
    chunked: bool = True
    """False for an HTTP/1.0 client."""
    newline: str = "\n"

    def event(self, event: Event) -> bytes:
        fields: dict[str, object] = {
            "data": event.data,
            "ttl": event.ttl,
            "published_at": iso_time(event.published_at),
            "coreid": event.device_id,
        }
        if self.product:
            fields |= {
                "userid": _USER_NUMBER,
                "version": _FIRMWARE_VERSION,
                "public": False,
                "productID": PRODUCT_NUMBER,
            }
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return self._chunk(f"event: {event.name}", f"data: {body}", "", "")

    def opening(self) -> bytes:
        """Not framed: the server sends it with the headers."""
        return f":ok{self.newline * 2}".encode()

    def keep_alive(self) -> bytes:
        return self._chunk("", "")

    def _chunk(self, *lines: str) -> bytes:
        """Exactly one HTTP chunk, as the cloud sends."""
        # JSON can spell half of a surrogate pair, which UTF-8 cannot.
        body = self.newline.join(lines).encode("utf-8", "replace")
        return b"%x\r\n%b\r\n" % (len(body), body) if self.chunked else body
