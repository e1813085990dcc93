"""From an event's text to what a device published."""

from __future__ import annotations

import json
import re
from operator import itemgetter

import orjson

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.particle.sse import events_of

_facts = itemgetter("data", "published_at", "coreid", "ttl")
# What the cloud sends, character by character, where no text needs an escape. To find that and to
# cut it up takes less time than to read the same as JSON: half of it.
_PLAIN = re.compile(
    r"^event: (.++)\n"
    r'data: \{"data":"([^"]*+)","ttl":(0|[1-9][0-9]{0,8}),'
    r'"published_at":"([^"]*+)","coreid":"([^"]*+)"'
    r'(?:,"userid":"[^"]*+","version":(?:0|[1-9][0-9]*+),"public":(?:true|false),'  # of a product
    r'"productID":(?:0|[1-9][0-9]*+))?\}(?:\n\n|\Z)',
    re.MULTILINE,
)
_LINES_OF_A_PLAIN_ONE = 3  # the last blank line is not there


def decoded(text: str) -> tuple[list[DeviceEvent], int]:
    """The events in whole blocks of lines, and how many are none of the cloud's.

    The latter are no reason to stop.
    """
    if not text:
        return [], 0
    events = _all_plain(text)
    return _each(text) if events is None else (events, 0)


def _all_plain(text: str) -> list[DeviceEvent] | None:
    """The events; None where there is anything else."""
    if "\\" in text:
        return None
    found = _PLAIN.findall(text)
    # Each begins at the beginning of a line: whatever was passed over has a line feed more.
    if text.count("\n") != _LINES_OF_A_PLAIN_ONE * len(found) - 2:
        return None
    new = tuple.__new__
    return [
        new(DeviceEvent, (name, data, published_at, device_id, int(ttl)))
        for name, data, ttl, published_at, device_id in found
    ]


def _each(text: str) -> tuple[list[DeviceEvent], int]:
    events: list[DeviceEvent] = []
    unreadable = 0
    add, loads, new = events.append, orjson.loads, tuple.__new__
    for name, document in events_of(text):
        try:
            data, published_at, device_id, ttl = _facts(loads(document))
        except (ValueError, KeyError, TypeError):
            pass
        else:
            # What the cloud sends; everything here is done tens of thousands of times a second.
            if (
                type(data) is str
                and type(published_at) is str
                and type(device_id) is str
                and type(ttl) is int
            ):
                add(new(DeviceEvent, (name, data, published_at, device_id, ttl)))
                continue
        event = _unusual(name, document)
        if event is None:
            unreadable += 1
        else:
            add(event)
    return events, unreadable


def _unusual(name: str, text: str) -> DeviceEvent | None:
    """An event that leaves something out, or says it otherwise; None for what is none."""
    document = _in_full(text)
    if not isinstance(document, dict):
        return None
    data, ttl = document.get("data"), document.get("ttl")
    published_at, device_id = document.get("published_at"), document.get("coreid")
    if not isinstance(published_at, str) or not isinstance(device_id, str):
        return None
    try:
        seconds = int(ttl) if isinstance(ttl, int | str) else 60  # text in the cloud's documents
    except ValueError:
        return None
    return DeviceEvent(
        name, data if isinstance(data, str) else None, published_at, device_id, seconds
    )


def _in_full(text: str) -> object:
    """Half a surrogate pair is JSON for the standard library only; None for what is not JSON.

    A control character in a text is none by the letter, and hurts nobody.
    """
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
