"""Round numbers on the axes, and colours of lines that can be told apart in every theme."""

from __future__ import annotations

import math
import time

from PySide6.QtGui import QColor

from setup_wizard.qt.theme import Theme

_GOLDEN = 137.5  # degrees; neighbours in the list are far apart in the circle of colours
_CONTRAST = 3.2  # of a line with its ground; the rule for controls is 3
_LIGHTER = 0.02
_TIME_STEPS = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800),
    *(3_600, 7_200, 10_800, 21_600, 43_200, 86_400),
)


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers between two others, with equal distances."""
    if most < 1 or not high > low:
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    first = math.ceil(low / step)
    last = math.floor(high / step)
    return [place * step for place in range(first, last + 1)]


def time_ticks(start: float, end: float, most: int) -> list[float]:
    """The same for seconds since 1970: whole seconds, minutes and hours of the person's day."""
    if most < 1 or not end > start:
        return []
    rough = (end - start) / most
    step = next((each for each in _TIME_STEPS if each >= rough), _TIME_STEPS[-1])
    zone = time.localtime(start).tm_gmtoff
    first = math.ceil((start + zone) / step) * step - zone
    return [first + place * step for place in range(int((end - first) / step) + 1)]


def figure(number: float, span: float) -> str:
    """A number with as many digits as the span makes worth reading."""
    if number == 0 or abs(number) >= 1e6 or (span and span < 1e-6):
        return f"{number:.4g}"
    digits = max(0, min(6, 2 - math.floor(math.log10(span)))) if span > 0 else 3
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_colours(theme: Theme, count: int) -> list[QColor]:
    """The accent first; then other hues of its strength, each plain on the ground of a card."""
    accent, ground = theme.colour("accent"), theme.colour("raised")
    hue = max(0.0, accent.hslHueF())
    strength = min(0.75, max(0.45, accent.hslSaturationF()))
    colours = [accent]
    for place in range(1, count):
        turned = (hue + place * _GOLDEN / 360) % 1.0
        colours.append(_plain(turned, strength, ground, darker=not theme.dark))
    return colours


def contrast(one: QColor, other: QColor) -> float:
    """As the web's rules for accessibility count it."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _plain(hue: float, strength: float, ground: QColor, *, darker: bool) -> QColor:
    lightness = 0.5 if darker else 0.62
    colour = QColor.fromHslF(hue, strength, lightness)
    while contrast(colour, ground) < _CONTRAST and 0.05 < lightness < 0.95:
        lightness += -_LIGHTER if darker else _LIGHTER
        colour = QColor.fromHslF(hue, strength, lightness)
    return colour


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
