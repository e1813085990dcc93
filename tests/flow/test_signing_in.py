"""Who it is for: the machine's way from the first press to a session, and out again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.domain.errors import (
    AccountRefused,
    BackendUnreachable,
    CodeExpired,
    CodeRefused,
    CodeSpent,
    CodeWrong,
    CustomerRefused,
    KeyRefused,
    RoleRefused,
    SetupError,
    SignInExpired,
    SignInNotOffered,
    TooManyTries,
)
from setup_wizard.domain.sign_in import ByKey, Proof
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.machine import start
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import PREPARATION, Step
from tests.flow import roads
from tests.flow.roads import after, failed, play
from tests.flow.samples import (
    BY_ACCOUNT,
    BY_CODE,
    BY_KEY,
    CODE_SENT,
    CUSTOMER,
    SESSION,
)

# --- in -------------------------------------------------------------------------------------


def test_the_backend_is_asked_for_its_ways_in_where_progress_is_seen() -> None:
    state, command = play(start(needs_sign_in=True), m.StartPressed())

    assert (state.step, state.working, command) == (Step.PREPARE, True, door.AskWaysIn())
    assert [line.stage for line in state.checks] == list(PREPARATION)


def test_what_it_offers_is_shown() -> None:
    state, command = play(roads.asking(), roads.OFFERED)

    assert (state.step, state.working, command) == (Step.SIGN_IN, False, None)
    assert state.ways == roads.OFFERED.ways


def test_a_session_that_was_kept_skips_the_question() -> None:
    offered = door.SignInOffered(roads.OFFERED.ways, SESSION)

    state, command = play(roads.asking(), offered)

    assert (state.step, command) == (Step.PREPARE, m.Prepare(SESSION))
    assert state.customer == CUSTOMER


def test_asking_can_be_stopped() -> None:
    state, command = play(roads.asking(), m.BackPressed())

    assert (state.step, state.working, command) == (Step.WELCOME, False, m.Stop())
    assert play(state, m.StartPressed())[1] == door.AskWaysIn()


def test_asking_in_vain_is_tried_again() -> None:
    state = after(roads.asking(), failed(BackendUnreachable()))
    assert state.step is Step.PREPARE

    assert play(state, m.RetryPressed())[1] == door.AskWaysIn()


def test_a_code_is_sent_and_then_asked_for() -> None:
    sending, command = play(roads.sign_in(), door.CodeWanted(CUSTOMER))
    assert (sending.step, sending.working) == (Step.SIGN_IN, True)
    assert command == door.SendCode(CUSTOMER)

    state = after(sending, CODE_SENT)

    assert (state.step, state.working, state.code) == (Step.SIGN_IN_CODE, False, CODE_SENT)


def test_a_code_that_was_typed_is_tried_until_its_time_is_over() -> None:
    state, command = play(roads.code(), door.SignInPressed(BY_CODE))

    assert (state.step, state.working) == (Step.SIGN_IN_CODE, True)
    assert command == door.SignIn(BY_CODE, CODE_SENT.until)


@pytest.mark.parametrize("proof", [BY_KEY, BY_ACCOUNT])
def test_a_key_or_an_account_is_tried_at_once(proof: Proof) -> None:
    state, command = play(roads.sign_in(), door.SignInPressed(proof))

    assert (state.step, state.working) == (Step.SIGN_IN, True)
    assert command == door.SignIn(proof)


@pytest.mark.parametrize("at", [roads.signing_in, roads.trying_code])
def test_whoever_is_signed_in_is_prepared_for(at) -> None:
    state, command = play(at(), door.SignedIn(SESSION))

    assert (state.step, command) == (Step.PREPARE, m.Prepare(SESSION))
    assert state.session == SESSION


def test_a_code_is_not_kept_once_it_was_used_and_a_key_is() -> None:
    assert after(roads.trying_code(), door.SignedIn(SESSION)).proof is None
    assert after(roads.signing_in(), door.SignedIn(SESSION)).proof == BY_KEY


def test_where_a_key_is_set_up_nobody_is_asked() -> None:
    silent = start(needs_sign_in=False, proof=BY_KEY)

    state, command = play(silent, m.StartPressed())
    assert (state.step, command) == (Step.PREPARE, m.Prepare(proof=BY_KEY))

    assert after(state, door.SignedIn(SESSION)).session == SESSION


def test_another_code_can_be_sent_from_where_the_code_is_typed() -> None:
    state, command = play(roads.code(), door.CodeWanted(CUSTOMER))
    newer = replace(CODE_SENT, until=900.0)

    assert (state.step, command) == (Step.SIGN_IN_CODE, door.SendCode(CUSTOMER))
    assert after(state, newer).code == newer


@pytest.mark.parametrize(
    ("at", "step"), [(roads.code, Step.SIGN_IN), (roads.trying_code, Step.SIGN_IN)]
)
def test_back_leads_to_the_address_which_is_kept(at, step: Step) -> None:
    state = after(at(), m.BackPressed())

    assert (state.step, state.customer, state.working) == (step, CUSTOMER, False)


# --- no -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [CodeRefused(), CodeWrong(tries=4), CodeSpent(), CodeExpired(), TooManyTries()]
)
def test_what_is_wrong_with_a_code_is_said_where_it_is_typed(error: SetupError) -> None:
    state = after(roads.trying_code(), failed(error))

    assert (state.step, state.error, state.working) == (Step.SIGN_IN_CODE, error, False)
    assert state.code == CODE_SENT


@pytest.mark.parametrize(
    "error", [KeyRefused(), RoleRefused(), AccountRefused(), CustomerRefused(), TooManyTries()]
)
def test_what_is_wrong_with_who_asks_is_said_at_the_first_question(error: SetupError) -> None:
    state = after(roads.signing_in(), failed(error))

    assert (state.step, state.error, state.customer) == (Step.SIGN_IN, error, CUSTOMER)


def test_a_backend_that_offers_nothing_is_said() -> None:
    assert after(roads.asking(), failed(SignInNotOffered())).step is Step.SIGN_IN


@pytest.mark.parametrize(
    ("at", "again"),
    [
        (roads.signing_in, door.SignIn(BY_KEY)),
        (roads.trying_code, door.SignIn(BY_CODE, CODE_SENT.until)),
        (lambda: after(roads.sign_in(), door.CodeWanted(CUSTOMER)), door.SendCode(CUSTOMER)),
        (lambda: after(roads.code(), door.CodeWanted(CUSTOMER)), door.SendCode(CUSTOMER)),
    ],
)
def test_a_backend_that_is_down_is_asked_again_for_the_same(at, again: m.Work) -> None:
    step = at().step
    state = after(at(), failed(BackendUnreachable()))
    assert state.step is step

    assert play(state, m.RetryPressed())[1] == again


def test_a_wrong_code_is_not_tried_again_after_another_was_sent() -> None:
    wrong = after(roads.trying_code(), failed(CodeWrong(tries=4)))

    resent = after(wrong, door.CodeWanted(CUSTOMER), failed(BackendUnreachable()))

    assert play(resent, m.RetryPressed())[1] == door.SendCode(CUSTOMER)


# --- again ----------------------------------------------------------------------------------


def test_a_customer_who_is_signed_in_is_not_asked_again() -> None:
    back = after(roads.prepared_by_code(), m.BackPressed())
    assert back.step is Step.WELCOME

    assert play(back, m.StartPressed())[1] == m.Prepare(SESSION)


def test_an_installer_says_each_time_for_whom_it_is() -> None:
    back = after(roads.preparing_after_sign_in(), m.BackPressed())

    state, command = play(back, m.StartPressed())

    assert command == door.AskWaysIn()
    assert (state.session, state.proof, state.customer) == (None, None, CUSTOMER)


def test_a_proof_that_was_refused_is_not_shown_again_by_itself() -> None:
    refused = after(roads.sign_in(), door.SignInPressed(BY_ACCOUNT), failed(AccountRefused()))

    assert play(refused, m.BackPressed(), m.StartPressed())[1] == door.AskWaysIn()


def test_a_session_that_is_over_is_asked_for_again_with_everything_kept() -> None:
    chosen = replace(roads.saved(), needs_sign_in=True, session=SESSION, ways=roads.OFFERED.ways)

    expired = after(chosen, failed(SignInExpired()))

    assert (expired.step, expired.session) == (Step.SIGN_IN, None)
    assert (expired.credentials, expired.name) == (chosen.credentials, chosen.name)
    assert expired.identity == chosen.identity


def test_a_code_is_offered_at_once_when_a_session_is_over() -> None:
    expired = after(roads.prepared_by_code(), failed(SignInExpired()))

    assert play(expired, m.RetryPressed())[1] == door.SendCode(CUSTOMER)


def test_a_program_with_a_key_signs_in_anew_by_itself_when_it_is_told_to_go_on() -> None:
    expired = after(replace(roads.saved(), proof=BY_KEY, session=SESSION), failed(SignInExpired()))

    state, command = play(expired, m.RetryPressed())

    assert (expired.step, state.step) == (Step.PREPARE, Step.PREPARE)
    assert command == m.Prepare(proof=BY_KEY)
    assert state.saved


# --- out ------------------------------------------------------------------------------------


def listening() -> State:
    return after(roads.prepared_by_code(), m.ContinuePressed())


def done_by_customer() -> State:
    return replace(roads.finished(), needs_sign_in=True, session=SESSION)


@pytest.mark.parametrize("at", [listening, done_by_customer])
def test_signing_out_leaves_nothing_of_the_customer(at) -> None:
    before = at()

    state, command = play(before, door.SignOutPressed())

    assert (state.step, state.working, command) == (Step.WELCOME, True, door.SignOut(SESSION))
    left = State(needs_sign_in=True, run=state.run, sent=before.sent, working=True)
    assert state == replace(left, leaving=SESSION)


def test_nobody_starts_before_the_backend_was_told() -> None:
    state, command = play(roads.signed_out(), m.StartPressed())
    assert (state.step, command) == (Step.WELCOME, None)

    told = after(state, door.SignedOut())

    assert (told.leaving, told.working) == (None, False)
    assert play(told, m.StartPressed())[1] == door.AskWaysIn()


def test_a_backend_that_was_not_told_can_be_told_again() -> None:
    offline = after(roads.signed_out(), failed(BackendUnreachable()))
    assert (offline.step, offline.session) == (Step.WELCOME, None)

    assert play(offline, m.RetryPressed())[1] == door.SignOut(SESSION)
    assert play(offline, m.StartPressed())[1] == door.AskWaysIn()


@pytest.mark.parametrize("at", [roads.welcome, roads.sign_in, roads.choosing, roads.setting_up])
def test_there_is_nothing_to_sign_out_of_elsewhere(at) -> None:
    state = at()

    assert play(state, door.SignOutPressed()) == (state, None)


def test_a_key_that_is_set_up_here_is_taken_with_the_typed_customer() -> None:
    command = play(roads.sign_in(), door.SignInPressed(ByKey(CUSTOMER)))[1]

    assert command == door.SignIn(ByKey(CUSTOMER))
