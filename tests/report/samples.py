"""A journal that writes into a folder of the test's own, and a journey to write down."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from setup_wizard.brand import load_brand
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.machine import advance
from setup_wizard.flow.state import State
from setup_wizard.report.keeper import COUNTS as LOG
from setup_wizard.report.keeper import FileJournal, journal_files
from tests.flow import roads
from tests.flow.samples import BY_KEY

BRAND = load_brand("default")
COUNTS = {"command": "scan-ap", "port": 5609, "sent": 11, "received": 480, "seconds": 0.4}


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def count(**changes: object) -> None:
    """One connection, as the transport tells it."""
    logging.getLogger(LOG).debug("command=%(command)s", {**COUNTS, **changes})


def open_journal(folder: Path, clock: Hand | None = None) -> FileJournal:
    return FileJournal(BRAND, front="test", folder=folder, clock=clock or Hand())


def play(journal: FileJournal, state: State, *events: m.Event) -> State:
    for event in events:
        before = state
        state, command = advance(before, event)
        journal.note(event, before, state, command)
    return state


def sign_in(journal: FileJournal) -> State:
    return play(journal, roads.sign_in(), door.SignInPressed(BY_KEY))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in journal_files(folder)
        for line in file.read_text("ascii").splitlines()
    ]
