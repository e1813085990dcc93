"""A device id is 24 lower-case hexadecimal digits, or it is not one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.domain.device import Device, DeviceId, shortened

ID = "3a001b000447343138333038"


@given(st.text("0123456789abcdefABCDEF", min_size=24, max_size=24))
def test_any_spelling_of_an_id_is_the_same_id(text: str) -> None:
    assert DeviceId.parse(text) == DeviceId.parse(text.lower()) == DeviceId.parse(text.upper())
    assert str(DeviceId.parse(text)) == text.lower()


def test_the_devices_own_upper_case_is_understood() -> None:
    assert DeviceId.parse("3A001B000447343138333038") == DeviceId(ID)


def test_space_around_an_id_is_not_part_of_it() -> None:
    assert DeviceId.parse(f" {ID}\n") == DeviceId(ID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ID[:-1],
        ID + "0",
        ID[:-1] + "g",
        ID[:12] + " " + ID[12:],
        "٣" * 24,
        "a" * 23 + "\u0430",
        ID + "\n" + ID,
        "<html>",
    ],
)
def test_whatever_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="24 hexadecimal digits"):
        DeviceId.parse(text)


@given(st.text())
def test_text_from_anywhere_gives_an_id_or_a_value_error(text: str) -> None:
    try:
        parsed = DeviceId.parse(text)
    except ValueError:
        return
    assert len(parsed.text) == 24


@pytest.mark.parametrize("text", [ID.upper(), f" {ID}", f"{ID}\n"])
def test_an_id_cannot_be_made_of_another_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="24 hexadecimal digits"):
        DeviceId(text)


def test_ids_have_an_order_and_can_be_keys() -> None:
    first, second = DeviceId("0" * 24), DeviceId("f" * 24)

    assert sorted([second, first]) == [first, second]
    assert {first: 1}[DeviceId("0" * 24)] == 1


def test_a_device_of_which_nothing_is_known_is_not_online() -> None:
    device = Device(DeviceId(ID))

    assert not device.online
    assert device.functions == ()
    assert device.variables == {}


def test_a_device_is_a_value_that_can_be_hashed() -> None:
    assert hash(Device(DeviceId(ID))) == hash(Device(DeviceId(ID)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("260040000247343138333038", "310027000647343138333038"),
        ("290017000647343138333038", "300037000347343138333038"),
        ("24002d000447343337373738", "24002d000547343337373738"),
    ],
)
def test_devices_of_one_lot_are_told_apart_by_their_short_ids(one: str, other: str) -> None:
    assert DeviceId(one).short != DeviceId(other).short


def test_a_sender_that_is_no_device_is_shortened_too() -> None:
    assert shortened("api") == "API"
