"""This computer's Wi-Fi in the simulated world: asked over HTTP on loopback."""

from __future__ import annotations

from dataclasses import dataclass

import requests

from setup_wizard.domain.errors import NoWifi
from setup_wizard.ports import WifiJoiner, WifiState

TIMEOUT = 5.0  # a simulator on the same computer, perhaps a busy one


class SimulatedWifi(WifiJoiner):
    """Knows all that a real system with every permission could tell."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + "/wifi"

    def state(self) -> WifiState:
        air = self._ask()
        network = None if air.network is None else air.network.encode()
        return WifiState(present=air.present, network=network)

    def sees(self, ssid: bytes) -> bool | None:
        return any(name.encode() == ssid for name in self._ask().visible)

    def _ask(self) -> _Air:
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy does not know this computer's loopback
                response = session.get(self._url, timeout=TIMEOUT, allow_redirects=False)
                response.raise_for_status()
                return _Air.parse(response.json())
        except (requests.RequestException, ValueError) as error:
            raise NoWifi from error


@dataclass(frozen=True)
class _Air:
    present: bool
    network: str | None
    visible: tuple[str, ...]

    @classmethod
    def parse(cls, document: object) -> _Air:
        match document:
            case {
                "present": bool(present),
                "network": str() | None as network,
                "visible": [*names],
            }:
                return cls(present, network, tuple(str(name) for name in names))
        raise ValueError("not the state of a simulated Wi-Fi")
