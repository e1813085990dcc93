"""The device in listening mode as set-up sees it: `ports.DeviceLink` over TCP or HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from setup_wizard.domain.device import DeviceIdentity
from setup_wizard.domain.enterprise import CertificateSignIn, PasswordSignIn
from setup_wizard.domain.errors import (
    DeviceError,
    DeviceGarbled,
    DeviceSilent,
    DeviceVanished,
    WrongDevice,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, SecurityKind
from setup_wizard.ports import Cancellation, DeviceLink
from setup_wizard.softap import codec
from setup_wizard.softap.address import DEVICE_HTTP, DEVICE_TCP, Address
from setup_wizard.softap.codec import Command
from setup_wizard.softap.crypto import DeviceKey
from setup_wizard.softap.framing import Framing, HttpFraming, TcpFraming
from setup_wizard.softap.transport import IsComplete, SocketOption, dial, exchange

CONNECT_TIMEOUT = 5.0  # seconds; one hop by radio, with room for lost packets
ANSWER_BUDGET = 10.0  # seconds; the device answers at once unless another client holds it
SCAN_BUDGET = 20.0  # seconds; the device sweeps all channels before its first byte
CONFIGURE_BUDGET = 40.0  # seconds; it looks for the network first, up to 30 s
GLANCE = 2.0  # seconds; a look that is repeated each second need not wait long
LEAVE_BUDGET = 5.0  # seconds; the device answers connect-ap at once or never
_BUDGETS = {Command.SCAN: SCAN_BUDGET, Command.CONFIGURE: CONFIGURE_BUDGET}

TRIES = 3  # a lossy radio rarely loses the same command three times
PAUSE = 1.0  # seconds between tries, a new connection each
FIRST_CONTACT = 5.0  # seconds; right after joining, the first calls may fail on a stale ARP entry
TRUST = 3.0  # seconds; joining another network by radio was never seen to take under 3.4 s

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True)
class _Way:
    """One door of the device and how to speak there."""

    name: str
    address: Address
    framing: Framing


class SoftapLink(DeviceLink):
    """One device's conversation; make a new one for the next device.

    Secrets go only to the device that `identify` met. Asking `device-id` before each of them
    would cost a connection each, so the proof is kept for as long as it is worth something: until
    an error, or until the link was idle for longer than `TRUST`, the time that a computer needs
    to change its network unnoticed. A set-up that runs through asks `device-id` once. The
    passphrase is bound once more: it is encrypted with the key read on the connection before it,
    so nobody but the owner of that key can read it, and a key that changes during the stay is
    another device. Hence a set-up takes one connection for each of its commands: device-id, scan,
    set, public-key, configure-ap and connect-ap, and one more where a person was thinking between.
    """

    def __init__(
        self,
        *,
        tcp: Address | None = DEVICE_TCP,
        http: Address | None = DEVICE_HTTP,
        bind: tuple[SocketOption, ...] = (),
    ) -> None:
        self._ways: list[_Way] = []
        """The one that answered last comes first."""
        if tcp is not None:
            self._ways.append(_Way("tcp", tcp, TcpFraming()))
        if http is not None:
            self._ways.append(_Way("http", http, HttpFraming(http)))
        if not self._ways:
            raise ValueError("a device needs at least one address")
        self._bind = bind
        self._identity: DeviceIdentity | None = None
        self._key: DeviceKey | None = None
        self._proved_at: float | None = None
        """When it was last certain that the identified device is the one that answers."""

    def look(self, cancel: Cancellation) -> DeviceIdentity | None:
        self._proved_at = None  # whoever answers, the proof begins anew
        for way in tuple(self._ways):
            try:
                answer = self._ask(
                    Command.DEVICE_ID, b"", cancel, way, connect_timeout=GLANCE, budget=GLANCE
                )
                identity = codec.decode_identity(answer)
            except DeviceError as error:
                _log.debug("way=%s look=%s", way.name, error.code)
                continue
            if way is not self._ways[0]:
                self._ways.reverse()
            known = self._identity
            # A look is no introduction: whoever else answers is not trusted for it.
            return self._met(identity, cancel) if identity == known else identity
        return None

    def identify(self, cancel: Cancellation) -> DeviceIdentity:
        """Who answers now; from here on, the only one that is given secrets."""
        return self._persist(lambda: self._meet(cancel), cancel, at_least=FIRST_CONTACT)

    def scan(self, cancel: Cancellation) -> tuple[Network, ...]:
        def act() -> tuple[Network, ...]:
            self._ensure_met(cancel)
            return codec.decode_scan(self._ask(Command.SCAN, b"", cancel))

        return self._persist(act, cancel)

    def store_claim_code(self, code: Secret, cancel: Cancellation) -> None:
        body = codec.encode_claim_code(code)

        def act() -> None:
            self._ensure_same_device(cancel)
            codec.require_success(Command.SET, self._ask(Command.SET, body, cancel))

        self._persist(act, cancel)

    def store_network(self, credentials: Credentials, cancel: Cancellation) -> None:
        def act() -> None:
            self._ensure_same_device(cancel)
            body = self._encode(credentials, cancel)
            codec.require_stored(credentials, self._ask(Command.CONFIGURE, body, cancel))

        self._persist(act, cancel)

    def connect(self, cancel: Cancellation) -> None:
        """Only a command that cannot be handed over is an error, or one that is refused.

        The device leaves the air before or while it answers: a whole answer, a reset, an empty
        close and silence all occur. So nothing is tried again once the command was sent, and an
        answer that cannot be read is as good as none. A page, though, is of somebody else.
        """

        def act() -> bytes:
            self._ensure_same_device(cancel)
            return self._send_connect(cancel)

        data = self._persist(act, cancel)
        self._proved_at = None
        if not data:
            return
        try:
            body = self._ways[0].framing.body(Command.CONNECT, data)
            if body:
                codec.require_success(Command.CONNECT, body)
        except DeviceGarbled as unreadable:
            if b"<html" in data.lower():
                raise
            _log.info("command=%s answer=lost as=%s", Command.CONNECT, unreadable.code)
            return
        _log.info("command=%s answer=whole", Command.CONNECT)

    def _send_connect(self, cancel: Cancellation) -> bytes:
        """Whatever the device could still say; nothing when the answer was lost."""
        way = self._ways[0]
        payload = way.framing.request(Command.CONNECT, codec.encode_connect())
        with dial(
            way.address,
            command=Command.CONNECT,
            connect_timeout=CONNECT_TIMEOUT,
            cancel=cancel,
            bind=self._bind,
        ) as connection:
            deadline = cancel.now() + LEAVE_BUDGET
            connection.send(payload, deadline=deadline)
            try:
                return connection.receive(_completeness(way, Command.CONNECT), deadline=deadline)
            except (DeviceSilent, DeviceVanished) as lost:
                _log.info("command=%s answer=lost as=%s", Command.CONNECT, lost.code)
                return b""

    def _ensure_met(self, cancel: Cancellation) -> None:
        if self._identity is None:
            self._meet(cancel)

    def _meet(self, cancel: Cancellation) -> DeviceIdentity:
        return self._met(self._who_answers(cancel), cancel)

    def _met(self, identity: DeviceIdentity, cancel: Cancellation) -> DeviceIdentity:
        if self._identity is None or self._identity.device_id != identity.device_id:
            self._key = None
        self._identity, self._proved_at = identity, cancel.now()
        _log.info("device_id=%s way=%s", identity.device_id, self._ways[0].name)
        return identity

    def _ensure_same_device(self, cancel: Cancellation) -> None:
        """Raise WrongDevice if another device answers than the one that was identified."""
        if self._identity is None:
            self._meet(cancel)
            return
        if self._is_proved(cancel):
            return
        if self._who_answers(cancel).device_id != self._identity.device_id:
            raise self._wrong_device()
        self._proved_at = cancel.now()

    def _who_answers(self, cancel: Cancellation) -> DeviceIdentity:
        """Ask on the way that worked last, then on the other; the last failure counts."""
        first, *others = self._ways
        try:
            return self._ask_identity(first, cancel)
        except DeviceError as error:
            if not others:
                raise
            _log.info("way=%s failed=%s next=%s", first.name, error, others[0].name)
        identity = self._ask_identity(others[0], cancel)
        self._ways.reverse()
        return identity

    def _ask_identity(self, way: _Way, cancel: Cancellation) -> DeviceIdentity:
        return codec.decode_identity(self._ask(Command.DEVICE_ID, b"", cancel, way))

    def _encode(self, credentials: Credentials, cancel: Cancellation) -> bytes:
        """The network with its secrets made readable for the identified device only."""
        network = credentials.network
        match credentials.sign_in:
            case PasswordSignIn() as sign_in:
                password = self._key_of_device(cancel).encrypt(sign_in.password, network.security)
                return codec.encode_password_sign_in(network, sign_in, password)
            case CertificateSignIn() as sign_in:
                sealed = self._key_of_device(cancel).seal(sign_in.private_key)
                return codec.encode_certificate_sign_in(network, sign_in, sealed)
        passphrase = credentials.passphrase
        if passphrase is None or network.security.kind is SecurityKind.OPEN:
            return codec.encode_network(network, None)
        encrypted = self._key_of_device(cancel).encrypt(passphrase, network.security)
        return codec.encode_network(network, encrypted)

    def _key_of_device(self, cancel: Cancellation) -> DeviceKey:
        """Its public key, read anew: whoever has another one is another device."""
        answer = self._ask(Command.PUBLIC_KEY, b"", cancel)
        key = DeviceKey.parse(codec.decode_public_key(answer))
        if self._key is not None and self._key != key:
            raise self._wrong_device()
        self._key = key
        return key

    def _is_proved(self, cancel: Cancellation) -> bool:
        return self._proved_at is not None and 0 <= cancel.now() - self._proved_at <= TRUST

    def _wrong_device(self) -> WrongDevice:
        self._proved_at = None
        return WrongDevice(device=str(self._identity.device_id if self._identity else ""))

    def _ask(
        self,
        command: Command,
        body: bytes,
        cancel: Cancellation,
        way: _Way | None = None,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        budget: float | None = None,
    ) -> bytes:
        """The JSON of one answer, by one connection."""
        way = way or self._ways[0]
        proved = self._is_proved(cancel)
        data = exchange(
            way.address,
            way.framing.request(command, body),
            _completeness(way, command),
            command=command,
            connect_timeout=connect_timeout,
            answer_budget=budget or _BUDGETS.get(command, ANSWER_BUDGET),
            cancel=cancel,
            bind=self._bind,
        )
        answer = way.framing.body(command, data)
        if proved:
            self._proved_at = cancel.now()  # the link was busy, not idle
        return answer

    def _persist(self, act: Callable[[], _T], cancel: Cancellation, *, at_least: float = 0.0) -> _T:
        """Try again what the radio can spoil. Every command of a device is safe to repeat."""
        started = cancel.now()
        attempt = 1
        while True:
            try:
                return act()
            except DeviceError as error:
                self._proved_at = None
                enough = attempt >= TRIES and cancel.now() - started >= at_least
                if not error.retryable or enough:
                    raise
                _log.info("attempt=%s failed=%s", attempt, error)
            attempt += 1
            cancel.wait(PAUSE)


def _completeness(way: _Way, command: Command) -> IsComplete:
    return lambda data, ended: way.framing.is_complete(command, data, ended=ended)
