"""Every way to fail, read off the program itself; run by name it writes docs/errors.md.

Codes and families come from `domain.errors`, sentences from `words`, the step from the machine.
Only where a failure can arise is said here, and tests/journeys/test_errors.py goes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from setup_wizard.bootstrap import words_of
from setup_wizard.brand import load_brand
from setup_wizard.domain import errors
from setup_wizard.domain.errors import Parameter, SetupError
from setup_wizard.flow.machine import advance
from setup_wizard.flow.messages import Reported, SetupFailed
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.words import SENTENCES, ErrorWords
from tests.failures import leaves

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "errors.md"

DOORS = (Step.WELCOME, Step.SIGN_IN, Step.SIGN_IN_CODE)
"""Where somebody signs out, and in."""

ARISES: dict[type[SetupError], tuple[Step, ...]] = {
    errors.ChoiceError: (Step.NETWORK,),
    errors.ArgumentTooLong: (Step.DONE,),
    errors.DeviceError: (Step.JOIN, Step.NETWORK, Step.SETTING_UP),
    errors.DeviceNotFound: (Step.JOIN, Step.SETTING_UP),
    errors.WrongDevice: (Step.SETTING_UP,),
    errors.NoNetworksSeen: (Step.JOIN, Step.NETWORK),
    errors.JoinError: (Step.SETTING_UP,),
    errors.BackendError: (*DOORS, Step.PREPARE, Step.SETTING_UP, Step.DONE),
    errors.SignInNeeded: (Step.SIGN_IN,),
    errors.AccountsUnreachable: (Step.SIGN_IN,),
    errors.TooManyTries: (Step.SIGN_IN, Step.SIGN_IN_CODE),
    errors.CodeRefused: (Step.SIGN_IN_CODE,),
    errors.CodeWrong: (Step.SIGN_IN_CODE,),
    errors.CodeSpent: (Step.SIGN_IN_CODE,),
    errors.CodeExpired: (Step.SIGN_IN_CODE,),
    errors.ProductEventsNotOffered: (Step.DONE,),
    errors.ProvisionExpired: (Step.SETTING_UP,),
    errors.SignInExpired: (Step.SETTING_UP, Step.DONE),
    errors.CloudError: (Step.PREPARE, Step.SETTING_UP, Step.DONE),
    errors.DeviceNotYours: (Step.SETTING_UP, Step.DONE),
    errors.DeviceNotInProduct: (Step.SETTING_UP,),
    errors.DeviceOfSomebodyElse: (Step.SETTING_UP,),
    errors.DeviceOffline: (Step.DONE,),
    errors.DeviceSlow: (Step.DONE,),
    errors.NotExposed: (Step.DONE,),
    errors.Unexpected: (
        *DOORS,
        *(Step.PREPARE, Step.JOIN, Step.NETWORK, Step.SETTING_UP, Step.DONE),
    ),
    errors.NoWifi: (Step.PREPARE,),
}
"""The steps whose work can end so, for a whole family or for one failure."""

EXAMPLES: dict[str, Parameter] = {
    "length": 70,
    "allowed": "8–64",
    "network": "HomeNet",
    "status": 502,
    "seconds": 30,
    "name": "led",
    "tries": 4,
}

_HEAD = """\
# Error codes

<!-- Written by `python -m tests.catalogue`; a test keeps it true. -->

Every way in which a set-up can fail has a code. The window shows it under *Details*, `provision
--json` as `error.code`, with the step to return to as `error.step`; where there are several, it is
the one that the failure ended. A program that needs no sign-in goes back to `prepare` instead of
`sign_in`. Sentences are those of the default brand, whose device is called {device} and whose maker
is {maker}.
"""
_TAIL = "\n## Ends of `provision` that are no failure\n\nThe step is where the journey stood.\n\n"


@dataclass(frozen=True)
class Entry:
    """One failure, as a person meets it."""

    leaf: type[SetupError]
    words: ErrorWords
    steps: tuple[Step, ...]
    """Where a person stands with it."""

    @property
    def code(self) -> str:
        return self.leaf.code

    @property
    def family(self) -> type[SetupError]:
        return self.leaf.__mro__[self.leaf.__mro__.index(SetupError) - 1]


def catalogue() -> tuple[Entry, ...]:
    """Every failure. Raises KeyError for a family that nobody says anything about."""
    said = words_of(load_brand()).error
    return tuple(Entry(leaf, said(leaf(**EXAMPLES)), _steps(leaf)) for leaf in leaves())


def document() -> str:
    """The catalogue as a page for people."""
    entries = catalogue()
    brand = load_brand()
    words = words_of(brand)
    text = _HEAD.format(device=brand.device.name, maker=brand.maker.name)
    for family in dict.fromkeys(entry.family for entry in entries):
        text += f"\n## {(family.__doc__ or '').strip().rstrip('.')}\n\n"
        text += _table(
            ("code", "what happened", "what to do", "step"),
            *(_row(entry) for entry in entries if entry.family is family),
        )
    ends = [(f"`{code}`", words(f"{code}.what"), words(f"{code}.do")) for code in endings()]
    return text + _TAIL + _table(("code", "what happened", "what to do"), *ends)


def endings() -> list[str]:
    """Codes of the command line for ends that nothing outside is to blame for."""
    codes = dict.fromkeys(key.partition(".")[0] for key in SENTENCES if key.startswith("SW-"))
    failures = {leaf.code for leaf in leaves()}
    return [code for code in codes if code not in failures]


def _table(head: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(entry: Entry) -> tuple[str, ...]:
    steps = ", ".join(f"`{step.value}`" for step in entry.steps)
    return (f"`{entry.code}`", entry.words.sentence, entry.words.advice, steps)


def _steps(leaf: type[SetupError]) -> tuple[Step, ...]:
    arises = next(ARISES[kind] for kind in leaf.__mro__ if kind in ARISES)
    return tuple(dict.fromkeys(_ends(leaf, step) for step in arises))


def _ends(leaf: type[SetupError], step: Step) -> Step:
    """Where the machine leads a person of the window when this failure ends this step's work."""
    state = State(step=step, needs_sign_in=True, working=True)
    return advance(state, Reported(state.run, SetupFailed(leaf(**EXAMPLES))))[0].step


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
