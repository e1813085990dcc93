"""Devices: listed, shown, named, claimed, called and read."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from aiohttp import web

from setup_wizard.simulators.cloud.refusals import (
    Refusal,
    claim_refusal,
    device_refusal,
    oauth_refusal,
)
from setup_wizard.simulators.cloud.state import PRODUCT_NUMBER, Device, State, iso_time
from setup_wizard.simulators.cloud.wire import Call, answer, read_call

Item = TypeVar("Item")
CallHook = Callable[[str, str, str], int]
ReadHook = Callable[[str, str], object]

_PAGE = 25
_PHOTON = 6
_NOBODY_HEARD = "Timed out, didn't hear back from device service"


class DeviceRoutes:
    """Every call about a device, for its owner and, below a product, for the team."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.on_call: CallHook | None = None
        self.on_read: ReadHook | None = None

    def routes(self) -> list[web.RouteDef]:
        product = "/v1/products/{product}/devices"
        routes = [
            web.get("/v1/devices", self.show_owned),
            web.get(product, self.show_product),
            web.post("/v1/devices", self.claim),
            web.delete("/v1/devices/{device}", self.unclaim),
            web.delete(product + "/{device}/owner", self.unclaim),
            web.delete(product + "/{device}", self.remove),
        ]
        for device in ("/v1/devices/{device}", product + "/{device}"):
            routes += [
                web.get(device, self.show),
                web.put(device, self.change),
                web.put(device + "/ping", self.ping),
                web.get(device + "/{name}", self.read_variable),
                web.post(device + "/{name}", self.call_function),
            ]
        return routes

    async def _read(self, request: web.Request) -> tuple[Call, Device]:
        call = await read_call(request, self._state)
        name = request.match_info["device"]
        if "product" in request.match_info:
            return call, self._state.find_in_product(name)
        return call, self._state.find(call.principal, name)

    async def show_owned(self, request: web.Request) -> web.Response:
        call = await read_call(request, self._state)
        return answer([device_body(device) for device in self._state.owned_by(call.principal)])

    async def show_product(self, request: web.Request) -> web.Response:
        await read_call(request, self._state)
        wanted_id, wanted_name = request.query.get("deviceId"), request.query.get("deviceName")
        found = [
            device
            for device in self._state.devices.values()
            if (not wanted_id or wanted_id.lower() in device.device_id)
            and (not wanted_name or wanted_name.lower() in device.name.lower())
        ]
        devices, pages = one_page(request, found)
        owners = {device.owner for device in devices}
        customers = [c for c in self._state.accounts.customers.values() if c.email in owners]
        return answer(
            {
                "devices": [product_device_body(device) for device in devices],
                "customers": [{"id": c.customer_id, "username": c.email} for c in customers],
                "meta": {"total_pages": pages},
            }
        )

    async def show(self, request: web.Request) -> web.Response:
        _, device = await self._read(request)
        in_product = "product" in request.match_info
        return answer(product_device_body(device) if in_product else device_body(device))

    async def change(self, request: web.Request) -> web.Response:
        """Rename, note, or signal: whichever field is there."""
        call, device = await self._read(request)
        name, notes = call.fields.text("name"), call.fields.text("notes")
        if call.fields.text("signal") is not None:
            if not device.online:
                raise Refusal(500, {"ok": False, "code": 500, "errors": [{"error": _NOBODY_HEARD}]})
            device.signaling = call.fields.is_true("signal")
            return answer(
                {"id": device.device_id, "connected": True, "signaling": device.signaling}
            )
        changed: dict[str, object] = {"id": device.device_id}
        if name is not None:
            changed["name"] = device.name = name
        if notes is not None:
            changed["notes"] = device.notes = notes
        if len(changed) == 1:
            raise oauth_refusal(400, "invalid_request", "Nothing to change")
        return answer(changed | {"updated_at": iso_time(self._state.clock())})

    async def ping(self, request: web.Request) -> web.Response:
        _, device = await self._read(request)
        return answer({"online": device.online and not device.updating, "ok": True})

    async def claim(self, request: web.Request) -> web.Response:
        call = await read_call(request, self._state)
        device_id = call.fields.text("id")
        if not device_id:
            raise claim_refusal(404, "device does not exist")
        device = self._state.claim_online_device(call.principal, device_id)
        customer = self._state.accounts.customers.get(call.principal.name)
        user = customer.customer_id if customer else call.principal.name
        return answer({"user_id": user, "id": device.device_id, "connected": True, "ok": True})

    async def unclaim(self, request: web.Request) -> web.Response:
        _, device = await self._read(request)
        device.owner = None
        return answer({"ok": True})

    async def remove(self, request: web.Request) -> web.Response:
        _, device = await self._read(request)
        del self._state.devices[device.device_id]
        return web.Response(status=204)

    async def read_variable(self, request: web.Request) -> web.Response:
        _, device = await self._read(request)
        name = request.match_info["name"]
        if not device.online:
            raise Refusal(408, {"error": "Timed out."})
        if name not in device.variables:
            raise device_refusal(404, "Variable not found")
        result = device.variables[name]
        if self.on_read is not None:
            # In a thread: a hook may publish, and that needs this loop.
            result = await asyncio.to_thread(self.on_read, device.device_id, name)
        if request.query.get("format") == "raw":
            return web.Response(text=str(result))
        body = {"cmd": "VarReturn", "name": name, "result": result, "coreInfo": _core_info(device)}
        return answer(body)

    async def call_function(self, request: web.Request) -> web.Response:
        call, device = await self._read(request)
        name = request.match_info["name"]
        if not device.online:
            raise device_refusal(400, "Timed out.")
        if name not in device.functions:
            raise device_refusal(404, f"Function {name} not found")
        argument = call.fields.text("arg", "args", "params") or ""
        result = device.functions[name]
        if self.on_call is not None:
            result = await asyncio.to_thread(self.on_call, device.device_id, name, argument)
        if call.fields.text("format") == "raw":
            return web.Response(text=str(result))
        return answer(
            {
                "id": device.device_id,
                "name": device.name,
                "connected": True,
                "return_value": result,
            }
        )


