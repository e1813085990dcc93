"""`setup-wizard serve`: the reference backend in the foreground."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from dataclasses import replace

from setup_wizard.settings import SettingsError


def serve(options: Namespace) -> int:
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

    run(settings, host=options.host, port=options.port, on_ready=announce)
    return 0
