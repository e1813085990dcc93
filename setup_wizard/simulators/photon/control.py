"""The simulator's own HTTP port, for what nobody can ask of a real device."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from setup_wizard.simulators.photon.faults import Faults
from setup_wizard.simulators.photon.line import Traffic
from setup_wizard.simulators.photon.radio import ScanEntry, parse_scan
from setup_wizard.simulators.photon.setup import Setup

log = logging.getLogger(__name__)


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
    """Serves the control port in threads of its own until it is stopped."""

    def __init__(self, photon: Controlled, *, port: int) -> None:
        class Handler(_Handler):
            controlled = photon

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = False  # so that stopping waits for the last answer
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    controlled: Controlled
    timeout = 5.0  # a client that says nothing must not keep the simulator from ending

    def do_GET(self) -> None:
        if self.path == "/state":
            self._reply(HTTPStatus.OK, self._state())
        else:
            self._reply(HTTPStatus.NOT_FOUND, {"error": "GET /state is all there is"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            known = self._act(json.loads(body or b"{}"))
        except ValueError as error:
            self._reply(HTTPStatus.BAD_REQUEST, {"error": str(error)})
            return
        if known:
            self._reply(HTTPStatus.OK, self._state())
        else:
            self._reply(HTTPStatus.NOT_FOUND, {"error": f"there is no POST {self.path}"})

    def _act(self, value: Any) -> bool:
        if self.path == "/scan":
            if not isinstance(value, list):
                raise ValueError("a scan list is a JSON list")
            self.controlled.set_scan(parse_scan(value))
            return True
        if not isinstance(value, dict):
            raise ValueError("a JSON object is expected")
        match self.path:
            case "/setup":
                self.controlled.set_up(Setup.parse(value))
            case "/reset":
                self.controlled.reset()
            case "/listen":
                self.controlled.listen()
            case "/faults":
                self.controlled.faults = Faults.parse(value)
            case _:
                return False
        return True

    def _state(self) -> dict[str, object]:
        photon = self.controlled
        return {
            "state": photon.state,
            "stored": photon.stored,
            "commands": photon.commands,
            "traffic": asdict(photon.traffic),
        }

    def _reply(self, status: HTTPStatus, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the base class
        log.debug("control: " + format, *args)  # noqa: G003
