"""Live checks of a password while it is typed: how long it must be, and how far it is."""

from __future__ import annotations

from setup_wizard.domain.errors import ChoiceError, PassphraseLength
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Security, check_passphrase
from setup_wizard.words import Words

_ANYTHING = Secret("x")


def password_is_possible(security: Security, typed: str) -> bool:
    """Whether the device could store it; whether it is right, only the network knows."""
    try:
        check_passphrase(security, Secret(typed))
    except ChoiceError:
        return False
    return True


def password_hint(words: Words, security: Security, typed: str) -> str:
    if password_is_possible(security, typed):
        return words("network.password_good")
    try:
        check_passphrase(security, Secret(typed) if typed else _ANYTHING)
    except PassphraseLength as error:
        return words("network.password_hint", allowed=error.parameters["allowed"])
    except ChoiceError as error:
        return words.error(error).sentence
    return ""
