"""The options with which a command finds the maker's backend, or the cloud without one."""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path

from setup_wizard.cli import values
from setup_wizard.domain.secret import Secret
from setup_wizard.settings import (
    SECRETS,
    Settings,
    SettingsError,
    check_trusted_certificates,
    load_settings,
    read_key,
)

LONGEST_EMAIL = 254  # characters; more has no mail system (RFC 5321)


def add_access_options(command: ArgumentParser) -> None:
    command.add_argument(
        "--backend", metavar="URL", default=SUPPRESS, help="the maker's backend, https://…"
    )
    command.add_argument(
        "--installer-key-file",
        type=Path,
        metavar="FILE",
        help="with --customer: the key of an installer, who signs the customer in",
    )
    command.add_argument(
        "--customer", metavar="EMAIL", default="", help="whose the device is, or is to be"
    )
    command.add_argument(
        "--code-stdin",
        action="store_true",
        help="with --customer: have a code sent by e-mail and read it from standard input",
    )
    command.add_argument(
        "--account-token-file",
        type=Path,
        metavar="FILE",
        help="an OpenID Connect token of the customer's account with the maker",
    )
    command.add_argument("--cloud", metavar="URL", help="the cloud itself, in place of a backend")
    command.add_argument(
        "--access-token-file", type=Path, metavar="FILE", help="with --cloud: a customer's token"
    )
    command.add_argument(
        "--product",
        type=values.printable,
        metavar="SLUG",
        default="",
        help="with --cloud: which of its products",
    )


def access_settings(options: Namespace, *, device: str = "") -> Settings:
    """What was typed on top of the settings file. Raises SettingsError."""
    settings = _typed(options, device)
    if options.code_stdin:
        _check_code(settings)
    elif settings.backend_url and settings.needs_sign_in:
        raise SettingsError(
            "a backend needs a way to sign in: --customer with --code-stdin, --customer with "
            "--installer-key-file, or --account-token-file"
        )
    return settings


def staff_settings(options: Namespace) -> Settings:
    """The same for what the maker's staff does for nobody. Raises SettingsError."""
    if options.customer or options.code_stdin or options.account_token_file:
        raise SettingsError(
            "--product-events is for staff and for nobody's account: it takes no --customer, "
            "--code-stdin or --account-token-file"
        )
    settings = _typed(options, device="")
    if settings.backend_url:
        if settings.installer_key is None:
            raise SettingsError(
                "--product-events is for staff, and needs their key: --installer-key-file"
            )
    elif not settings.cloud_url:
        raise SettingsError(
            "--product-events needs --backend with --installer-key-file, or --cloud with "
            "--access-token-file and --product"
        )
    elif not settings.product:
        raise SettingsError("--product-events at a cloud needs --product SLUG")
    return settings


def _typed(options: Namespace, device: str) -> Settings:
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
    check_road(settings)
    if settings.customer:
        _check_customer(settings.customer)
    return settings


def check_road(settings: Settings) -> None:
    """What can be known of the way to the maker's side before anything is sent there.

    Raises SettingsError; only tells where others could listen, for that may be meant.
    """
    check_trusted_certificates(os.environ)
    if settings.open_address:
        print(
            f"setup-wizard: {settings.open_address} is not encrypted: others on the way can read"
            " the keys and tokens that are sent there. Use https:// outside of a test.",
            file=sys.stderr,
        )


def _check_customer(email: str) -> None:
    """What no backend can take for an address. Which one is somebody's, the backend knows."""
    name, _, host = email.strip().rpartition("@")
    if not (name and host) or not email.isprintable() or len(email) > LONGEST_EMAIL:
        raise SettingsError("the customer is an e-mail address, such as jane@example.com")


def _check_code(settings: Settings) -> None:
    """A code is a way to sign in of its own."""
    if settings.installer_key is not None or settings.account_token is not None:
        raise SettingsError("give --code-stdin, or a key or an account, and not both")
    if not settings.backend_url:
        raise SettingsError("--code-stdin needs --backend, which sends the code")
    if not settings.customer:
        raise SettingsError("--code-stdin needs --customer, to whom the code is sent")
