"""`python -m setup_wizard` and the `setup-wizard` command."""

from __future__ import annotations

import sys


def main() -> int:
    from setup_wizard.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
