"""What the device's light tells: what a person sees, what it means, and what follows from it."""

from __future__ import annotations

from enum import Enum

from setup_wizard.brand import DeviceLook
from setup_wizard.domain.value import value
from setup_wizard.flow import messages as m

WHITE = "#f4f4f0"
RED = "#e5342b"
"""The device's own two colours that no brand names."""


class Sight(Enum):
    """What a person may see, by what it is a sign of; in the order in which it is offered."""

    LISTENING = "listening"
    OFF = "off"
    CONNECTING = "connecting"
    ON_WIFI = "on_wifi"
    GREETING = "greeting"
    ONLINE = "online"
    NO_INTERNET = "no_internet"
    UPDATING = "updating"
    WIFI_OFF = "wifi_off"
    FAULT = "fault"
    OTHER = "other"


class Shine(Enum):
    """How a light shines, where that makes a difference."""

    ANY = "any"
    BLINKING = "blinking"
    BREATHING = "breathing"
    FLASHING = "flashing"
    """Blinking, with a few red or orange flashes in between."""


class Phase(Enum):
    """What the device should be doing."""

    WAKING = "waking"
    """It is about to be brought into listening mode."""
    LISTENING = "listening"
    """It should be in listening mode, and this computer talks to it."""
    AWAY = "away"
    """It was sent to its network."""


@value
class Choice:
    """One answer to the question. Without a colour it is no light, or none that is known."""

    sight: Sight
    shine: Shine
    name: str = ""
    """The brand's word for the colour; empty: ours."""
    colour: str = ""


@value
class Reading:
    """What an answer means, by the keys of its sentences, and what it tells the program."""

    means: str
    advice: str
    follows: m.Action | None = None
    button: str = ""


def choices(device: DeviceLook) -> tuple[Choice, ...]:
    """What can be answered: each colour with its shine once, the maker's own before the others."""
    named = (
        (Sight.LISTENING, Shine.BLINKING, device.listening),
        (Sight.CONNECTING, Shine.BLINKING, device.connecting),
        (Sight.ON_WIFI, Shine.BREATHING, device.connecting),
        (Sight.GREETING, Shine.BLINKING, device.online),
        (Sight.ONLINE, Shine.BREATHING, device.online),
        (Sight.NO_INTERNET, Shine.FLASHING, device.online),
        (Sight.UPDATING, Shine.ANY, device.update),
    )
    found: list[Choice] = []
    for sight, shine, light in named:
        if not any(_same(light.name, each.name) and each.shine is shine for each in found):
            found.append(Choice(sight, shine, light.name, light.colour))
    taken = {each.name.casefold() for each in found}
    found += [
        Choice(sight, Shine.ANY, colour=colour)
        for sight, name, colour in ((Sight.WIFI_OFF, "white", WHITE), (Sight.FAULT, "red", RED))
        if name not in taken
    ]
    listening, *others = found
    return (listening, Choice(Sight.OFF, Shine.ANY), *others, Choice(Sight.OTHER, Shine.ANY))


def read(sight: Sight, phase: Phase) -> Reading:
    """What it means to see this while the device should be doing that."""
    means = f"light.{sight.value}.means"
    match sight, phase:
        case Sight.LISTENING, Phase.WAKING:
            return Reading(means, "light.let_go", m.ListeningConfirmed(), "listening.primary")
        case Sight.LISTENING, Phase.LISTENING:
            return Reading(means, "light.as_it_should")
        case Sight.LISTENING, Phase.AWAY:
            return Reading(means, "light.came_back", m.LightBlinksAgain(), "continue")
        case Sight.UPDATING, Phase.AWAY:
            return Reading(means, "light.wait_for_update")
        case Sight.UPDATING, _:
            return Reading(means, "light.wait_then_hold")
        case ((Sight.OFF | Sight.FAULT | Sight.OTHER), _):
            return Reading(means, f"light.{sight.value}.do")
        case _, Phase.AWAY:
            if sight is Sight.ONLINE:
                return Reading(means, "light.online.do", m.RetryPressed(), "still_checking.primary")
            return Reading(means, f"light.{sight.value}.do")
        case _:
            return Reading(means, "light.hold")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
