"""The options with which a command finds the maker's backend, or the cloud without one."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path

from setup_wizard.domain.secret import Secret
from setup_wizard.settings import Settings, SettingsError, load_settings, read_key


def add_access_options(command: ArgumentParser) -> None:
    command.add_argument("--backend", metavar="URL", default=SUPPRESS)
    command.add_argument("--installer-key-file", type=Path, metavar="FILE")
    command.add_argument("--customer", metavar="EMAIL", default="")
    command.add_argument("--cloud", metavar="URL", help="instead of a backend")
    command.add_argument("--access-token-file", type=Path, metavar="FILE")
    command.add_argument("--product", metavar="SLUG", default="")


def access_settings(options: Namespace, *, device: str = "") -> Settings:
    """What was typed on top of the settings file. Raises SettingsError."""
    changes: dict[str, str | Secret] = {
        name: value
        for name, value in {
            "backend_url": options.backend,
            "cloud_url": options.cloud,
            "customer": options.customer,
            "product": options.product,
            "device": device,
            "brand": options.brand,
        }.items()
        if value
    }
    if options.installer_key_file:
        changes["installer_key"] = read_key(options.installer_key_file)
    if options.access_token_file:
        changes["access_token"] = read_key(options.access_token_file)
    settings = load_settings(options.config, changes)
    if settings.backend_url and (settings.installer_key is None or not settings.customer):
        raise SettingsError("a backend needs --installer-key-file and --customer")
    return settings
