"""The device in listening mode, and the network that it was given."""

from __future__ import annotations

from setup_wizard.domain.errors.base import SetupError


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
