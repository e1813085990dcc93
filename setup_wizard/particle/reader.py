"""One connection to the event stream, read in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from threading import Condition, Thread
from urllib.parse import quote

import requests
import urllib3

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import (
    Cancelled,
    CloudBroken,
    CloudUnreachable,
    SetupError,
    TokenRefused,
)
from setup_wizard.domain.stream import Source
from setup_wizard.particle.api import CONNECT_TIMEOUT, meant, unreachable
from setup_wizard.particle.chunks import ChunkParser
from setup_wizard.web import Bearer
from setup_wizard.web_client import no_answer, read_answer, shut_down

IDLE_LIMIT = 30.0  # the cloud sends a bare newline every 9 to 13 s; two may get lost
OPEN_LIMIT = 90.0  # seconds; a token, a connection and a head have limits of their own, in all 66
READ_SIZE = 64 * 1024
HELD_LIMIT = 256 * 1024  # bytes held for a slow taker; then the cloud waits, by TCP
GOODBYE = 0.05  # a read that was shut down ends within a millisecond


class StreamReader:
    """Opens the stream and keeps what arrives until it is taken.

    Name look-up, connecting, the TLS handshake and reading all block, and only reading can be
    ended from outside. In a thread of its own none of them keeps the taker from stopping at once;
    a thread that is left behind while connecting ends by its own time-out, or with the other side.
    """

    def __init__(
        self, find_access: Callable[[], CloudAccess], source: Source, *, begun: float
    ) -> None:
        """`find_access` is asked in that thread, and may take its time."""
        self._begun = begun
        self._find_access = find_access
        self._source = source
        self._changed = Condition()
        self._blocks: list[bytes] = []
        self._held = 0
        self._end: SetupError | None = None
        self._response: requests.Response | None = None
        self._stopped = False
        self.access: CloudAccess | None = None
        """What the connection was opened with, once it was found."""
        self.is_open = False
        """The cloud has answered with a stream, which may be over by now."""
        self._thread = Thread(target=self._run, name="event-stream", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        return self._end is not None

    def is_late(self, now: float) -> bool:
        """Whether the head still trickles, where each byte starts the time-out of a read anew."""
        return not self.is_open and now - self._begun >= OPEN_LIMIT

    def take(self, timeout: float) -> bytes:
        """All that arrived, or nothing after the time-out; raises what ended the connection."""
        with self._changed:
            if not self._blocks and self._end is None and not self._stopped:
                self._changed.wait(timeout)
            if not self._blocks and self._end is not None:
                raise self._end
            taken = b"".join(self._blocks)
            self._blocks.clear()
            self._held = 0
            self._changed.notify_all()
            return taken

    def stop(self) -> None:
        """Hang up, wherever the connection stands."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            if self._response is not None:
                shut_down(self._response)
        self._thread.join(GOODBYE)

    def _run(self) -> None:
        end: SetupError = CloudUnreachable()
        try:
            self._read_to_the_end()
        except SetupError as error:
            end = error
        except Cancelled:
            pass  # whoever was asked for access heard of the stop first
        except requests.RequestException as error:
            end = unreachable(no_answer(error))
            end.__cause__ = error
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            # The last two: shutdown() takes the TLS layer away from under a read.
            end.__cause__ = error
        finally:
            with self._changed:
                self._end = end
                self._changed.notify_all()

    def _read_to_the_end(self) -> None:
        access = self.access = self._find_access()
        with (
            requests.Session() as session,
            session.get(
                access.url.rstrip("/") + path_of(self._source),
                auth=Bearer(access.access_token, TokenRefused),
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
                for block in _blocks(response):
                    if not self._hold(block):
                        return
            finally:
                self._keep(None)

    def _check(self, response: requests.Response) -> None:
        if response.status_code != 200:
            meant(read_answer(response), device=self._source.device_id)
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or not kind.lower().startswith("text/event-stream"):
            raise CloudBroken(status=response.status_code)

    def _keep(self, response: requests.Response | None) -> bool:
        """Show stop() what to shut down; False when it came first."""
        with self._changed:
            self._response = response
            if response is not None:
                self.is_open = True
                self._changed.notify_all()
            return not self._stopped

    def _hold(self, block: bytes) -> bool:
        """Keep a block for the taker, who may be slow; False when there is none any more."""
        with self._changed:
            if not self._blocks:
                self._changed.notify_all()
            self._blocks.append(block)
            self._held += len(block)
            while self._held >= HELD_LIMIT and not self._stopped:
                self._changed.wait()
            return not self._stopped


def path_of(source: Source) -> str:
    """Where the cloud tells of it."""
    product = "" if source.product is None else f"/products/{quote(source.product, safe='')}"
    if source.device_id is not None:
        place = f"/devices/{source.device_id}"
    else:
        # Of a product, /events is everything; of a person, /devices/events is what they own.
        place = "" if product else "/devices"
    prefix = f"/{quote(source.prefix, safe='')}" if source.prefix else ""
    return f"/v1{product}{place}/events{prefix}"


def _blocks(response: requests.Response) -> Iterator[bytes]:
    """What arrives, as soon as it is there; iter_content and iter_lines wait for more."""
    http = getattr(response.raw, "_original_response", None)
    if not isinstance(http, HTTPResponse) or not http.chunked:
        while block := response.raw.read1(READ_SIZE):
            yield block
        return
    # Past both libraries, which would read each event's chunk by itself: half as fast.
    chunks = ChunkParser()
    while not chunks.is_over and (raw := http.fp.read1(READ_SIZE)):
        if block := chunks.feed(raw):
            yield block
