"""Values: equal by content and kind, never changed, and cheap to define."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, field, replace
from typing import Any

import pytest

from setup_wizard.domain.value import value


@value
class Point:
    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list, hash=False)


@value
class Other:
    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list, hash=False)


def test_values_with_the_same_facts_are_equal_and_hash_alike() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert hash(Point(1, 2)) == hash(Point(1, 2, ["a note does not count"]))


def test_values_of_another_kind_are_never_equal() -> None:
    same_facts: Any = Other(1, 2)

    assert Point(1, 2) != same_facts
    assert Point(1, 2) != Point(1, 3)


def test_a_value_cannot_be_changed() -> None:
    point: Any = Point(1)

    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert point.x == 1


def test_a_changed_copy_is_made_by_replace() -> None:
    assert replace(Point(1, 2), y=5) == Point(1, 5)


def test_a_value_says_its_facts_and_can_be_matched() -> None:
    match Point(3, 4):
        case Point(x, y):
            assert (x, y) == (3, 4)
    assert repr(Point(3, 4)) == "Point(x=3, y=4, notes=[])"


def test_each_value_gets_its_own_default() -> None:
    one, other = Point(1), Point(1)

    one.notes.append("mine")

    assert other.notes == []


@pytest.mark.parametrize(
    ("given", "named", "problem"),
    [
        ((), {}, "Point needs x"),
        ((1, 2, [], 4), {}, "Point has 3 facts, not 4"),
        ((1,), {"z": 3}, "Point has no place for z"),
        ((1,), {"x": 3}, "Point has no place for x"),
    ],
)
def test_a_value_that_cannot_be_made_says_why(given, named, problem) -> None:
    make: Any = Point

    with pytest.raises(TypeError, match=problem):
        make(*given, **named)


def test_a_value_checks_itself_when_it_is_made() -> None:
    @value
    class Even:
        number: int

        def __post_init__(self) -> None:
            if self.number % 2:
                raise ValueError(self.number)

    with pytest.raises(ValueError, match="3"):
        Even(3)
    with pytest.raises(ValueError, match="5"):
        replace(Even(2), number=5)
