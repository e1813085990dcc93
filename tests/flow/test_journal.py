"""Nothing secret comes into a record, whatever happens; and what support needs does."""

from __future__ import annotations

import enum
import json
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.domain import errors
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.flow import messages as m
from setup_wizard.flow.journal import (
    COMMANDS,
    LARGEST_NUMBER,
    MOST_ENTRIES,
    NETWORK_NAMES,
    NUMBERS,
    VERSIONS,
    Kind,
    Record,
    connection,
    redacted,
    turn,
)
from setup_wizard.flow.machine import advance
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Stage
from setup_wizard.softap.codec import Command
from tests.failures import leaves
from tests.flow import roads
from tests.flow.samples import DEVICE_ID, HIDDEN, HOME, PASSPHRASE

STATE = State()
MARKER = "hidden-7f3a"
NUMBER = 7_373_737
TOLD = {
    *("attempt", "attempts", "run", "seconds", "budget", "times"),
    *(
        "port",
        "sent",
        "received",
        "rssi",
        "channel",
        "max_data_rate",
        "code",
        "length",
        "status",
        "result",
    ),
}
"""Where a number may be told; written down twice on purpose."""
MESSAGES = [
    each
    for each in vars(m).values()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == m.__name__
]


class Hostile(Exception):
    """Whose every text is a secret."""

    def __init__(self) -> None:
        super().__init__(MARKER)

    def __repr__(self) -> str:
        return MARKER

    __str__ = __repr__


class HostileEnum(enum.Enum):
    """Not one of ours."""

    HIDDEN = MARKER


ANYTHING = [
    MARKER,
    MARKER.encode(),
    Secret(MARKER),
    (MARKER, MARKER),
    [MARKER],
    {MARKER: MARKER},
    frozenset({MARKER}),
    Hostile(),
    HostileEnum.HIDDEN,
    Hostile,
    NUMBER**5,
    float("nan"),
    object(),
]


def mark(_ssid: bytes) -> str:
    return "a1b2c3"


def records(
    event: Any, before: State = STATE, after: State = STATE, command: Any = None
) -> list[Record]:
    return list(turn(event, before, after, command, mark))


def shown(found: list[Record]) -> str:
    return json.dumps([(r.kind.value, r.name, dict(r.facts)) for r in found], allow_nan=False)


def with_fields(kind: type, values: dict[str, Any]) -> Any:
    """Made without its own checks: what can be held is no argument here."""
    made: Any = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def filled(kind: Any) -> Any:
    """A value of this type with the marker wherever a text or bytes can be."""
    if is_dataclass(kind) and isinstance(kind, type) and kind is not DeviceId:
        hints = typing.get_type_hints(kind)
        return with_fields(kind, {f.name: filled(hints[f.name]) for f in fields(kind)})
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return filled(next(each for each in inner if each is not type(None)))
    if origin is tuple:
        return (filled(inner[0]), filled(inner[0]))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    if isinstance(kind, type) and issubclass(kind, SetupError):
        names = ("command", "network", "device", "kind", "allowed", "name", "result", "status")
        return errors.DeviceRefused(**dict.fromkeys(names, MARKER))
    simple: dict[Any, Any] = {
        str: MARKER,
        bytes: MARKER.encode(),
        Secret: Secret(MARKER),
        int: NUMBER,
        float: float(NUMBER),
        bool: True,
        DeviceId: DEVICE_ID,
    }
    return simple.get(origin or kind, {MARKER: MARKER})


def numbers(fact: Any, name: str = "") -> Iterator[str]:
    """The names under which the number is told."""
    if isinstance(fact, dict):
        for inner, each in fact.items():
            yield from numbers(each, inner)
    elif isinstance(fact, list):
        for each in fact:
            yield from numbers(each, name)
    elif not isinstance(fact, bool) and fact == NUMBER:
        yield name


# --- what does not come out -----------------------------------------------------------------


def test_there_are_messages_to_look_at() -> None:
    assert {m.SetUpPressed, m.SetupFailed, m.SetUp, m.Reported} <= set(MESSAGES)


