"""`setup-wizard simulate`: a simulator alone, until it is told to end."""

from __future__ import annotations

import contextlib
import gc
import json
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

from setup_wizard.cli.endings import endings
from setup_wizard.cli.output import ReaderGone, put
from setup_wizard.settings import SettingsError

if TYPE_CHECKING:
    from setup_wizard.simulators.photon.radio import ScanEntry
    from setup_wizard.simulators.world import World

MILLISECONDS = 1000


class Simulator(Protocol):
    def announce(self) -> Mapping[str, Any]: ...


def simulate(options: Namespace) -> int:
    match options.kind:
        case "photon":
            return _run(_photon(options))
        case "cloud":
            from setup_wizard.simulators.cloud import Cloud

            cloud = Cloud(
                port=options.port,
                product=options.product,
                client_id=options.client_id,
                client_secret=options.client_secret,
            )
            return _run(cloud)
        case _:
            return _world(options.ssid_prefix, attended=options.attended)


def _photon(options: Namespace) -> AbstractContextManager[Simulator]:
    from cryptography.exceptions import UnsupportedAlgorithm

    from setup_wizard.simulators.photon import Photon

    scan = _scan(options.scan) if options.scan else None
    key = _content(options.key) if options.key else None
    try:
        return Photon(
            http_port=options.http_port,
            tcp_port=options.tcp_port,
            control_port=options.control_port,
            device_id=options.device_id,
            suffix=options.suffix,
            key=key,
            claimed=options.claimed,
            scan=scan,
            latency=options.latency / MILLISECONDS,
            scan_latency=options.scan_latency / MILLISECONDS,
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it is encrypted
        raise SettingsError(f"{options.key}: is no RSA-1024 private key in DER") from error


def _scan(path: Path) -> tuple[ScanEntry, ...]:
    from setup_wizard.simulators.photon import parse_scan

    content = _content(path)
    try:
        networks = json.loads(content)
    except ValueError as error:
        raise SettingsError(f"{path}: is not JSON ({error})") from error
    if not isinstance(networks, list):
        raise SettingsError(f"{path}: a scan list is a JSON list")
    try:
        return parse_scan(networks)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error


def _world(ssid_prefix: str, *, attended: bool) -> int:
    gc.disable()  # nothing of what is loaded now goes away; to look for it takes half a second
    from setup_wizard.simulators.world import World

    gc.freeze()
    gc.enable()
    if not attended:
        return _run(World(ssid_prefix=ssid_prefix))
    return _attended(World(single_radio=True, asleep=True, ssid_prefix=ssid_prefix))


def _attended(world: World) -> int:
    for number in endings():
        signal.signal(number, _leave)
    with world:
        try:
            _obey(world)
        finally:
            _leave_alone()
    return 0


def _obey(world: World) -> None:
    """Do what is said on standard input, until nobody says any more."""
    with contextlib.suppress(ReaderGone):  # whoever started this is gone already
        _print(world.announce())
    world.mail.on_mail = _print_mail
    deeds = {
        "hold": world.hold_button,
        "join": world.choose_device,
        "press": world.product.press_button,
    }
    for line in sys.stdin:
        deed = deeds.get(line.strip())
        if deed is not None:
            deed()


def _print_mail(mail: Mapping[str, Any]) -> None:
    """The letter box lies open before whoever acts in this world."""
    with contextlib.suppress(ReaderGone):
        _print({"mail": mail})


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Out of a read that waits, through everything that has to be closed."""
    _leave_alone()
    raise SystemExit(0)


def _leave_alone() -> None:
    """It ends already: a second wish would come out of the middle of what is being closed."""
    for number in endings():
        signal.signal(number, signal.SIG_IGN)


def _run(simulator: AbstractContextManager[Simulator]) -> int:
    with _signals() as signals:
        try:
            with simulator as running:
                _print(running.announce())
                signals.recv(1)
        except OSError as error:
            raise SettingsError(f"cannot listen there ({error.strerror})") from error
    return 0


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """Where a byte arrives for each signal that wants an end.

    Written by the interpreter itself. A handler that sets an event would wait for ever where it
    comes while the event is locked, by the very thread in which it runs.
    """
    told, teller = socket.socketpair()
    with told, teller:
        teller.setblocking(False)
        signal.set_wakeup_fd(teller.fileno(), warn_on_full_buffer=False)
        for number in endings():
            signal.signal(number, _hear)
        try:
            yield told
        finally:
            signal.set_wakeup_fd(-1)


def _hear(_number: int, _frame: FrameType | None) -> None:
    """The byte is what counts; without a handler there would be none."""


def _print(announcement: Mapping[str, Any]) -> None:
    put(json.dumps(announcement))
