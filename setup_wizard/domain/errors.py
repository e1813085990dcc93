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

from typing import ClassVar

Parameter = str | int | float


class SetupError(Exception):
    """Something that set-up can name. Parameters fill the sentence and are never secret."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False
    """Worth trying again by itself, a bounded number of times."""

    def __init__(self, **parameters: Parameter) -> None:
        self.parameters = parameters
        facts = " ".join(f"{name}={value}" for name, value in parameters.items())
        super().__init__(f"{self.code} {facts}".strip())


class Cancelled(Exception):
    """The person asked to stop."""


class ChoiceError(SetupError):
    """The network or passphrase cannot be stored as typed."""


class NetworkNameLength(ChoiceError):
    """An SSID has 1 to 32 bytes. Parameters: length."""

    code = "SW-NAME-LENGTH"


class NetworkNameImpossible(ChoiceError):
    """The SSID contains a double quote or a backslash, which no device of this kind can be told."""

    code = "SW-NAME-CHARACTERS"


class PassphraseLength(ChoiceError):
    """The passphrase is too short or too long for its network. Parameters: length, allowed."""

    code = "SW-PASSPHRASE-LENGTH"


class WepKeyImpossible(ChoiceError):
    """A WEP key of this length is written in hexadecimal digits. Parameters: length."""

    code = "SW-WEP-KEY"


class PassphraseMissing(ChoiceError):
    """A secured network needs a passphrase."""

    code = "SW-PASSPHRASE-MISSING"


class PassphraseImpossible(ChoiceError):
    """The passphrase holds the zero byte, which ends a text inside the device."""

    code = "SW-PASSPHRASE-CHARACTERS"


class SignInMissing(ChoiceError):
    """A company network needs a user name and password, or a certificate."""

    code = "SW-SIGN-IN-MISSING"


class SignInNeedless(ChoiceError):
    """The network takes no user name and no certificate. Parameters: network."""

    code = "SW-SIGN-IN-NEEDLESS"


class SignInNotStored(ChoiceError):
    """The device did not keep the sign-in for a company network."""

    code = "SW-SIGN-IN-NOT-STORED"


class UserNameLength(ChoiceError):
    """A user name has 1 to 64 bytes. Parameters: length."""

    code = "SW-USER-NAME-LENGTH"


class UserNameImpossible(ChoiceError):
    """The user name contains a double quote or a backslash, which no device can be told."""

    code = "SW-USER-NAME-CHARACTERS"


class CertificateTooLong(ChoiceError):
    """A certificate or its key is longer than the device keeps. Parameters: length, allowed."""

    code = "SW-CERTIFICATE-LENGTH"


class FileUnreadable(ChoiceError):
    """A file that was chosen cannot be opened. Parameters: name."""

    code = "SW-FILE-UNREADABLE"


class NoCertificate(ChoiceError):
    """A file that was chosen holds no certificate. Parameters: name."""

    code = "SW-NO-CERTIFICATE"


class NoPrivateKey(ChoiceError):
    """A file that was chosen holds no private key that a device can use. Parameters: name."""

    code = "SW-NO-PRIVATE-KEY"


class KeyPasswordMissing(ChoiceError):
    """The file with the private key is protected by a password. Parameters: name."""

    code = "SW-KEY-PASSWORD-MISSING"


class KeyPasswordWrong(ChoiceError):
    """The password does not open the file with the private key. Parameters: name."""

    code = "SW-KEY-PASSWORD-WRONG"


class KeyMismatch(ChoiceError):
    """The private key is not that of the certificate."""

    code = "SW-KEY-MISMATCH"


class ArgumentTooLong(ChoiceError):
    """A function is called with more than the device takes. Parameters: length, allowed."""

    code = "SW-ARGUMENT-LENGTH"


class DeviceError(SetupError):
    """The device in listening mode did not do its part."""


class DeviceNotFound(DeviceError):
    """Nothing that answers like a device is there."""

    code = "SW-NO-DEVICE"


class DeviceSilent(DeviceError):
    """The device took the connection and did not answer in time. Parameters: command."""

    code = "SW-DEVICE-SILENT"
    retryable = True


class DeviceVanished(DeviceError):
    """The device refused or dropped the connection. Parameters: command."""

    code = "SW-DEVICE-GONE"
    retryable = True


class DeviceGarbled(DeviceError):
    """What answered does not speak like a device. Parameters: command."""

    code = "SW-DEVICE-GARBLED"
    retryable = True


class DeviceRefused(DeviceError):
    """The device understood and said no. Parameters: command, result (the device's number)."""

    code = "SW-DEVICE-REFUSED"


class WrongDevice(DeviceError):
    """Another device answers than the one that this set-up is about. Parameters: device."""

    code = "SW-OTHER-DEVICE"


class NoNetworksSeen(DeviceError):
    """The device sees no Wi-Fi network at all."""

    code = "SW-NO-NETWORKS"


class JoinError(SetupError):
    """The device could not use the network that it was given."""


class NetworkUnseen(JoinError):
    """The device's own scan does not find that network. Parameters: network."""

    code = "SW-NETWORK-UNSEEN"


class NameUnseen(JoinError):
    """The device's own scan does not find the name that was typed. Parameters: network."""

    code = "SW-NAME-UNSEEN"


class NetworkTooWeak(JoinError):
    """The device came back from a network that it hardly hears. Parameters: network."""

    code = "SW-NETWORK-WEAK"


class WrongPassphrase(JoinError):
    """The device tried the network and came back. Parameters: network."""

    code = "SW-WRONG-PASSPHRASE"


class NetworkJoinFailed(JoinError):
    """The device tried a network without a passphrase and came back. Parameters: network."""

    code = "SW-JOIN-FAILED"


class NetworkSignInRefused(JoinError):
    """The device tried a company network and came back. Parameters: network."""

    code = "SW-NETWORK-SIGN-IN"


class BackendError(SetupError):
    """The maker's backend."""


class BackendUnreachable(BackendError):
    """No connection, or no answer in time."""

    code = "SW-BACKEND-DOWN"
    retryable = True


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


class SignInExpired(SignInNeeded):
    """The session at the backend is over."""

    code = "SW-SIGN-IN-EXPIRED"


class CustomerRefused(SignInNeeded):
    """The e-mail address of the customer is not one that can be used."""

    code = "SW-CUSTOMER-REFUSED"


class CloudError(SetupError):
    """The cloud behind the maker's backend."""


class CloudUnreachable(CloudError):
    """No connection, or no answer in time."""

    code = "SW-CLOUD-DOWN"
    retryable = True


class CloudBroken(CloudError):
    """The cloud answered with what it should not. Parameters: status."""

    code = "SW-CLOUD-BROKEN"
    retryable = True


class CloudBusy(CloudError):
    """The cloud limits how often it may be asked. Parameters: seconds."""

    code = "SW-CLOUD-BUSY"


class TokenRefused(CloudError):
    """The access token is wrong, expired or revoked."""

    code = "SW-TOKEN-REFUSED"


class DeviceNotYours(CloudError):
    """The cloud does not know this device, or it belongs to somebody else. Parameters: device."""

    code = "SW-NOT-YOURS"


class DeviceOffline(CloudError):
    """The cloud could not reach the device. Parameters: device."""

    code = "SW-DEVICE-OFFLINE"


class DeviceSlow(CloudError):
    """The device is online and did not answer in time. Parameters: device."""

    code = "SW-DEVICE-SLOW"


class NotExposed(CloudError):
    """The device has no such function or variable. Parameters: name."""

    code = "SW-NOT-EXPOSED"


class ComputerError(SetupError):
    """This computer."""


class Unexpected(ComputerError):
    """A fault of this program. Parameters: kind (the name of the exception, never its text)."""

    code = "SW-UNEXPECTED"


class NoWifi(ComputerError):
    """This computer has no Wi-Fi, or it is switched off."""

    code = "SW-NO-WIFI"
