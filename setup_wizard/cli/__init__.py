"""The commands: one parser, one module for each command, imported only when it is asked for."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from setup_wizard.cli.options import read_arguments
from setup_wizard.cli.output import OutputLost, forgive_standard_error
from setup_wizard.cli.parser import EXIT_FAILED, EXIT_USAGE
from setup_wizard.settings import SettingsError

EXIT_INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that an old console cannot show is shown with escapes, and is no fault.
        sys.stdout.reconfigure(errors="backslashreplace")
    forgive_standard_error()
    options = read_arguments(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    try:
        match options.command:
            case "provision":
                from setup_wizard.cli.provision import provision

                return provision(options)
            case "simulate":
                from setup_wizard.cli.simulate import simulate

                return simulate(options)
            case "serve":
                from setup_wizard.cli.serve import serve

                return serve(options)
            case "report":
                from setup_wizard.cli.report import report

                return report(options)
            case "staff":
                from setup_wizard.cli.staff import staff

                return staff(options)
            case "watch" | "call" | "read":
                from setup_wizard.cli import live

                deed = {"watch": live.watch, "call": live.call, "read": live.read}
                return deed[options.command](options)
            case "customers":
                from setup_wizard.cli.customers import customers

                return customers(options)
            case _:
                from setup_wizard.cli.window import window

                return window(options)
    except SettingsError as error:
        print(f"setup-wizard: {error}", file=sys.stderr)
        return EXIT_USAGE
    except OutputLost as error:
        print(f"setup-wizard: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
