"""The event parser against the rules of the WHATWG."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.particle.sse import HOPELESS, LONGEST_EVENT, EventTooLong, SseParser, events_of

# As the cloud sends it, with a letter of several bytes, a keep-alive and a comment between.
RECORDED = (
    b"\n:ok\n\n"
    b'event: temperature\ndata: {"data":"25.34","ttl":60,"coreid":"0123456789abcdef01234567"}\n\n'
    b"\n"
    b"event: t\xc3\xbcr\ndata: {}\n\n"
    b"\n: a comment\n"
    b"\nevent: spark/status\ndata: first\ndata: second \xf0\x9f\x8c\xa1\n\n\n\n"
    b"data: without a name\n\n"
)
EVENTS = [
    ("temperature", '{"data":"25.34","ttl":60,"coreid":"0123456789abcdef01234567"}'),
    ("tür", "{}"),
    ("spark/status", "first\nsecond 🌡"),
    ("message", "without a name"),
]
LINE_ENDS = pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])


def parse(*blocks: bytes) -> list[tuple[str, str]]:
    parser = SseParser()
    return [event for block in blocks for event in events_of(parser.feed(block))]


@LINE_ENDS
def test_every_line_end_gives_the_same_events(line_end: bytes) -> None:
    assert parse(RECORDED.replace(b"\n", line_end)) == EVENTS


@LINE_ENDS
def test_a_cut_at_any_byte_changes_nothing(line_end: bytes) -> None:
    stream = RECORDED.replace(b"\n", line_end)

    for cut in range(len(stream) + 1):
        assert parse(stream[:cut], stream[cut:]) == EVENTS


@LINE_ENDS
def test_single_bytes_give_the_same_events(line_end: bytes) -> None:
    stream = RECORDED.replace(b"\n", line_end)

    assert parse(*(stream[i : i + 1] for i in range(len(stream)))) == EVENTS


@given(
    mixed=st.lists(st.sampled_from([b"\n", b"\r\n"]), min_size=30, max_size=30),
    cuts=st.lists(st.integers(0, len(RECORDED) + 30)),
)
def test_any_cuts_and_mixed_line_ends_give_the_same_events(
    mixed: list[bytes], cuts: list[int]
) -> None:
    lines = RECORDED.split(b"\n")
    stream = b"".join(
        line + line_end
        for line, line_end in zip(lines, (mixed * 2)[: len(lines) - 1], strict=False)
    )
    edges = [0, *sorted(cuts), len(stream)]

    assert parse(*(stream[a:b] for a, b in pairwise(edges))) == EVENTS


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_bytes_break_it_and_cuts_never_matter(blocks: list[bytes]) -> None:
    assert parse(*blocks) == parse(b"".join(blocks))


@given(
    st.lists(
        st.sampled_from(
            [b"\n", b"\r", b"data", b":", b"x", b"event: y", b"\ndata: z", b"\n\nevent: "]
        ),
        max_size=30,
    )
)
def test_the_quick_way_agrees_with_a_plain_reading_of_the_rules(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)

    assert parse(stream) == by_the_book(stream)


def by_the_book(stream: bytes) -> list[tuple[str, str]]:
    """The algorithm as the standard words it, line by line."""
    text = stream.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    events = []
    data, name = "", ""
    for line in text.split("\n")[:-1]:
        if line == "":
            if data:
                events.append((name or "message", data[:-1]))
            data, name = "", ""
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "data":
                data += value + "\n"
            elif field == "event":
                name = value
    return events


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"\xef\xbb\xbfdata: x\n\n", [("message", "x")]),
        (b"data: x\n\n\xef\xbb\xbfdata: y\n\n", [("message", "x")]),
        (b"data\n\n", [("message", "")]),
        (b"data:x\n\n", [("message", "x")]),
        (b"data:  x\n\n", [("message", " x")]),
        (b"data: a:b\n\n", [("message", "a:b")]),
        (b"event: e\n\ndata: x\n\n", [("message", "x")]),
        (b"event: a\nevent: b\ndata: x\n\n", [("b", "x")]),
        (b"data: x\nevent: e\n\n", [("e", "x")]),
        (b"event: \ndata: x\n\n", [("message", "x")]),
        (b"id: 1\nretry: 5\nunknown: z\ndata: x\n\n", [("message", "x")]),
        (b"data: \xff\n\n", [("message", "\ufffd")]),
        (b"data: unfinished\n", []),
        (b"", []),
    ],
    ids=repr,
)
def test_odd_streams(stream: bytes, events: list[tuple[str, str]]) -> None:
    assert parse(stream) == events
    assert parse(*(stream[i : i + 1] for i in range(len(stream)))) == events


@pytest.mark.parametrize("ending", [b"\r\r", b"\r\n\r", b"\n\r", b"\n\n"])
def test_an_event_is_out_before_the_next_byte_comes(ending: bytes) -> None:
    assert parse(b"data: x" + ending) == [("message", "x")]


@LINE_ENDS
@pytest.mark.parametrize("size", [1000, 64 * 1024, 4 * LONGEST_EVENT])
def test_an_event_that_is_too_long_is_passed_over_and_counted(line_end: bytes, size: int) -> None:
    long = b"data: " + b"x" * (3 * LONGEST_EVENT)
    stream = b"".join(
        part + 2 * line_end for part in (b"data: before", long, b"data: after", long, b"data: last")
    )
    parser = SseParser()
    blocks = (stream[i : i + size] for i in range(0, len(stream), size))

    events = [event for block in blocks for event in events_of(parser.feed(block))]
    assert [data for _, data in events] == ["before", "after", "last"]
    assert parser.passed_over == 2


def test_an_event_without_end_is_not_collected_and_at_last_given_up() -> None:
    parser = SseParser()
    block = b"x" * 64 * 1024

    for _ in range(HOPELESS // len(block) - 1):
        assert events_of(parser.feed(block)) == []
        assert len(parser._rest) <= LONGEST_EVENT
    with pytest.raises(EventTooLong):
        parser.feed(block * 3)
    assert parser.passed_over == 1


def test_a_long_quiet_stream_of_keep_alives_is_not_collected() -> None:
    parser = SseParser()

    for _ in range(LONGEST_EVENT * 2 // 1000):
        assert events_of(parser.feed(b"\n" * 1000)) == []
