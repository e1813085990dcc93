"""Every sentence that a person reads, in one place: said by key, with named placeholders.

A sentence says what happened, then what to do. The brand may replace any of them, and its own
facts ({device}, {maker}, {mode_button}, …) fill every one. No word of the wire and no name of
a vendor occurs here; tests/test_words.py reads each sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter

from setup_wizard.company_words import COMPANY_SENTENCES
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.value import value
from setup_wizard.light_words import LIGHT_SENTENCES


@value
class ErrorWords:
    """A failure as a person reads it."""

    code: str
    sentence: str
    advice: str
    action: str
    """The label of the one button; empty where the page's own button is the way on."""


class WordsError(ValueError):
    """A sentence that cannot be said."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")


def placeholders(sentence: str) -> set[str]:
    """The names in braces. Raises ValueError where the braces do not pair."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _check(key: str, sentence: str, known: set[str]) -> None:
    try:
        unknown = placeholders(sentence) - known
    except ValueError as error:
        raise WordsError(key, f"{error}") from error
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
        raise WordsError(key, f"nobody knows {names} here")


class Words:
    """Says things: the brand's sentence if it has one, else ours; then translated and filled."""

    def __init__(
        self,
        facts: Mapping[str, str],
        *,
        replaced: Mapping[str, str] | None = None,
        translate: Callable[[str], str] = str,
    ) -> None:
        self._facts = dict(facts)
        self._replaced = dict(replaced or {})
        self._translate = translate

    def __call__(self, key: str, /, **parameters: object) -> str:
        """The sentence with this key. Raises KeyError for a key that does not exist."""
        sentence = self._replaced.get(key) or self._translate(SENTENCES[key])
        return sentence.format_map({**self._facts, **parameters})

    def check(self) -> None:
        """Say every sentence of the brand once. Raises WordsError for the first that cannot be."""
        for key, sentence in self._replaced.items():
            if key not in SENTENCES:
                raise WordsError(key, "there is no such sentence")
            _check(key, sentence, {*self._facts, *placeholders(SENTENCES[key])})

    def check_fill(self, key: str, sentence: str) -> None:
        """The same for a sentence that `fill` is to say."""
        _check(key, sentence, set(self._facts))

    def fill(self, sentence: str) -> str:
        """A sentence of the brand's own, with the brand's facts in it."""
        return sentence.format_map(self._facts)

    def error(self, error: SetupError) -> ErrorWords:
        key = error.code if f"{error.code}.what" in SENTENCES else "SW-UNEXPECTED"
        # The brand's own word for the device is what people know, not its number.
        facts = {**_UNKNOWN, **error.parameters, **self._facts}
        return ErrorWords(
            code=error.code,
            sentence=self(f"{key}.what", **facts),
            advice=self(f"{key}.do", **facts),
            action=self(f"{key}.action") if f"{key}.action" in SENTENCES else "",
        )


# An error that was raised without a fact must still be a whole sentence.
_UNKNOWN = {"network": "…", "length": 0, "allowed": "…", "status": 0, "seconds": 60, "name": "…"}

