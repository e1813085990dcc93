"""Which stream the panel hears: that of my devices, or while staff want it, the whole product's."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from setup_wizard.domain.errors import SetupError
from setup_wizard.ports import Cancellation, Cloud, Stream
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.errands import Answer, Errands
from setup_wizard.qt.panel.feed import Feed

SETTLE_MS = 300  # who passes the row with the arrow keys does not want a stream of its own


class Sources(QObject):
    """Turns the feed from one stream to the other, when what is wanted has settled.

    The old stream goes on until there is a way to the new one.

    Signals:
        turned(): it is the other one now.
        failed(): there is no way to the product's; `error` says why.
    """

    turned = Signal()
    failed = Signal()

    def __init__(self, session: PanelAccess, feed: Feed, errands: Errands, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._feed = feed
        self._errands = errands
        self._wants_product = False
        self._hears_product = False
        self.heard_others = False
        """Whether devices may have been heard that are not mine."""
        self.error: SetupError | None = None
        """Why there is no way to the product's, from the last answer until the next."""
        self._asked = 0
        """Which answer counts: every question has a number, and every new wish."""
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._settle)

    def want(self, *, product: bool) -> None:
        if product != self._wants_product:
            self._wants_product, self.error = product, None
            self._asked += 1  # what is still being asked was asked for an older wish
            self._settling.start()

    def look_again(self) -> None:
        """Ask anew for what was refused."""
        if self.error is not None:
            self._settling.start()

    def stop(self) -> None:
        self._settling.stop()

    def _settle(self) -> None:
        if self._wants_product == self._hears_product:
            return
        if self._wants_product:
            session = self._session
            self._asked += 1
            number = self._asked

            def ask(_cloud: Cloud, cancel: Cancellation) -> object:
                session.find_product(cancel)
                return None

            self._errands.ask(ask, lambda answer: self._found(number, answer))
        else:
            self._turn(self._session.stream)

    def _found(self, number: int, answer: Answer) -> None:
        if number != self._asked:
            return  # it was left, chosen again or asked anew meanwhile
        self.error = answer.error
        if answer.error is not None:
            self.failed.emit()
        else:
            self.heard_others = True
            self._turn(self._session.product_stream)

    def _turn(self, open_stream: Callable[[], Stream]) -> None:
        self._hears_product = self._wants_product
        self._feed.turn_to(open_stream, product=self._hears_product)
        self.turned.emit()
