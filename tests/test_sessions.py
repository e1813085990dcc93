"""A session in the system's key store, by the library's own door; and nowhere else."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Cancelled
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session
from setup_wizard.sessions import SERVICE, KeyringSessions, NothingKept
from tests.memory_keyring import MemoryKeyring

URL = "https://setup.example.com"
TOKEN = "a-session-token"
SESSION = Session(Secret(TOKEN), "jane@example.com", 43_200)
LIMIT = 10.0  # seconds; everything takes milliseconds
LONG_OVER = 1_700_000_000


Store = TypeVar("Store", bound=KeyringBackend)


class FileKeyring(MemoryKeyring):
    """A store such as those that write files, which the library rates below the systems' own."""

    priority = 0.5


@pytest.fixture
def store() -> Iterator[MemoryKeyring]:
    yield from _use(MemoryKeyring())


def _use(store: Store) -> Iterator[Store]:
    before = keyring.get_keyring()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


@pytest.fixture
def sessions() -> KeyringSessions:
    return KeyringSessions(URL)


def test_what_is_kept_is_there_for_the_next_program(
    store: MemoryKeyring, sessions: KeyringSessions
) -> None:
    sessions.keep(SESSION, StopSwitch())

    found = KeyringSessions(f"{URL}/").load(StopSwitch())

    assert found is not None
    assert (found.token.reveal(), found.customer) == (TOKEN, "jane@example.com")
    assert 43_190 <= found.expires_in <= 43_200
    assert list(store.kept) == [(SERVICE, URL)]


def test_each_backend_has_its_own(store: MemoryKeyring, sessions: KeyringSessions) -> None:
    sessions.keep(SESSION, StopSwitch())

    assert KeyringSessions("https://other.example.com").load(StopSwitch()) is None


def test_forgetting_leaves_nothing_and_twice_is_harmless(
    store: MemoryKeyring, sessions: KeyringSessions, caplog: pytest.LogCaptureFixture
) -> None:
    sessions.keep(SESSION, StopSwitch())

    sessions.forget(StopSwitch())
    sessions.forget(StopSwitch())

    assert store.kept == {}
    assert sessions.load(StopSwitch()) is None
    assert caplog.records == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        json.dumps({"token": 5, "customer": "", "ends_at": 2**40}),
        json.dumps({"token": "", "customer": "", "ends_at": 2**40}),
        json.dumps({"token": "t", "customer": "", "ends_at": "soon"}),
        json.dumps({"token": "t", "customer": "", "ends_at": LONG_OVER}),
    ],
)
def test_what_is_over_or_not_ours_is_no_session(
    store: MemoryKeyring, sessions: KeyringSessions, content: str
) -> None:
    store.kept[SERVICE, URL] = content

    assert sessions.load(StopSwitch()) is None


@pytest.mark.parametrize("trouble", [KeyringLocked(TOKEN), OSError(TOKEN), RuntimeError(TOKEN)])
def test_a_store_that_fails_costs_a_sign_in_and_tells_no_secret(
    store: MemoryKeyring,
    sessions: KeyringSessions,
    trouble: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.trouble = trouble

    sessions.keep(SESSION, StopSwitch())
    assert sessions.load(StopSwitch()) is None
    sessions.forget(StopSwitch())

    assert len(caplog.records) == 3
    assert type(trouble).__name__ in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("unsafe", [FileKeyring(), NoKeyring()], ids=["file", "none"])
def test_without_a_safe_store_nothing_is_written_anywhere(
    sessions: KeyringSessions,
    unsafe: MemoryKeyring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for _ in _use(unsafe):
        sessions.keep(SESSION, StopSwitch())

        assert sessions.load(StopSwitch()) is None

    assert list(tmp_path.iterdir()) == []
    assert getattr(unsafe, "kept", {}) == {}
    assert caplog.records == [], "it is no fault of anybody's"


def test_of_several_stores_the_first_safe_one_is_taken(
    sessions: KeyringSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsafe, safe = FileKeyring(), MemoryKeyring()
    monkeypatch.setattr(ChainerBackend, "backends", (unsafe, safe))
    for _ in _use(ChainerBackend()):
        sessions.keep(SESSION, StopSwitch())

    assert (len(unsafe.kept), len(safe.kept)) == (0, 1)


class Asking(MemoryKeyring):
    """A store that asks the person for its password, and waits."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for = threading.Event()
        self.answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        super().set_password(service, username, password)

    def _ask(self) -> None:
        self.asked_for.set()
        self.answered.wait(LIMIT)


@pytest.fixture
def asking() -> Iterator[Asking]:
    yield from _use(Asking())


def stopped(asking: Asking, deed: Callable[[StopSwitch], object]) -> None:
    """Do it until the store asks, and then stop."""
    switch = StopSwitch()

    def press() -> None:
        asking.asked_for.wait(LIMIT)
        switch.turn()

    presser = threading.Thread(target=press)
    presser.start()
    with pytest.raises(Cancelled):
        deed(switch)
    presser.join()


def answer(asking: Asking) -> None:
    """Type the password, when nobody waits for it any more."""
    asking.answered.set()
    for thread in threading.enumerate():
        if thread.name == "call":
            thread.join(LIMIT)


def test_whoever_does_not_want_to_unlock_the_store_goes_on_at_once(
    asking: Asking, sessions: KeyringSessions
) -> None:
    stopped(asking, sessions.load)
    answer(asking)


def test_a_session_that_was_given_up_is_not_kept_when_the_store_is_unlocked_later(
    asking: Asking, sessions: KeyringSessions
) -> None:
    stopped(asking, lambda cancel: sessions.keep(SESSION, cancel))
    answer(asking)

    assert asking.kept == {}


def test_whoever_signs_out_while_the_store_asks_leaves_nothing_there(
    asking: Asking, sessions: KeyringSessions
) -> None:
    keeper = threading.Thread(target=sessions.keep, args=(SESSION, StopSwitch()))
    keeper.start()
    assert asking.asked_for.wait(LIMIT)

    stopped(asking, sessions.forget)
    answer(asking)
    keeper.join(LIMIT)

    assert asking.kept == {}


def test_a_session_that_is_kept_anew_stays(asking: Asking, sessions: KeyringSessions) -> None:
    stopped(asking, lambda cancel: sessions.keep(SESSION, cancel))
    answer(asking)
    sessions.keep(SESSION, StopSwitch())

    assert len(asking.kept) == 1


def test_a_program_that_keeps_nothing_has_nothing(store: MemoryKeyring) -> None:
    nothing = NothingKept()

    nothing.keep(SESSION, StopSwitch())
    nothing.forget(StopSwitch())

    assert nothing.load(StopSwitch()) is None
    assert store.asked == 0


def test_the_library_is_logged_without_the_token(
    store: MemoryKeyring, sessions: KeyringSessions, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    sessions.keep(SESSION, StopSwitch())
    sessions.load(StopSwitch())

    assert TOKEN not in caplog.text
