"""What can happen, and what can be asked for, while somebody signs in or out."""

from __future__ import annotations

from typing import TypeAlias

from setup_wizard.domain.sign_in import Proof, Session, SignInWay
from setup_wizard.domain.value import value

# --- what a person does ---------------------------------------------------------------------


@value
class CodeWanted:
    """A code by e-mail, or another one."""

    customer: str


@value
class SignInPressed:
    proof: Proof


@value
class SignOutPressed: ...


Action: TypeAlias = CodeWanted | SignInPressed | SignOutPressed

# --- what the work reports ------------------------------------------------------------------


@value
class SignInOffered:
    ways: tuple[SignInWay, ...]
    """The customers' own first."""
    session: Session | None = None
    """Kept on this computer since the last time."""


@value
class CodeSent:
    customer: str
    expires_in: int
    """Seconds for which it is good."""
    until: float
    """On the clock of the work."""


@value
class SignedIn:
    session: Session


@value
class SignedOut: ...


Report: TypeAlias = SignInOffered | CodeSent | SignedIn | SignedOut

# --- what is asked of the work --------------------------------------------------------------


@value
class AskWaysIn:
    """How one can sign in, unless this computer still has a session."""


@value
class SendCode:
    customer: str


@value
class SignIn:
    proof: Proof
    good_until: float | None = None
    """A code's end, on the clock of the work."""


@value
class SignOut:
    """Forget the session here, and end it for whoever else may have it."""

    session: Session


Work: TypeAlias = AskWaysIn | SendCode | SignIn | SignOut
