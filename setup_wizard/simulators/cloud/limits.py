"""How often one address may ask for a token or a stream before the cloud makes it wait."""

from __future__ import annotations

from collections import deque

from setup_wizard.simulators.cloud.accounts import Clock
from setup_wizard.simulators.cloud.refusals import too_many

WINDOW = 300.0
REQUESTS_PER_WINDOW = 100
CONSECUTIVE_FAILURES = 10
BLOCKED_FOR = 1800.0  # the cloud locks an address out for half an hour
OPENINGS_PER_WINDOW = 100
STREAMS_AT_ONCE = 100


class TokenLimit:
    """The limits of the token endpoint, per address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._requests: dict[str, deque[float]] = {}
        self._failures: dict[str, int] = {}
        self._blocked_until: dict[str, float] = {}

    def admit(self, address: str) -> None:
        """Count one request, or raise the refusal."""
        now = self._clock()
        if now < self._blocked_until.get(address, now):
            raise too_many(self._blocked_until[address] - now)
        recent = self._requests.setdefault(address, deque())
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if len(recent) >= REQUESTS_PER_WINDOW:
            raise too_many(recent[0] + WINDOW - now)
        recent.append(now)

    def succeeded(self, address: str) -> None:
        self._failures.pop(address, None)

    def failed(self, address: str) -> None:
        failures = self._failures.get(address, 0) + 1
        if failures >= CONSECUTIVE_FAILURES:
            self._blocked_until[address] = self._clock() + BLOCKED_FOR
            failures = 0
        self._failures[address] = failures


class StreamLimit:
    """The limits of event streams, per address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened: dict[str, deque[float]] = {}

    def admit(self, address: str, *, streams: int) -> None:
        """Count one opening beside so many open streams, or raise the refusal."""
        now = self._clock()
        recent = self._opened.setdefault(address, deque())
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if streams >= STREAMS_AT_ONCE:
            raise too_many(WINDOW)
        if len(recent) >= OPENINGS_PER_WINDOW:
            raise too_many(recent[0] + WINDOW - now)
        recent.append(now)
