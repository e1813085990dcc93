"""What the cloud tells about an event, made a value; the quick way and the thorough one agree."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.particle.decode import _all_plain, _each, decoded

DEVICE = "0123456789abcdef01234567"
MORE = {"userid": "5e8f8c6f0d1a2b0007b1c3d4", "version": 1, "public": False, "productID": 12345}
AT = "2026-01-01T00:00:00.000Z"
KEYS = ("data", "ttl", "published_at", "coreid")
TEXTS = st.text(st.characters(blacklist_characters="\r\n"), max_size=8)
# Pieces of which lines of a stream are made, and nearly made.
PIECES = st.sampled_from(
    [
        *(',"userid":"', '","version":1,"public":true,"productID":0'),
        *("event: ", "event:", "data: ", "\n", "\n\n", '"', "\\", "{", "}", ",", ":", "[", "]"),
        *('{"data":"', '","ttl":', "60", "060", ',"published_at":"', '","coreid":"', '"}', "null"),
        f'event: t\ndata: {{"data":"x","ttl":60,"published_at":"{AT}","coreid":"{DEVICE}"}}\n\n',
        f'event: t\ndata: {{"data":"x","ttl":60,"published_at":"{AT}","coreid":"{DEVICE}"}}',
    ]
)


def told(name: str, said: str | None, lives: object = 60, **more: object) -> str:
    facts = dict(zip(KEYS, (said, lives, AT, DEVICE), strict=True)) | more
    document = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
    return f"event: {name}\ndata: {document}"


@pytest.mark.parametrize("more", [{}, MORE], ids=["a person's", "a product's"])
def test_what_the_cloud_sends_goes_the_quick_way(more: dict[str, object]) -> None:
    text = "\n\n".join(told(f"temperature/{i}", f"2{i}.5", **more) for i in range(3))

    events = [DeviceEvent(f"temperature/{i}", f"2{i}.5", AT, DEVICE, 60) for i in range(3)]
    assert _all_plain(text) == events
    assert decoded(text) == (events, 0)


@pytest.mark.parametrize(
    "text",
    [
        told("json", '{"t":21}'),
        told("nothing", None),
        told("text", "1", "60"),
        "data: {}",
        f"{told('first', '1')}\n",
        f"\n{told('first', '1')}",
        f":ok\n\n{told('first', '1')}",
        f"{told('first', '1')}\n\ngarbage{told('second', '2')}",
        f"{told('first', '1')}\ndata: more",
        f"{told('first', '1')}garbage",
    ],
)
def test_anything_else_is_read_thoroughly(text: str) -> None:
    assert _all_plain(text) is None


def test_one_that_is_none_of_the_clouds_is_counted_and_stops_nothing() -> None:
    text = "\n\n".join([told("first", "1"), "event: x\ndata: no JSON", told("last", "2")])

    events, unreadable = decoded(text)

    assert [event.name for event in events] == ["first", "last"]
    assert unreadable == 1


@pytest.mark.parametrize("more", [{}, MORE], ids=["a person's", "a product's"])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {}),
        ({"data": None}, {"data": None}),
        ({"ttl": "60"}, {}),
        ({"coreid": "api"}, {"device_id": "api"}),
    ],
)
def test_both_streams_say_the_same_of_an_event(
    facts: dict[str, object], more: dict[str, object], expected: dict[str, object]
) -> None:
    text = told("temperature", "21.5", **facts, **more)

    event = DeviceEvent("temperature", "21.5", AT, DEVICE, 60)._replace(**expected)  # type: ignore[arg-type]
    assert decoded(text) == ([event], 0)


def test_nothing_is_nothing() -> None:
    assert decoded("") == ([], 0)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 10**12)), min_size=1, max_size=4))
def test_both_ways_read_the_same_events(published: list[tuple[str, str, int]]) -> None:
    text = "\n\n".join(told(name, data, ttl) for name, data, ttl in published)

    plain = _all_plain(text)

    assert plain is None or (plain, 0) == _each(text)


@pytest.mark.slow
@settings(max_examples=500)
@given(st.lists(PIECES | TEXTS, max_size=12).map("".join))
def test_both_ways_read_the_same_garbage(text: str) -> None:
    plain = _all_plain(text)

    assert plain is None or (plain, 0) == _each(text)