@pytest.mark.parametrize("message", MESSAGES)
def test_no_message_tells_what_it_holds(message: type) -> None:
    made = filled(message)
    failed = State(error=filled(SetupError))

    found = [
        *records(made, after=failed, command=made),
        *records(m.Reported(NUMBER, made), after=failed),
    ]

    assert MARKER not in shown(found)
    assert {name for record in found for name in numbers(dict(record.facts))} <= TOLD


@pytest.mark.parametrize("message", MESSAGES)
def test_no_field_tells_what_it_was_not_made_for(message: type) -> None:
    for thing in ANYTHING:
        made = with_fields(message, {field.name: thing for field in fields(message)})

        if message not in (m.Reported, m.DeviceSpoke):
            assert MARKER not in shown(records(made, command=made)), thing
        assert MARKER not in shown(records(m.Reported(1, made))), thing


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_no_failure_tells_what_it_holds(leaf: type[SetupError]) -> None:
    names = (*NUMBERS, *NETWORK_NAMES, "command", "device", "kind", "allowed", "name", MARKER)
    failure = leaf(**dict.fromkeys(names, MARKER))

    told = redacted("error", failure, mark)

    assert MARKER not in json.dumps(told)
    assert isinstance(told, dict)
    assert told["code"] == leaf.code


SECRETS = st.text(st.characters(), max_size=80).map(lambda rest: HIDDEN + rest)
NAMES = st.sampled_from([*NUMBERS, *NETWORK_NAMES, *VERSIONS, "command", "device", "kind", "error"])
LEAVES = st.one_of(
    SECRETS,
    SECRETS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    SECRETS.map(lambda text: Secret(text.encode("utf-8", "surrogatepass"))),
    SECRETS.map(Exception),
    SECRETS.map(lambda text: errors.DeviceSilent(command=text, network=text, kind=text)),
    SECRETS.map(lambda text: Network(text.encode("utf-8", "replace"), Security.WPA2)),
)
SET_UP = ("network", "passphrase", "name")
THINGS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(SECRETS, inner, max_size=2),
        inner.map(lambda each: with_fields(m.SetUpPressed, dict.fromkeys(SET_UP, each))),
    ),
    max_leaves=8,
)


@given(name=NAMES | SECRETS, thing=THINGS)
def test_no_text_passes_under_any_name(name: str, thing: object) -> None:
    assert HIDDEN not in json.dumps(redacted(name, thing, mark), ensure_ascii=False)


@given(facts=st.dictionaries(NAMES | SECRETS, THINGS, max_size=6))
def test_no_connection_tells_more_than_counts(facts: dict[str, object]) -> None:
    assert HIDDEN not in shown([connection(facts, mark)])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), LARGEST_NUMBER * 2])
def test_numbers_that_could_hold_a_text_are_left_out(number: float) -> None:
    assert redacted("seconds", number, mark) == "<number>"


def test_what_a_device_says_is_its_owners() -> None:
    (record,) = records(m.Reported(0, filled(m.DeviceSpoke)))

    assert (record.name, dict(record.facts), record.many) == ("DeviceSpoke", {"run": 0}, True)


# --- what does ------------------------------------------------------------------------------


def test_a_set_up_is_told_by_step_stage_and_code() -> None:
    before = roads.setting_up()
    failed = roads.failed(errors.DeviceRefused(command="configure-ap", result=-16640))
    after, command = advance(before, m.Reported(before.run, failed))

    happened, changed = records(m.Reported(before.run, failed), before, after, command)

    error = {"code": "SW-DEVICE-REFUSED", "command": "configure-ap", "result": -16640}
    assert (happened.kind, happened.name) == (Kind.EVENT, "SetupFailed")
    assert happened.facts == {"run": before.run, "error": error, "seconds": 2.0}
    assert (changed.kind, changed.name) == (Kind.STATE, "setting_up")
    assert changed.facts == {"working": False, "error": error}


def test_a_stage_is_told_with_its_attempt() -> None:
    (record,) = records(m.Reported(0, m.StageStarted(Stage.SAVE, 2)))

    assert record.facts == {"run": 0, "stage": "save", "attempt": 2}


