"""Secrets go to the identified device only, and asking for that costs as little as it can."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from setup_wizard.domain.errors import DeviceGarbled, WrongDevice
from setup_wizard.softap.client import TRUST
from tests.softap.links import (
    CODE,
    DEVICE_ID,
    HOME,
    HTML,
    OTHER_ID,
    ROUTER,
    over_http,
    over_tcp,
    replies,
)
from tests.softap.stage import Door, Person, ScriptedDevice, resets, says


def test_a_router_in_the_devices_place_is_known():
    with Door(ROUTER) as door, pytest.raises(DeviceGarbled):
        over_http(door).identify(Person())


@pytest.mark.parametrize("other", [OTHER_ID, HTML])
def test_after_a_pause_secrets_wait_for_the_device_to_prove_itself(other):
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        device.replies["device-id"] = other
        for store in (
            lambda: link.store_claim_code(CODE, person),
            lambda: link.store_network(HOME, person),
        ):
            person.jump(TRUST + 1)
            with pytest.raises((WrongDevice, DeviceGarbled)):
                store()

    assert set(door.commands) == {"device-id"}


def test_the_wrong_device_is_told_with_the_right_one_named():
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        device.replies["device-id"] = OTHER_ID
        person.jump(TRUST + 1)
        with pytest.raises(WrongDevice) as error:
            link.store_claim_code(CODE, person)

    assert error.value.parameters == {"device": DEVICE_ID}


def test_a_scan_after_a_pause_proves_nothing():
    person = Person()
    with Door(ScriptedDevice(replies()).answers) as door:
        link = over_tcp(door)
        link.identify(person)
        person.jump(TRUST + 1)
        link.scan(person)
        link.store_claim_code(CODE, person)

    assert door.commands == ["device-id", "scan-ap", "device-id", "set"]


def test_after_a_pause_one_question_is_enough_for_both_secrets():
    person = Person()
    with Door(ScriptedDevice(replies()).answers) as door:
        link = over_tcp(door)
        link.identify(person)
        person.jump(TRUST + 1)
        link.store_claim_code(CODE, person)
        link.store_network(HOME, person)

    assert door.commands == ["device-id", "device-id", "set", "public-key", "configure-ap"]


@pytest.mark.parametrize("spoilt", [resets(), says(b""), says(b'\n\n{"r":')])
def test_after_an_error_the_device_proves_itself_before_the_next_try(spoilt):
    device = ScriptedDevice(replies())
    with Door(device.answers, spoilt, device.answers) as door:
        link = over_tcp(door)
        link.identify(Person())
        link.store_claim_code(CODE, Person())

    assert door.commands == ["device-id", "set", "device-id", "set"]


def test_a_changed_key_is_another_device_and_gets_no_passphrase():
    other = rsa.generate_private_key(65537, 1024).public_key()
    der = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        link.store_network(HOME, person)
        device.replies["public-key"] = b'{"b":"%s","r":0}' % der.hex().encode()
        with pytest.raises(WrongDevice):
            link.store_network(HOME, person)

    assert door.commands.count("configure-ap") == 1


def test_the_next_device_may_have_another_key():
    other = rsa.generate_private_key(65537, 1024).public_key()
    der = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        link.store_network(HOME, person)
        device.replies |= replies(
            device_id=OTHER_ID, public_key=b'{"b":"%s","r":0}' % der.hex().encode()
        )
        link.identify(person)
        link.store_network(HOME, person)

    assert door.commands.count("configure-ap") == 2


def test_no_secret_goes_to_a_device_that_was_never_identified():
    with Door(ScriptedDevice(replies()).answers) as door:
        over_tcp(door).store_claim_code(CODE, Person())

    assert door.commands == ["device-id", "set"]
