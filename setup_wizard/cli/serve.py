"""`setup-wizard serve`: the reference backend in the foreground."""

from __future__ import annotations

import json
import logging
from argparse import Namespace
from dataclasses import replace
from typing import Any

from setup_wizard.cli.output import put
from setup_wizard.settings import SettingsError


def serve(options: Namespace) -> int:
    from setup_wizard.service.logs import log_as_json

    # First: some of what follows already logs when it is imported.
    log_as_json(level=logging.INFO if options.verbose else logging.WARNING)
    from setup_wizard.cli.database import DATABASE_FAILURES, service_settings, why_no_database
    from setup_wizard.service.server import serve as run
    from setup_wizard.service.settings import REQUIRED
    from setup_wizard.service.settings import SettingsError as ServiceSettingsError

    settings = service_settings(options, required=REQUIRED)
    given = {"tls_certificate": options.tls_certificate, "tls_key": options.tls_key}
    settings = replace(settings, **{name: file for name, file in given.items() if file})

    def announce(url: str) -> None:
        put(json.dumps({"backend": {"url": url}}))

    where: dict[str, Any] = {"host": options.host, "port": options.port, "on_ready": announce}
    try:
        if options.workers > 1:
            from setup_wizard.service.workers import serve_with_workers

            serve_with_workers(settings, options.config, workers=options.workers, **where)
        else:
            run(settings, **where)
    except ServiceSettingsError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        raise SettingsError(f"the backend cannot start: {error}") from error
    except DATABASE_FAILURES as error:
        raise SettingsError(why_no_database(error)) from error
    return 0
