"""Takes from a stream in the thread of live events, and holds what came until the window asks."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QThread, Signal, Slot

from setup_wizard.domain.errors import SetupError, Unexpected
from setup_wizard.domain.stream import Batch, Connecting, Gap, Loss, Row, Stopped, StreamState
from setup_wizard.ports import Stream

logger = logging.getLogger(__name__)

TAKE_SECONDS = 0.25  # how often an idle stream is asked how it stands
GATHER_SECONDS = 0.02  # between two batches of a busy one: the eye sees no difference
TAKEN_ROWS = 1_000  # at once: what the window can do with between two pictures
HELD_ROWS = 50_000  # while the window is busy; then the stream waits, by TCP, and nothing is lost


class Feed(QObject):
    """One stream at a time, to its end or until another is wanted.

    The window takes at the display's pace.
    """

    _wanted = Signal()

    def __init__(self, open_stream: Callable[[], Stream], thread: QThread) -> None:
        super().__init__()
        self._open_stream = open_stream
        self._changed = threading.Condition()
        self._held: deque[tuple[bool, Batch]] = deque()
        """Each with whether it came from the product's stream."""
        self._rows_held = 0
        self._stopped = False
        self._stream: Stream | None = None
        self._turn = 0
        """Which stream is wanted: the first, the second…"""
        self._turns_begun = 0
        self._wants_product = False
        self._hears_product = False
        self.of_product = False
        """Whether what was taken last came from the product's stream."""
        self._over = threading.Event()
        self.moveToThread(thread)
        self._wanted.connect(self._listen)

    def begin(self) -> None:
        self.turn_to(self._open_stream)

    def turn_to(self, open_stream: Callable[[], Stream], *, product: bool = False) -> None:
        """Listen to this one from now on, also when the last one came to its end."""
        with self._changed:
            self._open_stream, self._wants_product = open_stream, product
            self._turn += 1
            self._over.clear()
            stream = self._stream
        if stream is not None:
            stream.stop()
        self._wanted.emit()

    def take(self) -> list[Batch]:
        """What came since the last time, without waiting; of very much only the first part.

        All of it came from one stream: what another one brought is for the next time.
        """
        taken: list[Batch] = []
        rows = 0
        with self._changed:
            while self._held and rows < TAKEN_ROWS:
                product, batch = self._held[0]
                if taken and product != self.of_product:
                    break
                self.of_product = product
                self._held.popleft()
                taken.append(batch)
                rows += len(batch.rows)
            self._rows_held -= rows
            self._changed.notify()
        return taken

    @property
    def has_more(self) -> bool:
        return bool(self._held)

    def stop(self) -> None:
        """Hang up at once, from any thread."""
        with self._changed:
            self._stopped = True
            stream = self._stream
            self._changed.notify()
        if stream is not None:
            stream.stop()

    def wait(self, seconds: float) -> bool:
        """Until it came to its end; False when that takes longer."""
        return self._over.wait(seconds)

    @Slot()
    def _listen(self) -> None:
        with self._changed:
            turn = self._turn
            if turn == self._turns_begun:
                return  # somebody turned twice before the first turn came
            self._turns_begun = turn
        try:
            self._listen_to_the_end(turn)
        except SetupError as error:
            self._end_with(turn, error)
        except Exception as error:  # noqa: BLE001 - a border: the window says why it stopped
            # Its text may hold anything, a secret too, so only its kind and its place are told.
            kind = type(error).__name__
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("stream=ended kind=%s\n%s", kind, place)
            self._end_with(turn, Unexpected(kind=kind))
        finally:
            with self._changed:
                if turn == self._turn:
                    self._over.set()

    def _listen_to_the_end(self, turn: int) -> None:
        with self._changed:
            if self._stopped:
                return
            open_stream, self._hears_product = self._open_stream, self._wants_product
        if turn > 1:
            self._hold(_batch(Connecting(), Gap(Loss.TURNED, 0.0)))
        stream = open_stream()
        with self._changed:
            self._stream = stream
        try:
            while not self._stopped and turn == self._turn:
                batch = stream.take(TAKE_SECONDS)
                if turn != self._turn:  # it was told to stop, and that is nobody's news
                    batch = replace(batch, state=Connecting())
                self._hold(batch)
                if isinstance(batch.state, Stopped):
                    return
        finally:
            stream.stop()
            stream.take(0.0)  # lets go of the connection, which is its taker's to do

    def _hold(self, batch: Batch) -> None:
        with self._changed:
            self._held.append((self._hears_product, batch))
            self._rows_held += len(batch.rows)
            while self._rows_held >= HELD_ROWS and not self._stopped:
                self._changed.wait()
            if batch.rows and not self._stopped:
                self._changed.wait(GATHER_SECONDS)

    def _end_with(self, turn: int, error: SetupError) -> None:
        with self._changed:
            if turn == self._turn:  # how one ended that nobody wants any more is nobody's news
                self._held.append((self._hears_product, _batch(Stopped(error))))


def _batch(state: StreamState, *rows: Row) -> Batch:
    """Of our own making."""
    return Batch(rows, state, time.time(), time.monotonic())
