"""The customer's devices in the cloud: the `Cloud` port over the cloud's HTTP interface."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import (
    ArgumentTooLong,
    CloudBroken,
    DeviceOffline,
    DeviceSlow,
    NotExposed,
)
from setup_wizard.domain.stream import Source
from setup_wizard.live.limits import SHORTEST_LIMIT, argument_length, longest_argument
from setup_wizard.particle.api import DEVICE_TIMEOUT, CloudApi
from setup_wizard.particle.ear import StatusEar
from setup_wizard.particle.openings import Openings
from setup_wizard.particle.stream import EventStream, live_events
from setup_wizard.ports import Cancellation, Cloud, Ear, Renew, Stream

_log = logging.getLogger(__name__)


class ParticleCloud(Cloud):
    """Everything goes through the plain device paths, which a customer's token may use."""

    def __init__(self, access: CloudAccess) -> None:
        self._access = access
        self._api = CloudApi(access)
        self._openings = Openings()

    def devices(self, cancel: Cancellation) -> tuple[Device, ...]:
        items = self._api.ask("GET", "/v1/devices", cancel)
        if not isinstance(items, list):
            raise CloudBroken(status=200)
        return tuple(device for item in items if (device := _device(item)) is not None)

    def device(self, device_id: DeviceId, cancel: Cancellation) -> Device:
        path = f"/v1/devices/{device_id}"
        device = _device(self._api.ask("GET", path, cancel, device=device_id))
        if device is None:
            raise CloudBroken(status=200)
        return device

    def ping(self, device_id: DeviceId, cancel: Cancellation) -> bool:
        path = f"/v1/devices/{device_id}/ping"
        answer = self._api.ask("PUT", path, cancel, device=device_id)
        return isinstance(answer, dict) and answer.get("online") is True

    def rename(self, device_id: DeviceId, name: str, cancel: Cancellation) -> None:
        path = f"/v1/devices/{device_id}"
        self._api.ask("PUT", path, cancel, body={"name": name}, device=device_id)

    def signal(self, device_id: DeviceId, cancel: Cancellation, *, on: bool) -> None:
        path = f"/v1/devices/{device_id}"
        self._api.ask("PUT", path, cancel, body={"signal": "1" if on else "0"}, device=device_id)

    def unclaim(self, device_id: DeviceId, cancel: Cancellation) -> None:
        self._api.ask("DELETE", f"/v1/devices/{device_id}", cancel, device=device_id)

    def call(self, device_id: DeviceId, function: str, argument: str, cancel: Cancellation) -> int:
        path = _member_path(device_id, function)
        self._check_length(device_id, argument, cancel)
        body = {"arg": argument}
        result = self._ask_device("POST", path, device_id, function, cancel, body=body)
        match result:
            case {"return_value": int(value)} if not isinstance(value, bool):
                return value
        raise CloudBroken(status=200)

    def read(self, device_id: DeviceId, variable: str, cancel: Cancellation) -> object:
        path = _member_path(device_id, variable)
        result = self._ask_device("GET", path, device_id, variable, cancel)
        match result:
            case {"result": value}:
                return value
        raise CloudBroken(status=200)

    def _check_length(self, device_id: DeviceId, argument: str, cancel: Cancellation) -> None:
        length = argument_length(argument)
        if length <= SHORTEST_LIMIT:
            return  # below it no device minds, and need not be looked up
        allowed = longest_argument(self.device(device_id, cancel).system_version)
        if length > allowed:
            raise ArgumentTooLong(length=length, allowed=allowed)

    def _ask_device(
        self,
        method: str,
        path: str,
        device_id: DeviceId,
        name: str,
        cancel: Cancellation,
        *,
        body: Mapping[str, object] | None = None,
    ) -> object:
        """The cloud asks the device. It says the same of one that is away and one that is slow."""
        try:
            return self._api.ask(
                method,
                path,
                cancel,
                body=body,
                device=device_id,
                name=name,
                timeout=DEVICE_TIMEOUT,
            )
        except DeviceOffline as error:
            if self.device(device_id, cancel).online:
                raise DeviceSlow(device=device_id.text) from error
            raise

    def events(self, device_id: DeviceId, cancel: Cancellation) -> Iterator[DeviceEvent]:
        return live_events(self._access, device_id, cancel)

    def stream(self, source: Source, *, renew: Renew | None = None) -> Stream:
        return EventStream(self._access, source, renew=renew, openings=self._openings)

    def listen(self, device_id: DeviceId) -> Ear:
        return StatusEar(self._access, device_id)


def _member_path(device_id: DeviceId, name: str) -> str:
    """The path of a function or variable."""
    if not name.strip("."):
        # Such a path would mean the device, or all devices.
        raise NotExposed(name=name)
    return f"/v1/devices/{device_id}/{quote(name, safe='')}"


def _device(item: object) -> Device | None:
    """A device of the cloud's list; None for what has no id of our kind.

    While a device is offline, functions and variables are null; older answers say `connected`
    for `online`.
    """
    if not isinstance(item, dict):
        return None
    try:
        device_id = DeviceId.parse(str(item.get("id")))
    except ValueError:
        _log.warning("the cloud lists a device without a usable id")
        return None
    functions = item.get("functions")
    variables = item.get("variables")
    system = item.get("system_firmware_version")
    firmware = item.get("firmware_version", system)
    return Device(
        device_id,
        name=str(item.get("name") or ""),
        online=item.get("online", item.get("connected")) is True,
        functions=tuple(map(str, functions)) if isinstance(functions, list) else (),
        variables={str(name): str(kind) for name, kind in variables.items()}
        if isinstance(variables, dict)
        else {},
        last_heard=item["last_heard"] if isinstance(item.get("last_heard"), str) else None,
        firmware_version=None if firmware is None else str(firmware),
        system_version=system if isinstance(system, str) else None,
    )
