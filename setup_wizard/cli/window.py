"""`setup-wizard`: the window, for real or in the simulated world."""

from __future__ import annotations

import os
import signal
import sys
from argparse import Namespace
from pathlib import Path

from setup_wizard.bootstrap import open_brand, open_journal, open_outside
from setup_wizard.brand import Brand
from setup_wizard.cli.access import check_road
from setup_wizard.flow.machine import start
from setup_wizard.settings import Settings, SettingsError, load_settings
from setup_wizard.words import Words


def window(options: Namespace) -> int:
    """Open the window; with --demo everything behind it is simulated."""
    if options.autopilot and not options.demo:
        raise SettingsError("--autopilot needs --demo: it presses every button by itself")
    if options.autopilot:
        _make_folder(options.autopilot)
    # Python would only hear of Ctrl-C within one of its own functions, and Qt cannot be left from
    # there: started at the wrong moment it hung. Like SIGTERM, it ends the process at once.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    changes = {"brand": options.brand, "backend_url": options.backend}
    settings = load_settings(options.config, {k: v for k, v in changes.items() if v})
    brand, words = open_brand(settings.brand)
    _choose_platform(unattended=options.autopilot is not None)
    if options.demo:
        return _demo(brand, words, options.autopilot)
    return _real(brand, words, settings)


def _real(brand: Brand, words: Words, settings: Settings) -> int:
    from setup_wizard.qt.app import Opening, run

    if not settings.backend_url and not settings.cloud_url:
        raise SettingsError(
            "no backend is set: use --backend URL or --config FILE, or look around with --demo"
        )
    check_road(settings)
    opening = Opening(
        brand=brand,
        words=words,
        open_outside=lambda: open_outside(settings, remembers=True),
        state=start(
            needs_sign_in=settings.needs_sign_in,
            customer=settings.customer,
            proof=settings.proof,
            life_test=brand.life_test,
        ),
        asks_key=settings.installer_key is None,
        open_journal=lambda: open_journal(brand, front="window"),
    )
    return run(opening)


def _demo(brand: Brand, words: Words, autopilot: Path | None) -> int:
    from setup_wizard.demo import DemoWorld
    from setup_wizard.qt.app import Opening, run

    world = DemoWorld(brand.device.ssid_prefix)
    try:
        opening = Opening(
            brand=brand,
            words=words,
            open_outside=lambda: open_outside(world.settings()),
            state=start(needs_sign_in=True, life_test=brand.life_test),
            asks_key=True,
            rehearsal=world,
            autopilot=autopilot,
            open_journal=lambda: open_journal(brand, front="demo"),
        )
        return run(opening)
    finally:
        world.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{folder}: no folder for pictures ({error.strerror})") from error


def _choose_platform(*, unattended: bool) -> None:
    """Without a display Qt would abort: say it, or draw off screen for the autopilot."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        if not unattended:
            raise SettingsError(
                "there is no display for a window: use --demo --autopilot DIR, or `provision`"
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
