"""The options with which a command finds the maker's backend, or the cloud without one."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path

from setup_wizard.domain.secret import Secret
from setup_wizard.settings import SECRETS, Settings, SettingsError, load_settings, read_key


def add_access_options(command: ArgumentParser) -> None:
    command.add_argument("--backend", metavar="URL", default=SUPPRESS)
    command.add_argument("--installer-key-file", type=Path, metavar="FILE", help="with --customer")
    command.add_argument("--customer", metavar="EMAIL", default="")
    command.add_argument(
        "--session-file",
        dest="session_token_file",
        type=Path,
        metavar="FILE",
        help="a session that `sign-in` opened",
    )
    command.add_argument(
        "--account-token-file",
        type=Path,
        metavar="FILE",
        help="an OpenID Connect token of the customer's account with the maker",
    )
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
    for name in SECRETS:
        file = getattr(options, f"{name}_file")
        if file:
            changes[name] = read_key(file)
    settings = load_settings(options.config, changes)
    if settings.backend_url and settings.needs_sign_in:
        raise SettingsError(
            "a backend needs --session-file, --account-token-file, or --installer-key-file and "
            "--customer"
        )
    return settings
