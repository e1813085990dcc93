"""The unattended work: tell the device, send it off, and look for evidence newer than that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import (
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    DeviceNotFound,
    DeviceNotYours,
    DeviceOffline,
    DeviceSilent,
    WrongDevice,
)
from setup_wizard.domain.wifi import join_failure
from setup_wizard.flow.messages import (
    JoinNeeded,
    Rejoined,
    SetUp,
    SetupSucceeded,
    VerificationPending,
    Verify,
)
from setup_wizard.flow.steps import Stage
from setup_wizard.flow.work import ATTEMPTS, Bench

logger = logging.getLogger(__name__)

REJOIN_BUDGET = 300.0  # seconds; a person may have to choose the device's network again
CONNECT_TRIES = 3
LEAVE_BUDGET = 5.0  # the device leaves the air within a second or two of connect-ap
LEAVE_PAUSE = 0.25
EVIDENCE_BUDGET = 180.0  # the device tries its network for 60 s, then shakes hands, then updates
EVIDENCE_PAUSE = 1.0
BUSY_PAUSE = 60.0  # what the cloud wants when it does not say

Outcome = SetupSucceeded | VerificationPending
Answer = TypeVar("Answer")


def set_up(work: SetUp, bench: Bench) -> Outcome:
    """The whole journey of one device, from its access point to its owner."""
    bench.stage(Stage.SAVE, lambda: _save(work, bench))
    return _verify(work, bench)


def verify(work: Verify, bench: Bench) -> Outcome:
    """Look again for a device that was sent off before, with a fresh access token."""
    access = bench.outside.backend.renew_access()
    return _verify(replace(work, provision=replace(work.provision, access=access)), bench)


# --- saving ---------------------------------------------------------------------------------


def _save(work: SetUp, bench: Bench) -> None:
    """Store the claim code and the network, then send the device off."""
    link, cancel = bench.outside.link, bench.cancel
    _be_there(work, bench)
    if work.identity.device_id not in work.provision.owned:
        link.store_claim_code(work.provision.claim_code, cancel)
    link.store_network(work.credentials, cancel)
    for _ in range(CONNECT_TRIES):
        link.connect(cancel)
        if _gone(work.identity.device_id, bench):
            return
    raise DeviceSilent(command="connect-ap")


def _be_there(work: SetUp, bench: Bench) -> None:
    """Be on the device's network, and talk to that very device."""
    until = bench.cancel.now() + REJOIN_BUDGET
    while (identity := bench.outside.link.look(bench.cancel)) is None:
        if bench.cancel.now() >= until:
            raise DeviceNotFound
        bench.tell(JoinNeeded())
        bench.cancel.wait(EVIDENCE_PAUSE)
    bench.tell(Rejoined())
    if identity.device_id != work.identity.device_id:
        raise WrongDevice(device=str(work.identity.device_id))


def _gone(device_id: DeviceId, bench: Bench) -> bool:
    """Whether the device left the air: one that still answers did not take the command."""
    until = bench.cancel.now() + LEAVE_BUDGET
    while _answers(device_id, bench):
        if bench.cancel.now() >= until:
            return False
        bench.cancel.wait(LEAVE_PAUSE)
    return True


def _answers(device_id: DeviceId, bench: Bench) -> bool:
    identity = bench.outside.link.look(bench.cancel)
    return identity is not None and identity.device_id == device_id


# --- evidence -------------------------------------------------------------------------------


def _verify(work: SetUp | Verify, bench: Bench) -> Outcome:
    """Each stage ends by evidence: the cloud's list, the device's own answer, the record."""
    search = _Search(work, bench)
    device = bench.stage(Stage.JOIN_NETWORK, search.owned)
    if device is None:
        return VerificationPending()
    online = bench.stage(Stage.GO_ONLINE, search.answering)
    named = bench.stage(
        Stage.MAKE_YOURS, lambda: _make_yours(work, device, bench), attempts=ATTEMPTS
    )
    return SetupSucceeded(replace(named, online=online))


class _Search:
    """Looks for one device within one budget."""

    def __init__(self, work: SetUp | Verify, bench: Bench) -> None:
        self._work = work
        self._bench = bench
        self._cloud = bench.outside.open_cloud(work.provision.access)
        self._device_id = work.identity.device_id
        self._until = bench.cancel.now() + EVIDENCE_BUDGET
        self._was_unseen = isinstance(work, Verify)  # it left long ago

    def owned(self) -> Device | None:
        """The device, once the cloud lists it as the customer's. None: not within the budget.

        A device that was the customer's before is listed all the time, so for it only an
        answer of its own counts.
        """
        was_owned = self._device_id in self._work.provision.owned
        while self._bench.cancel.now() < self._until:
            self._look_for_return()
            device = self._listed()
            if device is not None and (not was_owned or self._ping()):
                return device
            self._bench.cancel.wait(EVIDENCE_PAUSE)
        return None

    def answering(self) -> bool:
        """Whether the device itself answers through the cloud within the budget."""
        while True:
            if self._ping():
                return True
            if self._bench.cancel.now() >= self._until:
                return False
            self._bench.cancel.wait(EVIDENCE_PAUSE)

    def _look_for_return(self) -> None:
        """The access point that comes back is the only reliable sign of a wrong passphrase."""
        if self._seen_again() or _answers(self._device_id, self._bench):
            raise join_failure(self._work.credentials)

    def _seen_again(self) -> bool:
        """Systems list access points for a while after they are gone: seen counts after unseen."""
        if not self._work.access_point:
            return False
        seen = self._bench.outside.wifi.sees(self._work.access_point)
        if seen is False:
            self._was_unseen = True
        return self._was_unseen and seen is True

    def _listed(self) -> Device | None:
        return self._patiently(self._find, None)

    def _find(self) -> Device | None:
        devices = self._cloud.devices()
        return next((d for d in devices if d.device_id == self._device_id), None)

    def _ping(self) -> bool:
        return self._patiently(lambda: self._cloud.ping(self._device_id), False)

    def _patiently(self, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
        """An answer if there is one now.

        This computer may itself still be on its way back to the internet, and a cloud that
        stumbles says nothing about the device.
        """
        try:
            return ask()
        except CloudBusy as error:
            pause = float(error.parameters.get("seconds", BUSY_PAUSE))
            self._bench.cancel.wait(min(pause, max(0.0, self._until - self._bench.cancel.now())))
        except (CloudUnreachable, CloudBroken, DeviceOffline, DeviceNotYours) as error:
            logger.info("device_id=%s evidence=none error=%s", self._device_id, error)
        return otherwise


def _make_yours(work: SetUp | Verify, device: Device, bench: Bench) -> Device:
    """Give it its name, and have the maker's side write down whose it is."""
    name = work.name or device.name
    if name != device.name:
        bench.outside.open_cloud(work.provision.access).rename(device.device_id, name)
    bench.outside.backend.record(device.device_id, name)
    return replace(device, name=name)
