"""Performs one command: runs its stages in order, with bounded retries, and reports each fact.

It knows ports and nothing else; a front end runs it on the thread that it likes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from setup_wizard.domain.errors import Cancelled, SetupError
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.life_work import test_life
from setup_wizard.flow.patience import keep_checking
from setup_wizard.flow.preparation import find_device, prepare, scan_networks
from setup_wizard.flow.setup import set_up, verify
from setup_wizard.flow.sign_in_work import at_the_door
from setup_wizard.flow.work import Bench
from setup_wizard.ports import Cancellation, Outside

logger = logging.getLogger(__name__)


def perform(
    work: m.Work,
    outside: Outside,
    cancel: Cancellation,
    tell: Callable[[m.Report], None],
) -> None:
    """Do the work to its end. Every way it can end is a report; only faults of ours raise."""
    started = cancel.now()
    bench = Bench(outside, cancel, tell)
    try:
        _do(work, bench)
    except Cancelled:
        logger.info("work=%s ended=cancelled", type(work).__name__)
        tell(m.Stopped())
    except SetupError as error:
        logger.info("work=%s ended=failed error=%s", type(work).__name__, error)
        tell(m.SetupFailed(error, bench.stage_seconds(started)))


def _do(work: m.Work, bench: Bench) -> None:
    match work:
        case m.Prepare():
            bench.tell(prepare(work, bench))
        case m.FindDevice():
            bench.tell(find_device(work, bench))
        case m.ScanNetworks():
            bench.tell(m.NetworksFound(scan_networks(bench)))
        case m.ReadSignIn():
            sign_in = bench.outside.certificates.read(work.files, bench.cancel)
            bench.tell(m.SignInRead(replace(work.choice, sign_in=sign_in)))
        case m.SetUp():
            bench.tell(set_up(work, bench))
        case m.Verify():
            bench.tell(verify(work, bench))
        case m.KeepChecking():
            bench.tell(keep_checking(work, bench))
        case m.Watch():
            _watch(work, bench)
        case m.Rename():
            cloud = bench.outside.open_cloud(work.access)
            cloud.rename(work.device_id, work.name, bench.cancel)
            bench.outside.backend.record(work.device_id, work.name, bench.cancel)
            bench.tell(m.Renamed(work.name))
        case life.TestLife():
            test_life(work, bench)
        case door.AskWaysIn() | door.SendCode() | door.SignIn() | door.SignOut():
            bench.tell(at_the_door(work, bench))
        case _:
            assert_never(work)


def _watch(work: m.Watch, bench: Bench) -> None:
    cloud = bench.outside.open_cloud(work.access)
    bench.tell(life.Listening())
    for event in cloud.events(work.device_id, bench.cancel):
        bench.tell(m.DeviceSpoke((event,), bench.cancel.now()))
