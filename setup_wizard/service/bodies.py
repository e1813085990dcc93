"""What a request may carry: a small body, in time, and JSON that means one thing only."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import replace
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from setup_wizard.service import problems
from setup_wizard.service.problems import Problem

BODY_LIMIT = 16 * 1024  # bytes; the largest honest body has a few hundred
BODY_TIMEOUT = 10.0  # seconds; a body of that size arrives in one
DEEPEST = 8  # levels of JSON; honest bodies have one or two
JSON = "application/json"

_WITH_BODY = ("POST", "PUT", "PATCH")


async def read_body(scope: Scope, receive: Receive) -> bytes | Problem:
    """The whole body, or what is wrong with it. Raises ClientDisconnect before its end."""
    body = await _read(scope, receive)
    if isinstance(body, Problem) or scope["method"] not in _WITH_BODY:
        return body
    kind = Headers(scope=scope).get("content-type", "")
    if body and kind.partition(";")[0].strip().lower() != JSON:
        return problems.NOT_JSON
    return _why_not_strict(body) or body


def replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whoever reads it next."""
    pending = [body]

    async def replayed() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replayed


async def _read(scope: Scope, receive: Receive) -> bytes | Problem:
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > BODY_LIMIT:
            return problems.BODY_TOO_LARGE
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect  # what came so far may be JSON, and yet not all
                body += message.get("body", b"")
                if len(body) > BODY_LIMIT:
                    return problems.BODY_TOO_LARGE
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return problems.BODY_TOO_SLOW


def _why_not_strict(body: bytes) -> Problem | None:
    if not body:
        return None  # the route says which fields it misses
    reason = ""
    try:
        _check(_STRICT.decode(body.decode("utf-8")), depth=1)
    except _NotStrict as error:
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    except ValueError:  # its words would quote the body
        reason = "not JSON in UTF-8"
    return replace(problems.REQUEST_REFUSED, detail=f"body: {reason}") if reason else None


class _NotStrict(Exception):
    """Two readers of this JSON could understand two things. Says why, and quotes nothing."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotStrict("a name occurs twice")
    return found


def _constant(_name: str) -> None:
    raise _NotStrict("not a number")


_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _check(value: object, *, depth: int) -> None:
    if depth > DEEPEST:
        raise _NotStrict("nested too deeply")
    if isinstance(value, dict):
        for name, each in value.items():
            _check(name, depth=depth)
            _check(each, depth=depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check(each, depth=depth + 1)
    elif isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise _NotStrict("half a character")
    elif isinstance(value, float) and not math.isfinite(value):
        raise _NotStrict("a number that is too large")
