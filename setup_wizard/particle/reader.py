"""One connection to the event stream, read in a thread of its own."""

from __future__ import annotations

from contextlib import suppress
from threading import Condition, Thread

import requests
import urllib3

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import CloudBroken, CloudError, CloudUnreachable, TokenRefused
from setup_wizard.particle.api import CONNECT_TIMEOUT, answer, unreachable
from setup_wizard.web import Bearer

IDLE_LIMIT = 30.0  # the cloud sends a bare newline every 9 to 13 s; two may get lost
READ_SIZE = 64 * 1024
HELD_LIMIT = 256 * 1024  # bytes held for a slow taker; then the cloud waits, by TCP
GOODBYE = 0.05  # a read that was shut down ends within a millisecond


class StreamReader:
    """Opens the stream and keeps what arrives until it is taken.

    Name look-up, connecting, the TLS handshake and reading all block, and only reading can be
    ended from outside. In a thread of its own none of them keeps the taker from stopping at once;
    a thread that is left behind while connecting ends by its own time-out.
    """

    def __init__(
        self, access: CloudAccess, device_id: DeviceId | None, *, prefix: str = ""
    ) -> None:
        """Of one device; without one, of all that the token's owner has or will have."""
        self._access = access
        self._device_id = device_id
        device = "" if device_id is None else f"/{device_id}"
        self._path = f"/v1/devices{device}/events" + (f"/{prefix}" if prefix else "")
        self._changed = Condition()
        self._blocks: list[bytes] = []
        self._held = 0
        self._end: CloudError | None = None
        self._response: requests.Response | None = None
        self._stopped = False
        self._thread = Thread(target=self._run, name="event-stream", daemon=True)
        self._thread.start()

    def take(self, timeout: float) -> bytes:
        """All that arrived, or nothing after the time-out; raises what ended the connection."""
        with self._changed:
            if not self._blocks and self._end is None:
                self._changed.wait(timeout)
            if not self._blocks and self._end is not None:
                raise self._end
            taken = b"".join(self._blocks)
            self._blocks.clear()
            self._held = 0
            self._changed.notify()
            return taken

    def stop(self) -> None:
        """Hang up, wherever the connection stands."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
            if self._response is not None:
                # shutdown() and not close(): close() waits for the very read that it is to end.
                # It raises when the connection has just ended by itself.
                with suppress(ValueError, RuntimeError, OSError):
                    self._response.raw.shutdown()
        self._thread.join(GOODBYE)

    def _run(self) -> None:
        end: CloudError
        try:
            self._read_to_the_end()
            end = CloudUnreachable()
        except CloudError as error:
            end = error
        except requests.RequestException as error:
            end = unreachable(error)
            end.__cause__ = error
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            # The last two: shutdown() takes the TLS layer away from under a read.
            end = CloudUnreachable()
            end.__cause__ = error
        with self._changed:
            self._end = end
            self._changed.notify()

    def _read_to_the_end(self) -> None:
        url = self._access.url.rstrip("/") + self._path
        with (
            requests.Session() as session,
            session.get(
                url,
                auth=Bearer(self._access.access_token, TokenRefused),
                headers={
                    "Accept": "text/event-stream",
                    "Accept-Encoding": "identity",  # a compressor would hold events back
                    "Cache-Control": "no-cache",
                },
                stream=True,
                timeout=(CONNECT_TIMEOUT, IDLE_LIMIT),
                allow_redirects=False,
            ) as response,
        ):
            self._check(response)
            if not self._keep(response):
                return
            try:
                # read1 gives what is there; iter_content and iter_lines wait for more.
                while (block := response.raw.read1(READ_SIZE)) and self._hold(block):
                    pass
            finally:
                self._keep(None)

    def _check(self, response: requests.Response) -> None:
        if response.status_code != 200:
            answer(response, device=self._device_id)
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or not kind.lower().startswith("text/event-stream"):
            raise CloudBroken(status=response.status_code)

    def _keep(self, response: requests.Response | None) -> bool:
        """Show stop() what to shut down; False when it came first."""
        with self._changed:
            self._response = response
            return not self._stopped

    def _hold(self, block: bytes) -> bool:
        """Keep a block for the taker, who may be slow; False when there is none any more."""
        with self._changed:
            if not self._blocks:
                self._changed.notify()
            self._blocks.append(block)
            self._held += len(block)
            while self._held >= HELD_LIMIT and not self._stopped:
                self._changed.wait()
            return not self._stopped
