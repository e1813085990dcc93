"""The customer's devices in the cloud: the `Cloud` port over the cloud's HTTP interface."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import quote

from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import CloudBroken, NotExposed
from setup_wizard.particle.api import DEVICE_TIMEOUT, CloudApi
from setup_wizard.particle.ear import StatusEar
from setup_wizard.particle.stream import live_events
from setup_wizard.ports import Cancellation, Cloud, Ear

_log = logging.getLogger(__name__)


class ParticleCloud(Cloud):
    """Everything goes through the plain device paths, which a customer's token may use."""

    def __init__(self, access: CloudAccess) -> None:
        self._access = access
        self._api = CloudApi(access)

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

    def call(self, device_id: DeviceId, function: str, argument: str, cancel: Cancellation) -> int:
        result = self._api.ask(
            "POST",
            _member_path(device_id, function),
            cancel,
            body={"arg": argument},
            device=device_id,
            name=function,
            timeout=DEVICE_TIMEOUT,
        )
        match result:
            case {"return_value": int(value)} if not isinstance(value, bool):
                return value
        raise CloudBroken(status=200)

    def read(self, device_id: DeviceId, variable: str, cancel: Cancellation) -> object:
        result = self._api.ask(
            "GET",
            _member_path(device_id, variable),
            cancel,
            device=device_id,
            name=variable,
            timeout=DEVICE_TIMEOUT,
        )
        match result:
            case {"result": value}:
                return value
        raise CloudBroken(status=200)

    def events(self, device_id: DeviceId, cancel: Cancellation) -> Iterator[DeviceEvent]:
        return live_events(self._access, device_id, cancel)

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
    firmware = item.get("firmware_version", item.get("system_firmware_version"))
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
    )
