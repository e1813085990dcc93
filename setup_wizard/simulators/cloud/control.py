"""The simulator's own remote control: what a script may arrange, and what it may look at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web

from setup_wizard.simulators.cloud.core import Core
from setup_wizard.simulators.cloud.faults import Faults
from setup_wizard.simulators.cloud.wire import Fields, answer, read_json

Value = TypeVar("Value")


class ControlRoutes:
    """Loopback only, and without any sign-in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/devices", self._doing(self._add_device)),
            web.post("/publish", self._doing(self._publish)),
            web.post("/online", self._doing(self._set_online)),
            web.post("/update", self._doing(self._update)),
            web.post("/faults", self._doing(self._set_faults)),
            web.get("/state", self._show_state),
        ]

    def _doing(
        self, action: Callable[[Fields], None]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            fields = await read_json(request)
            try:
                action(fields)
            except KeyError:
                return answer({"ok": False, "error": "no such device"}, status=404)
            except ValueError as error:
                return answer({"ok": False, "error": str(error)}, status=400)
            return answer({"ok": True})

        return handle

    def _add_device(self, fields: Fields) -> None:
        self._core.add_device(
            fields.text("device_id") or "",
            name=fields.text("name") or "",
            functions=_value(fields, "functions", dict, {}),
            variables=_value(fields, "variables", dict, {}),
            owner=fields.text("owner"),
            online=_value(fields, "online", bool, False),
        )

    def _publish(self, fields: Fields) -> None:
        self._core.publish(
            fields.text("device_id") or "",
            fields.text("name") or "",
            fields.text("data"),
            count=_value(fields, "count", int, 1),
            rate=float(fields.text("rate") or 0),
        )

    def _set_online(self, fields: Fields) -> None:
        self._core.set_online(
            fields.text("device_id") or "",
            online=_value(fields, "online", bool, True),
            claim_code=fields.text("claim_code"),
        )

    def _update(self, fields: Fields) -> None:
        self._core.update(fields.text("device_id") or "", fields.text("state") or "")

    def _set_faults(self, fields: Fields) -> None:
        self._core.set_faults(Faults.from_json(fields.values))

    async def _show_state(self, _request: web.Request) -> web.Response:
        return answer(self._core.summary())


def _value(fields: Fields, name: str, kind: type[Value], default: Value) -> Value:
    value = fields.values.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise ValueError(f"not a value for {name}")
    return value
