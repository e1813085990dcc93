"""The heart: `advance(state, event)` gives the new state and, where work is due, a command.

Pure. An event that does not fit the step changes nothing, so a double press is harmless; a
report of work that was since cancelled or replaced changes nothing either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from setup_wizard.domain.cloud import Provision
from setup_wizard.domain.device import DeviceIdentity
from setup_wizard.domain.enterprise import CertificateFiles
from setup_wizard.domain.errors import (
    ChoiceError,
    DeviceNotFound,
    JoinError,
    NetworkJoinFailed,
    ProvisionExpired,
    SetupError,
    SignInExpired,
    SignInNeeded,
    WrongPassphrase,
)
from setup_wizard.domain.life import LifeTest
from setup_wizard.domain.sign_in import Proof
from setup_wizard.domain.wifi import Credentials, strongest_first
from setup_wizard.flow import life, life_messages, signing_in
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as sign_in
from setup_wizard.flow.cause import cause_of_return
from setup_wizard.flow.moves import Advance, ask, prepare, show, stop
from setup_wizard.flow.pending import forget, hear_of, keep_checking, leave_behind, look_again
from setup_wizard.flow.progress import attempts_of, failed_stage, progress, running_for
from setup_wizard.flow.state import (
    Pending,
    StageProgress,
    State,
    Status,
    waiting,
)
from setup_wizard.flow.steps import BACK, SETUP, Step
from setup_wizard.flow.updates import updating_after_all

EVENTS_KEPT = 50  # the done page shows a handful; the panel keeps its own log


def start(
    *,
    needs_sign_in: bool,
    customer: str = "",
    proof: Proof | None = None,
    life_test: LifeTest | None = None,
) -> State:
    return State(
        needs_sign_in=needs_sign_in,
        life_test=life_test,
        customer=customer,
        proof=proof,
    )


def advance(state: State, event: m.Event) -> Advance:
    """What follows from an event. Never raises, never waits."""
    if isinstance(event, m.Reported):
        if event.run != state.run:
            return hear_of(state, event.run, event.report)
        return _report(state, event.report)
    return _act(state, event)


def _act(state: State, action: m.Action) -> Advance:
    match action:
        case m.StartPressed() if state.step is Step.WELCOME and not state.working:
            return signing_in.begin(signing_in.start_over(state))
        case sign_in.CodeWanted() | sign_in.SignInPressed() | sign_in.SignOutPressed():
            return signing_in.act(state, action)
        case m.ContinuePressed():
            return _continue(state)
        case m.ListeningConfirmed() if state.step is Step.LISTENING:
            return ask(show(state, Step.JOIN), m.FindDevice(), identity=None)
        case m.RescanPressed() if state.step is Step.NETWORK and not state.working:
            return ask(state, m.ScanNetworks())
        case m.SetUpPressed() if state.step is Step.NETWORK:
            return _choose(state, action)
        case m.SendAgainPressed() if state.step is Step.WRONG_PASSPHRASE and state.credentials:
            network = state.credentials.network
            return _choose(state, m.SetUpPressed(network, action.passphrase, state.name))
        case m.LightBlinksAgain() if (
            state.step in (Step.SETTING_UP, Step.STILL_CHECKING) and state.saved
        ):
            stopped, command = stop(state)
            return _fail(stopped, _came_back(state)), command
        case m.BackPressed() if state.step in BACK:
            stopped, command = stop(replace(state, stages=()))
            return show(stopped, BACK[state.step]), command
        case m.RetryPressed():
            return _retry(state)
        case m.NamePressed() if (
            state.step is Step.DONE and state.provision and state.device and action.name.strip()
        ):
            access, device_id = state.provision.access, state.device.device_id
            return ask(state, m.Rename(access, device_id, action.name.strip()), keep_run=True)
        case m.SetUpAnotherPressed() if state.step in (Step.DONE, Step.STILL_CHECKING):
            return signing_in.begin(
                State(
                    needs_sign_in=state.needs_sign_in,
                    life_test=state.life_test,
                    run=state.run,
                    ways=state.ways,
                    customer=state.customer,
                    proof=state.proof,
                    session=state.session,
                    sent=state.sent,
                    pending=_left_behind(state),
                )
            )
        case life_messages.LifeTestPressed():
            return life.act(state, action)
        case m.NoticeClosed():
            return replace(state, pending=forget(state, action.device_id)), None
        case _:
            return state, None


def _report(state: State, report: m.Report) -> Advance:
    if isinstance(report, life_messages.Report):
        return life.report(state, report)
    match report:
        case m.StageStarted():
            line = StageProgress(report.stage, Status.RUNNING, report.attempt, budget=report.budget)
            return progress(state, line), None
        case m.StageDone():
            attempts = attempts_of(state, report)
            line = StageProgress(report.stage, Status.DONE, attempts, report.seconds)
            return progress(state, line), None
        case m.StageUnproved():
            attempts = attempts_of(state, report)
            line = StageProgress(report.stage, Status.UNPROVED, attempts, report.seconds)
            return progress(state, line), None
        case m.JoinNeeded():
            return replace(running_for(state, report.budget), join_needed=True), None
        case m.Rejoined():
            return replace(running_for(state, report.budget), join_needed=False), None
        case m.DeviceUpdating():
            return replace(running_for(state, report.budget), updating=True), None
        case m.DeviceUpdated():
            return replace(running_for(state, report.budget), updating=False), None
        case m.Prepared():
            ready = replace(
                state,
                working=False,
                provision=report.provision,
                prepared_at=report.at,
                claim_for=None,
                computer_network=report.computer_network,
            )
            # A device that was sent off before the sign-in ended is looked for, not set up anew.
            return _retry(show(ready, Step.STILL_CHECKING)) if state.saved else (ready, None)
        case m.DeviceFound():
            # The list is fetched while the person reads that the device was found.
            # Reached by another way than its own network, the device has none that is known.
            own = report.access_point if report.access_point != state.computer_network else None
            device_id = report.identity.device_id
            if state.claim_for not in (None, device_id):
                # The claim code is another device's: this one needs its own.
                return prepare(replace(state, identity=None))
            found = replace(
                state,
                identity=report.identity,
                access_point=own,
                pending=forget(state, device_id),
            )
            return ask(found, m.ScanNetworks(), networks=(), scanned=False)
        case m.NetworksFound():
            merged = strongest_first(report.networks)
            return replace(state, working=False, networks=merged, scanned=True), None
        case m.SignInRead():
            return _choose(replace(state, working=False, reading=None), report.choice)
        case m.SetupSucceeded() if state.provision:
            done = replace(
                show(replace(state, life=life.due(state)), Step.DONE),
                provision=replace(state.provision, access=report.access),
                device=report.device,
                name=report.device.name,
                credentials=None,
                updating=state.updating and not report.device.online,
            )
            return ask(done, m.Watch(report.access, report.device.device_id))
        case m.SetupSucceeded():
            return state, None
        case m.VerificationPending():
            return _keep_checking(state, report)
        case m.SetupFailed():
            return _fail(failed_stage(state, report.seconds), report.error), None
        case m.Renamed():
            device = state.device and replace(state.device, name=report.name)
            return replace(state, name=report.name, device=device, error=None), None
        case m.DeviceSpoke():
            spoken = (*state.spoken, *report.events)[-EVENTS_KEPT:]
            heard = state.heard | {event.name for event in report.events}
            updating = updating_after_all(report.events, updating=state.updating)
            spoken_state = replace(state, spoken=spoken, heard=heard, updating=updating)
            return life.hear(spoken_state, report)
        case m.Stopped():
            return replace(state, working=False, reading=None, join_needed=False), None
        case (
            sign_in.SignInOffered() | sign_in.CodeSent() | sign_in.SignedIn() | sign_in.SignedOut()
        ):
            return signing_in.report(state, report)
        case _:
            assert_never(report)


# --- moves ----------------------------------------------------------------------------------


def _continue(state: State) -> Advance:
    if state.step is Step.PREPARE and state.provision:
        return show(state, Step.LISTENING), None
    if state.step is Step.JOIN and state.identity:
        return replace(state, step=Step.NETWORK), None
    return state, None


def _choose(state: State, choice: m.SetUpPressed) -> Advance:
    """Check the choice before anything is sent: what is wrong with it is said here and now."""
    if isinstance(choice.sign_in, CertificateFiles):
        if state.reading == choice.sign_in:
            return state, None
        return ask(state, m.ReadSignIn(choice, choice.sign_in), reading=choice.sign_in)
    try:
        credentials = Credentials(choice.network, choice.passphrase, choice.sign_in)
    except ChoiceError as error:
        if state.reading is None:
            return replace(state, error=error), None
        stopped, command = stop(state)  # an older choice must not go on in its place
        return replace(stopped, error=error), command
    if state.provision is None or state.identity is None:
        return state, None
    return _set_up(state, state.provision, state.identity, credentials, choice.name)


def _set_up(
    state: State,
    provision: Provision,
    identity: DeviceIdentity,
    credentials: Credentials,
    name: str,
) -> Advance:
    sent_before = identity.device_id in state.sent
    return ask(
        show(state, Step.SETTING_UP),
        m.SetUp(
            provision,
            identity,
            credentials,
            state.access_point,
            name,
            sent_before=sent_before,
            prepared_at=state.prepared_at,
        ),
        sent=state.sent | {identity.device_id},
        sent_before=sent_before,
        claim_for=identity.device_id,
        credentials=credentials,
        name=name,
        stages=waiting(SETUP),
        join_needed=False,
        updating=False,
    )


def _retry(state: State) -> Advance:
    """Do again what failed, with everything kept."""
    match state.step:
        case Step.WELCOME if state.leaving and not state.working:
            return ask(state, sign_in.SignOut(state.leaving))
        case Step.PREPARE if not state.working:
            return signing_in.begin(state)
        case Step.SIGN_IN | Step.SIGN_IN_CODE if state.error:
            return signing_in.retry(state)
        case Step.LISTENING if state.error:
            return ask(show(state, Step.JOIN), m.FindDevice(), identity=None)
        case Step.DONE if state.error and state.provision and state.device:
            watch = m.Watch(state.provision.access, state.device.device_id)
            return ask(state, watch, life=life.due(state))
        case Step.JOIN if not state.working:
            # Either nothing was found, or it was found and would not tell its networks.
            if state.identity is None:
                return ask(state, m.FindDevice())
            return ask(state, m.ScanNetworks())
        case Step.NETWORK if not state.working:
            return ask(state, m.ScanNetworks())
        case Step.SETTING_UP | Step.STILL_CHECKING if (
            not state.working and state.provision and state.identity and state.credentials
        ):
            if not state.saved:
                return _set_up(
                    state, state.provision, state.identity, state.credentials, state.name
                )
            command = look_again(state)
            if command is None:
                return state, None
            saved = state.stages[:1]
            return ask(show(state, Step.SETTING_UP), command, stages=saved + waiting(SETUP[1:]))
        case _:
            return state, None


def _keep_checking(state: State, report: m.VerificationPending) -> Advance:
    """Look on by itself: from the first time on with a number that outlives this page."""
    if state.provision is None:
        return state, None
    access = report.access or state.provision.access
    shown = replace(
        show(state, Step.STILL_CHECKING),
        run=state.run + (state.step is not Step.STILL_CHECKING),
        working=False,
        provision=replace(state.provision, access=access),
    )
    return shown, keep_checking(shown)


def _left_behind(state: State) -> tuple[Pending, ...]:
    return leave_behind(state) if state.step is Step.STILL_CHECKING else state.pending


def _fail(state: State, error: SetupError) -> State:
    """Show the error where the person can do something about it."""
    step = state.step
    match error:
        case SignInNeeded() if state.needs_sign_in and step is not Step.DONE:
            step = signing_in.step_for(step, error)
        case SignInExpired() if step is Step.SETTING_UP or step is Step.STILL_CHECKING:
            step = Step.PREPARE
        case WrongPassphrase():
            step = Step.WRONG_PASSPHRASE
        case ProvisionExpired() if step is Step.SETTING_UP:
            step = Step.PREPARE
        case ChoiceError() | JoinError() if step is Step.SETTING_UP or step is Step.STILL_CHECKING:
            step = Step.NETWORK
        case DeviceNotFound() if step is Step.NETWORK:
            step = Step.LISTENING
        case _:
            pass
    session = None if isinstance(error, SignInExpired) else state.session
    failed = replace(state, step=step, error=error, session=session)
    return replace(failed, working=False, reading=None, join_needed=False)


def _came_back(state: State) -> SetupError:
    """The device tried its network and is in listening mode again: what that means."""
    if state.credentials is None:
        return NetworkJoinFailed(network="")
    return cause_of_return(state.credentials)
