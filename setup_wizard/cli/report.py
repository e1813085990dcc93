"""`setup-wizard report`: what support needs about the last set-ups, in one zip."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from setup_wizard.bootstrap import open_brand
from setup_wizard.cli.output import say
from setup_wizard.cli.parser import EXIT_FAILED
from setup_wizard.report.bundle import save_report
from setup_wizard.report.keeper import state_folder
from setup_wizard.settings import SettingsError, load_settings


def report(options: Namespace) -> int:
    """Write the report and print where it is; return the exit status."""
    changes = {"brand": options.brand} if options.brand else {}
    brand, _ = open_brand(load_settings(options.config, changes).brand)
    file = Path(options.file).absolute()
    try:
        sessions = save_report(file, state_folder(), brand)
    except FileExistsError:
        raise SettingsError(f"{options.file}: exists already; name a new file") from None
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError(f"{options.file}: there is no such folder") from None
    except OSError as error:
        return _fail(f"{options.file}: cannot be written ({error.strerror})", options)
    if not sessions:
        print("setup-wizard: no set-up was recorded on this computer yet", file=sys.stderr)
    if options.json:
        told = {"report": str(file), "sessions": sessions, "bytes": file.stat().st_size}
        say(json.dumps(told))
    else:
        say(str(file))
    return 0


def _fail(sentence: str, options: Namespace) -> int:
    if options.json:
        say(json.dumps({"report": None, "error": {"message": sentence}}))
    print(f"setup-wizard: {sentence}", file=sys.stderr)
    return EXIT_FAILED
