"""`provision` on a company network: its options, and the sign-in that they describe."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from setup_wizard.domain.enterprise import CertificateFiles, PasswordSignIn, SignIn
from setup_wizard.domain.secret import Secret
from setup_wizard.settings import SettingsError, read_secret

SECURITIES = ("wpa-enterprise", "wpa2-enterprise")
_OF_CERTIFICATES = ("certificate", "private_key", "private_key_password_file", "ca")
_OF_PASSWORDS = ("identity", "passphrase_file", "passphrase_stdin")
_FILES = ("certificate", "private_key", "ca")


def add_options(command: ArgumentParser) -> None:
    group = command.add_argument_group("company networks (WPA-Enterprise)")
    group.add_argument(
        "--eap", choices=("peap", "tls"), help="by user name and passphrase, or by certificate"
    )
    group.add_argument("--identity", metavar="NAME", help="with peap: the user name")
    group.add_argument(
        "--outer-identity", metavar="NAME", help="the user name that is sent unprotected"
    )
    group.add_argument(
        "--certificate", type=Path, metavar="FILE", help="with tls: PEM, DER or PKCS#12"
    )
    group.add_argument(
        "--private-key", type=Path, metavar="FILE", help="if it is not in the certificate's file"
    )
    group.add_argument(
        "--private-key-password-file", type=Path, metavar="FILE", help="if the key has a password"
    )
    group.add_argument(
        "--ca", type=Path, metavar="FILE", help="the certificate that vouches for the network"
    )


@dataclass(frozen=True)
class Company:
    """How the device is to sign in, as far as the command line says it."""

    identity: bytes
    outer_identity: bytes
    files: CertificateFiles | None
    """None: by user name and password."""

    def sign_in(self, password: Secret | None) -> SignIn | CertificateFiles:
        """Raises a leaf of ChoiceError for what no device can be told."""
        if self.files is not None:
            return self.files
        return PasswordSignIn(self.identity, password or Secret(""), self.outer_identity)


def read_company(options: Namespace) -> Company | None:
    """None when the options are about other networks. Raises SettingsError for a wrong mixture."""
    _check(options)
    if options.eap is None:
        return None
    outer_identity = os.fsencode(options.outer_identity or "")
    if options.eap == "peap":
        return Company(os.fsencode(options.identity), outer_identity, None)
    password_file = options.private_key_password_file
    files = CertificateFiles(
        options.certificate,
        options.private_key,
        read_secret(password_file) if password_file else None,
        options.ca,
        outer_identity,
    )
    return Company(b"", outer_identity, files)


def _check(options: Namespace) -> None:
    given = [name for name in (*_OF_CERTIFICATES, *_OF_PASSWORDS) if getattr(options, name)]
    if options.eap is None:
        if options.security in SECURITIES:
            raise SettingsError(f"--security {options.security} needs --eap peap or --eap tls")
        odd = {*_OF_CERTIFICATES, "identity"} & {*given}
        if odd or options.outer_identity:
            name = next((each for each in given if each in odd), "outer_identity")
            raise SettingsError(f"{_option(name)} needs --eap peap or --eap tls")
        return
    if options.security not in ("auto", *SECURITIES):
        raise SettingsError(f"--eap does not go with --security {options.security}")
    by_password = options.eap == "peap"
    for name in _OF_CERTIFICATES if by_password else _OF_PASSWORDS:
        if name in given:
            raise SettingsError(f"{_option(name)} does not go with --eap {options.eap}")
    if by_password and len(given) < 2:  # the two ways to a passphrase exclude each other
        raise SettingsError("--eap peap needs --identity, and a passphrase from a file or stdin")
    if not by_password and options.certificate is None:
        raise SettingsError("--eap tls needs --certificate")
    for path in (getattr(options, name) for name in _FILES):
        if path is not None and not path.is_file():
            raise SettingsError(f"{path}: cannot be read")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
