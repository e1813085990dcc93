"""Every sentence is read here: whole, filled, and in the customers' words or the brand's."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from setup_wizard.domain import errors
from setup_wizard.domain.errors import SetupError
from setup_wizard.flow.steps import Milestone, Stage
from setup_wizard.words import SENTENCES, ErrorWords, Words
from tests.failures import leaves

FACTS = {
    "device": "Glow Lamp",
    "maker": "Northlight",
    "mode_button": "the small button",
    "led_colour": "blue",
    "update_colour": "magenta",
    "online_colour": "cyan",
    "hold_seconds": "3",
    "ssid_prefix": "Photon",
}
"""What a brand always knows."""

DEVICE_ID = "3a001b000447343138333038"
CASE: dict[str, str | int | float] = {
    "length": 70,
    "allowed": "8–64",
    "command": "configure-ap",
    "result": -1,
    "device": DEVICE_ID,
    "network": "Home",
    "status": 502,
    "seconds": 30,
    "name": "led",
    "kind": "KeyError",
    "tries": 4,
}
"""A value for every parameter that a failure can have."""

RECKONED = {"minutes"}
"""What is made of a parameter where a sentence is said."""

SAID_TO_SENTENCES = {
    "seconds": "12",
    "short_id": "3A001B0004",
    "network": "Home",
    "allowed": "8 to 64",
    "count": "3",
    "folder": "Downloads",
    "reason": "No space left on device",
    "access_point": "Photon-AB12CD",
    "attempt": "2",
    "minutes": "3",
    "clock": "0:45",
    "sentence": "Home did not accept the password.",
    "name": "Desk lamp",
    "value": "1",
    "wanted": "2",
    "colour": "Blue",
    "passphrase": "sunflower",
    "length": "70",
    "user_name": "jane",
    "advice": "Try again in a minute.",
    "time": "12:30",
    "customer": "jane@example.com",
    "code": "123456",
    "tries": "4",
    "online": "2",
    "done": "3",
    "failed": "1",
}
"""What a page says along with a key."""

VENDOR_AND_WIRE = (
    r"particle|photon|soft ?ap|tokens?|claim(ed|ing)? codes?|https?|json|passphrases?|ssid|api|"
    r"backend|server|cloud|oauth|dhcp|tcp|ip address|azure|enrollment|firmware|"
    r"exception|null|timeout"
)
WORDS = Words(FACTS)
ERROR_KEYS = [key for key in SENTENCES if key.startswith("SW-")]


ENDINGS = {"SW-NO-CODE", "SW-TIMEOUT", "SW-CANCELLED"}
"""Ends of a set-up without a window that are no failure of anything outside."""


class SetupFailedSomehow(SetupError):
    """A failure that nobody has words for."""

    code = "SW-SOMEHOW"


def filled(key: str) -> str:
    return WORDS(key, **SAID_TO_SENTENCES)


def parameters_of(leaf: type[SetupError]) -> dict[str, str | int | float]:
    """The facts that its docstring promises, with a value each."""
    _, _, promised = (leaf.__doc__ or "").partition("Parameters: ")
    names = re.findall(r"\w+", re.sub(r"\(.*?\)", "", promised, flags=re.DOTALL))
    return {name: CASE[name] for name in names}


def said(error: SetupError, words: Words = WORDS) -> ErrorWords:
    return words.error(error)


# --- whole ----------------------------------------------------------------------------------


def test_every_failure_says_what_happened_and_what_to_do() -> None:
    for leaf in leaves():
        assert SENTENCES[f"{leaf.code}.what"], leaf
        assert SENTENCES[f"{leaf.code}.do"], leaf


def test_no_failure_is_described_that_cannot_happen() -> None:
    known = {leaf.code for leaf in leaves()} | ENDINGS

    assert {key.partition(".")[0] for key in ERROR_KEYS} == known
    assert {key.partition(".")[2] for key in ERROR_KEYS} == {"what", "do", "action"}


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_every_failure_reads_well_with_its_facts_and_without(leaf: type[SetupError]) -> None:
    check_it_reads_well(leaf, leaf(**parameters_of(leaf)))
    check_it_reads_well(leaf, leaf())


def check_it_reads_well(leaf: type[SetupError], failure: SetupError) -> None:
    words = said(failure)

    assert words.code == leaf.code
    for text in (words.sentence, words.advice):
        assert text.endswith("."), text
        assert text[0].isupper() or text[0].isdigit() or text.startswith("…"), text
        assert "{" not in text, text
        assert "None" not in text, text


def test_every_docstring_names_parameters_that_are_known_here() -> None:
    made_of_seconds = {"minutes"}

    named = {name for leaf in leaves() for name in parameters_of(leaf)}

    assert named == set(CASE) - made_of_seconds


def test_every_sentence_can_be_filled() -> None:
    assert {
        key for key in SENTENCES if filled(key).strip() != filled(key) or not filled(key)
    } == set()


def test_every_placeholder_is_a_fact_of_the_brand_or_of_the_case() -> None:
    said = set(FACTS) | set(SAID_TO_SENTENCES)
    failed = said & (set(FACTS) | set(CASE) | RECKONED)

    unknown = {
        key: placeholders(key) - (failed if key in ERROR_KEYS else said) for key in SENTENCES
    }

    assert {key: names for key, names in unknown.items() if names} == {}


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(SENTENCES[key]) if name is not None}


def with_full_stop(kind: str) -> dict[str, bool]:
    return {key: text.endswith(".") for key, text in SENTENCES.items() if re.search(kind, key)}


@pytest.mark.parametrize("kind", [r"\.(what|do)$", r"\.(text|text_offline)$"])
def test_running_text_is_whole_sentences(kind: str) -> None:
    assert {key for key, has in with_full_stop(kind).items() if not has} == set()


def test_headlines_and_buttons_have_no_full_stop() -> None:
    told = with_full_stop(r"\.(headline|primary|action)")

    assert {key for key, has in told.items() if has} == set()


@pytest.mark.parametrize("milestone", Milestone)
def test_every_milestone_has_a_word(milestone: Milestone) -> None:
    assert filled(f"milestone.{milestone.value}")


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_line(stage: Stage) -> None:
    assert any(f"{page}.{stage.value}" in SENTENCES for page in ("prepare", "setting_up"))


# --- in the customers' words ----------------------------------------------------------------


def test_nothing_is_said_that_a_customer_need_not_know() -> None:
    words = re.compile(rf"\b({VENDOR_AND_WIRE})\b", re.IGNORECASE)

    assert {key for key in SENTENCES if words.search(filled_plainly(key))} == set()


def filled_plainly(key: str) -> str:
    """With a neutral network name, because the device's own network may be called anything."""
    return Words({**FACTS, "ssid_prefix": "Lamp"})(
        key, **{**SAID_TO_SENTENCES, "access_point": "Lamp-AB12CD"}
    )


