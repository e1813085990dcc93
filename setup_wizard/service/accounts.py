"""The maker's own accounts: who a token of OpenID Connect speaks of, checked with PyJWT."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import jwt

from setup_wizard.domain.errors import AccountRefused, AccountsUnreachable, CustomerRefused
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import LONGEST_SUBJECT
from setup_wizard.service.provisioning import parse_address
from setup_wizard.service.sign_in_settings import AccountsSettings, check_url

ALGORITHMS = ("RS256", "ES256")  # a signature that only the issuer can make; never a shared secret
CLOCK_SKEW = 60  # seconds that two computers' clocks may be apart
KEYS_LIFETIME = 3600.0  # seconds; then a key that was withdrawn is no longer believed
KEYS_LONGEST = 86_400.0  # seconds for which old keys do when the issuer does not answer
REFRESH_PAUSE = 60.0  # seconds; tokens with invented keys must not make us flood the issuer
FAILURE_PAUSE = 5.0  # seconds without asking an issuer that gave no answer
ANSWER_TIMEOUT = 5.0  # seconds; somebody waits for the sign-in
LONGEST_ANSWER = 256 * 1024  # bytes; a key has half a thousand

_DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery, section 4
_REQUIRED = ("iss", "aud", "exp", "iat", "sub")  # OpenID Connect Core, section 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """Somebody whom the issuer vouches for."""

    email: str
    subject: str


class Accounts:
    """The issuer's tokens, and its keys as they were fetched last. Made by `open_accounts`."""

    def __init__(
        self,
        settings: AccountsSettings,
        http: aiohttp.ClientSession,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at = self._ask_again_at = float("-inf")
        self._is_silent = False
        """The issuer gave no answer when it was asked last."""
        self._turn = asyncio.Lock()

    async def account(self, id_token: Secret) -> Account:
        """Whose token this is. Raises AccountRefused and AccountsUnreachable."""
        text = id_token.reveal()
        try:
            header = jwt.get_unverified_header(text)
            if header.get("alg") not in ALGORITHMS:
                raise AccountRefused(reason="algorithm")
            claims = jwt.decode(
                text,
                await self._key(header.get("kid", "")),
                algorithms=ALGORITHMS,
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=CLOCK_SKEW,
                options={"require": list(_REQUIRED), "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, RecursionError, OverflowError) as error:
            # Its text may quote the token.
            raise AccountRefused(reason=type(error).__name__) from None
        return self._whose(claims)

    def _whose(self, claims: Mapping[str, object]) -> Account:
        email, subject = claims.get(self._settings.email_claim), claims["sub"]
        if not (isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT):
            raise AccountRefused(reason="subject")
        if not (subject.isprintable() and isinstance(email, str)):
            raise AccountRefused(reason="claims")
        # Who may write any address into the account would else be anybody.
        if self._settings.email_claim == "email" and claims.get("email_verified") is not True:
            raise AccountRefused(reason="email_not_verified")
        try:
            return Account(parse_address(email), subject)
        except CustomerRefused:
            raise AccountRefused(reason="email") from None

    async def _key(self, key_id: str) -> jwt.PyJWK:
        async with self._turn:  # who comes while the keys are fetched waits for them
            now = self._clock()
            is_old = now - self._fetched_at > KEYS_LIFETIME
            if (is_old or key_id not in self._keys) and now >= self._ask_again_at:
                await self._refresh(now)
            if now - self._fetched_at > KEYS_LONGEST:
                raise AccountsUnreachable(reason="no_keys")
            found = self._keys.get(key_id)
            if found is None and self._is_silent:  # it may be a new key of theirs
                raise AccountsUnreachable(reason="no_new_keys")
        if found is None:
            raise AccountRefused(reason="key_unknown")
        return found

    async def _refresh(self, now: float) -> None:
        self._is_silent = True
        try:
            keys = await self._ask(self._settings.jwks_url or await self._discover())
        except AccountsUnreachable as error:
            _log.warning("issuer=failed error=%s", error)  # old keys do for a while
            self._ask_again_at = now + FAILURE_PAUSE
            return
        self._ask_again_at, self._is_silent = now + REFRESH_PAUSE, False
        self._keys, self._fetched_at = dict(_usable(keys.get("keys"))), now
        _log.info("issuer=answered keys=%s", len(self._keys))

    async def _discover(self) -> str:
        document = await self._ask(self._settings.issuer.rstrip("/") + _DISCOVERY)
        url = document.get("jwks_uri")
        if document.get("issuer") != self._settings.issuer or not isinstance(url, str):
            raise AccountsUnreachable(reason="discovery")
        try:
            check_url("jwks_uri", url)
        except ValueError:
            raise AccountsUnreachable(reason="jwks_uri") from None
        return url

    async def _ask(self, url: str) -> Mapping[str, object]:
        try:
            async with self._http.get(url, allow_redirects=False) as response:
                content = bytearray()
                async for block in response.content.iter_any():
                    content += block
                    if len(content) > LONGEST_ANSWER:
                        raise AccountsUnreachable(reason="too_long")
                if response.status != 200:
                    raise AccountsUnreachable(reason=f"status_{response.status}")
                document = json.loads(content)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AccountsUnreachable(reason=type(error).__name__) from error
        except (ValueError, RecursionError):
            raise AccountsUnreachable(reason="no_json") from None
        if not isinstance(document, dict):
            raise AccountsUnreachable(reason="no_object")
        return document


@asynccontextmanager
async def open_accounts(settings: AccountsSettings | None) -> AsyncIterator[Accounts | None]:
    """The maker's accounts while the backend runs; None when there are none."""
    if settings is None:
        yield None
        return
    timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Accounts(settings, http)


def _usable(keys: object) -> Iterator[tuple[str, jwt.PyJWK]]:
    """The keys that sign tokens, by their names; a set may hold others, which are passed over."""
    for entry in keys if isinstance(keys, list) else ():
        match entry:
            case {"kty": "RSA"} | {"kty": "EC", "crv": "P-256"}:
                pass
            case _:
                continue
        key_id = entry.get("kid", "")
        if entry.get("use", "sig") != "sig" or "d" in entry or not isinstance(key_id, str):
            continue
        try:
            key = jwt.PyJWK(entry)
        except jwt.PyJWTError:
            continue
        if key.algorithm_name in ALGORITHMS:
            yield key_id, key
