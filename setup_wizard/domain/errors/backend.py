"""The maker's backend, and signing in to it."""

from __future__ import annotations

from setup_wizard.domain.errors.base import SetupError


class BackendError(SetupError):
    """The maker's backend."""


class BackendUnreachable(BackendError):
    """No connection, no answer in time, or somebody else's. Parameters: status (of that answer)."""

    code = "SW-BACKEND-DOWN"
    retryable = True


class BackendUntrusted(BackendUnreachable):
    """The backend's certificate was turned down."""

    code = "SW-BACKEND-UNTRUSTED"


class BackendBroken(BackendError):
    """The backend answered with what it should not. Parameters: status."""

    code = "SW-BACKEND-BROKEN"
    retryable = True


class BackendBusy(BackendError):
    """The backend, or the cloud behind it, asks for time. Parameters: seconds."""

    code = "SW-BACKEND-BUSY"


class SignInNeeded(BackendError):
    """Somebody has to sign in, or otherwise than they did."""


class KeyRefused(SignInNeeded):
    """The installer key is wrong or was revoked."""

    code = "SW-KEY-REFUSED"


class RoleRefused(SignInNeeded):
    """The key is a staff member's who may not do that."""

    code = "SW-ROLE-REFUSED"


class CodeRefused(SignInNeeded):
    """The one-time code is wrong, too old, used already, or was tried too often."""

    code = "SW-CODE-REFUSED"


class CodeWrong(SignInNeeded):
    """The code is not the one that was sent. Parameters: tries (how many are left)."""

    code = "SW-CODE-WRONG"


class CodeSpent(SignInNeeded):
    """The code was tried too often, and is good for nothing any more."""

    code = "SW-CODE-SPENT"


class CodeExpired(SignInNeeded):
    """The code was typed later than it was good for."""

    code = "SW-CODE-EXPIRED"


class AccountRefused(SignInNeeded):
    """The account's token is not the issuer's, not for this backend, too old, or names nobody."""

    code = "SW-ACCOUNT-REFUSED"


class AccountsUnreachable(BackendError):
    """The maker's accounts do not tell their keys, so that no token can be checked."""

    code = "SW-ACCOUNTS-DOWN"
    retryable = True


class SignInNotOffered(SignInNeeded):
    """This backend was not told how to sign anybody in that way."""

    code = "SW-SIGN-IN-NOT-OFFERED"


class TooManyTries(SignInNeeded):
    """It was tried too often, and may be again after some time. Parameters: seconds."""

    code = "SW-TOO-MANY-TRIES"


class ProvisionExpired(BackendError):
    """What was fetched for this set-up is too old: the device could not be claimed with it."""

    code = "SW-SET-UP-EXPIRED"


class ProductEventsNotOffered(BackendError):
    """This backend has no token to give for everything that the product's devices say."""

    code = "SW-NO-PRODUCT-EVENTS"


class SignInExpired(SignInNeeded):
    """The session at the backend is over."""

    code = "SW-SIGN-IN-EXPIRED"


class CustomerRefused(SignInNeeded):
    """The e-mail address of the customer is not one that can be used."""

    code = "SW-CUSTOMER-REFUSED"
