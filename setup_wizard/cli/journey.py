"""Plays the person at the command line: a set-up in which every answer is known beforehand."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli.company import Company
from setup_wizard.cli.life import UntilProved, say_life
from setup_wizard.cli.typed import Codes
from setup_wizard.domain.errors import (
    Cancelled,
    ChoiceError,
    CodeWrong,
    NetworkUnseen,
    SetupError,
)
from setup_wizard.domain.life import LifeProof, LifeTest
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByCode
from setup_wizard.domain.wifi import Network, Security, SecurityKind, check_ssid
from setup_wizard.flow import messages as m
from setup_wizard.flow.journal import Journal
from setup_wizard.flow.life_messages import LifeTimeOver
from setup_wizard.flow.machine import advance, start
from setup_wizard.flow.runner import perform
from setup_wizard.flow.sign_in_messages import CodeSent, CodeWanted, SignInPressed
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside
from setup_wizard.settings import Settings
from setup_wizard.words import Words

NAMED_DEVICE_SECONDS = 10.0  # a device whose address was given is there, or it is not


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    ssid: bytes
    security: Security | None
    hidden: bool
    passphrase: Secret | None
    name: str
    company: Company | None = None


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
        self._said: LifeProof | None = None

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
        self._take(m.Reported(run, report))
        # What it leads to is heard in here, so that this may be the end of a longer story.
        if self.state.life is not None and self.state.life != self._said:
            self._said = self.state.life
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
            return next((n for n in heard if self._fits(n)), heard[0])
        if wish.hidden:
            return Network(wish.ssid, _likely(wish))
        return None

    def _fits(self, network: Network) -> bool:
        """Whether it takes what was given: somebody may put up another one of the same name."""
        kind = network.security.kind
        if self._wish.company is not None:
            return kind is SecurityKind.ENTERPRISE
        if self._wish.passphrase:
            return kind.takes_passphrase
        return kind is SecurityKind.OPEN


def _likely(wish: Wish) -> Security:
    """Of a network that hides, by what was given for it."""
    if wish.company is not None:
        return Security.WPA2_ENTERPRISE
    return Security.WPA2 if wish.passphrase else Security.OPEN
