"""From an event's text to what a device published."""

from __future__ import annotations

import json
from collections.abc import Iterable
from operator import itemgetter

import orjson

from setup_wizard.domain.cloud import DeviceEvent

_facts = itemgetter("data", "published_at", "coreid", "ttl")


def decoded(told: Iterable[tuple[str, str]]) -> tuple[list[DeviceEvent], int]:
    """The events, and how many are none of the cloud's: that is no reason to stop."""
    events: list[DeviceEvent] = []
    unreadable = 0
    add, loads, new = events.append, orjson.loads, tuple.__new__
    for name, text in told:
        try:
            data, published_at, device_id, ttl = _facts(loads(text))
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
        event = _unusual(name, text)
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
    """Half a surrogate pair is JSON for the standard library only; None for what is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
