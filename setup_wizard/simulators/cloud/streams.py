"""The event streams, and publishing from a program."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import HttpVersion11, web

from setup_wizard.simulators.cloud.accounts import EVENTS_SCOPE
from setup_wizard.simulators.cloud.events import Event, Framing
from setup_wizard.simulators.cloud.faults import FaultBox
from setup_wizard.simulators.cloud.hub import Hub, Subscriber
from setup_wizard.simulators.cloud.limits import StreamLimit
from setup_wizard.simulators.cloud.refusals import device_refusal, oauth_refusal
from setup_wizard.simulators.cloud.state import State
from setup_wizard.simulators.cloud.wire import answer, read_call

logger = logging.getLogger(__name__)


class _Unchunked(web.StreamResponse):
    """An answer that ends with its connection."""

    _length_check = False


class StreamRoutes:
    """Streams of a customer, of one device and of the product."""

    def __init__(self, state: State, hub: Hub, faults: FaultBox, limit: StreamLimit | None) -> None:
        self._state = state
        self._hub = hub
        self._faults = faults
        self._limit = limit

    def routes(self) -> list[web.RouteDef]:
        paths = {
            "/v1/events": self.everything,
            "/v1/devices/events": self.own,
            "/v1/devices/{device}/events": self.own,
            "/v1/products/{product}/events": self.product,
            "/v1/products/{product}/devices/{device}/events": self.product,
        }
        routes = [
            web.post("/v1/devices/events", self.publish),
            web.post("/v1/products/{product}/events", self.publish),
        ]
        for path, handler in paths.items():
            routes += [web.get(path, handler), web.get(path + "/{prefix:.*}", handler)]
        return routes

    async def everything(self, request: web.Request) -> web.StreamResponse:
        """Of the old public events, only one's own are left; a prefix has been wanted since."""
        await read_call(request, self._state)
        if not request.match_info.get("prefix"):
            raise device_refusal(400, "event prefix filter is required")
        return await self.own(request)

    async def own(self, request: web.Request) -> web.StreamResponse:
        """What the caller's devices publish, or one of them."""
        principal = (await read_call(request, self._state)).principal
        name, prefix = request.match_info.get("device"), request.match_info.get("prefix", "")
        device_id = name and self._state.find(principal, name).device_id

        def wants(event: Event) -> bool:
            return (
                event.owner == principal.name
                and (device_id is None or event.device_id == device_id)
                and event.name.startswith(prefix)
            )

        return await self._stream(request, wants, product=False)

    async def product(self, request: web.Request) -> web.StreamResponse:
        """What all devices of the product publish, or one of them."""
        await read_call(request, self._state, scope=EVENTS_SCOPE)
        name, prefix = request.match_info.get("device"), request.match_info.get("prefix", "")
        device_id = name and self._state.find_in_product(name).device_id

        def wants(event: Event) -> bool:
            return event.name.startswith(prefix) and device_id in (None, event.device_id)

        return await self._stream(request, wants, product=True)

    async def _stream(
        self, request: web.Request, wants: Callable[[Event], bool], *, product: bool
    ) -> web.StreamResponse:
        if self._limit is not None:
            self._limit.admit(request.remote or "", streams=len(self._hub.subscribers))
        unchunked = self._faults.faults.unchunked
        response = _Unchunked() if unchunked else web.StreamResponse()
        if unchunked:
            response.force_close()
        response.content_type = "text/event-stream"
        framing = Framing(
            product=product,
            chunked=request.version >= HttpVersion11 and not unchunked,
            newline="\r\n" if self._faults.faults.crlf else "\n",
        )
        subscriber = Subscriber(wants, framing)
        # Before the first byte: whatever is published once the client sees `:ok` must reach it.
        self._hub.subscribers.add(subscriber)
        self._hub.opened += 1
        try:
            await self._send(request, response, subscriber)
        finally:
            self._hub.subscribers.discard(subscriber)
        return response

    async def _send(
        self, request: web.Request, response: web.StreamResponse, subscriber: Subscriber
    ) -> None:
        """Until the client goes, which cancels this, or the cloud ends it."""
        writer, transport = await response.prepare(request), request.transport
        if writer is None or transport is None:
            return
        subscriber.cut = transport.abort
        try:
            await response.write(subscriber.framing.opening())
            # From here on the bytes are ready-made HTTP chunks and go past the response.
            while not subscriber.is_over:
                try:
                    async with asyncio.timeout(self._faults.faults.keepalive_s):
                        await subscriber.stirred()
                    transport.write(subscriber.take())
                except TimeoutError:
                    transport.write(subscriber.framing.keep_alive())
                await writer.drain()
        except ConnectionResetError:
            logger.debug("an event stream is gone")
        except asyncio.CancelledError:
            # A proper close would wait for a client that may never read on.
            transport.abort()
            raise

    async def publish(self, request: web.Request) -> web.Response:
        call = await read_call(request, self._state)
        ttl = call.fields.text("ttl") or "60"
        try:
            event = Event(
                name=call.fields.required("name"),
                data=call.fields.text("data"),
                device_id="api",
                owner=call.principal.name,
                published_at=self._state.clock(),
                ttl=int(ttl),
            )
        except ValueError as error:
            raise oauth_refusal(400, "invalid_request", str(error)) from error
        self._hub.publish(event)
        return answer({"ok": True})
