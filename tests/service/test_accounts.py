"""Whose token of the maker's accounts is believed: real tokens, and a real issuer on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from setup_wizard.domain.errors import AccountRefused, AccountsUnreachable, SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.service.accounts import (
    CLOCK_SKEW,
    FAILURE_PAUSE,
    KEYS_LIFETIME,
    KEYS_LONGEST,
    LONGEST_ANSWER,
    REFRESH_PAUSE,
    Account,
    Accounts,
    open_accounts,
)
from setup_wizard.service.sign_in_settings import AccountsSettings
from tests.service.caller import JANE
from tests.service.issuer import (
    AUDIENCE,
    DISCOVERY,
    KEYS,
    Issuer,
    ec_key,
    rsa_key,
    without_signature,
)

GUESS = "header.claims.signature"


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Work = Callable[[Accounts], Awaitable[None]]
Run = Callable[[Work], None]


@pytest.fixture
def run(issuer: Issuer, clock: Clock) -> Run:
    """Lets a test work with the issuer's accounts in one event loop."""

    def go(work: Work) -> None:
        async def open_and_work() -> None:
            async with aiohttp.ClientSession() as http:
                await work(Accounts(AccountsSettings(issuer.url, AUDIENCE), http, clock))

        asyncio.run(open_and_work())

    return go


def _account(issuer: Issuer, token: str, **settings: str) -> Account:
    async def ask() -> Account:
        async with aiohttp.ClientSession() as http:
            accounts = Accounts(AccountsSettings(issuer.url, AUDIENCE, **settings), http)
            return await accounts.account(Secret(token))

    return asyncio.run(ask())


# --- whose token it is ------------------------------------------------------------------------


@pytest.mark.parametrize("key_id", ["rsa-1", "ec-1"])
def test_a_token_of_the_issuer_names_its_customer(issuer: Issuer, key_id: str):
    account = _account(issuer, issuer.token(key_id, email="Jane@Example.com"))

    assert account == Account(JANE, "user-4711")


def test_one_of_several_audiences_is_enough(issuer: Issuer):
    assert _account(issuer, issuer.token(aud=["web-shop", AUDIENCE])).email == JANE


def test_where_the_keys_are_may_be_a_setting(issuer: Issuer):
    _account(issuer, issuer.token(), jwks_url=issuer.url + KEYS)

    assert issuer.asked == [KEYS]


def test_another_claim_may_hold_the_address(issuer: Issuer):
    token = issuer.token(email=None, email_verified=None, upn="joe@example.com")

    assert _account(issuer, token, email_claim="upn").email == "joe@example.com"


