"""One more look for a device that is late; whoever asks again, after a pause, goes on looking."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import (
    BackendBroken,
    BackendBusy,
    BackendUnreachable,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    DeviceNotYours,
    DeviceOffline,
    SignInExpired,
    TokenRefused,
)
from setup_wizard.flow.budgets import KEEP_BUDGET
from setup_wizard.flow.messages import (
    DeviceUpdating,
    KeepChecking,
    Report,
    SetupSucceeded,
    VerificationPending,
)
from setup_wizard.flow.setup import Outcome, see_it_through
from setup_wizard.flow.sign_in_work import enter
from setup_wizard.flow.work import Bench

logger = logging.getLogger(__name__)

# Nothing of this says anything about the device, and all of it passes.
_STUMBLES = (
    BackendUnreachable,
    BackendBroken,
    BackendBusy,
    CloudUnreachable,
    CloudBroken,
    CloudBusy,
    DeviceNotYours,
    DeviceOffline,
)


def keep_checking(work: KeepChecking, bench: Bench) -> Outcome:
    """Success, or that nothing is known yet. Raises the cause of a device that came back."""
    access = work.verify.provision.access
    try:
        try:
            return _look(work, access, bench)
        except (TokenRefused, SignInExpired) as error:
            # It has been a while; and the thread that looks has a session of its own.
            logger.info("device_id=%s error=%s access=renewed", work.device_id, error)
            access = _fresh_access(work, bench)
            return _look(work, access, bench)
    except _STUMBLES as error:
        logger.info("device_id=%s evidence=none error=%s", work.device_id, error)
        return VerificationPending(access)


def _look(work: KeepChecking, access: CloudAccess, bench: Bench) -> Outcome:
    verify = replace(work.verify, provision=replace(work.verify.provision, access=access))
    with suppress(_Updating), _until_an_update(bench):
        outcome = see_it_through(verify, bench, budget=KEEP_BUDGET, here=work.here)
        if isinstance(outcome, SetupSucceeded):
            return outcome
    return VerificationPending(access)


class _Updating(Exception):
    """The device renews its firmware: minutes in which others would not be looked for."""


@contextmanager
def _until_an_update(bench: Bench) -> Iterator[None]:
    """What would make a round longer ends it, untold: its end falls into another round."""
    tell = bench.tell

    def tell_or_end(report: Report) -> None:
        if isinstance(report, DeviceUpdating):
            raise _Updating
        tell(report)

    bench.tell = tell_or_end
    try:
        yield
    finally:
        bench.tell = tell


def _fresh_access(work: KeepChecking, bench: Bench) -> CloudAccess:
    """By the session that this thread has, else the journey's, else a new one."""
    backend = bench.outside.backend
    with suppress(SignInExpired):
        return backend.renew_access(bench.cancel)
    if work.session is not None:
        backend.resume(work.session.token)
        with suppress(SignInExpired):
            return backend.renew_access(bench.cancel)
    if work.proof is None:
        raise SignInExpired
    enter(work.proof, backend, bench.cancel)
    return backend.renew_access(bench.cancel)
