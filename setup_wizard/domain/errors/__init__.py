"""Every way in which a set-up can fail, each with a short code and the facts of the case.

    SetupError
     ├─ ChoiceError     the network or passphrase cannot be stored as typed; nothing was sent
     ├─ DeviceError     the device in listening mode did not do its part
     ├─ JoinError       the device could not use the network that it was given
     ├─ BackendError    the maker's backend
     ├─ CloudError      the cloud behind it
     └─ ComputerError   this computer

Sentences for people are in `words`; where a failure leads back to is in `flow.machine`.
"""

from __future__ import annotations

# ruff: isort: skip_file
# In the order of a set-up, which the catalogue keeps.
from setup_wizard.domain.errors.base import (
    Cancelled,
    Parameter,
    SetupError,
)
from setup_wizard.domain.errors.choice import (
    ArgumentTooLong,
    CertificateTooLong,
    ChoiceError,
    FileUnreadable,
    KeyMismatch,
    KeyPasswordMissing,
    KeyPasswordWrong,
    NetworkNameImpossible,
    NetworkNameLength,
    NoCertificate,
    NoPrivateKey,
    PassphraseImpossible,
    PassphraseLength,
    PassphraseMissing,
    SignInMissing,
    SignInNeedless,
    SignInNotStored,
    UserNameImpossible,
    UserNameLength,
    WepKeyImpossible,
)
from setup_wizard.domain.errors.device import (
    DeviceError,
    DeviceGarbled,
    DeviceNotFound,
    DeviceRefused,
    DeviceSilent,
    DeviceVanished,
    JoinError,
    NameUnseen,
    NetworkJoinFailed,
    NetworkSignInRefused,
    NetworkTooWeak,
    NetworkUnseen,
    NoNetworksSeen,
    WrongDevice,
    WrongPassphrase,
)
from setup_wizard.domain.errors.backend import (
    AccountRefused,
    AccountsUnreachable,
    BackendBroken,
    BackendBusy,
    BackendError,
    BackendUnreachable,
    CodeRefused,
    CustomerRefused,
    KeyRefused,
    ProvisionExpired,
    RoleRefused,
    SignInExpired,
    SignInNeeded,
    SignInNotOffered,
    TooManyTries,
)
from setup_wizard.domain.errors.cloud import (
    CloudBroken,
    CloudBusy,
    CloudError,
    CloudUnreachable,
    DeviceNotYours,
    DeviceOffline,
    DeviceSlow,
    NotExposed,
    TokenRefused,
)
from setup_wizard.domain.errors.computer import (
    ComputerError,
    NoWifi,
    Unexpected,
)

__all__ = [
    "AccountRefused",
    "AccountsUnreachable",
    "ArgumentTooLong",
    "BackendBroken",
    "BackendBusy",
    "BackendError",
    "BackendUnreachable",
    "Cancelled",
    "CertificateTooLong",
    "ChoiceError",
    "CloudBroken",
    "CloudBusy",
    "CloudError",
    "CloudUnreachable",
    "CodeRefused",
    "ComputerError",
    "CustomerRefused",
    "DeviceError",
    "DeviceGarbled",
    "DeviceNotFound",
    "DeviceNotYours",
    "DeviceOffline",
    "DeviceRefused",
    "DeviceSilent",
    "DeviceSlow",
    "DeviceVanished",
    "FileUnreadable",
    "JoinError",
    "KeyMismatch",
    "KeyPasswordMissing",
    "KeyPasswordWrong",
    "KeyRefused",
    "NameUnseen",
    "NetworkJoinFailed",
    "NetworkNameImpossible",
    "NetworkNameLength",
    "NetworkSignInRefused",
    "NetworkTooWeak",
    "NetworkUnseen",
    "NoCertificate",
    "NoNetworksSeen",
    "NoPrivateKey",
    "NoWifi",
    "NotExposed",
    "Parameter",
    "PassphraseImpossible",
    "PassphraseLength",
    "PassphraseMissing",
    "ProvisionExpired",
    "RoleRefused",
    "SetupError",
    "SignInExpired",
    "SignInMissing",
    "SignInNeeded",
    "SignInNeedless",
    "SignInNotOffered",
    "SignInNotStored",
    "TokenRefused",
    "TooManyTries",
    "Unexpected",
    "UserNameImpossible",
    "UserNameLength",
    "WepKeyImpossible",
    "WrongDevice",
    "WrongPassphrase",
]
