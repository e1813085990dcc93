"""The error catalogue is whole, says what it should, and its document is up to date."""

from __future__ import annotations

import re
from collections import Counter

from tests.catalogue import DOCUMENT, catalogue, document, endings
from tests.failures import leaves
from tests.test_words import VENDOR_AND_WIRE
from tests.test_words_said import front_ends, texts

ENTRIES = catalogue()
DOES = re.compile(
    r"\b(see|check|choose|type|try|move|unplug|connect|ask|sign in|switch|allow|start|hold|pick|"
    r"give|rename|send|look|use|wait|bring|stay|take)\b",
    re.IGNORECASE,
)
"""Advice begins with something that a person can do."""


def test_every_failure_is_in_it_once() -> None:
    assert [entry.leaf for entry in ENTRIES] == leaves()
    assert len({entry.code for entry in ENTRIES}) == len(ENTRIES)


def test_a_sentence_says_what_happened_and_advice_what_to_do() -> None:
    for entry in ENTRIES:
        words = entry.words

        assert words.code == entry.code
        assert words.sentence != words.advice
        assert DOES.search(words.advice), words.advice
        assert not re.match(DOES, words.sentence), f"an order is no news: {words.sentence}"


def test_no_failure_borrows_the_words_of_another() -> None:
    said = Counter(entry.words.sentence for entry in ENTRIES)

    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_customers_read_no_word_of_the_wire() -> None:
    for entry in ENTRIES:
        text = f"{entry.words.sentence} {entry.words.advice}".replace("Photon-…", "")

        assert not re.search(rf"\b({VENDOR_AND_WIRE})\b", text, re.IGNORECASE), text


def test_every_failure_leads_somewhere() -> None:
    assert [entry.code for entry in ENTRIES if not entry.steps] == []


def test_the_other_codes_are_said_by_the_command_line() -> None:
    said = {text for tree in front_ends() for text in texts(tree)}

    assert [code for code in endings() if code not in said] == []


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `python -m tests.catalogue`"
