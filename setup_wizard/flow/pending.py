"""Devices that were left behind while nobody had heard of them: pure functions of the state."""

from __future__ import annotations

from dataclasses import replace

from setup_wizard.domain.device import DeviceId
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import Pending, State


def look_again(state: State) -> m.Verify | None:
    """What to look for: the device in front, as it was sent off."""
    if state.provision is None or state.identity is None or state.credentials is None:
        return None
    return m.Verify(
        state.provision,
        state.identity,
        state.credentials,
        state.access_point,
        state.name,
        sent_before=state.sent_before,
    )


def keep_checking(state: State) -> m.KeepChecking | None:
    """The same, by and by."""
    verify = look_again(state)
    if verify is None:
        return None
    return m.KeepChecking(state.run, verify, state.session, state.proof)


def leave_behind(state: State) -> tuple[Pending, ...]:
    """Those that wait, and the device in front, which is looked for on and on."""
    work = keep_checking(state)
    if work is None or state.error is not None:
        return state.pending
    return (*forget(state, work.device_id), Pending(replace(work, here=False), state.name))


def forget(state: State, device_id: DeviceId) -> tuple[Pending, ...]:
    """All but this device: it is set up anew, or somebody has read what became of it."""
    return tuple(each for each in state.pending if each.work.device_id != device_id)


def hear_of(state: State, number: int, report: m.Report) -> tuple[State, m.Command | None]:
    """A report about a device that was left behind; of any other, it changes nothing."""
    known = next((p for p in state.pending if p.work.number == number and not p.over), None)
    if known is None:
        return state, None
    command: m.Command | None = None
    match report:
        case m.VerificationPending():
            access = report.access or known.work.verify.provision.access
            provision = replace(known.work.verify.provision, access=access)
            work = replace(known.work, verify=replace(known.work.verify, provision=provision))
            command, changed = work, replace(known, work=work)
        case m.SetupSucceeded():
            changed = replace(known, device=report.device, name=report.device.name)
        case m.SetupFailed():
            changed = replace(known, error=report.error)
        case m.Stopped():
            return replace(state, pending=forget(state, known.work.device_id)), None
        case _:
            return state, None
    pending = tuple(changed if each is known else each for each in state.pending)
    return replace(state, pending=pending), command
