"""The device's reader takes what the device takes, and refuses what it refuses."""

from __future__ import annotations

import pytest

from setup_wizard.simulators.photon.reader import (
    DoesNotParse,
    Kind,
    from_hex,
    read_request,
    to_int,
    unescape,
)

KINDS = {b"n": Kind.PRIMITIVE, b"s": Kind.STRING}


def read(body: bytes) -> list[tuple[bytes, bytes]]:
    return list(read_request(body, KINDS))


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b'{"n":1,"s":"x"}', [(b"n", b"1"), (b"s", b"x")]),
        (b' {\r\n"s" :\t"x" , "n": -5 } trailing }', [(b"s", b"x"), (b"n", b"-5")]),
        (b'{"s":"a","s":"b"}', [(b"s", b"a"), (b"s", b"b")]),
        (b'{"n":11', [(b"n", b"11")]),
        (b'{"n":null}', [(b"n", b"null")]),
        (b"{n:1}", [(b"n", b"1")]),
        (b'{"n":1,}', [(b"n", b"1")]),
        (b'{"s":"\\u00e9\\"\xff\x01"}', [(b"s", b'\\u00e9\\"\xff\x01')]),
        (b'{"n":1}\0{"n":2}', [(b"n", b"1")]),
        (b"hello", []),
        (b'"text"', []),
        (b"{}", []),
        (b"   ", []),
    ],
)
def test_request_is_read_as_the_device_reads_it(
    body: bytes, pairs: list[tuple[bytes, bytes]]
) -> None:
    assert read(body) == pairs


@pytest.mark.parametrize(
    "body",
    [
        b'{"x":1}',
        b'{"N":1}',
        b'{"n":"1"}',
        b'{"s":1}',
        b'{"s":null}',
        b'{"s":{"n":1}}',
        b'{"s":["x"]}',
        b'{"s":"cut',
        b'{"s":"raw\\x"}',
        b'{"s":"\\u12"}',
        b'{"s"}',
    ],
)
def test_request_does_not_parse(body: bytes) -> None:
    with pytest.raises(DoesNotParse):
        read(body)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"12", 12),
        (b"-7", -7),
        (b"+3", 3),
        (b"1.9", 1),
        (b"4e9", 4),
        (b"true", 0),
        (b"", 0),
        (b"99999999999", 2**31 - 1),
        (b"-99999999999", -(2**31)),
    ],
)
def test_integers_are_read_as_c_does(text: bytes, number: int) -> None:
    assert to_int(text) == number


def test_hexadecimal_takes_both_cases_and_an_odd_end() -> None:
    assert from_hex(b"aBcDe") == b"\xab\xcd\xe0"


def test_escapes_are_undone_for_certificates() -> None:
    assert unescape(rb"a\r\nb\\n\"c\/d") == b'a\r\nb\\n"c/d'
