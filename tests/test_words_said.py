"""Every sentence is said somewhere: what nobody says is deleted."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_wizard.flow.light import Shine, Sight
from setup_wizard.flow.steps import PREPARATION, SETUP, Milestone
from setup_wizard.words import SENTENCES
from tests.test_architecture import called

PACKAGE = Path(__file__).resolve().parent.parent / "setup_wizard"
FRONT_ENDS = ("qt", "cli", "flow")

FAMILIES = {
    "milestone.{}": [milestone.value for milestone in Milestone],
    "prepare.{}": [stage.value for stage in PREPARATION],
    "setting_up.{}": [stage.value for stage in SETUP],
    "network.security_{}": ["open", "wep", "wpa", "wpa2", "company"],
    "done.headline{}": ["_offline"],
    "done.text{}": ["_offline", "_updating"],
    "light.{}": [shine.value for shine in Shine],
    "light.{}.means": [sight.value for sight in Sight],
    "light.{}.do": [
        sight.value for sight in Sight if sight not in (Sight.LISTENING, Sight.UPDATING)
    ],
    "sign_in.by_{}": ["code", "account", "key"],
    "sign_in.{}_text": ["code", "account", "key"],
    "demo.{}": ["sign_in", "sign_in_code", "listening", "join", "network", "company", "done"],
    "demo.{}.button": [
        "sign_in",
        "sign_in_code",
        "listening",
        "join",
        "network",
        "company",
        "done",
    ],
}
"""Keys that a front end puts together, with everything that it puts in."""


@functools.cache
def said() -> set[str]:
    """Every key that is named outside `words`: dotted ones anywhere, plain ones where said."""
    keys = {
        family.replace("{}", filling)
        for family, fillings in FAMILIES.items()
        for filling in fillings
    }
    for tree in front_ends():
        for node in ast.walk(tree):
            if (called(node) or "").endswith("words"):
                keys |= set(texts(node))
        keys |= {text for text in texts(tree) if "." in text}
    return keys


def front_ends() -> Iterator[ast.AST]:
    for folder in FRONT_ENDS:
        for file in sorted((PACKAGE / folder).rglob("*.py")):
            yield ast.parse(file.read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def patterns() -> set[str]:
    """What is put together in a call of `words`."""
    return {
        "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in text.values)  # type: ignore[misc]
        for tree in front_ends()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (called(node) or "").endswith("words")
        for text in node.args
        if isinstance(text, ast.JoinedStr)
    }


def test_every_sentence_is_said_somewhere() -> None:
    assert [key for key in SENTENCES if not key.startswith("SW-") and key not in said()] == []


def test_every_key_that_is_put_together_is_listed_here() -> None:
    failures = {"{}.what", "{}.do", "{}.action"}  # tests/test_words.py has an eye on them

    assert patterns() - failures - set(FAMILIES) == set()


@pytest.mark.parametrize("key", ["back", "copied", "done.name", "demo.done.button"])
def test_a_sentence_that_is_said_is_found(key: str) -> None:
    assert key in said()
