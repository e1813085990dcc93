"""What the value of an option may be. The parser quotes the sentence."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from math import nan
from urllib.parse import unquote

from setup_wizard.domain.device import LONGEST_NAME, DeviceId

LARGEST_PORT = 65535
MOST_WORKERS = 64  # more is a slip: each takes some 80 MiB
LONGEST_SUFFIX = 25  # bytes, so that "Photon-" and the suffix fit into an SSID of 32
SHORTEST_SECONDS = 0.001
LONGEST_SECONDS = 86_400.0  # a day: more is a slip, and timers overflow somewhere beyond
LONGEST_STAFF_NAME = 100
_PASSWORD = re.compile(r"://[^/?@]*:(?!\d*[/?])[^@]*@")  # that a port follows is not one
MOST_DIGITS = 9  # more is a slip, and Python reads no number of thousands


def port(text: str) -> int:
    if not (_is_whole(text) and int(text) <= LARGEST_PORT):
        raise ArgumentTypeError(f"a port is a number from 0 to {LARGEST_PORT}, not {text!r}")
    return int(text)


def workers(text: str) -> int:
    if not (_is_whole(text) and 1 <= int(text) <= MOST_WORKERS):
        raise ArgumentTypeError(f"workers are a number from 1 to {MOST_WORKERS}, not {text!r}")
    return int(text)


def device_id(text: str) -> str:
    try:
        return DeviceId.parse(text).text
    except ValueError as error:
        raise ArgumentTypeError(f"{error}, and {text!r} is none") from None


def suffix(text: str) -> str:
    if not text.isprintable() or not 1 <= len(text.encode()) <= LONGEST_SUFFIX:
        raise ArgumentTypeError(f"the end of a network name has 1 to {LONGEST_SUFFIX} bytes")
    return text


def milliseconds(text: str) -> float:
    return _number(text, "milliseconds", 0.0, LONGEST_SECONDS * 1000)


def seconds(text: str) -> float:
    return _number(text, "seconds", SHORTEST_SECONDS, LONGEST_SECONDS)


def name(text: str) -> str:
    name = text.strip()
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise ArgumentTypeError(f"a name has up to {LONGEST_NAME} characters that can be printed")
    return name


def printable(text: str) -> str:
    """What no encoding left in pieces, and what steers no terminal."""
    if not text.isprintable():
        raise ArgumentTypeError("all its characters must be ones that can be printed")
    return text


def text(given: str) -> str:
    """What can be sent at all; line ends and the like may be in it."""
    try:
        given.encode()
    except UnicodeEncodeError:  # it would be quoted in pieces
        raise ArgumentTypeError("it must be text in UTF-8") from None
    return given


def count(text: str) -> int:
    if not (_is_whole(text) and int(text) >= 1):
        raise ArgumentTypeError(f"a number from 1 to {'9' * MOST_DIGITS}, not {text!r}")
    return int(text)


def staff_name(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > LONGEST_STAFF_NAME:
        raise ArgumentTypeError(f"a name has 1 to {LONGEST_STAFF_NAME} printable characters")
    return text


def database_url(text: str) -> str:
    """Where the database is, without a password: what a program was started with, all can read."""
    is_file = text.startswith("sqlite")
    if not is_file and (_PASSWORD.search(text) or "password=" in unquote(text).lower()):
        raise ArgumentTypeError(
            "a password is no argument: put the URL into the file that the setting"
            " database_url_file names, or into SETUP_WIZARD_DATABASE_URL"
        )
    return text


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _number(text: str, unit: str, lowest: float, highest: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not lowest <= number <= highest:
        raise ArgumentTypeError(f"a number of {unit} from {lowest:g} to {highest:g}, not {text!r}")
    return number
