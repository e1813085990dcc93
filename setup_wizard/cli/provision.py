"""`setup-wizard provision`: the same journey without a window, JSON out."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from argparse import Namespace
from dataclasses import dataclass
from types import FrameType
from typing import Any

from setup_wizard.bootstrap import open_brand, open_journal, open_outside
from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli.access import access_settings
from setup_wizard.cli.company import Company, read_company
from setup_wizard.cli.life import UntilProved, say_life
from setup_wizard.cli.output import say
from setup_wizard.cli.typed import Codes, TypedLines
from setup_wizard.domain.errors import (
    Cancelled,
    ChoiceError,
    CodeWrong,
    NetworkUnseen,
    SetupError,
    Unexpected,
)
from setup_wizard.domain.life import LifeTest
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByCode
from setup_wizard.domain.wifi import Network, Security, check_ssid
from setup_wizard.flow import messages as m
from setup_wizard.flow.journal import Journal
from setup_wizard.flow.life import told
from setup_wizard.flow.life_messages import LifeTimeOver
from setup_wizard.flow.machine import advance, start
from setup_wizard.flow.runner import perform
from setup_wizard.flow.sign_in_messages import CodeSent, CodeWanted, SignInPressed
from setup_wizard.flow.state import State, Status
from setup_wizard.flow.steps import Stage, Step
from setup_wizard.ports import Outside
from setup_wizard.settings import Settings, read_secret
from setup_wizard.words import Words

logger = logging.getLogger(__name__)

EXIT = {
    "success": 0,
    "failed": 1,
    "success_unverified": 3,
    "success_offline": 3,
    "cancelled": 130,
}
NAMED_DEVICE_SECONDS = 10.0  # a device whose address was given is there, or it is not
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


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    ssid: bytes
    security: Security | None
    hidden: bool
    passphrase: Secret | None
    name: str
    company: Company | None = None


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
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _turning(switch))
    alarm = _Alarm(options.timeout, switch)
    started = time.monotonic()
    outside, journal = open_outside(settings), open_journal(brand, front="provision")
    codes = Codes(lines, words, switch) if lines and options.code_stdin else None
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
    result = _result(journey.state, words, timed_out=alarm.rang, stopped=switch.turned)
    result["seconds"] = round(time.monotonic() - started, 3)
    _print(result, as_json=options.json)
    return EXIT[result["result"]]


class Journey:
    """Plays the person: answers each step as the command line said, until there is no answer."""

    def __init__(
        self,
        settings: Settings,
        outside: Outside,
        wish: Wish,
        switch: StopSwitch,
        words: Words,
        journal: Journal,
        codes: Codes | None,
        *,
        life_test: LifeTest | None,
        quiet: bool,
    ) -> None:
        self._settings = settings
        self._outside = outside
        self._wish = wish
        self._switch = switch
        self._words = words
        self._journal = journal
        self._codes = codes
        self._quiet = quiet
        self.state = start(
            needs_sign_in=codes is not None,
            customer=settings.customer,
            proof=settings.proof,
            life_test=life_test,
        )
        self._watch: m.Watch | None = None

    def run(self) -> None:
        action: m.Action | None = m.StartPressed()
        while action is not None and not self._switch.turned:
            self._take(action)
            action = self._answer()
        if self._watch is not None and self.state.life is not None and not self._switch.turned:
            self._prove_life(self._watch)

    def _prove_life(self, watch: m.Watch) -> None:
        """The maker's own test, with a device that answers; the set-up is done whatever it says."""
        if self.state.device is None or not self.state.device.online:
            return
        over = UntilProved(self._switch, lambda: self.state.life)
        run = self.state.run
        perform(watch, self._outside, over, lambda report: self._hear(run, report))
        self._take(m.Reported(run, LifeTimeOver(self._switch.now())))

    def fail(self, error: SetupError) -> None:
        """End with an error that no work reported."""
        self._take(m.Reported(self.state.run, m.SetupFailed(error)))

    def _take(self, event: m.Event) -> None:
        before = self.state
        self.state, command = advance(before, event)
        self._journal.note(event, before, self.state, command)
        if isinstance(command, m.Watch):
            self._watch = command
            return
        if command is None or isinstance(command, m.Stop | m.KeepChecking):
            return
        if isinstance(command, m.FindDevice) and self._settings.device:
            command = m.FindDevice(NAMED_DEVICE_SECONDS)
        run = self.state.run
        perform(command, self._outside, self._switch, lambda report: self._hear(run, report))

    def _hear(self, run: int, report: m.Report) -> None:
        if not self._quiet:
            self._say(report)
        before = self.state.life
        self._take(m.Reported(run, report))
        if self.state.life != before and self.state.life is not None:
            say_life(self.state.life, self._words, quiet=self._quiet)

    def _say(self, report: m.Report) -> None:
        match report:
            case m.StageDone():
                print(f"✓ {report.stage.value} ({report.seconds:.1f} s)", file=sys.stderr)
            case m.JoinNeeded():
                access_point = (self.state.access_point or b"").decode(errors="replace")
                sentence = self._words("setting_up.join_needed", access_point=access_point)
                print(sentence, file=sys.stderr)
            case _:
                pass

    def _answer(self) -> m.Action | None:
        """What a person would do now. None: there is nothing left to do."""
        state = self.state
        if state.error and not isinstance(state.error, CodeWrong):
            return None
        match state.step:
            case Step.SIGN_IN:
                return CodeWanted(state.customer)
            case Step.SIGN_IN_CODE if self._codes and state.code:
                return self._type_code(self._codes, state.code)
            case Step.PREPARE if state.provision:
                return m.ContinuePressed()
            case Step.LISTENING:
                return m.ListeningConfirmed()
            case Step.JOIN if state.identity and state.scanned:
                return m.ContinuePressed()
            case Step.NETWORK:
                return self._choose()
            case _:
                return None

    def _type_code(self, codes: Codes, sent: CodeSent) -> m.Action | None:
        error = self.state.error
        try:
            code = codes.next(sent, error if isinstance(error, CodeWrong) else None)
        except Cancelled:
            return None
        except SetupError as failure:
            self.fail(failure)
            return None
        return SignInPressed(ByCode(sent.customer, code))

    def _choose(self) -> m.Action | None:
        network = self._network()
        if network is None:
            self.fail(self._no_network())
            return None
        wish = self._wish
        if wish.company is None:
            return m.SetUpPressed(network, wish.passphrase, wish.name)
        try:
            sign_in = wish.company.sign_in(wish.passphrase)
        except ChoiceError as error:
            self.fail(error)
            return None
        return m.SetUpPressed(network, name=wish.name, sign_in=sign_in)

    def _no_network(self) -> SetupError:
        try:
            check_ssid(self._wish.ssid)
        except ChoiceError as error:
            return error
        return NetworkUnseen(network=Network(self._wish.ssid, Security.OPEN).name)

    def _network(self) -> Network | None:
        """The network as the device hears it, or as it was named when it hides."""
        wish = self._wish
        heard = [n for n in self.state.networks if n.ssid == wish.ssid]
        if wish.security is not None:
            same = [n for n in heard if n.security.kind is wish.security.kind]
            return (same or [Network(wish.ssid, wish.security)])[0]
        if heard:
            return heard[0]
        if wish.hidden:
            return Network(wish.ssid, _likely(wish))
        return None


