"""The unattended work: tell the device, send it off, and look for evidence newer than that."""

from __future__ import annotations

import logging
from contextlib import closing, suppress
from dataclasses import replace

from setup_wizard.domain.device import Device, DeviceId, DeviceIdentity
from setup_wizard.domain.errors import (
    BackendError,
    BackendUnreachable,
    CloudError,
    DeviceNotFound,
    DeviceNotInProduct,
    DeviceOfSomebodyElse,
    DeviceSilent,
    DeviceVanished,
    NameUnseen,
    NetworkUnseen,
    ProvisionExpired,
    WrongDevice,
)
from setup_wizard.flow.budgets import (
    ASK_BUDGET,
    ATTEMPTS,
    CLAIM_CODE_LIFE,
    CONNECT_TRIES,
    EVIDENCE_BUDGET,
    GONE_LOOKS,
    LEAVE_BUDGET,
    LEAVE_PAUSE,
    MAY_BUDGET,
    RECORD_BUDGET,
    REJOIN_BUDGET,
    REJOIN_PAUSE,
    SAVE_BUDGET,
)
from setup_wizard.flow.evidence import Search, answers
from setup_wizard.flow.messages import (
    JoinNeeded,
    Rejoined,
    SetUp,
    SetupSucceeded,
    VerificationPending,
    Verify,
)
from setup_wizard.flow.steps import Stage
from setup_wizard.flow.work import Bench

logger = logging.getLogger(__name__)

Outcome = SetupSucceeded | VerificationPending


def set_up(work: SetUp, bench: Bench) -> Outcome:
    """The whole journey of one device, from its access point to its owner."""
    bench.stage(Stage.SAVE, lambda: _save(work, bench), budget=SAVE_BUDGET)
    outcome = see_it_through(work, bench)
    if isinstance(outcome, VerificationPending):
        _check_owner(work, bench, budget=ASK_BUDGET)
    return outcome


def verify(work: Verify, bench: Bench) -> Outcome:
    """Look again for a device that was sent off before, with a fresh access token."""
    with bench.within(ASK_BUDGET, BackendUnreachable):
        access = bench.persist(lambda: bench.outside.backend.renew_access(bench.cancel))
    fresh = replace(work, provision=replace(work.provision, access=access))
    outcome = see_it_through(fresh, bench)
    return VerificationPending(access) if isinstance(outcome, VerificationPending) else outcome


# --- saving ---------------------------------------------------------------------------------


def _save(work: SetUp, bench: Bench) -> None:
    """Be where the device is, for as long as a person needs; then be quick."""
    _check_age(work, bench)
    _check_owner(work, bench, budget=MAY_BUDGET)
    _be_there(work, bench)
    with bench.within(SAVE_BUDGET, lambda: DeviceSilent(command="save")):
        _tell(work, bench)


def _check_age(work: SetUp, bench: Bench) -> None:
    """A claim code that is too old would be stored without a word, and claim nothing."""
    owned = work.identity.device_id in work.provision.owned
    if owned or work.prepared_at is None:
        return
    if bench.cancel.now() - work.prepared_at > CLAIM_CODE_LIFE:
        raise ProvisionExpired


def _check_owner(work: SetUp, bench: Bench, *, budget: float) -> None:
    """A device that the customer cannot have is told no secret, where there is a way to ask.

    Who cannot ask goes on: the cloud has the last word anyway.
    """
    if work.identity.device_id in work.provision.owned:
        return
    try:
        with bench.within(budget, BackendUnreachable):
            bench.outside.backend.check_device(work.identity.device_id, bench.cancel)
    except (DeviceNotInProduct, DeviceOfSomebodyElse):
        raise
    except (BackendError, CloudError) as error:
        logger.info("device_id=%s eligible=unknown error=%s", work.identity.device_id, error)


