"""Evidence newer than the device's departure: the cloud's list, its own answer, its return."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import (
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    DeviceError,
    DeviceNotYours,
    DeviceOffline,
    DeviceSilent,
)
from setup_wizard.domain.wifi import Network
from setup_wizard.flow.budgets import (
    AFTER_SCAN_BUDGET,
    ANSWER_BUDGET,
    BUSY_PAUSE,
    EVIDENCE_PAUSE,
    UPDATE_BUDGET,
    UPDATE_SILENCE,
)
from setup_wizard.flow.cause import cause_of_return
from setup_wizard.flow.messages import DeviceUpdated, DeviceUpdating, SetUp, Verify
from setup_wizard.flow.updates import STATUS, updating_after
from setup_wizard.flow.work import Bench

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def answers(device_id: DeviceId, bench: Bench) -> bool:
    """Whether this very device is in listening mode and in reach."""
    identity = bench.outside.link.look(bench.cancel)
    return identity is not None and identity.device_id == device_id


def _no_scan() -> DeviceSilent:
    return DeviceSilent(command="scan-ap")


class Search:
    """Looks for one device within one budget."""

    def __init__(
        self, work: SetUp | Verify, bench: Bench, *, budget: float, here: bool = True
    ) -> None:
        """`here`: whether a device that answers this computer may be this one."""
        self._work = work
        self._bench = bench
        self._cloud = bench.outside.open_cloud(work.provision.access)
        self._here = here
        self._device_id = work.identity.device_id
        self._until = bench.cancel.now() + budget
        self._was_unseen = isinstance(work, Verify)  # it left long ago
        self._ear = self._cloud.listen(self._device_id)
        self._came_online = False
        self._updating_since: float | None = None
        """When the last word of an update was heard; None: there is none under way."""
        self._updates_until: float | None = None
        """All updates of one search together have this end: a device may loop in them."""

    def close(self) -> None:
        self._ear.close()

    def owned(self) -> Device | None:
        """The device, once the cloud lists it as the customer's. None: not within the budget.

        A device that was the customer's before, or was sent off before, may be listed since
        then. So for it only a sign of its own counts: an answer, or a live event.
        """
        was_owned = self._device_id in self._work.provision.owned or self._work.sent_before
        while self._bench.cancel.now() < self._until:
            self._look_for_return()
            self._hear()
            device = self._listed()
            if device is not None and (not was_owned or self._came_online or self._ping()):
                return device
            self._bench.cancel.wait(EVIDENCE_PAUSE)
        return None

    def seconds_to_join(self) -> float:
        return self._until - self._bench.cancel.now()

    def seconds_to_answer(self) -> float:
        """What is left of the budget; a moment at least."""
        return max(self._until - self._bench.cancel.now(), ANSWER_BUDGET)

    def answering(self) -> bool:
        """Whether the device itself answers through the cloud within the budget."""
        self._until = self._bench.cancel.now() + self.seconds_to_answer()
        while True:
            self._hear()
            if not self._is_updating() and self._ping():
                if self._updating_since is not None:  # its end went unheard
                    self._bench.tell(DeviceUpdated(self.seconds_to_answer()))
                return True
            self._look_for_return()
            if self._bench.cancel.now() >= self._until:
                return False
            self._bench.cancel.wait(EVIDENCE_PAUSE)

    def _hear(self) -> None:
        """What the cloud tells by itself; all of it is newer than the departure."""
        for event in self._ear.take(self._bench.cancel):
            updated = updating_after(event, updating=self._updating_since is not None)
            began = updated and self._updating_since is None
            ended = not updated and self._updating_since is not None
            if updated or (event.name, event.data) == (STATUS, "online"):
                self._came_online = True
            self._updating_since = self._bench.cancel.now() if updated else None
            if began:
                now = self._bench.cancel.now()
                if self._updates_until is None:
                    self._updates_until = now + UPDATE_BUDGET
                self._until = max(self._until, self._updates_until)
                self._bench.tell(DeviceUpdating(max(0.0, self._until - now)))
            if ended:
                self._until = max(self._until, self._bench.cancel.now() + ANSWER_BUDGET)
                self._bench.tell(DeviceUpdated(self._until - self._bench.cancel.now()))

    def _is_updating(self) -> bool:
        since = self._updating_since
        return since is not None and self._bench.cancel.now() - since < UPDATE_SILENCE

    def _look_for_return(self) -> None:
        """The access point that comes back is the only reliable sign of a wrong passphrase."""
        seen = self._seen_again()
        if self._here and answers(self._device_id, self._bench):
            raise cause_of_return(self._work.credentials, self._heard_now())
        if seen:
            raise cause_of_return(self._work.credentials)

    def _heard_now(self) -> tuple[Network, ...]:
        """What the device hears now that it listens again; nothing if it would not say."""
        with suppress(DeviceError), self._bench.within(AFTER_SCAN_BUDGET, _no_scan):
            return self._bench.outside.link.scan(self._bench.cancel)
        return ()

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
        devices = self._cloud.devices(self._bench.cancel)
        return next((d for d in devices if d.device_id == self._device_id), None)

    def _ping(self) -> bool:
        return self._patiently(lambda: self._cloud.ping(self._device_id, self._bench.cancel), False)

    def _patiently(self, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
        """An answer if there is one now.

        This computer may itself still be on its way back to the internet, and a cloud that
        stumbles says nothing about the device.
        """
        left = max(0.0, self._until - self._bench.cancel.now())
        try:
            with self._bench.within(left, CloudUnreachable):
                return ask()
        except CloudBusy as error:
            pause = float(error.parameters.get("seconds", BUSY_PAUSE))
            self._bench.cancel.wait(min(pause, left))
        except (CloudUnreachable, CloudBroken, DeviceOffline, DeviceNotYours) as error:
            logger.info("device_id=%s evidence=none error=%s", self._device_id, error)
        return otherwise
