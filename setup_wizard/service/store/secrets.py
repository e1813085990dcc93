"""How secrets are kept: not at all, only their hashes."""

from __future__ import annotations

import hashlib
import secrets

from setup_wizard.domain.secret import Secret

_TOKEN_BYTES = 32  # 256 bits cannot be guessed, so a plain hash of them is enough


def new_token() -> Secret:
    """A session token or installer key that nobody can guess."""
    return Secret(secrets.token_urlsafe(_TOKEN_BYTES))


def hash_of(secret: Secret) -> str:
    """To find a secret by; who knows the hash does not know the secret."""
    return hashlib.sha256(secret.reveal_bytes()).hexdigest()


def hash_of_text(text: str) -> str:
    """The same for what is no secret but personal: an address that somebody typed."""
    return hashlib.sha256(text.encode()).hexdigest()
