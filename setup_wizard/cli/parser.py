"""The parser that all commands have in common, and what each of them tells about itself."""

from __future__ import annotations

import sys
from argparse import (
    SUPPRESS,
    ArgumentParser,
    Namespace,
    RawDescriptionHelpFormatter,
    _SubParsersAction,
)
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

EXIT_FAILED, EXIT_USAGE = 1, 2


class Parser(ArgumentParser):
    """Says what is wrong in one sentence, and never repeats what may be a secret."""

    def read(self, arguments: Sequence[str]) -> Namespace:
        """Like `parse_args`, which would repeat unknown options with their values."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            names = [part.partition("=")[0] for part in unknown if part.startswith("-")]
            self.error(f"there is no option {names[0]}" if names else "there is a word too many")
        return options

    def error(self, message: str) -> NoReturn:
        option, has_value, _ = message.partition(": ignored explicit argument")
        message = f"{option} takes no value" if has_value else message
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(EXIT_USAGE)


Commands: TypeAlias = "_SubParsersAction[Parser]"


def add_command(commands: Commands, name: str, summary: str, example: str) -> Parser:
    return commands.add_parser(name, help=summary, **texts(summary, example))


def texts(summary: str, example: str) -> dict[str, Any]:
    return {
        "description": summary,
        "epilog": f"example:\n  {example}",
        "formatter_class": RawDescriptionHelpFormatter,
        # With abbreviations `--installer-key KEY` would take a key for the name of a file, and
        # show it.
        "allow_abbrev": False,
    }


def add_common(command: ArgumentParser) -> None:
    """What may stand before the command and after it."""
    # Suppressed: the default here must not undo what stands before the command.
    command.add_argument(
        "--config", type=Path, metavar="FILE", default=SUPPRESS, help="settings file (TOML)"
    )
    command.add_argument(
        "--verbose", action="store_true", default=SUPPRESS, help="log each step to standard error"
    )
