"""The panel's way to the cloud: opened when it is first used, with a newer token when needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId, Installation
from setup_wizard.domain.errors import ProductEventsNotOffered, SignInExpired
from setup_wizard.domain.sign_in import Proof, Session
from setup_wizard.domain.stream import Source
from setup_wizard.flow.sign_in_work import enter
from setup_wizard.ports import Backend, Cancellation, Cloud, Outside, Stream

Answer = TypeVar("Answer")

SLICE = 0.05  # seconds; how late a stop may be seen by who waits for another's sign-in


class PanelAccess:
    """One customer's cloud and backend, for any thread.

    It has an outside of its own: what set-up asks for meanwhile is not disturbed.
    """

    def __init__(
        self,
        access: CloudAccess,
        open_outside: Callable[[], Outside],
        *,
        session: Session | None = None,
        proof: Proof | None = None,
    ) -> None:
        self._access = access
        self._open_outside = open_outside
        self._session = session
        self._proof = proof
        self._lock = threading.Lock()
        self._doorway = threading.Lock()
        """Held by who signs in again: the backend counts tries, and may refuse the next."""
        self._entries = 0
        self._outside: Outside | None = None
        self._cloud: Cloud | None = None
        self._product: tuple[Cloud, Source] | None = None
        """Where everything of the product is heard, once the maker's side told."""

    @property
    def may_watch_product(self) -> bool:
        """Whether staff is signed in who may listen to the whole product."""
        return self._session is not None and self._session.watches_product

    def cloud(self) -> Cloud:
        with self._lock:
            if self._cloud is None:
                self._cloud = self._opened().open_cloud(self._access)
            return self._cloud

    def renewed(self, refused: Cloud, cancel: Cancellation) -> Cloud:
        """The cloud with a newer token, which may have been fetched for somebody else already."""
        cloud = self.cloud()
        if cloud is not refused:
            return cloud
        self.renew(cancel)
        return self.cloud()

    def renew(self, cancel: Cancellation) -> CloudAccess:
        """A fresh token, for everybody in the panel."""
        access = self._ask_backend(lambda backend: backend.renew_access(cancel), cancel)
        with self._lock:
            self._access, self._cloud = access, None
        return access

    def record(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        """Tell the maker's side what the customer calls the device."""
        self._ask_backend(lambda backend: backend.record(device_id, name, cancel), cancel)

    def installations(self, cancel: Cancellation) -> tuple[Installation, ...]:
        """The customer's groups of devices."""
        return self._ask_backend(lambda backend: backend.installations(cancel), cancel)

    def stream(self) -> Stream:
        """Everything that the customer's devices say."""
        return self.cloud().stream(Source(), renew=self.renew)

    def find_product(self, cancel: Cancellation) -> None:
        """Ask the maker's side for the way to everything of the product; once is enough."""
        if self._product is None:
            self._renew_product(cancel)

    def product_stream(self) -> Stream:
        """Everything that the product's devices say, whoever has them; only after it was found."""
        with self._lock:
            if self._product is None:
                raise ProductEventsNotOffered
            cloud, source = self._product
        return cloud.stream(source, renew=self._renew_product)

    def _renew_product(self, cancel: Cancellation) -> CloudAccess:
        access = self._ask_backend(lambda backend: backend.product_access(cancel), cancel)
        with self._lock:
            self._product = self._opened().open_cloud(access), Source(product=access.product)
        return access

    def _opened(self) -> Outside:
        if self._outside is None:
            self._outside = self._open_outside()
            if self._session is not None:
                self._outside.backend.resume(self._session.token)
        return self._outside

    def _ask_backend(self, ask: Callable[[Backend], Answer], cancel: Cancellation) -> Answer:
        with self._lock:
            backend, entries = self._opened().backend, self._entries
        try:
            return ask(backend)
        except SignInExpired:
            if self._proof is None:
                raise
            self._enter(self._proof, backend, cancel, entries)
        return ask(backend)

    def _enter(self, proof: Proof, backend: Backend, cancel: Cancellation, entries: int) -> None:
        """Sign in again, unless another thread did since there were so many entries."""
        while not self._doorway.acquire(timeout=SLICE):
            cancel.check()
        try:
            if self._entries == entries:
                enter(proof, backend, cancel)
                self._entries += 1
        finally:
            self._doorway.release()
