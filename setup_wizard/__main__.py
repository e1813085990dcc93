"""`python -m setup_wizard` and the `setup-wizard` command."""

from __future__ import annotations

import sys


def main() -> int:
    try:
        from setup_wizard.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130  # stopped while it was still starting


if __name__ == "__main__":
    sys.exit(main())
