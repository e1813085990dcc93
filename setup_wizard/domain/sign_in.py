"""The ways in that a maker's backend offers, what is shown at each, and the session it opens."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

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
class ByCode:
    """Good once."""

    customer: str
    code: Secret


@value
class ByAccount:
    id_token: Secret


@value
class ByKey:
    customer: str
    installer_key: Secret | None = None
    """None: the key that this computer was set up with."""


Proof: TypeAlias = ByCode | ByAccount | ByKey


@value
class Session:
    """Somebody is signed in; whoever has the token is taken for them until it ends."""

    token: Secret
    customer: str = ""
    """As the backend knows them: in lower case; empty where nobody said."""
    expires_in: int = 0
    """Seconds, from when it was opened."""
    watches_product: bool = False
    """Whether a staff member opened it who may listen to the whole product."""