def test_clocks_may_be_a_minute_apart(issuer: Issuer):
    half = timedelta(seconds=CLOCK_SKEW / 2)

    late = issuer.token(exp=-half)
    early = issuer.token(iat=half, nbf=half)

    assert _account(issuer, late).email == _account(issuer, early).email == JANE


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://somebody.example"},
        {"iss": None},
        {"aud": "web-shop"},
        {"aud": []},
        {"aud": None},
        {"exp": -2 * timedelta(seconds=CLOCK_SKEW)},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 1e400},
        {"nbf": timedelta(hours=1)},
        {"iat": timedelta(hours=1)},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "s" * 256},
        {"sub": "line\nfeed"},
        {"email": None},
        {"email": ["jane@example.com"]},
        {"email": "nobody"},
        {"email_verified": None},
        {"email_verified": False},
        {"email_verified": "true"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_not_now_or_for_nobody_is_refused(
    issuer: Issuer, changed: dict[str, Any]
):
    with pytest.raises(AccountRefused):
        _account(issuer, issuer.token(**changed))


# --- signatures -------------------------------------------------------------------------------


def _hs256(issuer: Issuer) -> str:
    """Signed with the issuer's public key as if it were a shared secret."""
    public = issuer.keys["rsa-1"].public_key()
    secret = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = without_signature(issuer.claims(), alg="HS256", kid="rsa-1")[:-1]
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{jwt.utils.base64url_encode(signature).decode()}"


def _other_payload(issuer: Issuer) -> str:
    header, _, signature = issuer.token().split(".")
    return f"{header}.{issuer.token(email='eve@example.com').split('.')[1]}.{signature}"


def _short_key(issuer: Issuer) -> str:
    """Signed with a published key that is too short to be safe."""
    issuer.keys["short"] = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        return issuer.token("short")


def _key_in_header(issuer: Issuer) -> str:
    """Brings its own key along."""
    mine = rsa_key()
    own = jwt.algorithms.RSAAlgorithm.to_jwk(mine.public_key(), as_dict=True)
    return jwt.encode(issuer.claims(), mine, "RS256", headers={"kid": "rsa-1", "jwk": own})


FORGED: dict[str, Callable[[Issuer], str]] = {
    "no algorithm": lambda issuer: without_signature(issuer.claims(), alg="none", kid="rsa-1"),
    "No algorithm": lambda issuer: without_signature(issuer.claims(), alg="None", kid="rsa-1"),
    "algorithm missing": lambda issuer: without_signature(issuer.claims(), kid="rsa-1"),
    "algorithm a list": lambda issuer: without_signature(issuer.claims(), alg=["RS256"]),
    "shared secret": _hs256,
    "RS512": lambda issuer: jwt.encode(
        issuer.claims(), issuer.keys["rsa-1"], "RS512", headers={"kid": "rsa-1"}
    ),
    "no signature": lambda issuer: without_signature(issuer.claims(), alg="RS256", kid="rsa-1"),
    "another key": lambda issuer: issuer.token("rsa-1", key=rsa_key()),
    "another curve key": lambda issuer: issuer.token("ec-1", key=ec_key()),
    "another kind of key": lambda issuer: issuer.token("rsa-1", key=issuer.keys["ec-1"]),
    "unknown key": lambda issuer: issuer.token("rsa-9", key=rsa_key()),
    "key id a number": lambda issuer: without_signature(issuer.claims(), alg="RS256", kid=1),
    "no key id": lambda issuer: jwt.encode(issuer.claims(), issuer.keys["rsa-1"], "RS256"),
    "short key": _short_key,
    "another payload": _other_payload,
    "key in the header": _key_in_header,
    "no token": lambda _: "token",
    "empty": lambda _: "",
    "not ASCII": lambda _: "töken.töken.töken",
    "deep": lambda _: f"{jwt.utils.base64url_encode(b'[' * 5000).decode()}.e30.",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_what_the_issuer_did_not_sign_is_refused(issuer: Issuer, forge: Callable[[Issuer], str]):
    with pytest.raises(AccountRefused) as refused:
        _account(issuer, forge(issuer))

    assert refused.value.__cause__ is None  # its text may quote the token


def test_keys_in_the_set_that_are_for_something_else_are_passed_over(issuer: Issuer):
    public = issuer.published()[0]
    issuer.others = [
        {**public, "kid": "encrypts", "use": "enc"},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
        {**public, "kid": "broken", "n": "!"},
        {**public, "kid": 7},
        {"kty": "EC", "crv": "P-521", "kid": "large"},
        {"kid": "nothing"},
    ]

    assert _account(issuer, issuer.token()).email == JANE
    with pytest.raises(AccountRefused):
        _account(issuer, issuer.token("encrypts", key=issuer.keys["rsa-1"]))


# --- fetching the keys ------------------------------------------------------------------------


def _refused(work: Awaitable[Account], error: type[SetupError]) -> Awaitable[None]:
    async def expect() -> None:
        with pytest.raises(error):
            await work

    return expect()


def test_keys_are_fetched_once_for_many_tokens_at_once_and_later(issuer: Issuer, run: Run):
    async def work(accounts: Accounts) -> None:
        tokens = [Secret(issuer.token()) for _ in range(20)]
        await asyncio.gather(*(accounts.account(token) for token in tokens))
        await accounts.account(tokens[0])

    run(work)

    assert issuer.asked == [DISCOVERY, KEYS]


def test_a_new_key_is_fetched_and_invented_ones_do_not_flood_the_issuer(
    issuer: Issuer, run: Run, clock: Clock
):
    async def work(accounts: Accounts) -> None:
        await accounts.account(Secret(issuer.token()))
        issuer.keys["rsa-2"] = rsa_key()
        fresh = Secret(issuer.token("rsa-2"))
        await _refused(accounts.account(fresh), AccountRefused)
        clock.now += REFRESH_PAUSE
        await accounts.account(fresh)
        for number in range(10):
            invented = Secret(issuer.token(f"invented-{number}", key=rsa_key()))
            await _refused(accounts.account(invented), AccountRefused)
        clock.now += REFRESH_PAUSE
        await _refused(accounts.account(invented), AccountRefused)

    run(work)

    assert issuer.asked.count(KEYS) == 3


def test_a_key_that_was_withdrawn_is_no_longer_believed(issuer: Issuer, run: Run, clock: Clock):
    async def work(accounts: Accounts) -> None:
        stolen = Secret(issuer.token("ec-1"))
        await accounts.account(stolen)
        del issuer.keys["ec-1"]
        clock.now += KEYS_LIFETIME + 1
        await _refused(accounts.account(stolen), AccountRefused)

    run(work)


def test_known_keys_do_for_a_day_while_the_issuer_is_silent(issuer: Issuer, run: Run, clock: Clock):
    async def work(accounts: Accounts) -> None:
        token = Secret(issuer.token())
        await accounts.account(token)
        issuer.broken[KEYS] = (503, b"")
        clock.now += KEYS_LIFETIME + 1
        await accounts.account(token)
        unknown = Secret(issuer.token("rsa-2", key=rsa_key()))
        await _refused(accounts.account(unknown), AccountsUnreachable)
        clock.now += KEYS_LONGEST
        await _refused(accounts.account(token), AccountsUnreachable)
        del issuer.broken[KEYS]
        await _refused(accounts.account(token), AccountsUnreachable)
        clock.now += FAILURE_PAUSE
        await accounts.account(token)

    run(work)

    assert issuer.asked.count(KEYS) == 4


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (DISCOVERY, 404, b"{}"),
        (DISCOVERY, 200, b"no JSON"),
        (DISCOVERY, 200, b"[]"),
        (
            DISCOVERY,
            200,
            b'{"issuer": "https://somebody.example", "jwks_uri": "https://x.example"}',
        ),
        (DISCOVERY, 200, b"[" * 100_000),
        (KEYS, 500, b""),
        (KEYS, 302, b""),
        (KEYS, 200, b"\xff"),
        (KEYS, 200, b" " * (LONGEST_ANSWER + 1)),
    ],
)
def test_an_issuer_that_does_not_tell_its_keys_is_unreachable(
    issuer: Issuer, path: str, status: int, body: bytes
):
    issuer.broken[path] = (status, body)

    with pytest.raises(AccountsUnreachable):
        _account(issuer, issuer.token())


