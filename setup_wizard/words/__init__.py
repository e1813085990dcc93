"""Every sentence that a person reads, and the one that says them; no Qt in here."""

from __future__ import annotations

from setup_wizard.words.say import SENTENCES, ErrorWords, Words, WordsError

__all__ = ["SENTENCES", "ErrorWords", "Words", "WordsError"]
