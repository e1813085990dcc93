"""The simulator's own requests, for what nobody can ask of a real device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Protocol

from setup_wizard.simulators.photon.faults import Faults
from setup_wizard.simulators.photon.line import Traffic
from setup_wizard.simulators.photon.radio import ScanEntry, parse_scan
from setup_wizard.simulators.photon.setup import Setup


class Controlled(Protocol):
    """What the control port may do with a photon."""

    faults: Faults

    @property
    def state(self) -> str: ...
    @property
    def stored(self) -> dict[str, object]: ...
    @property
    def commands(self) -> int: ...
    @property
    def traffic(self) -> Traffic: ...
    def set_up(self, setup: Setup) -> None: ...
    def set_scan(self, scan: Sequence[ScanEntry]) -> None: ...
    def reset(self) -> None: ...
    def listen(self) -> None: ...


class Control:
    """What each request asks of one photon."""

    def __init__(self, photon: Controlled) -> None:
        self._photon = photon

    def answer(self, method: str, path: str, sent: Any) -> tuple[HTTPStatus, object]:
        """Raises ValueError for what was sent and cannot be."""
        if method == "POST":
            if not self._act(path, sent):
                return HTTPStatus.NOT_FOUND, {"error": f"there is no POST {path}"}
        elif path != "/state":
            return HTTPStatus.NOT_FOUND, {"error": "GET /state is all there is"}
        return HTTPStatus.OK, self._state()

    def _act(self, path: str, value: Any) -> bool:
        if path == "/scan":
            if not isinstance(value, list):
                raise ValueError("a scan list is a JSON list")
            self._photon.set_scan(parse_scan(value))
            return True
        if not isinstance(value, dict):
            raise ValueError("a JSON object is expected")
        match path:
            case "/setup":
                self._photon.set_up(Setup.parse(value))
            case "/reset":
                self._photon.reset()
            case "/listen":
                self._photon.listen()
            case "/faults":
                self._photon.faults = Faults.parse(value)
            case _:
                return False
        return True

    def _state(self) -> dict[str, object]:
        photon = self._photon
        return {
            "state": photon.state,
            "stored": photon.stored,
            "commands": photon.commands,
            "traffic": asdict(photon.traffic),
        }
