"""From an event's text to what a device published."""

from __future__ import annotations

import json
from collections.abc import Iterable

import orjson

from setup_wizard.domain.cloud import DeviceEvent


def decoded(told: Iterable[tuple[str, str]]) -> tuple[list[DeviceEvent], int]:
    """The events, and how many are none of the cloud's: that is no reason to stop."""
    events: list[DeviceEvent] = []
    unreadable = 0
    add, loads = events.append, orjson.loads
    for name, text in told:
        try:
            document = loads(text)
        except ValueError:
            document = _in_full(text)
        try:
            data, ttl = document.get("data"), document.get("ttl")
            published_at, device_id = document["published_at"], document["coreid"]
            if type(published_at) is not str or type(device_id) is not str:
                unreadable += 1
                continue
            if type(data) is not str:
                data = None
            if type(ttl) is not int:  # in the cloud's own documents it is text
                ttl = int(ttl) if isinstance(ttl, str) else 60
            add(DeviceEvent(name, data, published_at, device_id, ttl))
        except (ValueError, KeyError, AttributeError, TypeError):
            unreadable += 1
    return events, unreadable


def _in_full(text: str) -> object:
    """Half a surrogate pair is JSON for the standard library only; None for what is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
