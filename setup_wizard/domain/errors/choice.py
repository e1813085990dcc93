"""What a person chose or typed cannot be stored or sent as it is; nothing was sent."""

from __future__ import annotations

from setup_wizard.domain.errors.base import SetupError


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


class PassphraseNeedless(ChoiceError):
    """A passphrase was given for an open network. Parameters: network."""

    code = "SW-PASSPHRASE-NEEDLESS"


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
