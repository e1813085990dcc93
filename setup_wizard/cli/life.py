"""The maker's own test without a window: a person at a terminal is told what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable

from setup_wizard.domain.errors import Cancelled
from setup_wizard.domain.life import (
    EventTest,
    LifeFailed,
    LifePassed,
    LifeProof,
    LifeWaiting,
)
from setup_wizard.ports import Cancellation
from setup_wizard.words import Words

SLICE = 0.1  # seconds between looks at the test while a stream that broke is waited for


class UntilProved(Cancellation):
    """The person's wish to stop, and the end of the test: whichever comes first."""

    def __init__(self, cancel: Cancellation, life: Callable[[], LifeProof | None]) -> None:
        self._cancel = cancel
        self._life = life

    def check(self) -> None:
        self._cancel.check()
        life = self._life()
        if isinstance(life, LifePassed | LifeFailed):
            raise Cancelled
        if isinstance(life, LifeWaiting) and self.now() >= life.until:
            raise Cancelled

    def wait(self, seconds: float) -> None:
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            self.check()
            self._cancel.wait(min(SLICE, left))
        self.check()

    def now(self) -> float:
        return self._cancel.now()


def say_life(life: LifeProof, words: Words, *, quiet: bool) -> None:
    """On the error channel: what to do is said even where a script reads the rest."""
    match life:
        case LifeWaiting(test=EventTest() as test):
            sentence = words.fill(test.sentence)
            print(f"{sentence} ({words('seconds', seconds=f'{test.seconds:g}')})", file=sys.stderr)
        case LifePassed(seconds=seconds) if not quiet:
            print(f"✓ proof ({seconds:.1f} s)", file=sys.stderr)
        case LifeFailed(seconds=seconds) if not quiet:
            print(f"– proof ({seconds:.1f} s)", file=sys.stderr)
        case _:
            pass