BLAME = r"\b(please|oops|sorry|uh-oh|invalid|illegal|fatal|abort\w*|your fault|you forgot)\b|!"
CURLY_APOSTROPHE_OR_STRAIGHT_QUOTE = r"[’‘\"]"
UNTIDY = r"  |\.\.\.|\s[.,;:?]"  # an ellipsis is one character


@pytest.mark.parametrize("unwanted", [BLAME, CURLY_APOSTROPHE_OR_STRAIGHT_QUOTE, UNTIDY])
def test_nothing_is_begged_blamed_shouted_or_untidy(unwanted: str) -> None:
    found = {key for key, text in SENTENCES.items() if re.search(unwanted, text, re.IGNORECASE)}

    assert found == set()


def test_every_quotation_mark_has_its_other_half() -> None:
    assert {key for key, text in SENTENCES.items() if text.count("“") != text.count("”")} == set()


@pytest.mark.parametrize("code", ["SW-PASSPHRASE-LENGTH", "SW-NAME-LENGTH"])
def test_a_length_is_said_so_that_it_is_true_and_understood(code: str) -> None:
    assert "characters" in SENTENCES[f"{code}.what"]
    assert "accents count as two" in SENTENCES[f"{code}.do"], "for the limit is one of bytes"
    assert "bytes" not in SENTENCES[f"{code}.what"] + SENTENCES[f"{code}.do"]


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_no_failure_calls_the_device_by_its_number(leaf: type[SetupError]) -> None:
    words = said(leaf(**parameters_of(leaf)))

    assert DEVICE_ID not in words.sentence + words.advice


