"""The roads through the machine, each driven by the events that lead there."""

from __future__ import annotations

from dataclasses import replace

from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.life import LifeTest
from setup_wizard.domain.sign_in import SignInWay
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.machine import advance, start
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import PREPARATION, SETUP, Stage
from tests.flow.samples import (
    ACCESS,
    ACCESS_POINT,
    BUTTON,
    BY_CODE,
    BY_KEY,
    CAFE,
    CODE_SENT,
    CUSTOMER,
    DEVICE,
    HOME,
    IDENTITY,
    PASSPHRASE,
    PROVISION,
    SESSION,
)

Step = tuple[State, m.Command | None]

OFFERED = door.SignInOffered(tuple(SignInWay))
PREPARED = m.Prepared(PROVISION, b"Home")
FOUND = m.DeviceFound(IDENTITY, ACCESS_POINT)
NETWORKS = m.NetworksFound((CAFE, HOME))
SET_UP = m.SetUpPressed(HOME, PASSPHRASE, "Lamp")
SUCCEEDED = m.SetupSucceeded(DEVICE, ACCESS)


def play(state: State, *happened: m.Action | m.Report) -> Step:
    """The last answer of the machine; a report is of the command that is newest by then."""
    command: m.Command | None = None
    for one in happened:
        event = m.Reported(state.run, one) if isinstance(one, m.Report) else one
        state, command = advance(state, event)
    return state, command


def after(state: State, *happened: m.Action | m.Report) -> State:
    return play(state, *happened)[0]


def done(*stages: Stage) -> tuple[m.Report, ...]:
    """The reports of stages that succeed."""
    return tuple(
        report for stage in stages for report in (m.StageStarted(stage), m.StageDone(stage, 1.0))
    )


def failed(error: SetupError) -> m.SetupFailed:
    return m.SetupFailed(error, seconds=2.0)


def welcome() -> State:
    return start(needs_sign_in=False)


def asking() -> State:
    """The backend is asked how one can sign in."""
    return after(start(needs_sign_in=True), m.StartPressed())


def sign_in() -> State:
    return after(asking(), OFFERED)


def preparing() -> State:
    return after(welcome(), m.StartPressed())


def preparing_after_sign_in() -> State:
    return after(signing_in(), door.SignedIn(SESSION))


def signing_in() -> State:
    return after(sign_in(), door.SignInPressed(BY_KEY))


def code() -> State:
    """The code is on its way by e-mail."""
    return after(sign_in(), door.CodeWanted(CUSTOMER), CODE_SENT)


def trying_code() -> State:
    return after(code(), door.SignInPressed(BY_CODE))


def prepared_by_code() -> State:
    return after(trying_code(), door.SignedIn(SESSION), *done(*PREPARATION), PREPARED)


def signed_out() -> State:
    """The link was pressed, and the backend is being told."""
    return after(prepared_by_code(), m.ContinuePressed(), door.SignOutPressed())


def prepared() -> State:
    return after(preparing(), *done(*PREPARATION), PREPARED)


def listening() -> State:
    return after(prepared(), m.ContinuePressed())


def looking() -> State:
    return after(listening(), m.ListeningConfirmed())


def found() -> State:
    """The device is found, and its networks are being asked for."""
    return after(looking(), FOUND)


def choosing() -> State:
    return after(found(), NETWORKS, m.ContinuePressed())


def setting_up() -> State:
    return after(choosing(), SET_UP)


def saved() -> State:
    return after(setting_up(), *done(Stage.SAVE))


def wrong_passphrase() -> State:
    return after(saved(), m.LightBlinksAgain())


def still_checking() -> State:
    return after(saved(), m.StageStarted(Stage.JOIN_NETWORK), m.VerificationPending())


def finished() -> State:
    return after(setting_up(), *done(*SETUP), SUCCEEDED)


def with_test(test: LifeTest = BUTTON, *, online: bool = True) -> State:
    """On the last page, of a maker who has a test."""
    state = after(start(needs_sign_in=False, life_test=test), m.StartPressed(), PREPARED)
    state = after(state, m.ContinuePressed(), m.ListeningConfirmed(), FOUND, NETWORKS)
    return after(
        state,
        m.ContinuePressed(),
        SET_UP,
        *done(*SETUP),
        m.SetupSucceeded(replace(DEVICE, online=online), ACCESS),
    )


def proving(test: LifeTest = BUTTON) -> State:
    """The test runs since second 10."""
    return after(with_test(test), life.Listening(), life.LifeAwaited(10.0, 70.0))


def unproved() -> State:
    return after(proving(), life.LifeTimeOver(70.0))


EVERYWHERE = (
    welcome,
    asking,
    sign_in,
    signing_in,
    code,
    trying_code,
    prepared_by_code,
    signed_out,
    preparing,
    preparing_after_sign_in,
    prepared,
    listening,
    looking,
    found,
    choosing,
    setting_up,
    saved,
    wrong_passphrase,
    still_checking,
    finished,
    with_test,
    proving,
    unproved,
)
