"""`setup-wizard serve`: the reference backend in the foreground."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from dataclasses import replace
from typing import Any

from setup_wizard.settings import SettingsError


def serve(options: Namespace) -> int:
    from sqlalchemy.exc import SQLAlchemyError

    from setup_wizard.service.server import serve as run
    from setup_wizard.service.settings import ServiceSettings
    from setup_wizard.service.settings import SettingsError as ServiceSettingsError

    try:
        settings = ServiceSettings.from_environment(os.environ, options.config)
    except ServiceSettingsError as error:
        raise SettingsError(str(error)) from error
    if options.database:
        settings = replace(settings, database_url=options.database)

    def announce(url: str) -> None:
        print(json.dumps({"backend": {"url": url}}), flush=True)

    where: dict[str, Any] = {"host": options.host, "port": options.port, "on_ready": announce}
    try:
        if options.workers > 1:
            from setup_wizard.service.workers import serve_with_workers

            serve_with_workers(settings, options.config, workers=options.workers, **where)
        else:
            run(settings, **where)
    except OSError as error:
        raise SettingsError(f"the backend cannot start: {error}") from error
    except (SQLAlchemyError, ImportError) as error:
        # Not the error's own text, which may quote the address with its password.
        reason = getattr(error, "orig", None) or type(error).__name__
        raise SettingsError(f"the database cannot be opened: {reason}") from error
    return 0
