"""The panel's way to the cloud: opened when it is first used, with a newer token when needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId, Installation
from setup_wizard.domain.errors import SignInExpired
from setup_wizard.domain.sign_in import Proof, Session
from setup_wizard.domain.stream import Source
from setup_wizard.flow.sign_in_work import enter
from setup_wizard.ports import Backend, Cancellation, Cloud, Outside, Stream

Answer = TypeVar("Answer")


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
        self._outside: Outside | None = None
        self._cloud: Cloud | None = None

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

    def _opened(self) -> Outside:
        if self._outside is None:
            self._outside = self._open_outside()
            if self._session is not None:
                self._outside.backend.resume(self._session.token)
        return self._outside

    def _ask_backend(self, ask: Callable[[Backend], Answer], cancel: Cancellation) -> Answer:
        with self._lock:
            backend = self._opened().backend
        try:
            return ask(backend)
        except SignInExpired:
            if self._proof is None:
                raise
            enter(self._proof, backend, cancel)
        return ask(backend)
