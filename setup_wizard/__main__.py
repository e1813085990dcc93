"""`python -m setup_wizard` and the `setup-wizard` command."""

from __future__ import annotations

import gc
import sys

# Starting makes some hundred thousand objects and hardly any garbage: with the standard 700, a
# tenth of the time to the first paint went into looking for it.
OBJECTS_BEFORE_COLLECTING = 50_000


def main() -> int:
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    try:
        from setup_wizard.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130  # stopped while it was still starting


if __name__ == "__main__":
    sys.exit(main())
