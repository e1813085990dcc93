"""Access tokens, used again while they live, so that the cloud is seldom asked for new ones.

Tokens are kept in the memory of each worker and never in the database: whoever could read it
there would own every customer's devices, and a worker that starts without them loses nothing but
one question per customer. What the workers must agree on is shared through the database, and it
is only counted: how many tokens all of them asked for, and how often the cloud refused the client.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TypeVar

from setup_wizard.domain.errors import CloudBroken, CloudBusy, CloudError
from setup_wizard.domain.secret import Secret
from setup_wizard.service.cloud import AccessToken, Cloud, CloudRefused
from setup_wizard.service.store.limits import Limits

OWN_TOKEN_LIFETIME = 300  # seconds; the client's own token, handed to nobody
USE_MARGIN = 30.0  # seconds of life that a token needs for use at once: two slow calls
NEW_ENOUGH = 60.0  # seconds; whoever asks for a new token so soon again gets the same
TOKENS_PER_MINUTE = 16  # of all workers; five minutes touch six such, 96 of the cloud's 100
REFUSALS = 3  # of the client; the cloud blocks the address for half an hour after 10 in a row
REFUSAL_WINDOW = timedelta(minutes=30)  # then the cloud may be asked again
CUSTOMER_PAUSE = 60.0  # seconds without asking after the cloud refused one customer
MOST_TOKENS = 10_000  # in memory; more customers than one worker serves in an hour

_MINUTE = timedelta(minutes=1)
_CLIENT = ""  # the key of the client's own token; no customer has this address
_UNAUTHORIZED = 401
_CLIENT_REFUSED = (400, _UNAUTHORIZED)  # the statuses of CloudRefused that blame the client

Result = TypeVar("Result")


class Need(Enum):
    """What a token is wanted for."""

    USE = auto()
    """This backend uses it at once."""
    HAND_OUT = auto()
    """A customer is given it, so at least half of its life must be left."""
    RENEWAL = auto()
    """A customer's last one is about to end, or was refused."""


@dataclass(frozen=True)
class _Held:
    token: Secret
    issued_at: float
    lifetime: float

    def remaining(self, now: float) -> float:
        return self.issued_at + self.lifetime - now

    def meets(self, need: Need, now: float) -> bool:
        remaining = self.remaining(now)
        match need:
            case Need.USE:
                return remaining >= min(USE_MARGIN, self.lifetime / 2)
            case Need.HAND_OUT:
                return remaining >= self.lifetime / 2
            case Need.RENEWAL:
                return remaining >= self.lifetime / 2 and now - self.issued_at < NEW_ENOUGH