def test_an_issuer_that_sends_us_elsewhere_is_not_followed(issuer: Issuer):
    issuer.broken["/moved"] = (302, b"")  # to where the keys are

    with pytest.raises(AccountsUnreachable):
        _account(issuer, issuer.token(), jwks_url=f"{issuer.url}/moved")

    assert issuer.asked == ["/moved"]


@pytest.mark.usefixtures("known_localhost")
def test_the_issuer_is_told_nothing_of_what_it_was_asked_before(issuer: Issuer):
    issuer.url = issuer.url.replace("127.0.0.1", "localhost")  # no cookies for digits anyway

    async def ask() -> Account:
        async with open_accounts(AccountsSettings(issuer.url, AUDIENCE)) as accounts:
            assert accounts is not None
            return await accounts.account(Secret(issuer.token()))

    assert asyncio.run(ask()).email == JANE
    assert issuer.cookies == [None, None]


@pytest.mark.parametrize("url", ["http://keys.example/keys", "file:///etc/passwd", "", None, 5])
def test_keys_are_fetched_from_nowhere_else_than_https_or_here(issuer: Issuer, url: object):
    told = {"issuer": issuer.url, "jwks_uri": url}
    issuer.broken[DISCOVERY] = (200, json.dumps(told).encode())

    with pytest.raises(AccountsUnreachable):
        _account(issuer, issuer.token())


@pytest.mark.parametrize("keys", [{"keys": []}, {"keys": 5}, {"keys": [5, None]}, {}])
def test_an_issuer_without_keys_signed_nothing(issuer: Issuer, keys: object):
    issuer.broken[KEYS] = (200, json.dumps(keys).encode())

    with pytest.raises(AccountRefused):
        _account(issuer, issuer.token())


def test_an_issuer_that_is_not_there_is_unreachable(issuer: Issuer):
    token = issuer.token()
    issuer.__exit__(None, None, None)

    with pytest.raises(AccountsUnreachable):
        _account(issuer, token)
