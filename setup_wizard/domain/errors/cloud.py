"""The cloud behind the maker's backend, and the device as it is seen from there."""

from __future__ import annotations

from setup_wizard.domain.errors.base import SetupError


class CloudError(SetupError):
    """The cloud behind the maker's backend."""


class CloudUnreachable(CloudError):
    """No connection, or no answer in time."""

    code = "SW-CLOUD-DOWN"
    retryable = True


class CloudUntrusted(CloudUnreachable):
    """The cloud's certificate was turned down."""

    code = "SW-CLOUD-UNTRUSTED"


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


class DeviceNotInProduct(CloudError):
    """The device is none of this product's. Parameters: device."""

    code = "SW-NOT-IN-PRODUCT"


class DeviceOfSomebodyElse(CloudError):
    """The device belongs to another customer. Parameters: device."""

    code = "SW-SOMEBODY-ELSES"


class DeviceOffline(CloudError):
    """The cloud could not reach the device. Parameters: device."""

    code = "SW-DEVICE-OFFLINE"


class DeviceSlow(CloudError):
    """The device is online and did not answer in time. Parameters: device."""

    code = "SW-DEVICE-SLOW"


class NotExposed(CloudError):
    """The device has no such function or variable. Parameters: name."""

    code = "SW-NOT-EXPOSED"
