"""A company network: its sign-in, the files that it may come from, and what goes wrong there."""

from __future__ import annotations

from dataclasses import replace

from setup_wizard.domain.errors import (
    KeyPasswordMissing,
    NetworkSignInRefused,
    SignInMissing,
    SignInNeedless,
)
from setup_wizard.domain.wifi import Credentials
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Stage, Step
from tests.flow import roads
from tests.flow.fakes import World, failure
from tests.flow.roads import after, done, failed, play
from tests.flow.samples import BY_NAME, FILES, HOME, OFFICE, PASSPHRASE, SIGN_IN

CHOICE = m.SetUpPressed(OFFICE, name="Lamp", sign_in=FILES)


def test_it_is_set_up_with_a_user_name_and_a_password() -> None:
    state, command = play(roads.choosing(), m.SetUpPressed(OFFICE, sign_in=BY_NAME))

    assert state.step is Step.SETTING_UP
    assert isinstance(command, m.SetUp)
    assert command.credentials == Credentials(OFFICE, sign_in=BY_NAME)


def test_the_files_of_a_certificate_are_read_by_the_work_and_then_it_goes_on() -> None:
    reading, command = play(roads.choosing(), CHOICE)
    going, then = play(reading, m.SignInRead(replace(CHOICE, sign_in=SIGN_IN)))

    assert (reading.step, command) == (Step.NETWORK, m.ReadSignIn(CHOICE, FILES))
    assert (going.step, going.name, going.reading) == (Step.SETTING_UP, "Lamp", None)
    assert isinstance(then, m.SetUp)
    assert then.credentials == Credentials(OFFICE, sign_in=SIGN_IN)


def test_a_second_press_does_not_read_again() -> None:
    reading = after(roads.choosing(), CHOICE)

    assert play(reading, CHOICE) == (reading, None)


def test_who_goes_back_while_files_are_read_is_not_taken_along() -> None:
    left = after(roads.choosing(), CHOICE, m.BackPressed())

    assert (left.step, left.reading) == (Step.LISTENING, None)


def test_a_file_that_cannot_be_used_leaves_the_person_where_they_are() -> None:
    refused = after(roads.choosing(), CHOICE, failed(KeyPasswordMissing(name="jane.key")))
    _, again = play(refused, CHOICE)

    assert (refused.step, refused.working) == (Step.NETWORK, False)
    assert isinstance(refused.error, KeyPasswordMissing)
    assert again == m.ReadSignIn(CHOICE, FILES)


def test_a_passphrase_alone_is_not_enough() -> None:
    state, command = play(roads.choosing(), m.SetUpPressed(OFFICE, PASSPHRASE))

    assert isinstance(state.error, SignInMissing)
    assert command is None


def test_any_other_network_takes_none() -> None:
    state, command = play(roads.choosing(), m.SetUpPressed(HOME, sign_in=BY_NAME))

    assert isinstance(state.error, SignInNeedless)
    assert command is None


def test_a_device_that_comes_back_leads_to_all_the_fields() -> None:
    """A user name may be the mistake as well as a password."""
    saved = after(roads.choosing(), m.SetUpPressed(OFFICE, sign_in=BY_NAME), *done(Stage.SAVE))
    state = after(saved, m.LightBlinksAgain())

    assert state.step is Step.NETWORK
    assert isinstance(state.error, NetworkSignInRefused)


def test_the_work_reads_the_files() -> None:
    reports = World().perform(m.ReadSignIn(CHOICE, FILES))

    assert reports == [m.SignInRead(replace(CHOICE, sign_in=SIGN_IN))]


def test_the_work_says_what_is_wrong_with_the_files() -> None:
    world = World()
    world.certificates.fail("read", KeyPasswordMissing(name="jane.key"))

    assert failure(world.perform(m.ReadSignIn(CHOICE, FILES))).code == "SW-KEY-PASSWORD-MISSING"