def test_a_report_that_came_too_late_is_told_as_such() -> None:
    (record,) = records(m.Reported(3, m.Stopped()), State(run=4), State(run=4))

    assert record.facts == {"run": 3, "late": True}


def test_what_is_asked_for_is_told_after_what_happened() -> None:
    before = roads.choosing()
    after, command = advance(before, roads.SET_UP)

    found = records(roads.SET_UP, before, after, command)

    assert [(record.kind.value, record.name) for record in found] == [
        ("event", "SetUpPressed"),
        ("state", "setting_up"),
        ("command", "SetUp"),
    ]
    assert found[2].facts["identity"] == {
        "device_id": str(DEVICE_ID),
        "claimed_before": False,
    }


def test_of_a_network_everything_is_told_but_its_name() -> None:
    cafe = Network("Café".encode(), Security.WPA2, rssi=-70, channel=11)

    assert redacted("network", cafe, mark) == {
        "ssid": {"mark": "a1b2c3", "bytes": 5, "ascii": False},
        "security": {"kind": "wpa2", "code": 0x400004},
        "rssi": -70,
        "channel": 11,
    }


@pytest.mark.parametrize("of", ["the one in front", "one that was left behind"])
@pytest.mark.parametrize("ssid", [b"\xffab", "a\u200bb".encode(), b"Home"])
def test_an_error_has_the_mark_that_its_network_has_in_the_scan(ssid: bytes, of: str) -> None:
    network = replace(HOME, ssid=ssid)
    before = replace(roads.still_checking(), credentials=Credentials(network, PASSPHRASE))
    if of == "one that was left behind":
        before, _ = advance(before, m.SetUpAnotherPressed())
        number = before.pending[0].work.number
    else:
        number = before.run
    failed = m.Reported(number, m.SetupFailed(errors.WrongPassphrase(network=network.name)))
    after, command = advance(before, failed)

    found = list(turn(failed, before, after, command, bytes.hex))

    told = [record.facts["error"] for record in found if "error" in record.facts]
    assert told
    expected = redacted("ssid", ssid, bytes.hex)
    assert all(isinstance(error, dict) and error["network"] == expected for error in told)


def test_that_a_passphrase_was_given_is_told_and_not_its_length() -> None:
    assert redacted("passphrase", PASSPHRASE, mark) == "<secret>"
    assert redacted("passphrase", None, mark) is None


def test_of_a_text_its_size_is_told_in_bytes() -> None:
    assert redacted("name", "Küche", mark) == "<text, 6 bytes>"
    assert redacted("key", b"\0" * 3, mark) == "<3 bytes>"


def test_a_long_list_is_cut_and_counted() -> None:
    told = redacted("networks", (Network(b"x", Security.OPEN),) * (MOST_ENTRIES + 2), mark)

    assert isinstance(told, list)
    assert len(told) == MOST_ENTRIES + 1
    assert told[-1] == "<2 more>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("device", str(DEVICE_ID)),
        ("command", "save"),
        ("result", "unread"),
        ("kind", "ZeroDivisionError"),
        ("error", "SW-DEVICE-SILENT"),
        ("firmware_version", "1.5.2"),
        ("firmware_version", "17"),
    ],
)
def test_words_of_a_closed_set_are_told_where_they_belong(name: str, text: str) -> None:
    assert redacted(name, text, mark) == text
    assert redacted("name", text, mark) == f"<text, {len(text)} bytes>"


def test_every_command_of_the_device_has_its_word() -> None:
    assert {command.value for command in Command} == COMMANDS


def test_a_connection_is_told_with_its_bytes() -> None:
    facts = {"command": Command.SCAN, "port": 5609, "sent": 11, "received": 480, "seconds": 0.4}

    record = connection({**facts, "error": "SW-DEVICE-GONE", "body": "x"}, mark)

    assert (record.kind, record.name) == (Kind.CONNECTION, "scan-ap")
    assert record.facts == {
        "port": 5609,
        "sent": 11,
        "received": 480,
        "seconds": 0.4,
        "error": "SW-DEVICE-GONE",
    }
