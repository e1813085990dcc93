"""The journal read back: its sessions from lines of JSON, and as a page that people read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from setup_wizard.flow.journal import Kind

_NETWORK = {"mark", "bytes", "ascii"}
_KINDS = {kind.value for kind in Kind}


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    seconds: float
    kind: str
    name: str
    times: int
    facts: dict[str, Any]

    @property
    def begins_session(self) -> bool:
        return self.kind == Kind.SESSION.value and not self.facts.get("continued")

    def line(self) -> str:
        told = {"t": self.seconds, "kind": self.kind, "name": self.name, "times": self.times}
        return json.dumps({**told, "facts": self.facts})


def read(content: bytes) -> Iterator[Entry]:
    """The entries; a line that was cut by a crash, or is none of ours, is left out."""
    for line in content.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        match told:
            case {
                "t": int() | float() as seconds,
                "kind": str(kind),
                "name": str(name),
                "facts": dict(facts),
            } if kind in _KINDS:
                times = told.get("times", 1)
                yield Entry(seconds, kind, name, times if isinstance(times, int) else 1, facts)
            case _:
                pass


def sessions(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Each beginning with its own header, as far as that is still kept."""
    found: list[list[Entry]] = []
    for entry in entries:
        if entry.begins_session or not found:
            found.append([])
        found[-1].append(entry)
    return found


def page(found: list[list[Entry]]) -> str:
    """All of it for people; times count from the session's begin."""
    if not found:
        return "No set-up was recorded on this computer yet.\n"
    return "\n".join(
        "\n".join(_session(number, len(found), entries))
        for number, entries in enumerate(found, start=1)
    )


def _session(number: int, of: int, entries: list[Entry]) -> Iterator[str]:
    head = entries[0]
    about = " ".join(_told(head.facts)) if head.kind == Kind.SESSION.value else "begin not kept"
    yield f"== session {number} of {of}: {head.name} {about}"
    for entry in entries:
        if entry.kind != Kind.SESSION.value:
            times = [f"×{entry.times}"] if entry.times > 1 else []
            facts = " ".join([*times, *_told(entry.facts)])
            yield f"{entry.seconds:10.3f}  {entry.kind:10}  {entry.name}  {facts}".rstrip()
    yield _sum(entries)
    yield ""


def _told(facts: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """`network.rssi=-41`, and so on into every corner."""
    for name, fact in facts.items():
        if isinstance(fact, dict) and fact.keys() == _NETWORK:
            ascii_or_not = "" if fact["ascii"] else ",not-ascii"
            yield f"{prefix}{name}={fact['mark']},{fact['bytes']}-bytes{ascii_or_not}"
        elif isinstance(fact, dict):
            yield from _told(fact, f"{prefix}{name}.")
        elif isinstance(fact, list):
            for number, each in enumerate(fact, start=1):
                within = each if isinstance(each, dict) else {"": each}
                parts = " ".join(part.removeprefix("=") for part in _told(within))
                yield f"{prefix}{name}[{number}]=({parts})"
        else:
            yield f"{prefix}{name}={fact}"


def _sum(entries: list[Entry]) -> str:
    """The conversation with the device in one line; of a crowd the highest number counts."""
    crowds: dict[str, Entry] = {}
    connections = sent = received = 0
    for entry in (e for e in entries if e.kind == Kind.CONNECTION.value):
        key = json.dumps((entry.name, {k: v for k, v in entry.facts.items() if k != "seconds"}))
        before = crowds.get(key)
        new = entry.times - (before.times if before and entry.times > before.times else 0)
        crowds[key] = entry
        connections += new
        sent += new * _number(entry, "sent")
        received += new * _number(entry, "received")
    return f"{connections} connections to the device, {sent} bytes sent, {received} received"


def _number(entry: Entry, name: str) -> int:
    number = entry.facts.get(name, 0)
    return number if isinstance(number, int) else 0
