"""What is said about the device's light: what a person sees, what it means, what to do."""

from __future__ import annotations

LIGHT: dict[str, str] = {
    "light.question": "What colour is the light?",
    "light.choose": "Choose what you see, and read what it means.",
    "light.list": "Colours of the light",
    "light.close": "Close",
    "light.any": "{colour}",
    "light.blinking": "{colour}, blinking",
    "light.breathing": "{colour}, breathing slowly",
    "light.flashing": "{colour}, with red or orange flashes",
    "light.white": "White",
    "light.red": "Red",
    "light.dark": "No light at all",
    "light.unknown": "Something else",
    "light.listening.means": "{device} is waiting to be set up.",
    "light.connecting.means": "{device} is looking for a Wi-Fi network that it knows.",
    "light.on_wifi.means": "{device} is on Wi-Fi, and not online yet.",
    "light.greeting.means": "{device} is going online.",
    "light.online.means": "{device} is online.",
    "light.no_internet.means": "{device} is on Wi-Fi, but finds no way to the internet.",
    "light.updating.means": "{device} is updating itself.",
    "light.wifi_off.means": "{device} has switched its Wi-Fi off.",
    "light.fault.means": "{device} has stopped because of a fault.",
    "light.off.means": "{device} has no power.",
    "light.other.means": "{device} is starting, or it does something that we do not know.",
    "light.let_go": "Let go of {mode_button} and go on.",
    "light.as_it_should": "That is as it should be. Go on as the page says.",
    "light.came_back": "It tried the network and came back. Go on to see what can be done.",
    "light.hold": "Hold {mode_button} for about {hold_seconds} seconds, until the light blinks "
    "{led_colour}.",
    "light.wait_for_update": "Keep it plugged in and wait until the colour changes. It can take a "
    "few minutes.",
    "light.wait_then_hold": "Keep it plugged in and wait until the colour changes; it can take a "
    "few minutes. Then hold {mode_button} until the light blinks {led_colour}.",
    "light.connecting.do": "Give it about a minute. If it goes on for longer, move {device} "
    "closer to the router.",
    "light.on_wifi.do": "Give it about a minute. If it stays so, see that your other devices reach "
    "the internet.",
    "light.greeting.do": "Nearly there: give it about a minute and keep it plugged in.",
    "light.online.do": "Good. Keep checking: in a moment we see it too.",
    "light.no_internet.do": "See that your other devices reach the internet, and that the "
    "router does not keep {device} from it. Then {device} goes on by itself.",
    "light.wifi_off.do": "Unplug it, wait ten seconds and plug it in again.",
    "light.fault.do": "Unplug it, wait ten seconds and plug it in again. If the light is red "
    "again, count how often it blinks and tell {maker}.",
    "light.off.do": "See that its cable sits firmly at both ends, or try another power socket.",
    "light.other.do": "Wait a minute. If it stays so, unplug {device}, wait ten seconds and plug "
    "it in again; then tell {maker} what you see.",
}
