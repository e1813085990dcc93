"""What can be typed after `setup-wizard`. Nothing secret is ever an argument."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from pathlib import Path
from typing import TypeAlias

from setup_wizard import __version__

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"

SECURITIES = ("auto", "open", "wep", "wpa", "wpa2")


def build_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="setup-wizard",
        description="Brings a Wi-Fi device online. Without a command: the window.",
        epilog="example:\n  setup-wizard --demo",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML)")
    parser.add_argument("--brand", metavar="NAME|DIR", help="brand to show")
    parser.add_argument("--backend", metavar="URL", help="the maker's backend")
    parser.add_argument("--demo", action="store_true", help="in a simulated world")
    parser.add_argument(
        "--autopilot",
        type=Path,
        metavar="DIR",
        help="with --demo: go through the whole journey unattended, with a picture of each page",
    )
    parser.add_argument("--verbose", action="store_true", help="log each step to standard error")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _provision(commands)
    _simulate(commands)
    _serve(commands)
    return parser


def _add(commands: Commands, name: str, summary: str, example: str) -> ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
    )


def _provision(commands: Commands) -> None:
    command = _add(
        commands,
        "provision",
        "set up one device without a window",
        "setup-wizard provision --backend https://setup.example.com --ssid HomeNet "
        "--passphrase-stdin --json < passphrase",
    )
    _config(command)
    command.add_argument("--ssid", required=True, help="the network that the device is to use")
    command.add_argument("--security", choices=SECURITIES, default="auto")
    command.add_argument("--hidden", action="store_true", help="the network hides its name")
    source = command.add_mutually_exclusive_group()
    source.add_argument("--passphrase-file", type=Path, metavar="FILE")
    source.add_argument("--passphrase-stdin", action="store_true")
    command.add_argument("--device", metavar="HOST:PORT|tcp://HOST:PORT", default="")
    command.add_argument("--name", default="", help="what the device is to be called")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--timeout", type=float, metavar="S", help="give up after S seconds")
    command.add_argument("--backend", metavar="URL", default=SUPPRESS)
    command.add_argument("--installer-key-file", type=Path, metavar="FILE")
    command.add_argument("--customer", metavar="EMAIL", default="")
    command.add_argument("--cloud", metavar="URL", help="instead of a backend")
    command.add_argument("--access-token-file", type=Path, metavar="FILE")
    command.add_argument("--product", metavar="SLUG", default="")


def _simulate(commands: Commands) -> None:
    command = _add(
        commands,
        "simulate",
        "run a simulator and print its addresses as one JSON line",
        "setup-wizard simulate world",
    )
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True)
    photon = _add(kinds, "photon", "a device in listening mode", "setup-wizard simulate photon")
    for port in ("http", "tcp", "control"):
        photon.add_argument(f"--{port}-port", type=int, default=0, metavar="N")
    photon.add_argument("--device-id", metavar="HEX24", default="3a001b000447343138333038")
    photon.add_argument("--suffix", metavar="AB12CD", default="AB12CD")
    photon.add_argument("--key", type=Path, metavar="FILE.der", help="PKCS#1 DER, RSA-1024")
    photon.add_argument("--claimed", action="store_true", help="it was claimed once")
    photon.add_argument("--scan", type=Path, metavar="FILE.json", help="the networks it hears")
    photon.add_argument("--latency", type=float, metavar="MS", default=0.0)
    photon.add_argument("--scan-latency", type=float, metavar="MS", default=0.0)
    cloud = _add(kinds, "cloud", "the cloud", "setup-wizard simulate cloud")
    cloud.add_argument("--port", type=int, default=0, metavar="N")
    cloud.add_argument("--product", metavar="SLUG", default="demo-product")
    cloud.add_argument("--client-id", metavar="ID")
    cloud.add_argument(
        "--client-secret", metavar="SECRET", help="a made-up one, for this simulator only"
    )
    world = _add(kinds, "world", "everything together", "setup-wizard simulate world")
    world.add_argument(
        "--attended",
        action="store_true",
        help="act on the lines hold, join and press from standard input; end when it closes",
    )


def _serve(commands: Commands) -> None:
    command = _add(
        commands,
        "serve",
        "run the reference backend",
        "SETUP_WIZARD_CLIENT_SECRET_FILE=/run/secrets/client setup-wizard serve --config shop.toml",
    )
    _config(command)
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=0, metavar="N")
    command.add_argument("--database", metavar="URL", help="SQLAlchemy URL")


def _config(command: ArgumentParser) -> None:
    # Suppressed: the default here must not undo what stands before the command.
    command.add_argument(
        "--config", type=Path, metavar="FILE", default=SUPPRESS, help="settings file (TOML)"
    )
