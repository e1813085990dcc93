"""What may be told to support about a journey: an allow-list, for whatever is unknown is secret.

Records are made of what happened by type: members of our own enumerations, truth values, device
ids and codes of failures pass as they are, numbers only under the names listed here, and names of
networks as a mark. Of everything else only the size is told, and of secrets not even that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.life import LifeFailed, LifePassed, LifeProof
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.value import value
from setup_wizard.domain.wifi import Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State

Exceptions = TypeVar("Exceptions", bound=BaseException)

Safe: TypeAlias = "bool | int | float | str | list[Safe] | dict[str, Safe] | None"
"""What JSON can hold; made by this module only."""

Mark = Callable[[bytes], str]
"""Stands for a network's name: the same for the same name, and of no use to find the name."""

NUMBERS = frozenset(
    {
        *("attempt", "attempts", "run", "seconds", "budget", "times"),
        *("port", "sent", "received"),
        *("rssi", "channel", "max_data_rate", "code"),
        *("length", "status", "result"),
    }
)
"""Fields and parameters whose numbers are told. A function's answer, for one, is not."""

NETWORK_NAMES = frozenset({"ssid", "access_point", "computer_network", "network"})
VERSIONS = frozenset({"firmware_version"})
COMMANDS = frozenset({"device-id", "scan-ap", "public-key", "set", "configure-ap", "connect-ap"})
"""The words that a device is told. Whatever else stands in their place is not known here."""
COMMANDS_TOGETHER = frozenset({"save"})
"""What took too long as a whole, and no single one of them."""
RESULTS = frozenset({"unread"})
"""Said in place of the device's number when its answer holds none."""

LARGEST_NUMBER = 2**53  # what every reader of JSON keeps exactly
MOST_ENTRIES = 40  # a crowded house; the rest of a list is counted
HIDDEN = "<secret>"
OURS = "setup_wizard."
_NONE: Mapping[str, bytes] = {}
_VERSION = re.compile(r"\d{1,5}(\.\d{1,5}){0,3}")


class Kind(Enum):
    """What a record is about."""

    SESSION = "session"
    EVENT = "event"
    STATE = "state"
    COMMAND = "command"
    CONNECTION = "connection"


@value
class Record:
    """One fact of a journey, safe to be shown to anybody."""

    kind: Kind
    name: str
    facts: Mapping[str, Safe]
    many: bool = False
    """Comes by the hundred: of those that are the same, some will do, with their number."""


class Journal(Protocol):
    """Keeps what happens, redacted. Nothing that goes wrong with it is felt by the set-up."""

    def note(self, event: m.Event, before: State, after: State, command: m.Command | None) -> None:
        """Write down one turn of the circle."""

    def save(self, file: Path) -> None:
        """Write the report for support, over the file if it exists. Raises OSError."""

    def close(self) -> None:
        """The session is over."""


def turn(
    event: m.Event, before: State, after: State, command: m.Command | None, mark: Mark
) -> Iterator[Record]:
    """The records of one turn of the circle: what happened, what it changed, what is asked for."""
    ssids = {**_ssids(after), **_ssids(before)}
    if isinstance(event, m.Reported):
        late: dict[str, Safe] = {} if event.run == before.run else {"late": True}
        report = _redacted_fields(event.report, mark)
        name, many = type(event.report).__name__, isinstance(event.report, m.DeviceSpoke)
        if many:
            report = {}  # what a device says is its owner's
        match event.report:
            case m.SetupFailed(error=SetupError() as error):
                report["error"] = _error(error, mark, ssids)
        run = redacted("run", event.run, mark)
        yield Record(Kind.EVENT, name, {"run": run, **late, **report}, many)
    else:
        yield Record(Kind.EVENT, type(event).__name__, _redacted_fields(event, mark))
    if (before.step, before.working, before.error) != (after.step, after.working, after.error):
        facts: dict[str, Safe] = {"working": after.working}
        if after.error is not None:
            facts["error"] = _error(after.error, mark, ssids)
        yield Record(Kind.STATE, after.step.value, facts)
    if after.life is not None and before.life != after.life:
        yield Record(Kind.STATE, "proof", _proof(after.life, mark))
    if command is not None:
        facts = {"run": after.run, **_redacted_fields(command, mark)}
        yield Record(Kind.COMMAND, type(command).__name__, facts)


def _proof(life: LifeProof, mark: Mark) -> dict[str, Safe]:
    """How far the maker's test is; what the device said is its owner's."""
    facts: dict[str, Safe] = {"came_to": type(life).__name__}
    match life:
        case LifePassed(seconds=seconds):
            facts["seconds"] = redacted("seconds", round(seconds, 3), mark)
        case LifeFailed(seconds=seconds, error=error):
            facts["seconds"] = redacted("seconds", round(seconds, 3), mark)
            if error is not None:
                facts["error"] = _error(error, mark)
    return facts


