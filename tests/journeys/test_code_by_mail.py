"""A customer signs in by the code in their letter box, with the real adapter in the world."""

from __future__ import annotations

import pytest

from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import CodeRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import SignInWay
from tests.journeys.traveller import CUSTOMER, WatchedWorld

WAIT = 20.0  # seconds, for a mail that takes milliseconds
NEVER = StopSwitch()


def _code(world: WatchedWorld) -> Secret:
    code = world.mail.code_for(CUSTOMER.lower(), timeout=WAIT)
    assert code is not None
    return Secret(code)


def test_a_code_opens_a_session_that_another_start_goes_on_with(world: WatchedWorld) -> None:
    url = world.announce()["backend"]["url"]
    backend, after_a_restart = HttpBackend(url), HttpBackend(url)

    ways = backend.ways_in(NEVER)
    seconds = backend.send_code(CUSTOMER, NEVER)
    session = backend.sign_in_by_code(CUSTOMER, _code(world), NEVER)
    after_a_restart.resume(session.token)

    assert ways == (SignInWay.CODE, SignInWay.INSTALLER_KEY)
    assert seconds == 600
    assert (session.customer, session.expires_in) == (CUSTOMER.lower(), 12 * 60 * 60)
    assert len(after_a_restart.provision(NEVER).claim_code) > 0


def test_a_code_is_good_once_and_who_signed_out_is_out(world: WatchedWorld) -> None:
    backend = HttpBackend(world.announce()["backend"]["url"])
    backend.send_code(CUSTOMER, NEVER)
    code = _code(world)
    session = backend.sign_in_by_code(CUSTOMER, code, NEVER)

    backend.sign_out(NEVER)
    backend.resume(session.token)

    with pytest.raises(SignInExpired):
        backend.provision(NEVER)
    with pytest.raises(CodeRefused):
        backend.sign_in_by_code(CUSTOMER, code, NEVER)
