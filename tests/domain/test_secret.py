"""A secret is silent wherever a value can leak, and still usable by an adapter."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.domain.secret import Secret

TEXT = "correct horse"


@dataclasses.dataclass(frozen=True)
class Holder:
    user: str
    secret: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(TEXT)),
        str(Secret(TEXT)),
        f"{Secret(TEXT)}",
        f"{Secret(TEXT)!r:>40}",
        f"{Secret(TEXT):>40}",
        format(Secret(TEXT), "x"),
        "{0} {0!s} {0!r} {0!a}".format(Secret(TEXT)),
        "%s %r %a" % (Secret(TEXT), Secret(TEXT), Secret(TEXT)),  # noqa: UP031 - as logs do
        pprint.pformat({"secret": [Secret(TEXT)]}),
        repr(Holder("jane", Secret(TEXT))),
        str(ValueError(Secret(TEXT))),
    ],
)
def test_no_way_of_showing_it_tells_anything(shown: str) -> None:
    assert "horse" not in shown
    assert "Secret" in shown


def test_showing_it_does_not_even_tell_its_length() -> None:
    assert repr(Secret("a")) == repr(Secret("a" * 60))


def test_a_log_line_names_it_and_does_not_dump_it() -> None:
    lines = io.StringIO()
    logger = logging.Logger("test")  # noqa: LOG001 - one that leaves no trace in the process
    logger.addHandler(logging.StreamHandler(lines))

    logger.error("passphrase=%s key=%r", Secret(TEXT), Secret(TEXT))

    assert lines.getvalue() == "passphrase=Secret(…) key=Secret(…)\n"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_cannot_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(TEXT), protocol)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_it_cannot_be_copied(duplicate) -> None:
    with pytest.raises(TypeError):
        duplicate(Secret(TEXT))


def test_it_cannot_be_taken_apart_with_the_value_that_holds_it() -> None:
    with pytest.raises(TypeError):
        dataclasses.asdict(Holder("jane", Secret(TEXT)))


def test_it_cannot_be_written_as_json() -> None:
    with pytest.raises(TypeError) as caught:
        json.dumps({"passphrase": Secret(TEXT)})

    assert "horse" not in str(caught.value)


def test_it_has_no_dictionary_to_look_into() -> None:
    assert not hasattr(Secret(TEXT), "__dict__")


def test_replacing_a_field_beside_it_keeps_it() -> None:
    changed = dataclasses.replace(Holder("jane", Secret(TEXT)), user="john")

    assert changed.secret.reveal() == TEXT


def test_bytes_that_are_no_text_do_not_leak_through_the_error() -> None:
    secret = Secret(TEXT.encode() + b"\xff")

    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is what is tested
        secret.reveal()

    assert "horse" not in repr(caught.value)
    assert "horse" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_text_that_is_no_unicode_does_not_leak_through_the_error() -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is what is tested
        Secret(TEXT + "\ud800")

    assert "horse" not in repr(caught.value)
    assert caught.value.__context__ is None


@given(st.text())
def test_text_comes_out_as_it_went_in(text: str) -> None:
    assert Secret(text).reveal() == text
    assert Secret(text).reveal_bytes() == text.encode()


@given(st.binary())
def test_bytes_come_out_as_they_went_in(raw: bytes) -> None:
    assert Secret(raw).reveal_bytes() == raw
    assert len(Secret(raw)) == len(raw)


def test_its_length_counts_bytes() -> None:
    assert len(Secret("grüße")) == 7


def test_it_keeps_its_own_bytes_when_the_buffer_changes() -> None:
    buffer = bytearray(b"first")
    secret = Secret(bytes(buffer))
    buffer[:] = b"later"

    assert secret.reveal() == "first"


@given(st.binary(), st.binary())
def test_two_are_equal_exactly_when_their_bytes_are(first: bytes, second: bytes) -> None:
    assert (Secret(first) == Secret(second)) is (first == second)
    if first == second:
        assert hash(Secret(first)) == hash(Secret(second))


def test_text_and_its_bytes_are_the_same_secret() -> None:
    assert Secret("é") == Secret("é".encode())


def test_it_never_equals_what_it_holds() -> None:
    assert Secret(TEXT) != TEXT
    assert Secret(TEXT) != TEXT.encode()


@pytest.mark.parametrize(
    ("text", "hexadecimal"),
    [("00ffAA", True), ("00 ff", False), ("0x00", False), ("grün", False), ("g", False)],
)
def test_it_tells_whether_it_is_written_in_hexadecimal(text: str, hexadecimal: bool) -> None:
    assert Secret(text).is_hexadecimal is hexadecimal
