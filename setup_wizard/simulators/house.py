"""The house that the simulated device lives in: its networks, and what the product does there."""

from __future__ import annotations

import itertools
import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WPA2_AES = 0x400004
WPA2_ENTERPRISE = 0x2400004
OPEN = 0


@dataclass(frozen=True)
class HouseNetwork:
    """A network that really is there, with the passphrase that it really has."""

    ssid: str
    passphrase: str
    security: int = WPA2_AES
    rssi: int = -41
    channel: int = 6
    user_name: str = ""
    """Of a company network: who has to show the passphrase."""

    def accepts(self, ssid: bytes, passphrase: bytes | None, user_name: bytes = b"") -> bool:
        if ssid != self.ssid.encode() or user_name != self.user_name.encode():
            return False
        return self.security == OPEN or passphrase == self.passphrase.encode()

    def scanned(self) -> dict[str, Any]:
        return {
            "ssid": self.ssid,
            "rssi": self.rssi,
            "sec": self.security,
            "ch": self.channel,
            "mdr": 144000,
        }


NETWORKS = (
    HouseNetwork("HomeNet", "correct horse battery"),
    HouseNetwork("Café ☕ d'Ani & Co <2.4>", "cappuccino-2024", rssi=-57, channel=1),
    HouseNetwork("Guests", "", security=OPEN, rssi=-66, channel=11),
    HouseNetwork(
        "Warehouse",
        "forklift number 7",
        security=WPA2_ENTERPRISE,
        rssi=-79,
        channel=9,
        user_name="jane@warehouse.example",
    ),
)
NEIGHBOURS = (
    {"ssid": "HomeNet", "rssi": -71, "sec": WPA2_AES, "ch": 11, "mdr": 144000},
    {"ssid": "Bluebird 4", "rssi": -74, "sec": 0x400006, "ch": 3, "mdr": 72200},
    {"ssid": "OldRouter", "rssi": -84, "sec": 0x200002, "ch": 2, "mdr": 54000},
)
SECURITY_NAMES = {OPEN: "open", WPA2_AES: "wpa2", WPA2_ENTERPRISE: "wpa2-enterprise"}
"""As the command line's `--security` has them."""


def scan_list() -> list[dict[str, Any]]:
    """What the device's radio reports here, in no useful order."""
    return [*NEIGHBOURS, *(network.scanned() for network in NETWORKS)]


class Product:
    """What the product's firmware does once it is online: it measures, blinks and has a button."""

    FUNCTIONS = ("led",)
    BUTTON_EVERY = 9  # measurements: now and then, as a person in the house would
    FIRST_PRESS = 3  # measurements, after which nobody would have come earlier

    def __init__(self, publish: Callable[[str, str], None], *, period: float = 1.0) -> None:
        self._publish = publish
        self._period = period
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._temperature = 21.5
        self._presses = 0
        self._lamp = "off"

    def variables(self) -> dict[str, object]:
        return {"temperature": self._temperature, "presses": self._presses, "lamp": self._lamp}

    def call(self, function: str, argument: str) -> int:
        """The `led` function: "on" and "off" are obeyed, anything else toggles."""
        if function != "led":
            return -1
        toggled = "off" if self._lamp == "on" else "on"
        self._lamp = argument if argument in ("on", "off") else toggled
        self._publish("lamp", self._lamp)
        return 1

    def press_button(self) -> None:
        self._presses += 1
        self._publish("button", "pressed")

    def start(self) -> None:
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._live, name="product", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _live(self) -> None:
        noise = random.Random(7)  # noqa: S311 - a pleasant curve, no secret
        for tick in itertools.count():
            if self._stop.wait(self._period):
                return
            wave = math.sin(tick / 9) * 0.8 + noise.uniform(-0.08, 0.08)
            self._temperature = round(21.5 + wave, 2)
            self._publish("temperature", f"{self._temperature:.2f}")
            if tick % self.BUTTON_EVERY == self.FIRST_PRESS:
                self.press_button()
