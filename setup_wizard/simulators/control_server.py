"""A small HTTP server that speaks JSON: for what nobody can ask of a real device or computer."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_log = logging.getLogger(__name__)

LISTEN_TIMEOUT = 5.0  # seconds; a client that says nothing must not keep a simulator from ending
END_POLL = 0.05  # seconds between looks at whether it is to end

Answer = Callable[[str, str, Any], tuple[HTTPStatus, object]]
"""Of a method, a path and what was sent; raises ValueError for what cannot be."""


class ControlServer:
    """Answers on loopback in threads of its own, from `start` until `stop`."""

    def __init__(self, answer: Answer, *, port: int = 0) -> None:
        """Raises OSError where the port is taken."""

        class Handler(_Handler):
            answers = staticmethod(answer)

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = False  # so that stopping waits for the last answer
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(END_POLL,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    answers: Answer
    timeout = LISTEN_TIMEOUT

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent = json.loads(body or b"{}")
        except ValueError as error:
            self._reply(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self._answer(sent)

    def _answer(self, sent: object) -> None:
        try:
            status, value = self.answers(self.command, self.path, sent)
        except ValueError as error:
            status, value = HTTPStatus.BAD_REQUEST, {"error": str(error)}
        self._reply(status, value)

    def _reply(self, status: HTTPStatus, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the base class
        _log.debug("control: " + format, *args)
