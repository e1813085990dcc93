"""The ways in that a maker's backend offers, and the session that each of them opens."""

from __future__ import annotations

from enum import Enum

from setup_wizard.domain.secret import Secret
from setup_wizard.domain.value import value


class SignInWay(Enum):
    """How somebody proves who they are; the values are the backend's words."""

    CODE = "code"
    """A customer, by a code from an e-mail."""
    ACCOUNT = "oidc"
    """A customer, by a token of the maker's own accounts."""
    INSTALLER_KEY = "installer_key"
    """One of the maker's staff, for a customer."""


@value
class Session:
    """Somebody is signed in; whoever has the token is taken for them until it ends."""

    token: Secret
    customer: str
    """As the backend knows them: in lower case."""
    expires_in: int
    """Seconds."""