@pytest.mark.parametrize("leaf", [errors.WrongDevice, errors.DeviceNotYours, errors.DeviceOffline])
def test_a_failure_of_one_device_calls_it_by_its_name(leaf: type[SetupError]) -> None:
    assert "Glow Lamp" in said(leaf(device=DEVICE_ID)).sentence


# --- the facts of the case ------------------------------------------------------------------


def test_a_failure_tells_the_facts_of_the_case() -> None:
    assert said(errors.WrongPassphrase(network="Home")).sentence == (
        "Home did not accept the password."
    )
    assert said(errors.CloudBusy(seconds=30)).advice == "Try again in 30 seconds."
    assert "8–64" in said(errors.PassphraseLength(length=70, allowed="8–64")).sentence


@pytest.mark.parametrize("odd", ["{device}", "{0}", "{", "a}b", "%s", "{device.__class__}"])
def test_a_network_may_have_braces_in_its_name(odd: str) -> None:
    assert odd in said(errors.WrongPassphrase(network=odd)).sentence


def test_a_failure_that_nobody_has_words_for_is_still_whole() -> None:
    words = said(SetupFailedSomehow(colour="red"))

    assert words.code == "SW-SOMEHOW"
    assert words.sentence == SENTENCES["SW-UNEXPECTED.what"]
    assert "Northlight" in words.advice
    assert words.action == "Try again"


def test_a_fact_may_have_any_name() -> None:
    assert said(SetupFailedSomehow(key="x")).sentence


def test_a_failure_without_a_button_has_no_label() -> None:
    assert said(errors.WrongPassphrase(network="Home")).action == ""


def test_a_key_that_does_not_exist_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        WORDS("no.such.key")


# --- the brand ------------------------------------------------------------------------------


def test_the_brand_has_the_first_word() -> None:
    words = Words(FACTS, replaced={"welcome.headline": "Hello from {maker}, with {device}"})

    assert words("welcome.headline") == "Hello from Northlight, with Glow Lamp"
    assert words("welcome.primary") == "Start"


def test_an_empty_replacement_is_none() -> None:
    assert Words(FACTS, replaced={"welcome.primary": ""})("welcome.primary") == "Start"


def test_the_brand_may_say_an_error_its_own_way() -> None:
    words = Words(
        FACTS,
        replaced={
            "SW-NO-DEVICE.what": "Where is {device}?",
            "SW-NO-DEVICE.action": "Search",
        },
    )

    spoken = said(errors.DeviceNotFound(), words)

    assert (spoken.sentence, spoken.action) == ("Where is Glow Lamp?", "Search")
    assert spoken.advice == said(errors.DeviceNotFound()).advice


def test_a_translation_is_filled_after_it_was_looked_up() -> None:
    words = Words(FACTS, translate={"Start": "Los"}.get, replaced={})  # type: ignore[arg-type]

    assert words("welcome.primary") == "Los"


def test_our_sentence_is_translated_and_the_brands_is_not() -> None:
    words = Words(
        FACTS,
        replaced={"welcome.primary": "Go"},
        translate=lambda sentence: f"<{sentence}>",
    )

    assert words("welcome.primary") == "Go"
    assert words("back") == "<Back>"
    assert words("window.title") == "<Northlight set-up>"


def test_a_change_of_the_brands_facts_does_not_reach_words_that_were_made() -> None:
    facts = dict(FACTS)
    words = Words(facts)
    facts["device"] = "Other"

    assert "Glow Lamp" in words("welcome.headline")
