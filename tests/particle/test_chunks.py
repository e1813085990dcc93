"""HTTP's chunked framing, cut anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.particle.chunks import LONGEST_SIZE_LINE, BadChunk, ChunkParser
from tests.particle.servers import as_chunk

BODY = [b":ok\n\n", b"\n", b"event: e\r\ndata: \r\n\r\n", b"x" * 300]
STREAM = b"".join(map(as_chunk, BODY)) + b"0\r\n\r\n"


def parse(*blocks: bytes) -> tuple[bytes, bool]:
    parser = ChunkParser()
    return b"".join(parser.feed(block) for block in blocks), parser.is_over


def test_a_cut_at_any_byte_changes_nothing() -> None:
    for cut in range(len(STREAM) + 1):
        assert parse(STREAM[:cut], STREAM[cut:]) == (b"".join(BODY), True)


def test_single_bytes_give_the_same_body() -> None:
    assert parse(*(STREAM[i : i + 1] for i in range(len(STREAM)))) == (b"".join(BODY), True)


def test_what_is_there_of_a_chunk_is_given_at_once() -> None:
    assert parse(b"ff\r\nabc") == (b"abc", False)


@pytest.mark.parametrize("size", [b"5", b"05", b"5;name=value", b"5 ; x", b"0000000000000005"])
def test_how_a_size_may_be_written(size: bytes) -> None:
    assert parse(size + b"\r\nhello\r\n") == (b"hello", False)


@pytest.mark.parametrize(
    "stream",
    [
        *(b"-5\r\n", b"+5\r\n", b"1_0\r\n", b"\r\n", b"xyz\r\n", b" \r\n", b"5" * 17 + b"\r\n"),
        *(b"1\r\nabc", b"<html>\r\n", b"1" * (LONGEST_SIZE_LINE + 1)),
    ],
)
def test_what_is_not_framed_is_refused(stream: bytes) -> None:
    with pytest.raises(BadChunk):
        parse(stream)


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=8), st.integers(1, 30))
def test_any_body_comes_through_in_pieces_of_any_size(body: list[bytes], size: int) -> None:
    stream = b"".join(map(as_chunk, body)) + b"0\r\n\r\n"
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]

    assert parse(*pieces) == (b"".join(body), True)
