"""The simulated cloud as one object: two loopback servers in one background thread."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import Self, TypedDict, TypeVar

from aiohttp import web

from setup_wizard.simulators.cloud.accounts import TEAM_USER, Clock
from setup_wizard.simulators.cloud.control import ControlRoutes
from setup_wizard.simulators.cloud.core import Core
from setup_wizard.simulators.cloud.faults import ROUTER_PAGE, Faults
from setup_wizard.simulators.cloud.limits import StreamLimit, TokenLimit
from setup_wizard.simulators.cloud.oauth import OAuthRoutes
from setup_wizard.simulators.cloud.refusals import Refusal
from setup_wizard.simulators.cloud.routes_customers import CustomerRoutes
from setup_wizard.simulators.cloud.routes_devices import CallHook, DeviceRoutes, ReadHook
from setup_wizard.simulators.cloud.state import PRODUCT_NUMBER, State
from setup_wizard.simulators.cloud.streams import StreamRoutes
from setup_wizard.simulators.cloud.wire import Handler, answer, refused

Result = TypeVar("Result")

_HOST = "127.0.0.1"
_START_LIMIT = 10.0  # seconds; a loaded machine starts a thread and two sockets well within
_STOP_LIMIT = 5.0  # only a hook that never returns takes this long
_GRACE = 0.2  # seconds that requests in progress get at the end
_GLANCE = 0.2  # seconds between looks whether the thread still lives

logger = logging.getLogger(__name__)


class CloudAddress(TypedDict):
    """Where a cloud is and how its product signs in."""

    url: str
    product: str
    product_id: int
    client_id: str
    client_secret: str
    team_token: str
    events_token: str
    username: str
    password: str


class Announcement(TypedDict):
    """What a simulator says of itself when it is ready."""

    cloud: CloudAddress
    control: str


class Cloud:
    """The cloud of one product. Every method may be called from any thread.

    Arrange it before or after `start`. `on_call` (device id, function, argument) and `on_read`
    (device id, variable) answer in place of the fixed values; they run in threads of their own.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        control_port: int = 0,
        product: str = "demo-product",
        client_id: str | None = None,
        client_secret: str | None = None,
        limits: bool = True,
        clock: Clock = time.time,
    ) -> None:
        self._port = port
        self._control_port = control_port
        self.product = product
        self.client_id = client_id or f"{product}-{secrets.randbelow(9000) + 1000}"
        self.client_secret = client_secret or secrets.token_hex(20)
        state = State(
            clock, product=product, client_id=self.client_id, client_secret=self.client_secret
        )
        accounts = state.accounts
        self.username = TEAM_USER
        self.password = accounts.team_password
        self.team_token = accounts.issue(accounts.team, "particle", lifetime=None).access_token
        events_user = accounts.issue(accounts.events_user, "particle", lifetime=None)
        self.events_token = events_user.access_token
        self._core = Core(state)
        self._devices = DeviceRoutes(state)
        self._limit = TokenLimit(clock) if limits else None
        self._stream_limit = StreamLimit(clock) if limits else None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self.url = ""
        self.control_url = ""

    def start(self) -> Self:
        """Return when both servers listen. Raises OSError for a port that is taken."""
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="cloud-simulator", daemon=True
        )
        self._thread.start()
        try:
            ready.result(_START_LIMIT)
        except OSError:
            self._thread.join(_STOP_LIMIT)
            self._thread = None
            raise
        return self

    def stop(self) -> None:
        """Cut every connection and return when nothing is left. Twice is harmless."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None or loop is None or stopping is None:
            return
        loop.call_soon_threadsafe(stopping.set)
        thread.join(_STOP_LIMIT)
        if thread.is_alive():
            raise TimeoutError("a hook of the simulated cloud does not return")
        self._thread = self._loop = self._stopping = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def announce(self) -> Announcement:
        """Everything that another program needs to use this cloud."""
        return {
            "cloud": {
                "url": self.url,
                "product": self.product,
                "product_id": PRODUCT_NUMBER,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "team_token": self.team_token,
                "events_token": self.events_token,
                "username": self.username,
                "password": self.password,
            },
            "control": self.control_url,
        }

    def add_device(
        self,
        device_id: str,
        *,
        name: str = "",
        functions: Mapping[str, int] | None = None,
        variables: Mapping[str, object] | None = None,
        owner: str | None = None,
        online: bool = False,
    ) -> None:
        """Put a device into the product, or change what it is. Tells no stream."""
        self._do(
            lambda: self._core.add_device(
                device_id,
                name=name,
                functions=functions or {},
                variables=variables or {},
                owner=owner,
                online=online,
            )
        )

    def set_online(self, device_id: str, online: bool, *, claim_code: str | None = None) -> None:
        """Connect or disconnect a device; a good claim code makes it its maker's."""
        self._do(lambda: self._core.set_online(device_id, online=online, claim_code=claim_code))

    def update(self, device_id: str, state: str) -> None:
        """Let a device that is online renew its firmware: `started`, `success` or `failed`."""
        self._do(lambda: self._core.update(device_id, state))

    def publish(
        self, device_id: str, name: str, data: str | None, *, count: int = 1, rate: float = 0
    ) -> None:
        """Publish and return at once; many go out in the background, as fast as they are read."""
        self._do(lambda: self._core.publish(device_id, name, data, count=count, rate=rate))

    def device(self, device_id: str) -> dict[str, object]:
        """What the cloud knows of a device. Raises KeyError."""
        return self._do(lambda: self._core.device_view(device_id))

    def summary(self) -> dict[str, object]:
        """The same as `GET /state` of the control."""
        return self._do(self._core.summary)

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose; assign a new one, `Faults()` for nothing."""
        return self._core.faults.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._do(lambda: self._core.set_faults(faults))

    @property
    def on_call(self) -> CallHook | None:
        return self._devices.on_call

    @on_call.setter
    def on_call(self, hook: CallHook | None) -> None:
        self._devices.on_call = hook

    @property
    def on_read(self) -> ReadHook | None:
        return self._devices.on_read

    @on_read.setter
    def on_read(self, hook: ReadHook | None) -> None:
        self._devices.on_read = hook

    def _do(self, action: Callable[[], Result]) -> Result:
        """Run on the loop's thread; before the start there is no other thread to mind."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return action()
        done: Future[Result] = Future()

        def act() -> None:
            try:
                done.set_result(action())
            except (KeyError, ValueError) as error:
                done.set_exception(error)

        loop.call_soon_threadsafe(act)
        while True:
            try:
                return done.result(_GLANCE)
            except TimeoutError:
                if not thread.is_alive():
                    raise RuntimeError("the simulated cloud has stopped") from None

    def _run(self, ready: Future[None]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except OSError as error:
            ready.set_exception(error)

    async def _serve(self, ready: Future[None]) -> None:
        stopping = asyncio.Event()
        state, core = self._core.state, self._core
        public = self._application(
            *OAuthRoutes(state, self._limit).routes(),
            *CustomerRoutes(state).routes(),
            *StreamRoutes(state, core.hub, core.faults, self._stream_limit).routes(),
            *self._devices.routes(),
        )
        public.middlewares.append(self._with_faults)
        control = self._application(*ControlRoutes(core).routes())
        # Cancellation: the end of a client ends its stream at once, not at the next keep-alive.
        runners = [
            web.AppRunner(
                application, handler_cancellation=True, access_log=None, shutdown_timeout=_GRACE
            )
            for application in (public, control)
        ]
        try:
            self.url = await _listen(runners[0], self._port)
            self.control_url = await _listen(runners[1], self._control_port)
            self._loop, self._stopping = asyncio.get_running_loop(), stopping
            logger.info("the simulated cloud listens: url=%s", self.url)
            ready.set_result(None)
            await stopping.wait()
        finally:
            core.hub.end_streams(cut=True)
            for runner in runners:
                await runner.cleanup()

    def _application(self, *routes: web.RouteDef) -> web.Application:
        application = web.Application(middlewares=[_with_refusals])
        application.on_response_prepare.append(_allow_browsers)
        application.add_routes(routes)
        return application

    @web.middleware
    async def _with_faults(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = self._core.faults.take(request.path)
        if fault is None:
            return await handler(request)
        await asyncio.sleep(fault.delay_ms / 1000)
        if fault.garbage:
            return web.Response(text=ROUTER_PAGE, content_type="text/html")
        if fault.status is None:
            return await handler(request)
        headers = {"Retry-After": f"{fault.retry_after:g}"} if fault.status in (429, 529) else None
        return answer(fault.body(), status=fault.status, headers=headers)


async def _listen(runner: web.AppRunner, port: int) -> str:
    await runner.setup()
    await web.TCPSite(runner, _HOST, port).start()
    host, bound_port = runner.addresses[0][:2]
    return f"http://{host}:{bound_port}"


@web.middleware
async def _with_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refused(refusal)
    except web.HTTPException as unrouted:
        return answer({"ok": False, "error": unrouted.reason}, status=unrouted.status)


async def _allow_browsers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"
