"""`setup-wizard provision`: the same journey without a window, JSON out."""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from argparse import Namespace

from setup_wizard.bootstrap import open_brand, open_journal, open_outside
from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli.access import access_settings
from setup_wizard.cli.company import read_company
from setup_wizard.cli.endings import end_by
from setup_wizard.cli.journey import Journey, Wish
from setup_wizard.cli.result import print_result, result_of
from setup_wizard.cli.typed import Codes, TypedLines
from setup_wizard.domain.errors import (
    Unexpected,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Security
from setup_wizard.settings import SettingsError, read_secret

logger = logging.getLogger(__name__)

EXIT = {
    "success": 0,
    "failed": 1,
    "success_unverified": 3,
    "success_offline": 3,
    "cancelled": 130,
}
SLICE = 0.05  # seconds between looks at the switch: some systems do not wake a waiting thread
GRACE = 2.0  # seconds for the work to end by itself; where it looks at the switch it takes 0.1
SECURITY = {
    "open": Security.OPEN,
    "wep": Security.WEP,
    "wpa": Security.WPA,
    "wpa2": Security.WPA2,
    "wpa-enterprise": Security.WPA_ENTERPRISE,
    "wpa2-enterprise": Security.WPA2_ENTERPRISE,
}


def provision(options: Namespace) -> int:
    """Set up one device; print what became of it; return the exit status."""
    settings = access_settings(options, device=options.device)
    brand, words = open_brand(settings.brand)
    company = read_company(options)
    lines = TypedLines() if options.passphrase_stdin or options.code_stdin else None
    wish = Wish(
        ssid=os.fsencode(options.ssid),
        security=SECURITY.get(options.security),
        hidden=options.hidden,
        passphrase=_passphrase(options, lines),
        name=options.name,
        company=company,
    )
    switch = StopSwitch()
    codes = Codes(lines, words, switch) if lines and options.code_stdin else None
    end_by(switch)
    alarm = _Alarm(options.timeout, switch)
    started = time.monotonic()
    outside, journal = open_outside(settings), open_journal(brand, front="provision")
    journey = Journey(
        settings,
        outside,
        wish,
        switch,
        words,
        journal,
        codes,
        life_test=brand.life_test,
        quiet=options.json,
    )
    try:
        _run(journey, switch)
    finally:
        alarm.end()
        journal.close()
    result = result_of(journey.state, words, timed_out=alarm.rang, stopped=switch.turned)
    result["seconds"] = round(time.monotonic() - started, 3)
    print_result(result, as_json=options.json)
    return EXIT[result["result"]]


def _run(journey: Journey, switch: StopSwitch) -> None:
    """Until the journey ends, or soon after the switch was turned.

    In a thread of its own, because on some systems a waiting thread does not hear Ctrl-C.
    """

    def report_fault(fault: threading.ExceptHookArgs) -> None:
        # Its text may hold anything, a secret too, so only its kind and its place are told.
        place = "".join(traceback.format_tb(fault.exc_traceback))
        kind, whose = fault.exc_type.__name__, fault.thread
        name = whose.name if whose else None
        logger.error("ended=fault thread=%s kind=%s\n%s", name, kind, place)
        if whose is thread:  # any other one serves it, and what it brings is waited for with limits
            journey.fail(Unexpected(kind=kind))

    threading.excepthook = report_fault
    thread = threading.Thread(target=journey.run, name="journey", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(SLICE)
        if switch.turned:
            thread.join(GRACE)
            return


class _Alarm:
    """Ends the journey when it may take no longer."""

    def __init__(self, seconds: float | None, switch: StopSwitch) -> None:
        self.rang = False
        self._switch = switch
        self._timer = threading.Timer(seconds, self._ring) if seconds else None
        if self._timer:
            self._timer.daemon = True
            self._timer.start()

    def _ring(self) -> None:
        self.rang = True
        self._switch.turn()

    def end(self) -> None:
        if self._timer:
            self._timer.cancel()


def _passphrase(options: Namespace, lines: TypedLines | None) -> Secret | None:
    if options.security == "open" and (options.passphrase_file or options.passphrase_stdin):
        raise SettingsError("--security open: an open network has no passphrase")
    if options.passphrase_file:
        return read_secret(options.passphrase_file)
    if lines is None or not options.passphrase_stdin:
        return None
    typed = lines.read()
    if not typed:
        raise SettingsError("--passphrase-stdin: the first line of standard input is empty")
    return Secret(typed)