def _tell(work: SetUp, bench: Bench) -> None:
    """Store the claim code and the network, then send the device off."""
    link, cancel = bench.outside.link, bench.cancel
    if work.identity.device_id not in work.provision.owned:
        link.store_claim_code(work.provision.claim_code, cancel)
    try:
        link.store_network(work.credentials, cancel)
    except NetworkUnseen as error:
        if work.credentials.network.rssi is not None:
            raise
        # Nobody has heard that name here: whoever typed it needs other advice.
        raise NameUnseen(**error.parameters) from error
    link.connect(cancel)
    for _ in range(CONNECT_TRIES - 1):
        if _gone(work.identity.device_id, bench):
            return
        # It may leave just before the next command: then that is lost, and the looks miss it.
        with suppress(DeviceSilent, DeviceVanished):
            link.connect(cancel)
    if not _gone(work.identity.device_id, bench):
        raise DeviceSilent(command="connect-ap")


def _be_there(work: SetUp, bench: Bench) -> None:
    """Be on the device's network, and talk to that very device."""
    identity = bench.outside.link.look(bench.cancel)
    if identity is None:
        bench.tell(JoinNeeded(REJOIN_BUDGET))
        identity = _wait_for_device(bench)
        bench.tell(Rejoined(SAVE_BUDGET))
    if identity.device_id != work.identity.device_id:
        raise WrongDevice(device=str(work.identity.device_id))


def _wait_for_device(bench: Bench) -> DeviceIdentity:
    until = bench.cancel.now() + REJOIN_BUDGET
    while bench.cancel.now() < until:
        bench.cancel.wait(REJOIN_PAUSE)
        identity = bench.outside.link.look(bench.cancel)
        if identity is not None:
            return identity
    raise DeviceNotFound


def _gone(device_id: DeviceId, bench: Bench) -> bool:
    """Whether the device left the air: one that still answers did not take the command.

    A single look may miss on a lossy radio, so it is gone only after several in a row. A look
    that misses may take seconds, so only an answer after the budget says that it stays.
    """
    until = bench.cancel.now() + LEAVE_BUDGET
    missed = 0
    while missed < GONE_LOOKS:
        if not answers(device_id, bench):
            missed += 1
        elif bench.cancel.now() < until:
            missed = 0
        else:
            return False
        bench.cancel.wait(LEAVE_PAUSE)
    return True


# --- verifying ------------------------------------------------------------------------------


def see_it_through(
    work: SetUp | Verify, bench: Bench, *, budget: float = EVIDENCE_BUDGET, here: bool = True
) -> Outcome:
    """Each stage ends by evidence: the cloud's list, the device's own answer, the record."""
    with closing(Search(work, bench, budget=budget, here=here)) as search:
        return _search(work, search, bench)


def _search(work: SetUp | Verify, search: Search, bench: Bench) -> Outcome:
    device = bench.stage(
        Stage.JOIN_NETWORK,
        search.owned,
        budget=search.seconds_to_join(),
        proved=lambda found: found is not None,
    )
    if device is None:
        return VerificationPending()
    online = bench.stage(
        Stage.GO_ONLINE, search.answering, budget=search.seconds_to_answer(), proved=bool
    )
    with bench.within(RECORD_BUDGET, BackendUnreachable):
        named = bench.stage(
            Stage.MAKE_YOURS,
            lambda: _make_yours(work, device, bench),
            attempts=ATTEMPTS,
            budget=RECORD_BUDGET,
        )
    return SetupSucceeded(replace(named, online=online), work.provision.access)


def _make_yours(work: SetUp | Verify, device: Device, bench: Bench) -> Device:
    """Give it its name, and have the maker's side write down whose it is."""
    name = work.name or device.name
    if name != device.name:
        cloud = bench.outside.open_cloud(work.provision.access)
        cloud.rename(device.device_id, name, bench.cancel)
    bench.outside.backend.record(device.device_id, name, bench.cancel)
    return replace(device, name=name)
