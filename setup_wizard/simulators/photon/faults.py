"""What can be made to go wrong between the device and its client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

CONNECT_ANSWERS = ("full", "reset", "empty", "hang")
GARBAGE = b'\x00\xff{"scans":[{"ssid":"\xc3('
_KINDS = {"int | None": (int,), "bool": (bool,), "str": (str,), "str | None": (str,)}


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Faults that are in force; the device does its work in spite of them, its answer suffers."""

    drop_after_bytes: int | None = None
    """Close after so many bytes of an answer."""
    silent: bool = False
    """Send nothing and stay connected."""
    garbage: bool = False
    """Send something that is no JSON and no UTF-8."""
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

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> Faults:
        """Read faults from JSON; what is null or left out is no fault."""
        kinds = {field.name: _KINDS[str(field.type)] for field in fields(cls)}
        given = {name: value for name, value in values.items() if value is not None}
        for name, value in given.items():
            if name not in kinds:
                raise ValueError(f'there is no fault "{name}"')
            if type(value) not in kinds[name]:
                raise ValueError(f'"{name}" must be {kinds[name][0].__name__}')
        return cls(**given)  # type: ignore[arg-type]

    def touches(self, command: str) -> bool:
        return self.times != 0 and self.command in (None, command)