def _likely(wish: Wish) -> Security:
    """Of a network that hides, by what was given for it."""
    if wish.company is not None:
        return Security.WPA2_ENTERPRISE
    return Security.WPA2 if wish.passphrase else Security.OPEN


def _run(journey: Journey, switch: StopSwitch) -> None:
    """Until the journey ends, or soon after the switch was turned.

    In a thread of its own, because on some systems a waiting thread does not hear Ctrl-C.
    """

    def report_fault(fault: threading.ExceptHookArgs) -> None:
        # Its text may hold anything, a secret too, so only its kind and its place are told.
        place = "".join(traceback.format_tb(fault.exc_traceback))
        logger.error("ended=fault kind=%s\n%s", fault.exc_type.__name__, place)
        journey.fail(Unexpected(kind=fault.exc_type.__name__))

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


def _turning(switch: StopSwitch) -> Any:
    def turn(_number: int, _frame: FrameType | None) -> None:
        switch.turn()

    return turn


def _passphrase(options: Namespace, lines: TypedLines | None) -> Secret | None:
    if options.passphrase_file:
        return read_secret(options.passphrase_file)
    typed = lines.read() if lines and options.passphrase_stdin else None
    return Secret(typed) if typed else None


def _result(state: State, words: Words, *, timed_out: bool, stopped: bool) -> dict[str, Any]:
    stages = [
        {
            "stage": line.stage.value,
            "state": line.status.value,
            "attempts": line.attempts,
            "seconds": line.seconds,
        }
        for line in (*state.checks, *state.stages)
        if line.status is not Status.WAITING
    ]
    result, error = "failed", None
    if state.step is Step.DONE and state.device:
        result = "success" if state.device.online else "success_offline"
    elif state.step is Step.STILL_CHECKING or (timed_out and state.saved and not state.error):
        result = "success_unverified"
    elif state.error and _is_owned(state):
        # Only what comes after failed, such as the record: no reason to set it up again.
        result, error = "success_unverified", _failure(state.error, state, words)
    elif timed_out:
        error = _error("SW-TIMEOUT", state, words)
    elif stopped:
        result, error = "cancelled", _error("SW-CANCELLED", state, words)
    else:
        error = _failure(state.error, state, words)
    return {
        "result": result,
        "device_id": str(state.identity.device_id) if state.identity else None,
        "name": state.name or None,
        "stages": stages,
        "updating": state.updating,
        "proof": told(state.life),
        "error": error,
    }


def _is_owned(state: State) -> bool:
    """Whether there was evidence that the device joined as the customer's."""
    return any(
        line.stage is Stage.JOIN_NETWORK and line.status is Status.DONE for line in state.stages
    )


def _error(code: str, state: State, words: Words) -> dict[str, str]:
    return {
        "code": code,
        "message": words(f"{code}.what"),
        "advice": words(f"{code}.do"),
        "step": state.step.value,
    }


def _failure(error: SetupError | None, state: State, words: Words) -> dict[str, str] | None:
    if error is None:
        return None
    said = words.error(error)
    return {
        "code": said.code,
        "message": said.sentence,
        "advice": said.advice,
        "step": state.step.value,
    }


def _print(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(result))  # in ASCII: no console or pipe is too old for it
        return
    lines = [f"{result['result']}: {result['name'] or result['device_id'] or 'no device'}"]
    if error := result["error"]:
        lines += [f"{error['message']} {error['advice']}", f"({error['code']})"]
    say(*lines)