SENTENCES: dict[str, str] = {
    # the frame
    "window.title": "{maker} set-up",
    "milestone.start": "Start",
    "milestone.device": "{device}",
    "milestone.network": "Wi-Fi",
    "milestone.connect": "Connect",
    "milestone.done": "Done",
    "state.done": "done",
    "state.now": "now",
    "state.next": "to come",
    "state.waiting": "waiting",
    "state.running": "running",
    "state.failed": "failed",
    "state.warn": "attention",
    "seconds": "{seconds} s",
    "left.minutes": "at most {minutes} minutes more",
    "left.clock": "{clock} left",
    "back": "Back",
    "cancel": "Cancel",
    "continue": "Continue",
    "details": "Details",
    "copy": "Copy",
    "copied": "Copied",
    "close.question": "Stop setting up {device}?",
    "close.text": "{device} may be half way. You can start again at any time.",
    "close.stop": "Stop and close",
    "cancel.stop": "Stop",
    "close.stay": "Go on",
    "report.save": "Save a report for support…",
    "report.about": "What happened during set-up, without passwords and names.",
    "report.dialog": "Save a report for support",
    "report.saved": "Saved in {folder}.",
    "report.failed": "It was not saved.",
    "report.again": "Choose another folder…",
    "report.show": "Show in folder",
    "report.copy": "Copy path",
    # welcome
    "welcome.headline": "Let's bring your {device} online",
    "welcome.text": "You need {device} with its power cable, and your Wi-Fi name and password. "
    "It takes about two minutes.",
    "welcome.primary": "Start",
    "welcome.picture": "{device} beside its power cable",
    # sign in
    "sign_in.headline": "Who is it for?",
    "sign_in.text": "{device} will belong to this e-mail address, and only its owner can use it.",
    "sign_in.email": "E-mail address",
    "sign_in.email_hint": "name@example.com",
    "sign_in.key": "Installer key",
    "sign_in.primary": "Continue",
    # prepare
    "prepare.headline": "Getting things ready",
    "prepare.text": "In a moment this computer talks to {device} alone, so everything else is "
    "fetched first.",
    "prepare.reach_backend": "Internet and {maker}",
    "prepare.provision": "A place for {device} in your account",
    "prepare.check_wifi": "This computer's Wi-Fi",
    # listening
    "listening.headline": "Hold {mode_button} until the light blinks {led_colour}",
    "listening.text": "Plug {device} in, hold {mode_button} for about {hold_seconds} seconds, then "
    "let go.",
    "listening.primary": "It blinks {led_colour}",
    "listening.other": "Another colour?",
    "listening.picture": "{device} with its light blinking {led_colour}, and a finger on "
    "{mode_button}",
    # join
    "join.headline": "Connect this computer to {ssid_prefix}-…",
    "join.text": "It is the network of {device} itself: choose it in your Wi-Fi menu. Your "
    "computer leaves yours for about a minute; we bring it back.",
    "join.waiting": "Looking for {device}",
    "join.found": "Found it: {short_id}",
    "join.searching_networks": "Asking which networks it hears",
    "join.picture": "{device} and this computer, with a line between them",
    # network
    "network.headline": "Which Wi-Fi should {device} use?",
    "network.text": "These are the networks that {device} hears, strongest first.",
    "network.list": "Wi-Fi networks",
    "network.mine": "this computer uses it",
    "network.mine_missing": "{network}, which this computer uses, is not in the list: {device} "
    "cannot hear it. It may be a 5 GHz network, and {device} needs 2.4 GHz.",
    "network.secured": "secured",
    "network.open": "open",
    "network.signal_0": "no signal",
    "network.signal_1": "weak signal",
    "network.signal_2": "fair signal",
    "network.signal_3": "good signal",
    "network.signal_4": "strong signal",
    "network.empty": "No networks yet",
    "network.rescan": "Look again",
    "network.scanning": "Looking…",
    "network.manual": "My network is not listed",
    "network.from_list": "Back to the list",
    "network.name": "Network name",
    "network.security": "Security",
    "network.security_open": "None (open)",
    "network.security_wep": "WEP",
    "network.security_wpa": "WPA",
    "network.security_wpa2": "WPA2",
    "network.password": "Password for {network}",
    "network.password_plain": "Password",
    "network.password_hint": "{allowed} characters",
    "network.password_good": "Length is right",
    "network.no_password": "{network} is open and needs no password.",
    "network.show": "Show password",
    "network.hide": "Hide password",
    "network.primary": "Connect",
    # setting up
    "setting_up.headline": "Connecting {device}",
    "setting_up.text": "Keep {device} plugged in. This takes about a minute.",
    "setting_up.save": "Saving",
    "setting_up.join_network": "Joining {network}",
    "setting_up.go_online": "Going online",
    "setting_up.make_yours": "Making it yours",
    "setting_up.join_needed": "Connect this computer to {access_point} once more.",
    "setting_up.join_headline": "Connect this computer to {access_point} again",
    "setting_up.join_text": "Choose it in your Wi-Fi menu once more; then {device} gets the new "
    "password by itself.",
    "setting_up.updating": "Updating itself (light {update_colour})",
    "setting_up.updating_text": "{device} updates itself, which takes some minutes. Keep it "
    "plugged in.",
    "setting_up.attempt": "Trying again ({attempt})",
    "setting_up.picture": "{device}, this computer and the router, connected step by step",
    # wrong passphrase
    "wrong_passphrase.headline": "{network} did not accept the password",
    "wrong_passphrase.text": "{device} tried and came back. Check the password and send it again.",
    "wrong_passphrase.primary": "Send again",
    "wrong_passphrase.other": "Use another network",
    # still checking
    "still_checking.headline": "Almost there",
    "still_checking.text": "{device} has what it needs. It can take a few minutes, above all when "
    "it updates itself (light {update_colour}). We keep looking. You may set up another meanwhile, "
    "or close this window; {device} goes on without it.",
    "still_checking.primary": "Check now",
    # a device that was left behind
    "late.unnamed": "{device} {short_id}",
    "late.online": "{name}, from before, is online now.",
    "late.yours": "{name}, from before, is in your account now. It has not answered yet.",
    "late.failed": "{name}, from before, is not online. {sentence} Set it up once more.",
    "late.close": "Close this note",
    # done
    "done.headline": "{name} is online",
    "done.headline_offline": "{name} is yours",
    "done.text": "It is in your account, and it answers.",
    "done.text_offline": "It is in your account, and has not answered yet. It may be updating "
    "itself; the light shows {update_colour} then.",
    "done.text_updating": "It is in your account, and updates itself now: the light shows "
    "{update_colour}. Leave it plugged in.",
    "done.name": "Name",
    "done.name_hint": "Kitchen, for example",
    "done.rename": "Save name",
    "done.proof_returned": "{device} answered {value}",
    "done.call": "Try it",
    "done.events": "What {device} says",
    "done.empty": "Waiting for the first sign of life",
    "done.primary": "Close",
    "done.another": "Set up another",
    "done.picture": "{device} with its light breathing {online_colour}",
    **LIGHT_SENTENCES,
    # the demo
    "demo.word": "DEMO",
    "demo.listening": "Nothing is plugged in here: this button holds {mode_button} for you.",
    "demo.listening.button": "Hold {mode_button}",
    "demo.join": "This button is the Wi-Fi menu of the simulated computer.",
    "demo.join.button": "Choose {access_point}",
    "demo.network": "In this house the password of {network} is “{passphrase}”.",
    "demo.network.button": "Fill it in",
    "demo.done": "The simulated {device} has a button too.",
    "demo.done.button": "Press it",
    "demo.sign_in": "Any address will do here.",
    "demo.sign_in.button": "Fill it in",
    # errors: what happened, what to do, and the one action
    "SW-NAME-LENGTH.what": "A network name has 1 to 32 characters.",
    "SW-NAME-LENGTH.do": "Check the name and type it again. Letters with accents count as two.",
    "SW-NAME-CHARACTERS.what": "{device} cannot be told a network name with a double quote or a "
    "backslash in it.",
    "SW-NAME-CHARACTERS.do": "Choose another network, or rename this one at the router.",
    "SW-PASSPHRASE-LENGTH.what": "This password has the wrong length: the network wants "
    "{allowed} characters.",
    "SW-PASSPHRASE-LENGTH.do": "Check it and type it again. Letters with accents count as two.",
    "SW-PASSPHRASE-MISSING.what": "This network has a password.",
    "SW-PASSPHRASE-MISSING.do": "Type it to go on.",
    "SW-PASSPHRASE-CHARACTERS.what": "This password holds a character that {device} cannot keep.",
    "SW-PASSPHRASE-CHARACTERS.do": "Check where it comes from, and type it by hand.",
    "SW-NO-DEVICE.what": "Nothing that answers like {device} is in reach of this computer.",
    "SW-NO-DEVICE.do": "See that the light blinks {led_colour} and that this computer is "
    "connected to {ssid_prefix}-….",
    "SW-NO-DEVICE.action": "Look again",
    "SW-DEVICE-SILENT.what": "{device} does not answer.",
    "SW-DEVICE-SILENT.do": "Move this computer closer to it and try again. If that does not help, "
    "unplug {device} and plug it in again.",
    "SW-DEVICE-SILENT.action": "Try again",
    "SW-DEVICE-GONE.what": "The connection to {device} was cut.",
    "SW-DEVICE-GONE.do": "See that this computer is still connected to {ssid_prefix}-… and try "
    "again.",
    "SW-DEVICE-GONE.action": "Try again",
    "SW-DEVICE-GARBLED.what": "Something answered, but it does not speak like {device}.",
    "SW-DEVICE-GARBLED.do": "This may be a router: see that this computer is connected to "
    "{ssid_prefix}-…, unplug network cables, and try again.",
    "SW-DEVICE-GARBLED.action": "Try again",
    "SW-DEVICE-REFUSED.what": "{device} did not accept the settings.",
    "SW-DEVICE-REFUSED.do": "Unplug {device}, plug it in again, and start once more.",
    "SW-DEVICE-REFUSED.action": "Try again",
    "SW-OTHER-DEVICE.what": "Another {device} answers than the one you started with.",
    "SW-OTHER-DEVICE.do": "Connect this computer to the first one again, or go back and start "
    "with this one.",
    "SW-OTHER-DEVICE.action": "Try again",
    "SW-NO-NETWORKS.what": "{device} does not hear any Wi-Fi.",
    "SW-NO-NETWORKS.do": "Move it closer to your router and look again, or type the name of your "
    "network.",
    "SW-NO-NETWORKS.action": "Look again",
    "SW-NETWORK-UNSEEN.what": "{device} does not find {network}.",
    "SW-NETWORK-UNSEEN.do": "It may be too far away, hidden, or a 5 GHz network. Move {device} "
    "closer to the router, or choose another network.",
    "SW-NAME-UNSEEN.what": "{device} does not find a network called {network}.",
    "SW-NAME-UNSEEN.do": "Check the spelling; capital and small letters differ. A network that "
    "hides its name has to show it, and {device} needs one with 2.4 GHz.",
    "SW-NETWORK-WEAK.what": "{network} is too weak where {device} stands.",
    "SW-NETWORK-WEAK.do": "Move {device} closer to the router and connect again. If its light does "
    "not blink {led_colour} then, hold {mode_button} first.",
    "SW-WRONG-PASSPHRASE.what": "{network} did not accept the password.",
    "SW-WRONG-PASSPHRASE.do": "Check the password and send it again.",
    "SW-JOIN-FAILED.what": "{device} could not join {network} and came back.",
    "SW-JOIN-FAILED.do": "Move it closer to the router, or choose another network.",
    "SW-BACKEND-DOWN.what": "This computer cannot reach {maker}.",
    "SW-BACKEND-DOWN.do": "See that this computer is on the internet, then try again.",
    "SW-BACKEND-DOWN.action": "Try again",
    "SW-BACKEND-BROKEN.what": "{maker} has a problem at the moment.",
    "SW-BACKEND-BROKEN.do": "Nothing is lost. Try again in a minute.",
    "SW-BACKEND-BROKEN.action": "Try again",
    "SW-BACKEND-BUSY.what": "{maker} is very busy at the moment.",
    "SW-BACKEND-BUSY.do": "Try again in {seconds} seconds.",
    "SW-BACKEND-BUSY.action": "Try again",
    "SW-KEY-REFUSED.what": "The installer key was not accepted.",
    "SW-KEY-REFUSED.do": "Check the key, or ask {maker} for a new one.",
    "SW-SIGN-IN-EXPIRED.what": "Your sign-in has expired.",
    "SW-SIGN-IN-EXPIRED.do": "Sign in again to go on; everything else is kept.",
    "SW-SIGN-IN-EXPIRED.action": "Try again",
    "SW-CUSTOMER-REFUSED.what": "This e-mail address cannot be used.",
    "SW-CUSTOMER-REFUSED.do": "Check it for a slip and try again.",
    "SW-CLOUD-DOWN.what": "{maker}'s service cannot be reached.",
    "SW-CLOUD-DOWN.do": "See that this computer is on the internet, then try again.",
    "SW-CLOUD-DOWN.action": "Try again",
    "SW-CLOUD-BROKEN.what": "{maker}'s service has a problem at the moment.",
    "SW-CLOUD-BROKEN.do": "Nothing is lost. Try again in a minute.",
    "SW-CLOUD-BROKEN.action": "Try again",
    "SW-CLOUD-BUSY.what": "{maker}'s service is very busy at the moment.",
    "SW-CLOUD-BUSY.do": "Try again in {seconds} seconds.",
    "SW-CLOUD-BUSY.action": "Try again",
    "SW-TOKEN-REFUSED.what": "{maker}'s service no longer accepts this sign-in.",
    "SW-TOKEN-REFUSED.do": "Try again; if it stays, ask {maker} for help.",
    "SW-TOKEN-REFUSED.action": "Try again",
    "SW-NOT-YOURS.what": "This {device} belongs to somebody else, or {maker} does not know it.",
    "SW-NOT-YOURS.do": "Ask {maker} for help and give them the code below.",
    "SW-NOT-YOURS.action": "Try again",
    "SW-DEVICE-OFFLINE.what": "{device} did not answer in time.",
    "SW-DEVICE-OFFLINE.do": "See that it has power, then try again.",
    "SW-DEVICE-OFFLINE.action": "Try again",
    "SW-NOT-EXPOSED.what": "This {device} cannot do that: it does not know “{name}”.",
    "SW-NOT-EXPOSED.do": "It may need an update. Try again later.",
    "SW-UNEXPECTED.what": "Something in this program went wrong.",
    "SW-UNEXPECTED.do": "Try again. If it happens twice, send the details to {maker}.",
    "SW-UNEXPECTED.action": "Try again",
    "SW-NO-WIFI.what": "This computer's Wi-Fi is missing or switched off.",
    "SW-NO-WIFI.do": "Switch Wi-Fi on, then try again. A computer without Wi-Fi needs a Wi-Fi "
    "stick.",
    "SW-NO-WIFI.action": "Try again",
    "SW-TIMEOUT.what": "Setting up {device} took longer than was allowed.",
    "SW-TIMEOUT.do": "Allow more time. {device} may be half set up: hold {mode_button} until the "
    "light blinks {led_colour}, then start again.",
    "SW-CANCELLED.what": "Setting up {device} was stopped.",
    "SW-CANCELLED.do": "Start again at any time. If {device} no longer blinks {led_colour}, hold "
    "{mode_button} first.",
    **COMPANY_SENTENCES,
}