def one_page(request: web.Request, items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """The asked page of a long list, and how many there are."""
    try:
        size = int(request.query.get("per_page") or request.query.get("perPage") or _PAGE)
        page = int(request.query.get("page") or 1)
    except ValueError as error:
        raise oauth_refusal(400, "invalid_request", "Not a page") from error
    size, page = max(size, 1), max(page, 1)
    return items[(page - 1) * size : page * size], max(1, math.ceil(len(items) / size))


def device_body(device: Device) -> dict[str, object]:
    """A device as its owner sees it. What it can do is unknown while it is offline."""
    types = {name: _type_name(value) for name, value in device.variables.items()}
    return {
        "id": device.device_id,
        "name": device.name or None,
        "owner": device.owner,
        "last_ip_address": "127.0.0.1",
        "last_heard": _moment(device.last_heard),
        "last_handshake_at": _moment(device.last_handshake),
        "product_id": PRODUCT_NUMBER,
        "online": device.online,
        "connected": device.online,
        "platform_id": _PHOTON,
        "cellular": False,
        "notes": device.notes,
        "functions": list(device.functions) if device.online else None,
        "variables": types if device.online else None,
        "status": "normal",
        "serial_number": f"PH-{device.device_id[-6:]}",
        "system_firmware_version": "1.5.2",
        "firmware_updates_enabled": True,
        "firmware_updates_forced": False,
    }


def product_device_body(device: Device) -> dict[str, object]:
    """A device as the product's team sees it."""
    return device_body(device) | {
        "firmware_product_id": PRODUCT_NUMBER,
        "firmware_version": 1,
        "desired_firmware_version": None,
        "targeted_firmware_release_version": 1,
        "groups": [],
        "development": False,
        "quarantined": False,
        "denied": False,
    }


def _core_info(device: Device) -> dict[str, object]:
    return {
        "name": device.name,
        "last_app": "",
        "last_heard": _moment(device.last_heard),
        "connected": True,
        "last_handshake_at": _moment(device.last_handshake),
        "deviceID": device.device_id,
        "product_id": PRODUCT_NUMBER,
    }


def _moment(moment: float | None) -> str | None:
    return None if moment is None else iso_time(moment)


def _type_name(value: object) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "int32"
        case float():
            return "double"
        case _:
            return "string"
