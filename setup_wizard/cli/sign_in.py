"""`setup-wizard sign-in`: a customer's session by e-mail and code, in a file for `provision`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import TypeVar

from setup_wizard.bootstrap import open_brand, open_outside
from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli.output import say
from setup_wizard.domain.errors import CodeWrong, SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByCode, Session
from setup_wizard.flow import messages as m
from setup_wizard.flow.runner import perform
from setup_wizard.flow.sign_in_messages import CodeSent, SendCode, SignedIn, SignIn
from setup_wizard.ports import Outside
from setup_wizard.settings import SettingsError, load_settings

EXIT_FAILED = 1
OWNER_ONLY = 0o600

Kind = TypeVar("Kind", CodeSent, SignedIn)


def sign_in(options: Namespace) -> int:
    """Have a code sent, read it, and keep the session that it opens; the exit status."""
    changes = {"backend_url": options.backend} if options.backend else {}
    settings = load_settings(options.config, changes)
    if not settings.backend_url:
        raise SettingsError("no backend is set: --backend")
    _, words = open_brand(settings.brand)
    file = _create(options.session_file)
    session: Session | None = None
    try:
        session = _open_session(open_outside(settings), options.customer)
    except SetupError as error:
        said = words.error(error)
        print(f"{said.sentence} {said.advice}\n({said.code})", file=sys.stderr)
        return EXIT_FAILED
    finally:
        with os.fdopen(file, "w", encoding="ascii") as content:
            content.write(f"{session.token.reveal()}\n" if session else "")
        if session is None:
            options.session_file.unlink()
    say(f"{session.customer} is signed in: {options.session_file}")
    return 0


def _open_session(outside: Outside, customer: str) -> Session:
    """Raises SetupError, and CodeWrong when there is nobody to type another one."""
    sent = _report(outside, SendCode(customer), CodeSent)
    wrong: CodeWrong | None = None
    print(f"A code is on its way to {customer}. Type it here:", file=sys.stderr, flush=True)
    for line in sys.stdin:
        proof = ByCode(customer, Secret(line.strip()))
        try:
            return _report(outside, SignIn(proof, sent.until), SignedIn).session
        except CodeWrong as error:
            wrong = error
            tries = error.parameters["tries"]
            print(f"That is not it. Tries left: {tries}.", file=sys.stderr, flush=True)
    if wrong is not None:
        raise wrong
    raise SettingsError("there was no code on standard input")


def _report(outside: Outside, work: m.Work, kind: type[Kind]) -> Kind:
    """The one report of this work. Raises the error that it ended with."""
    heard: list[m.Report] = []
    perform(work, outside, StopSwitch(), heard.append)
    match heard[-1]:
        case m.SetupFailed(error=error):
            raise error
        case report if isinstance(report, kind):
            return report
    raise AssertionError(f"{kind.__name__} is what this work ends with")


def _create(path: Path) -> int:
    """Now, so that no code is used up for a session that cannot be kept. Raises SettingsError."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be made ({error.strerror})") from error
