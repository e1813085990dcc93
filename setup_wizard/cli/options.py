"""What can be typed after `setup-wizard`. Nothing secret is ever an argument."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from setup_wizard import __version__
from setup_wizard.cli import company, values
from setup_wizard.cli.access import add_access_options
from setup_wizard.cli.parser import Commands, Parser, add_command, add_common, texts

SECURITIES = ("auto", "open", "wep", "wpa", "wpa2", *company.SECURITIES)


def read_arguments(arguments: Sequence[str]) -> Namespace:
    """What was typed.

    To describe every command takes a part of the time in which the window is there, so that a
    line that only the window's own options explain is read by them alone.
    """
    begins_with_option = all(first.startswith("-") for first in arguments[:1])
    if begins_with_option and not {"-h", "--help"} & set(arguments):
        options, unknown = _window_parser().parse_known_args(arguments)
        if not unknown:
            return options
    return build_parser().read(arguments)


def build_parser() -> Parser:
    parser = _window_parser()
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _provision(commands)
    _simulate(commands)
    _serve(commands)
    _report(commands)
    _staff(commands)
    _customers(commands)
    _live(commands)
    return parser


def _window_parser() -> Parser:
    parser = Parser(
        prog="setup-wizard",
        **texts(
            "Brings a Wi-Fi device online. Without a command: the window.", "setup-wizard --demo"
        ),
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML)")
    parser.add_argument(
        "--brand", metavar="NAME|DIR", help="the brand to show, a bundled one or a folder"
    )
    parser.add_argument("--backend", metavar="URL", help="the maker's backend")
    parser.add_argument("--demo", action="store_true", help="show the window in a simulated world")
    parser.add_argument(
        "--autopilot",
        type=Path,
        metavar="DIR",
        help="with --demo: go through the whole journey unattended, with a picture of each page",
    )
    parser.add_argument("--verbose", action="store_true", help="log each step to standard error")
    parser.set_defaults(command=None)
    return parser


def _provision(commands: Commands) -> None:
    command = add_command(
        commands,
        "provision",
        "set up one device without a window",
        "setup-wizard provision --backend https://setup.example.com --installer-key-file key "
        "--customer jane@example.com --ssid HomeNet --passphrase-stdin --json < passphrase",
    )
    add_common(command)
    command.add_argument("--ssid", required=True, help="the network that the device is to use")
    command.add_argument(
        "--security",
        choices=SECURITIES,
        default="auto",
        help="how the network is protected; auto: as the device hears it",
    )
    command.add_argument("--hidden", action="store_true", help="the network hides its name")
    source = command.add_mutually_exclusive_group()
    source.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="the network's passphrase"
    )
    source.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help="the first line of standard input is the network's passphrase",
    )
    command.add_argument(
        "--device",
        metavar="HOST:PORT|tcp://HOST:PORT",
        default="",
        help="where the device is, if not at its usual address; an IPv4 address or localhost",
    )
    command.add_argument(
        "--name", type=values.name, default="", help="what the device is to be called"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument(
        "--timeout", type=values.seconds, metavar="S", help="give up after S seconds"
    )
    add_access_options(command)
    company.add_options(command)


def _simulate(commands: Commands) -> None:
    command = add_command(
        commands,
        "simulate",
        "run a simulator and print its addresses as one JSON line",
        "setup-wizard simulate world",
    )
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True)
    photon = add_command(
        kinds, "photon", "a device in listening mode", "setup-wizard simulate photon"
    )
    for port in ("http", "tcp", "control"):
        photon.add_argument(
            f"--{port}-port", type=values.port, default=0, metavar="N", help="0: any free one"
        )
    photon.add_argument(
        "--device-id",
        type=values.device_id,
        metavar="HEX24",
        default="3a001b000447343138333038",
        help="24 hexadecimal digits",
    )
    photon.add_argument(
        "--suffix",
        type=values.suffix,
        metavar="AB12CD",
        default="AB12CD",
        help="the end of its own network's name",
    )
    photon.add_argument(
        "--key", type=Path, metavar="FILE.der", help="its private key: PKCS#1 DER, RSA-1024"
    )
    photon.add_argument("--claimed", action="store_true", help="it was claimed once")
    photon.add_argument("--scan", type=Path, metavar="FILE.json", help="the networks it hears")
    photon.add_argument(
        "--latency",
        type=values.milliseconds,
        metavar="MS",
        default=0.0,
        help="milliseconds before each answer",
    )
    photon.add_argument(
        "--scan-latency",
        type=values.milliseconds,
        metavar="MS",
        default=0.0,
        help="milliseconds before it tells its networks",
    )
    cloud = add_command(kinds, "cloud", "the cloud", "setup-wizard simulate cloud")
    cloud.add_argument("--port", type=values.port, default=0, metavar="N", help="0: any free one")
    cloud.add_argument(
        "--product",
        type=values.printable,
        metavar="SLUG",
        default="demo-product",
        help="the product that it knows",
    )
    cloud.add_argument("--client-id", metavar="ID", help="of a backend that may ask it")
    cloud.add_argument(
        "--client-secret", metavar="SECRET", help="a made-up one, for this simulator only"
    )
    world = add_command(kinds, "world", "everything together", "setup-wizard simulate world")
    world.add_argument(
        "--ssid-prefix",
        type=values.suffix,
        metavar="NAME",
        default="Photon",
        help="the start of the device's own network's name",
    )
    world.add_argument(
        "--attended",
        action="store_true",
        help="act on the lines hold, join and press from standard input; end when it closes",
    )


def _serve(commands: Commands) -> None:
    command = add_command(
        commands,
        "serve",
        "run the reference backend",
        "SETUP_WIZARD_CLIENT_SECRET_FILE=/run/secrets/client setup-wizard serve --config shop.toml",
    )
    add_common(command)
    command.add_argument(
        "--host", default="127.0.0.1", help="where it listens; 0.0.0.0: at all addresses"
    )
    command.add_argument("--port", type=values.port, default=0, metavar="N", help="0: any free one")
    _database(command)
    command.add_argument("--tls-certificate", type=Path, metavar="FILE", help="PEM, with its chain")
    command.add_argument("--tls-key", type=Path, metavar="FILE", help="PEM, without a password")
    command.add_argument(
        "--workers", type=values.workers, default=1, metavar="N", help="how many processes"
    )


def _report(commands: Commands) -> None:
    command = add_command(
        commands,
        "report",
        "write what support needs about the last set-ups into a zip, without anything secret",
        "setup-wizard report report.zip",
    )
    add_common(command)
    command.add_argument("file", type=Path, metavar="FILE.zip", help="a file that does not exist")
    command.add_argument("--json", action="store_true", help="print one JSON object")


# --- a living device ------------------------------------------------------------------------

_ACCESS = "--backend https://setup.example.com --installer-key-file key --customer jane@example.com"


def _live(commands: Commands) -> None:
    watch = add_command(
        commands,
        "watch",
        "print what a device publishes, as it comes",
        f"setup-wizard watch kitchen --count 5 --json {_ACCESS}",
    )
    whose = watch.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "device", nargs="?", type=values.printable, metavar="DEVICE", help="its id or its name"
    )
    whose.add_argument("--all", action="store_true", help="all of the customer's devices")
    whose.add_argument(
        "--product-events",
        action="store_true",
        help="everything of the product, for the maker's staff: by --installer-key-file alone",
    )
    watch.add_argument(
        "--prefix", type=values.printable, metavar="P", default="", help="only names that begin so"
    )
    watch.add_argument("--count", type=values.count, metavar="N", help="end after N events")
    watch.add_argument("--seconds", type=values.seconds, metavar="S", help="end after S seconds")
    watch.add_argument("--json", action="store_true", help="print one JSON object for each event")
    call = add_command(
        commands,
        "call",
        "call a function of a device and print what it returns, as JSON",
        f"setup-wizard call kitchen led on {_ACCESS}",
    )
    _one_device(call)
    call.add_argument("function", type=values.printable, metavar="FUNCTION", help="its name")
    call.add_argument(
        "argument",
        type=values.text,
        metavar="ARG",
        nargs="?",
        default="",
        help="what it is called with",
    )
    read = add_command(
        commands,
        "read",
        "print the value of a device's variable, as JSON",
        f"setup-wizard read kitchen temperature {_ACCESS}",
    )
    _one_device(read)
    read.add_argument("variable", type=values.printable, metavar="VARIABLE", help="its name")
    for command in (watch, call, read):
        add_common(command)
        add_access_options(command)
    for command in (call, read):
        command.add_argument(
            "--json", action="store_true", help="needless: the answer is JSON anyway"
        )


def _one_device(command: ArgumentParser) -> None:
    command.add_argument(
        "device", type=values.printable, metavar="DEVICE", help="its id or its name"
    )


# --- the people at the backend ----------------------------------------------------------------

ROLES = ("admin", "installer", "support", "factory")


def _staff(commands: Commands) -> None:
    command = add_command(
        commands,
        "staff",
        "say who of the maker's people may sign in at the backend",
        "setup-wizard staff add anna --role installer --config shop.toml",
    )
    deeds = command.add_subparsers(dest="deed", metavar="DEED", required=True)
    add = add_command(
        deeds,
        "add",
        "let somebody in; prints their key, once",
        "setup-wizard staff add anna --role installer --config shop.toml",
    )
    add.add_argument("name", type=values.staff_name, metavar="NAME", help="what they are called")
    add.add_argument("--role", choices=ROLES, required=True, help="what they may do")
    revoke = add_command(
        deeds,
        "revoke",
        "let somebody in no more; their sessions end",
        "setup-wizard staff revoke anna --config shop.toml",
    )
    revoke.add_argument("name", type=values.staff_name, metavar="NAME", help="as it was added")
    listing = add_command(
        deeds, "list", "show everybody, one a line", "setup-wizard staff list --config shop.toml"
    )
    for deed in (add, revoke, listing):
        _stored(deed)
        deed.add_argument(
            "--product",
            type=values.printable,
            metavar="SLUG",
            help="instead of the one in the settings",
        )


def _customers(commands: Commands) -> None:
    command = add_command(
        commands,
        "customers",
        "list or delete the backend's customers",
        "setup-wizard customers list --config shop.toml",
    )
    deeds = command.add_subparsers(dest="deed", metavar="DEED", required=True)
    _stored(
        add_command(
            deeds, "list", "show all, one a line", "setup-wizard customers list --config shop.toml"
        )
    )
    delete = add_command(
        deeds,
        "delete",
        "forget a customer, at the cloud too",
        "setup-wizard customers delete jane@example.com --config shop.toml",
    )
    delete.add_argument("email", metavar="EMAIL", help="the customer's address")
    _stored(delete)


def _stored(command: ArgumentParser) -> None:
    add_common(command)
    _database(command)


def _database(command: ArgumentParser) -> None:
    command.add_argument(
        "--database",
        type=values.database_url,
        metavar="URL",
        help="where it is kept: sqlite:///FILE, or postgresql://… without a password",
    )
