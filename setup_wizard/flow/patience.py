"""One more look for a device that is late, after a pause; whoever asks again goes on looking."""

from __future__ import annotations

import logging
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
from setup_wizard.flow.budgets import KEEP_BUDGET, KEEP_PAUSE
from setup_wizard.flow.messages import KeepChecking, VerificationPending
from setup_wizard.flow.setup import Outcome, see_it_through
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
    bench.cancel.wait(KEEP_PAUSE)
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
    outcome = see_it_through(verify, bench, budget=KEEP_BUDGET, here=work.here)
    return VerificationPending(access) if isinstance(outcome, VerificationPending) else outcome


def _fresh_access(work: KeepChecking, bench: Bench) -> CloudAccess:
    backend = bench.outside.backend
    try:
        return backend.renew_access(bench.cancel)
    except SignInExpired:
        if not work.customer:
            raise
    backend.sign_in(work.customer, work.installer_key, bench.cancel)
    return backend.renew_access(bench.cancel)
