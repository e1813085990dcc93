"""Says things: a sentence by its key, with named placeholders, filled and translated.

A sentence says what happened, then what to do. The brand may replace any of them, and its own
facts ({device}, {maker}, {mode_button}, …) fill every one. No word of the wire and no name of
a vendor occurs here; tests/test_words.py reads each sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil
from string import Formatter

from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.value import value
from setup_wizard.words.company import COMPANY
from setup_wizard.words.failures import FAILURES
from setup_wizard.words.light import LIGHT
from setup_wizard.words.pages import PAGES
from setup_wizard.words.panel import PANEL


@value
class ErrorWords:
    """A failure as a person reads it."""

    code: str
    sentence: str
    advice: str
    action: str
    """The label of the one button; empty where the page's own button is the way on."""


class WordsError(ValueError):
    """A sentence that cannot be said."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")


def placeholders(sentence: str) -> set[str]:
    """The names in braces. Raises ValueError where the braces do not pair."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _check(key: str, sentence: str, known: set[str]) -> None:
    try:
        unknown = placeholders(sentence) - known
    except ValueError as error:
        raise WordsError(key, f"{error}") from error
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
        raise WordsError(key, f"nobody knows {names} here")


class Words:
    """Says things: the brand's sentence if it has one, else ours; then translated and filled."""

    def __init__(
        self,
        facts: Mapping[str, str],
        *,
        replaced: Mapping[str, str] | None = None,
        translate: Callable[[str], str] = str,
    ) -> None:
        self._facts = dict(facts)
        self._replaced = dict(replaced or {})
        self._translate = translate

    def __call__(self, key: str, /, **parameters: object) -> str:
        """The sentence with this key. Raises KeyError for a key that does not exist."""
        sentence = self._replaced.get(key) or self._translate(SENTENCES[key])
        return sentence.format_map({**self._facts, **parameters})

    def check(self) -> None:
        """Say every sentence of the brand once. Raises WordsError for the first that cannot be."""
        for key, sentence in self._replaced.items():
            if key not in SENTENCES:
                raise WordsError(key, "there is no such sentence")
            _check(key, sentence, {*self._facts, *placeholders(SENTENCES[key])})

    def check_fill(self, key: str, sentence: str) -> None:
        """The same for a sentence that `fill` is to say."""
        _check(key, sentence, set(self._facts))

    def fill(self, sentence: str) -> str:
        """A sentence of the brand's own, with the brand's facts in it."""
        return sentence.format_map(self._facts)

    def error(self, error: SetupError) -> ErrorWords:
        key = error.code if f"{error.code}.what" in SENTENCES else "SW-UNEXPECTED"
        # The brand's own word for the device is what people know, not its number.
        facts = {**_UNKNOWN, **error.parameters, **self._facts}
        match error.parameters.get("seconds"):
            case int() | float() as seconds:
                facts["minutes"] = max(1, ceil(seconds / 60))
        return ErrorWords(
            code=error.code,
            sentence=self(f"{key}.what", **facts),
            advice=self(f"{key}.do", **facts),
            action=self(f"{key}.action") if f"{key}.action" in SENTENCES else "",
        )


# An error that was raised without a fact must still be a whole sentence.
_UNKNOWN = {
    "network": "…",
    "length": 0,
    "allowed": "…",
    "status": 0,
    "seconds": 60,
    "minutes": 1,
    "name": "…",
    "tries": 1,
}

SENTENCES: dict[str, str] = {**PAGES, **PANEL, **LIGHT, **COMPANY, **FAILURES}
