"""What can be made to go wrong on purpose, and for which requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

ROUTER_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Router login</title></head>"
    "<body><h1>Welcome</h1><p>Please sign in to continue.</p></body></html>\n"
)

_TEXTS = {
    400: "Bad request",
    401: "The access token provided is invalid.",
    403: "Permission Denied",
    404: "Not found",
    408: "Timed out.",
    429: "Too many requests, please slow down.",
    529: "Too many requests, please slow down.",
}


@dataclass(frozen=True)
class Faults:
    """One set of faults; the default is a cloud in good health."""

    status: int | None = None
    """Answer with this instead."""
    path_prefix: str = "/"
    """For requests whose path begins so."""
    times: int | None = None
    """So often, then no more; None is until further notice."""
    delay_ms: float = 0
    garbage: bool = False
    """Answer 200 and the page of a router that wants a sign-in."""
    retry_after: float = 1
    """Seconds in the header of a 429 or 529."""
    drop_streams: bool | Literal["cut", "end"] = False
    """Close the open streams now: in the middle of the answer (true, cut) or properly (end)."""
    keepalive_s: float = (
        10.0  # seconds of silence before a bare newline; the cloud's is between 9 and 13
    )
    crlf: bool = False
    """Lines of new streams end in CR LF."""
    unchunked: bool = False
    """New streams end with their connection, as behind some proxies."""

    @classmethod
    def from_json(cls, given: Mapping[str, object]) -> Faults:
        """Raises ValueError for what is no fault."""
        known = {entry.name for entry in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"no such fault: {name}")
            if not _fits(name, value):
                raise ValueError(f"not a value for {name}")
        return cls(**given)  # type: ignore[arg-type]  # checked just above

    @property
    def touches_requests(self) -> bool:
        return self.status is not None or self.garbage or self.delay_ms > 0

    def body(self) -> dict[str, object]:
        """What the cloud would say with that status, as far as is known."""
        status = self.status or 500
        text = _TEXTS.get(status, "Internal server error")
        code = {401: "invalid_token", 429: "too_many_requests", 529: "too_many_requests"}.get(
            status
        )
        if code is None:
            return {"ok": False, "error": text}
        return {"error": code, "error_description": text}


def _fits(name: str, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match name:
        case "status" | "times":
            return value is None or (is_number and isinstance(value, int))
        case "path_prefix":
            return isinstance(value, str)
        case "drop_streams":
            return isinstance(value, bool) or value in ("cut", "end")
        case "garbage" | "crlf" | "unchunked":
            return isinstance(value, bool)
        case _:
            return isinstance(value, int | float) and is_number and value >= 0


class FaultBox:
    """The faults in force, counted down as requests use them up."""

    def __init__(self) -> None:
        self._faults = Faults()
        self._left: int | None = None

    @property
    def faults(self) -> Faults:
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = faults
        self._left = faults.times

    def take(self, path: str) -> Faults | None:
        """The fault that hits a request for this path, if any does."""
        faults = self._faults
        if not faults.touches_requests or not path.startswith(faults.path_prefix):
            return None
        if self._left is not None:
            if self._left <= 0:
                return None
            self._left -= 1
        return faults
