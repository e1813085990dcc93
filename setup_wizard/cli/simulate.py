"""`setup-wizard simulate`: a simulator alone, until it is told to end."""

from __future__ import annotations

import json
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any, Protocol

from setup_wizard.settings import SettingsError

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
            return _world(attended=options.attended)


def _photon(options: Namespace) -> AbstractContextManager[Simulator]:
    from setup_wizard.simulators.photon import Photon, parse_scan

    try:
        key = options.key.read_bytes() if options.key else None
        scan = None
        if options.scan:
            scan = parse_scan(json.loads(options.scan.read_text(encoding="utf-8")))
        return Photon(
            http_port=options.http_port,
            tcp_port=options.tcp_port,
            control_port=options.control_port,
            device_id=options.device_id.lower(),
            suffix=options.suffix,
            key=key,
            claimed=options.claimed,
            scan=scan,
            latency=options.latency / MILLISECONDS,
            scan_latency=options.scan_latency / MILLISECONDS,
        )
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _world(*, attended: bool) -> int:
    from setup_wizard.simulators.world import World

    if not attended:
        return _run(World())
    world = World(single_radio=True, asleep=True)
    with world:
        _print(world.announce())
        deeds = {
            "hold": world.hold_button,
            "join": world.choose_device,
            "press": world.product.press_button,
        }
        for line in sys.stdin:
            deed = deeds.get(line.strip())
            if deed is not None:
                deed()
    return 0


def _run(simulator: AbstractContextManager[Simulator]) -> int:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        with simulator as running:
            _print(running.announce())
            ended.wait()
    except OSError as error:
        raise SettingsError(f"cannot listen there ({error.strerror})") from error
    return 0


def _print(announcement: Mapping[str, Any]) -> None:
    print(json.dumps(announcement), flush=True)
