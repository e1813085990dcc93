"""Words remember how high they are, until anything changes that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from setup_wizard.qt.widgets.labels import Words, body

NARROW = 120  # px
SHORT, LONG = "Two words", "A sentence of so many words that it needs more lines than one"


def asked(words: Words) -> tuple[int, tuple[int, int]]:
    hint = words.sizeHint()
    return words.heightForWidth(NARROW), (hint.width(), hint.height())


def fresh(like: Words, host: QWidget) -> Words:
    """Asked for the first time, in the same place."""
    words = body(like.text(), host)
    words.setStyleSheet(like.styleSheet())
    assert isinstance(words, Words)
    return words


@pytest.mark.parametrize(
    "change",
    [
        lambda words: words.setText(LONG),
        lambda words: words.setText(""),
        lambda words: words.setNum(3),
        lambda words: words.setStyleSheet("font-size: 31px"),
    ],
    ids=["longer", "empty", "a number", "larger"],
)
def test_a_change_is_seen_by_who_asked_before(
    qtbot: QtBot, change: Callable[[Words], None]
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    words = body(SHORT, host)
    assert isinstance(words, Words)
    before = asked(words)

    change(words)

    assert asked(words) == asked(fresh(words, host))
    assert asked(words) != before


def test_nothing_is_laid_out_twice_for_the_same_width(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    words = body(LONG, host)
    assert isinstance(words, Words)
    first = asked(words)

    def fail(_width: float) -> None:
        raise AssertionError("laid out again")

    monkeypatch.setattr(words, "_laid_out", fail)

    assert asked(words) == first
