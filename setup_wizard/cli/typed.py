"""What comes on standard input: a passphrase, and the codes that customers are sent by e-mail."""

from __future__ import annotations

import codecs
import select
import sys

from setup_wizard.domain.errors import CodeExpired, CodeWrong, SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByCode
from setup_wizard.flow.sign_in_messages import CodeSent, SendCode, SignIn
from setup_wizard.flow.sign_in_work import at_the_door
from setup_wizard.flow.work import Bench
from setup_wizard.interruptible import interruptible
from setup_wizard.ports import Cancellation, Outside
from setup_wizard.settings import SettingsError
from setup_wizard.words import Words

CHUNK = 4096  # bytes; a line that is typed has far fewer
LONGEST_LINE = 64 * 1024  # bytes; a device file has no end


class NoCode(SetupError):
    """Standard input ended before there was any code."""

    code = "SW-NO-CODE"


class TypedLines:
    """Standard input, line by line and as bytes: a passphrase may be in any encoding.

    Without the buffer of `sys.stdin`: a read that is left behind would hold its lock, and the
    interpreter cannot end then.
    """

    def __init__(self) -> None:
        if sys.stdin is None:
            raise SettingsError("there is no standard input")
        self._kept = b""
        self._has_begun = False

    def read(self) -> bytes | None:
        """The next line without its end; None when there is none.

        Raises SettingsError for one that nobody types.
        """
        while b"\n" not in self._kept:
            if len(self._kept) > LONGEST_LINE:
                raise SettingsError("standard input: the line is too long to be typed")
            if not self._read_on():
                rest, self._kept = self._kept, b""
                return rest or None
        line, _, self._kept = self._kept.partition(b"\n")
        return line.removesuffix(b"\r")

    def is_over(self) -> bool:
        """Whether it is known by now that there is nothing more. Waits for nobody."""
        if self._kept:
            return False
        try:
            ready, _, _ = select.select([sys.stdin.fileno()], [], [], 0)
        except OSError:
            return False  # Windows answers for sockets only
        return bool(ready) and not self._read_on()

    def _read_on(self) -> bool:
        """Wait for more; False when there is none."""
        with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as source:
            more = source.read(CHUNK)
        self._kept += more
        if not self._has_begun and len(self._kept) >= len(codecs.BOM_UTF8):
            self._has_begun = True
            self._kept = self._kept.removeprefix(codecs.BOM_UTF8)  # some shells write it first
        return bool(more)


class Codes:
    """Asks for a code on standard error, and takes it from standard input.

    Raises SettingsError where nobody can type one, before any letter is sent.
    """

    def __init__(self, lines: TypedLines, words: Words, cancel: Cancellation) -> None:
        if lines.is_over():
            raise SettingsError("--code-stdin: standard input has ended already; nobody can type")
        self._lines = lines
        self._words = words
        self._cancel = cancel

    def next(self, sent: CodeSent, wrong: CodeWrong | None) -> Secret:
        """What is typed next. When nobody does any more, raises what was `wrong`, or NoCode.

        Raises CodeExpired when nothing came as long as the code was good, and Cancelled.
        """
        sentences = self._asked(sent) if wrong is None else self._refused(wrong)
        print(sentences, file=sys.stderr, flush=True)
        while True:
            left = max(0.0, sent.until - self._cancel.now())
            try:
                line = interruptible(self._lines.read, self._cancel, limit=left)
            except TimeoutError:
                raise CodeExpired from None
            except SettingsError:
                line = None  # no code has so many letters
            self._cancel.check()  # the end of the input may come with the wish to stop
            if line is None:
                raise wrong or NoCode
            if code := line.decode(errors="replace").strip():
                return Secret(code)

    def _asked(self, sent: CodeSent) -> str:
        minutes = max(1, round(sent.expires_in / 60))
        text = self._words("sign_in_code.text", customer=sent.customer, minutes=minutes)
        return f"{self._words('sign_in_code.headline')}. {text}"

    def _refused(self, wrong: CodeWrong) -> str:
        said = self._words.error(wrong)
        return f"{said.sentence} {said.advice}"


def sign_in_by_code(customer: str, outside: Outside, codes: Codes, cancel: Cancellation) -> None:
    """Have a code sent, and try what is typed until it is the one. Raises SetupError."""
    bench = Bench(outside, cancel, lambda _report: None)
    match at_the_door(SendCode(customer), bench):
        case CodeSent() as sent:
            _try_codes(sent, codes, bench)


def _try_codes(sent: CodeSent, codes: Codes, bench: Bench) -> None:
    wrong: CodeWrong | None = None
    while True:
        proof = ByCode(sent.customer, codes.next(sent, wrong))
        try:
            at_the_door(SignIn(proof, sent.until), bench)
        except CodeWrong as error:
            wrong = error
        else:
            return
