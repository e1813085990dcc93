"""What can be made to go wrong between the device and its client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

from setup_wizard.simulators.photon.device import COMMANDS

CONNECT_ANSWERS = ("full", "reset", "empty", "hang")
GARBAGE = b'\x00\xff{"scans":[{"ssid":"\xc3('
_PAGE = b"<!DOCTYPE html><html><title>Router</title><body>Please sign in.</body></html>"
ROUTER_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (
    len(_PAGE),
    _PAGE,
)
_KINDS = {"int | None": int, "bool": bool, "str": str, "str | None": str}
_NEVER_NEGATIVE = ("drop_after_bytes", "back_ms", "latency_ms", "scan_latency_ms", "times")


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Faults that are in force; the device does its work in spite of them, its answer suffers."""

    drop_after_bytes: int | None = None
    """Close after so many bytes of an answer; 0: without any."""
    reset: bool = False
    """Break the connection off instead of an answer."""
    silent: bool = False
    """Send nothing and stay connected."""
    garbage: bool = False
    """Send something that is no JSON and no UTF-8."""
    html: bool = False
    """Be a router that catches every address: send its page, the device is never asked."""
    wrong_types: bool = False
    """Send numbers where text belongs, and text where numbers do."""
    result: int | None = None
    """Do nothing, and answer with this `r`."""
    refused: bool = False
    """Refuse every connection: at once, or as soon as `command` was answered."""
    back_ms: int | None = None
    """Take connections again so long after that; None: when the faults change."""
    connect_answer: str = "full"
    """How the answer of connect-ap ends: one of CONNECT_ANSWERS."""
    hold_first_connection: bool = False
    """Leave the first TCP connection open after its answer, as some firmware does."""
    latency_ms: int | None = None
    scan_latency_ms: int | None = None
    command: str | None = None
    """The only command that suffers; None for all."""
    times: int | None = None
    """How many answers suffer; None for all."""

    def __post_init__(self) -> None:
        if self.connect_answer not in CONNECT_ANSWERS:
            raise ValueError(f"connect_answer must be one of {', '.join(CONNECT_ANSWERS)}")
        if self.command is not None and self.command not in COMMANDS:
            raise ValueError(f"command must be one of {', '.join(sorted(COMMANDS))}")
        if self.back_ms is not None and not self.refused:
            raise ValueError('"back_ms" needs "refused"')
        for name in _NEVER_NEGATIVE:
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f'"{name}" must not be negative')

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> Faults:
        """Read faults from JSON; what is null or left out is no fault."""
        kinds = {field.name: _KINDS[str(field.type)] for field in fields(cls)}
        given = {name: value for name, value in values.items() if value is not None}
        for name, value in given.items():
            if name not in kinds:
                raise ValueError(f'there is no fault "{name}"')
            if type(value) is not kinds[name]:
                raise ValueError(f'"{name}" must be {kinds[name].__name__}')
        return cls(**given)  # type: ignore[arg-type]

    def touches(self, command: str) -> bool:
        return self.times != 0 and self.command in (None, command)

    def spoil(self, pieces: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """What is left of an answer before it is framed."""
        if self.garbage:
            return (GARBAGE,)
        if self.wrong_types and pieces:
            answer = json.loads(b"".join(pieces).decode("latin-1"), strict=False)
            return (json.dumps(_other_type(answer)).encode(),)
        return pieces


def _other_type(value: object) -> object:
    match value:
        case dict():
            return {name: _other_type(inner) for name, inner in value.items()}
        case list():
            return [_other_type(inner) for inner in value]
        case str():
            return len(value)
        case _:
            return str(value)
