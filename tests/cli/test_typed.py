"""What is typed: lines as bytes, however they arrive, and a code for as long as it is good."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from setup_wizard.bootstrap import open_brand
from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli.typed import CHUNK, LONGEST_LINE, Codes, TypedLines
from setup_wizard.domain.errors import CodeExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.flow.sign_in_messages import CodeSent
from setup_wizard.settings import SettingsError

BOUND = 10.0  # seconds for what takes none


class Keyboard:
    """Whoever types into this process."""

    def __init__(self, end: int) -> None:
        self._end = end

    def type(self, content: bytes) -> None:
        os.write(self._end, content)

    def leave(self) -> None:
        if self._end >= 0:
            os.close(self._end)
        self._end = -1


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    reading, writing = os.pipe()
    made = Keyboard(writing)
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield made
        made.leave()
        for thread in threading.enumerate():
            if thread.name == "call":  # left behind; the end of the input is its end too
                thread.join(BOUND)


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        (b"", []),
        (b"one", [b"one"]),
        (b"one\n", [b"one"]),
        (b"one\r\ntwo\n\nfour", [b"one", b"two", b"", b"four"]),
        (b" \xe9t\xe9 \n", [b" \xe9t\xe9 "]),
        (b"\xef\xbb\xbfone\n\xef\xbb\xbf\n", [b"one", b"\xef\xbb\xbf"]),
        (b"x" * (CHUNK + 1) + b"\ny\n", [b"x" * (CHUNK + 1), b"y"]),
    ],
)
def test_every_line_is_read_once(keyboard: Keyboard, typed: bytes, lines: list[bytes]) -> None:
    keyboard.type(typed)
    keyboard.leave()

    reader = TypedLines()

    assert [reader.read() for _ in lines] == lines
    assert reader.read() is None


def test_a_line_without_an_end_is_refused(keyboard: Keyboard) -> None:
    endless = threading.Thread(target=keyboard.type, args=(b"x" * (LONGEST_LINE + 2 * CHUNK),))
    endless.start()  # more than a pipe holds

    with pytest.raises(SettingsError, match="too long"):
        TypedLines().read()
    while os.read(sys.stdin.fileno(), LONGEST_LINE) and endless.is_alive():
        pass
    endless.join(BOUND)


@pytest.mark.parametrize(("typed", "line"), [(b"one\n", b"one"), (b"\n", b""), (b"on", b"on")])
def test_what_can_still_be_read_is_not_over(keyboard: Keyboard, typed: bytes, line: bytes) -> None:
    lines = TypedLines()

    assert not lines.is_over()
    keyboard.type(typed)
    assert not lines.is_over()
    keyboard.leave()
    assert not lines.is_over()
    assert lines.read() == line
    assert lines.is_over()


def test_after_a_passphrase_alone_nobody_can_type_a_code(keyboard: Keyboard) -> None:
    keyboard.type(b"a passphrase\n")
    keyboard.leave()
    lines = TypedLines()

    assert lines.read() == b"a passphrase"
    with pytest.raises(SettingsError, match="--code-stdin"):
        Codes(lines, open_brand("default")[1], StopSwitch())


def test_where_nobody_can_type_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(SettingsError, match="no standard input"):
        TypedLines()


def codes(switch: StopSwitch) -> Codes:
    return Codes(TypedLines(), open_brand("default")[1], switch)


def test_empty_lines_and_what_stands_around_a_code_do_not_count(keyboard: Keyboard) -> None:
    keyboard.type(b"\n  \n 123 456 \r\n")
    switch = StopSwitch()
    sent = CodeSent("jane@example.com", 600, switch.now() + 600)

    assert codes(switch).next(sent, None) == Secret("123 456")


def test_nobody_waits_for_a_code_that_is_no_longer_good(
    keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    switch = StopSwitch()
    sent = CodeSent("jane@example.com", 600, switch.now())

    with pytest.raises(CodeExpired):
        codes(switch).next(sent, None)

    assert "jane@example.com. It is good for 10 minutes." in capsys.readouterr().err
