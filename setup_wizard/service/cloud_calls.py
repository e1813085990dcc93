"""Tells whoever counts how each call to the cloud ended."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from setup_wizard.domain.errors import SetupError

OnCall = Callable[[str, str], None]
"""Given the kind of call and its outcome: a status, or an error's code."""


class _Answer(Protocol):
    @property
    def status(self) -> int: ...


class _Caller(Protocol):
    on_call: OnCall | None


C = TypeVar("C", bound=_Caller)
A = TypeVar("A", bound=_Answer)
P = ParamSpec("P")
Exchange = Callable[Concatenate[C, str, P], Coroutine[Any, Any, A]]


def told(exchange: Exchange[C, P, A]) -> Exchange[C, P, A]:
    """Decorates the method that makes every call."""

    @wraps(exchange)
    async def told_exchange(caller: C, call: str, /, *args: P.args, **kwargs: P.kwargs) -> A:
        outcome = "abandoned"  # the client went away, or the process ends
        try:
            answer = await exchange(caller, call, *args, **kwargs)
            outcome = str(answer.status)
            return answer
        except SetupError as error:
            outcome = error.code
            raise
        finally:
            if caller.on_call is not None:
                caller.on_call(call, outcome)

    return told_exchange