def connection(facts: Mapping[str, object], mark: Mark) -> Record:
    """What one connection to the device sent and received, as its transport counted it."""
    told = {name: redacted(name, each, mark) for name, each in facts.items() if name in _COUNTED}
    command = told.pop("command", None)
    told = {name: fact for name, fact in told.items() if fact is not None}
    return Record(Kind.CONNECTION, str(command), told, many=True)


_COUNTED = ("command", "port", "sent", "received", "seconds", "error")


def redacted(name: str, thing: object, mark: Mark) -> Safe:
    """What may be told of a thing that stands in a field of this name."""
    match thing:
        case None | bool():
            return thing
        case Enum():
            return _member(thing)
        case DeviceId():
            return thing.text
        case SetupError():
            return _error(thing, mark)
        case int() | float():
            known = name in NUMBERS and math.isfinite(thing) and abs(thing) <= LARGEST_NUMBER
            return thing if known else "<number>"
        case Security():
            return {"kind": thing.kind.value, "code": redacted("code", thing.code, mark)}
        case Secret():
            return HIDDEN
        case bytes():
            return _network(thing, mark) if name in NETWORK_NAMES else f"<{len(thing)} bytes>"
        case str():
            return _text(name, thing, mark)
        case tuple():
            return _entries(name, thing, mark)
        case _ if is_dataclass(thing) and type(thing).__module__.startswith(OURS):
            return _redacted_fields(thing, mark)
        case _:
            return "<unknown>"


def _redacted_fields(thing: object, mark: Mark) -> dict[str, Safe]:
    """Each field by its name and type; what is absent is left out."""
    names = [field.name for field in fields(thing)]  # type: ignore[arg-type]
    facts = {name: redacted(name, getattr(thing, name), mark) for name in names}
    return {name: fact for name, fact in facts.items() if fact is not None}


def _member(member: Enum) -> Safe:
    """Members of ours are written in this program, so none holds what came from outside."""
    if not type(member).__module__.startswith(OURS):
        return "<unknown>"
    known = member.value
    return known if isinstance(known, str | int) else member.name


def _entries(name: str, things: tuple[object, ...], mark: Mark) -> Safe:
    if any(isinstance(each, str | bytes | int | float | tuple) for each in things):
        return f"<{len(things)} entries>"
    told = [redacted(name, each, mark) for each in things[:MOST_ENTRIES]]
    more = len(things) - len(told)
    return [*told, f"<{more} more>"] if more else told


def _text(name: str, text: str, mark: Mark) -> Safe:
    """A text passes only where a closed set of words is expected, and it is one of them."""
    raw = text.encode("utf-8", "surrogatepass")
    if name in NETWORK_NAMES:
        return _network(raw, mark)
    known = (
        (name == "command" and text in COMMANDS | COMMANDS_TOGETHER)
        or (name == "result" and text in RESULTS)
        or (name == "error" and text in {each.code for each in _failures()})
        or (name == "kind" and text in {each.__name__ for each in _below(BaseException)})
        or (name == "device" and _is_device_id(text))
        or (name in VERSIONS and _VERSION.fullmatch(text) is not None)
    )
    return text if known else f"<text, {len(raw)} bytes>"


def _network(ssid: bytes, mark: Mark) -> dict[str, Safe]:
    """Names of networks are personal: what is told is what makes them hard for devices."""
    return {"mark": mark(ssid), "bytes": len(ssid), "ascii": ssid.isascii()}


def _ssids(state: State) -> dict[str, bytes]:
    """By the name that a person is shown, which an error has: a mark is made of the bytes."""
    chosen = [each.work.verify.credentials.network for each in state.pending]
    if state.credentials is not None:
        chosen.append(state.credentials.network)
    return {network.name: network.ssid for network in (*state.networks, *chosen)}


def _error(error: SetupError, mark: Mark, ssids: Mapping[str, bytes] = _NONE) -> dict[str, Safe]:
    facts: dict[str, object] = dict(error.parameters)
    if "network" in facts:
        facts["network"] = ssids.get(str(facts["network"]), facts["network"])
    told = {name: redacted(name, each, mark) for name, each in facts.items()}
    return {"code": type(error).code, **{n: v for n, v in told.items() if n in _PARAMETERS}}


_PARAMETERS = frozenset({"command", "device", "kind", "network", *NUMBERS} - {"code"})


def _failures() -> Iterator[type[SetupError]]:
    return (each for each in _below(SetupError) if hasattr(each, "code"))


def _below(kind: type[Exceptions]) -> Iterator[type[Exceptions]]:
    """Every exception of a kind that this program has loaded: names from code, not from users."""
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _is_device_id(text: str) -> bool:
    with suppress(ValueError):
        return bool(DeviceId(text))
    return False
