"""Every light has a meaning and an advice in every phase, in the brand's own colours."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from setup_wizard.brand import DeviceLook, Light, load_brand
from setup_wizard.flow import messages as m
from setup_wizard.flow.light import Phase, Shine, Sight, choices, read
from setup_wizard.flow.machine import advance
from setup_wizard.flow.steps import SETUP, Step
from setup_wizard.words import SENTENCES
from tests.flow import roads
from tests.flow.roads import after, done

LOOK = load_brand().device
MOSS = load_brand("moss").device

SAYS = {
    # (seen, should be waking, should be listening, was sent to its network)
    Sight.LISTENING: ("light.let_go", "light.as_it_should", "light.came_back"),
    Sight.CONNECTING: ("light.hold", "light.hold", "light.connecting.do"),
    Sight.ON_WIFI: ("light.hold", "light.hold", "light.on_wifi.do"),
    Sight.GREETING: ("light.hold", "light.hold", "light.greeting.do"),
    Sight.ONLINE: ("light.hold", "light.hold", "light.online.do"),
    Sight.NO_INTERNET: ("light.hold", "light.hold", "light.no_internet.do"),
    Sight.UPDATING: ("light.wait_then_hold", "light.wait_then_hold", "light.wait_for_update"),
    Sight.WIFI_OFF: ("light.hold", "light.hold", "light.wifi_off.do"),
    Sight.FAULT: ("light.fault.do",) * 3,
    Sight.OFF: ("light.off.do",) * 3,
    Sight.OTHER: ("light.other.do",) * 3,
}
EVERYTHING = list(product(Sight, Phase))
FOLLOWS: dict[tuple[Sight, Phase], m.Action] = {
    (Sight.LISTENING, Phase.WAKING): m.ListeningConfirmed(),
    (Sight.LISTENING, Phase.AWAY): m.LightBlinksAgain(),
    (Sight.ONLINE, Phase.AWAY): m.RetryPressed(),
}


def names(device: DeviceLook) -> list[str]:
    return [choice.name for choice in choices(device)]


def sights(device: DeviceLook) -> set[Sight]:
    return {choice.sight for choice in choices(device)}


@pytest.mark.parametrize(("sight", "phase"), EVERYTHING)
def test_every_light_says_what_it_means_and_what_to_do(sight: Sight, phase: Phase) -> None:
    reading = read(sight, phase)

    assert SENTENCES[reading.means].endswith(".")
    assert reading.advice == SAYS[sight][list(Phase).index(phase)]
    assert SENTENCES[reading.advice].endswith(".")


@pytest.mark.parametrize(("sight", "phase"), EVERYTHING)
def test_the_program_hears_what_it_can_act_on_and_nothing_else(sight: Sight, phase: Phase) -> None:
    reading = read(sight, phase)

    assert reading.follows == FOLLOWS.get((sight, phase))
    assert bool(reading.button) == (reading.follows is not None)
    assert not reading.button or SENTENCES[reading.button]


def test_a_listening_light_while_waking_leads_on() -> None:
    state, command = advance(roads.listening(), FOLLOWS[Sight.LISTENING, Phase.WAKING])

    assert state.step is Step.JOIN
    assert isinstance(command, m.FindDevice)


def test_a_listening_light_after_it_was_sent_off_means_the_wrong_password() -> None:
    saved = after(roads.setting_up(), *done(SETUP[0]))

    state, _ = advance(saved, FOLLOWS[Sight.LISTENING, Phase.AWAY])

    assert state.step is Step.WRONG_PASSPHRASE


def test_an_online_light_keeps_the_program_checking() -> None:
    waiting = after(roads.setting_up(), *done(SETUP[0]), m.VerificationPending())

    _, command = advance(waiting, FOLLOWS[Sight.ONLINE, Phase.AWAY])

    assert isinstance(command, m.Verify)


@pytest.mark.parametrize("device", [LOOK, MOSS], ids=["default", "moss"])
def test_each_maker_is_offered_everything_in_its_own_colours(device: DeviceLook) -> None:
    offered = choices(device)

    assert [choice.sight for choice in offered] == list(Sight)
    first = offered[0]
    assert (first.name, first.colour) == (device.listening.name, device.listening.colour)


def test_nobody_has_to_scroll_to_say_that_there_is_no_light() -> None:
    assert choices(LOOK)[1].sight is Sight.OFF


def test_a_colour_that_shines_alike_for_two_things_is_offered_once() -> None:
    device = replace(LOOK, connecting=replace(LOOK.online, name="CYAN"))

    offered = [(choice.name.casefold(), choice.shine) for choice in choices(device) if choice.name]

    assert len(offered) == len(set(offered))
    assert ("cyan", Shine.BREATHING) in offered


@pytest.mark.parametrize(
    ("name", "sight"), [("white", Sight.WIFI_OFF), ("Red", Sight.FAULT)], ids=["white", "red"]
)
def test_a_makers_own_white_or_red_is_not_offered_twice(name: str, sight: Sight) -> None:
    device = replace(LOOK, listening=Light(name, "#ffffff"))

    assert sight not in sights(device)
    assert name in names(device)
