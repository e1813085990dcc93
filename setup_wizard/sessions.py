"""Adapter: a customer's session in the key store of this computer's system, or nowhere at all."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from setup_wizard.domain.errors import Cancelled
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session
from setup_wizard.interruptible import interruptible
from setup_wizard.ports import Cancellation, SessionStore

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

logger = logging.getLogger(__name__)

SERVICE = "setup-wizard"
SAFE = 1  # `keyring` gives less to stores that are files, encrypted by nothing or by a typed word
UNLOCK_SECONDS = 60.0  # the system may ask the person for the password of its key store

Result = TypeVar("Result")


class NothingKept(SessionStore):
    """For whoever signs in each time: the demo, and programs."""

    def load(self, cancel: Cancellation) -> Session | None: ...

    def keep(self, session: Session, cancel: Cancellation) -> None: ...

    def forget(self, cancel: Cancellation) -> None: ...


class KeyringSessions(SessionStore):
    """One session for each backend. Where the system has no key store, nothing is written."""

    def __init__(self, backend_url: str) -> None:
        self._name = backend_url.rstrip("/")
        self._newest = object()
        """Another one for each wish: the one before may still wait for the store's password."""

    def load(self, cancel: Cancellation) -> Session | None:
        kept = self._try("load", lambda store: store.get_password(SERVICE, self._name), cancel)
        return None if kept is None else _parse(kept, now=time.time())

    def keep(self, session: Session, cancel: Cancellation) -> None:
        content = json.dumps(
            {
                "token": session.token.reveal(),
                "customer": session.customer,
                "ends_at": int(time.time()) + session.expires_in,
            }
        )
        wish = self._newest = object()

        def act(store: KeyringBackend) -> None:
            if self._newest is not wish:
                return
            store.set_password(SERVICE, self._name, content)
            if self._newest is not wish:  # it was unlocked too late
                self._delete(store)

        try:
            self._try("keep", act, cancel)
        except Cancelled:
            self._newest = object()
            raise

    def forget(self, cancel: Cancellation) -> None:
        self._newest = object()
        self._try("forget", self._delete, cancel)

    def _delete(self, store: KeyringBackend) -> None:
        if store.get_password(SERVICE, self._name) is not None:
            store.delete_password(SERVICE, self._name)

    def _try(
        self, deed: str, act: Callable[[KeyringBackend], Result], cancel: Cancellation
    ) -> Result | None:
        """Whatever becomes of it, signing in goes on; None where it did not work."""

        def act_if_safe() -> Result | None:
            try:
                store = _safe_store()
                return None if store is None else act(store)
            except Exception as error:  # noqa: BLE001 - a border: each system's store fails its own way
                # Its text may hold anything, so only its kind is told.
                logger.warning("session=%s failed kind=%s", deed, type(error).__name__)
                return None

        try:
            return interruptible(act_if_safe, cancel, limit=UNLOCK_SECONDS)
        except TimeoutError:
            logger.warning("session=%s failed kind=TimeoutError", deed)
            return None


def _safe_store() -> KeyringBackend | None:
    """The system's own. Here and not at the start: the first paint must not wait for it."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    stores = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    return next((store for store in stores if store.priority >= SAFE), None)


def _parse(kept: str, *, now: float) -> Session | None:
    """None for what is over, or was not written by us."""
    try:
        content = json.loads(kept)
    except ValueError:
        return None
    match content:
        case {"token": str(token), "customer": str(customer), "ends_at": int(ends_at)}:
            left = int(ends_at - now)
            return Session(Secret(token), customer, left) if token and left > 0 else None
    return None