class Tokens:
    """The tokens of one worker: its customers', and the client's own."""

    def __init__(
        self,
        cloud: Cloud,
        limits: Limits,
        *,
        lifetime: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._cloud = cloud
        self._limits = limits
        self._lifetime = lifetime
        self._clock = clock
        self._held: dict[str, _Held] = {}
        """By customer, the oldest first."""
        self._under_way: dict[str, asyncio.Task[_Held]] = {}
        self._refused: dict[str, tuple[float, CloudError]] = {}
        """By customer: until when, and what the cloud said."""

    async def as_customer(
        self, email: str, act: Callable[[Secret], Awaitable[Result]], *, need: Need
    ) -> tuple[Result, AccessToken]:
        """Act with the customer's token; once more with a new one when a kept one was revoked.

        The cloud is told of the customer first, unless a token says that it knows them.
        """
        return await self._act(email, act, need)

    async def as_client(self, act: Callable[[Secret], Awaitable[Result]]) -> Result:
        """The same with the client's own token, which never leaves this backend."""
        return (await self._act(_CLIENT, act, Need.USE))[0]

    async def renewed(self, email: str) -> AccessToken:
        """A new token for a customer, or the one of the last minute."""
        held, is_new = await self._get(email, Need.RENEWAL)
        return self._as_issued(held, is_new=is_new)

    def forget(self, email: str) -> None:
        """Keep nothing of this customer, who is deleted."""
        self._held.pop(email, None)
        self._refused.pop(email, None)
        self._under_way.pop(email, None)  # who waits for it gets it, and nobody after them

    async def _act(
        self, key: str, act: Callable[[Secret], Awaitable[Result]], need: Need
    ) -> tuple[Result, AccessToken]:
        held, is_new = await self._get(key, need)
        try:
            return await act(held.token), self._as_issued(held, is_new=is_new)
        except CloudRefused as error:
            if is_new or error.parameters["status"] != _UNAUTHORIZED:
                raise
        if self._held.get(key) is held:
            del self._held[key]
        held, is_new = await self._get(key, need)
        return await act(held.token), self._as_issued(held, is_new=is_new)

    def _as_issued(self, held: _Held, *, is_new: bool) -> AccessToken:
        seconds = held.lifetime if is_new else held.remaining(self._clock())
        return AccessToken(held.token, math.ceil(seconds))

    async def _get(self, key: str, need: Need) -> tuple[_Held, bool]:
        """The token that meets the need, and whether it is a new one."""
        held = self._held.get(key)
        if held is not None and held.meets(need, self._clock()):
            return held, False
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(key))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._end(key, done))
        # Shielded: one who goes away must not end it for the others who wait.
        return await asyncio.shield(task), True

    def _end(self, key: str, task: asyncio.Task[_Held]) -> None:
        if self._under_way.get(key) is task:
            del self._under_way[key]
        if not task.cancelled():
            task.exception()  # seen, also when everybody who waited has gone

    async def _fetch(self, key: str) -> _Held:
        self._raise_known_refusal(key)
        now = datetime.fromtimestamp(self._clock(), UTC)
        refusals = await self._limits.counted(self._client_key, window=REFUSAL_WINDOW, now=now)
        if refusals >= REFUSALS:
            raise CloudRefused(call="token", status=_UNAUTHORIZED)
        try:
            access, lifetime = await self._ask(key, now)
        except CloudRefused as error:
            if error.parameters["status"] in _CLIENT_REFUSED:
                await self._limits.count(self._client_key, window=REFUSAL_WINDOW, now=now)
            else:
                self._remember_refusal(key, error)
            raise
        except CloudBroken as error:
            if 400 <= int(str(error.parameters["status"])) < 500:
                self._remember_refusal(key, error)
            raise
        if refusals:
            await self._limits.forget(self._client_key, window=REFUSAL_WINDOW, now=now)
        held = _Held(access.token, now.timestamp(), lifetime)
        if self._under_way.get(key) is asyncio.current_task():
            self._keep(key, held)
        return held

    async def _ask(self, key: str, now: datetime) -> tuple[AccessToken, float]:
        if key == _CLIENT:
            await self._count(now)
            asked = OWN_TOKEN_LIFETIME
            access = await self._cloud.client_token(lifetime=asked)
        else:
            await self._cloud.ensure_customer(key)
            await self._count(now)
            asked = self._lifetime
            access = await self._cloud.customer_token(key, lifetime=asked)
        # Never longer than asked for, whatever the cloud says; 0 means for ever there.
        return access, float(min(access.expires_in, asked) if access.expires_in > 0 else asked)

    async def _count(self, now: datetime) -> None:
        """Raise CloudBusy rather than let the cloud block all workers."""
        if await self._limits.count("cloud-token", window=_MINUTE, now=now) > TOKENS_PER_MINUTE:
            raise CloudBusy(call="token", seconds=60 - now.second)

    def _keep(self, key: str, held: _Held) -> None:
        self._held.pop(key, None)  # to the end of the row
        self._held[key] = held
        for old in list(self._held):
            if len(self._held) <= MOST_TOKENS and self._held[old].remaining(self._clock()) > 0:
                break
            del self._held[old]

    def _remember_refusal(self, key: str, error: CloudError) -> None:
        """So that one customer's trouble does not use up the failures that the cloud allows."""
        now = self._clock()
        self._refused = {k: v for k, v in self._refused.items() if v[0] > now}
        self._refused[key] = (now + CUSTOMER_PAUSE, error)

    def _raise_known_refusal(self, key: str) -> None:
        until, error = self._refused.get(key, (0.0, None))
        if error is not None and self._clock() < until:
            raise type(error)(**error.parameters)

    @property
    def _client_key(self) -> str:
        """Another secret is another client: after a correction nobody has to wait."""
        return f"cloud-refused:{self._cloud.fingerprint}"
