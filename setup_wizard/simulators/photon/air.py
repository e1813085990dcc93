"""The device's access point as sockets: on the air or away, with faults in between."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace

from setup_wizard.simulators.photon import wire_http, wire_tcp
from setup_wizard.simulators.photon.device import COMMANDS, COMMANDS_WITH_BODY, Answer, Device
from setup_wizard.simulators.photon.faults import ROUTER_PAGE, Faults
from setup_wizard.simulators.photon.line import Line, Traffic
from setup_wizard.simulators.photon.setup import ConnectAp

log = logging.getLogger(__name__)

LISTENING = "listening"
CONNECTING = "connecting"
AWAY = "away"

_HOST = "127.0.0.1"
_MOST_STREAMS = 10  # HTTP connections; the device turns down one more

_Handler = Callable[[Line], Coroutine[None, None, None]]
_Frame = Callable[[Iterable[bytes]], bytes]

Sleep = Callable[[float], Awaitable[object]]
"""How the device lets seconds pass."""


class Air:
    """Both ports of the device. All of it runs in one event loop."""

    def __init__(
        self,
        device: Device,
        *,
        http_port: int,
        tcp_port: int,
        latency: float,
        scan_latency: float,
        left: Callable[[], None],
        sleep: Sleep,
    ) -> None:
        self.device = device
        self.state = AWAY
        self.connect_ap = ConnectAp()
        self.traffic = Traffic()
        self._faults = Faults()
        self._latency = latency
        self._scan_latency = scan_latency
        self._left = left
        self._sleep = sleep
        self._ports = {"http": _Port(http_port), "tcp": _Port(tcp_port)}
        self._listeners: list[socket.socket] = []
        self._connections: dict[asyncio.Task[None], Line] = {}
        self._hung: set[asyncio.Task[None]] = set()
        self._streams = 0
        self._finished = False
        self._silent = False
        self._held = False
        self._refusing = False
        self._departure: asyncio.Task[None] | None = None
        self._return: asyncio.Task[None] | None = None
        self._turns = {"http": asyncio.Lock(), "tcp": asyncio.Lock()}

    @property
    def addresses(self) -> dict[str, str]:
        return {name: f"{_HOST}:{port.number}" for name, port in self._ports.items()}

    @property
    def faults(self) -> Faults:
        return self._faults

    async def suffer(self, faults: Faults) -> None:
        """Put other faults in force."""
        self._faults = faults
        self._held = False
        if self._refusing:
            await self.open()
        if faults.refused and faults.command is None:
            self._refuse(faults)

    async def open(self) -> None:
        """Come on the air, on the same ports as ever, with nobody connected."""
        if self._finished:
            raise RuntimeError("the photon has been stopped")
        await self.close()
        self._held = False
        self._take_connections()
        self.state = LISTENING

    async def close(self, *, hung_too: bool = True) -> None:
        """Leave the air: new connections are refused, open ones dropped, all when this returns."""
        for task in (self._departure, self._return):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self._departure = self._return = None
        self._silent = False
        self.state = AWAY
        self._take_no_connections()
        dropped = [task for task in self._connections if hung_too or task not in self._hung]
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)

    async def shut_down(self) -> None:
        """Be gone for good."""
        self._finished = True
        await self.close()
        for port in self._ports.values():
            port.release()

    def _take_connections(self) -> None:
        self._refusing = False
        loop = asyncio.get_running_loop()
        handlers: dict[str, _Handler] = {"http": self._serve_http, "tcp": self._serve_tcp}
        for name, handler in handlers.items():
            listener = self._ports[name].bound()
            self._listeners.append(listener)
            listener.setblocking(False)
            listener.listen()
            # Not asyncio's own server: it loses connections that it accepts while it closes.
            loop.add_reader(listener, self._accept, listener, handler)

    def _take_no_connections(self) -> None:
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()

    def _refuse(self, faults: Faults) -> None:
        """Refuse every connection from now on, for as long as the fault wants."""
        self._refusing = True
        self._take_no_connections()
        if faults.back_ms is not None:
            self._return = asyncio.create_task(self._come_back(faults.back_ms / 1000))

    async def _come_back(self, seconds: float) -> None:
        await self._sleep(seconds)
        self._return = None
        self._take_connections()

    def _accept(self, listener: socket.socket, handler: _Handler) -> None:
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # the client has changed its mind
        line = Line(connection, self.traffic)
        task = asyncio.get_running_loop().create_task(_serve(line, handler))
        self._connections[task] = line
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        line = self._connections.pop(task)
        self._hung.discard(task)
        if task.cancelled():
            line.reset()  # it may have been cancelled before its first step

    async def _serve_tcp(self, line: Line) -> None:
        received = await self._receive(line)
        if not received:
            return
        # From the first byte on the device has no ear for any other TCP client.
        async with self._turns["tcp"]:
            ended = False
            while (request := _tcp_request(received, ended=ended)) is None:
                data = await self._receive(line)
                received, ended = received + data, not data
            if request.command not in COMMANDS:
                return
            faults = self._take_faults(request.command)
            stays = await self._carry_out(
                line, request.command, request.body, wire_tcp.answer, faults
            )
        if faults.hold_first_connection and not self._held:
            self._held = stays = True
        if stays:
            await line.hold()

    async def _serve_http(self, line: Line) -> None:
        if self._streams >= _MOST_STREAMS:
            await self._receive(line)
            await line.write(wire_http.TOO_MANY)
            return
        self._streams += 1
        try:
            await self._converse(line)
        finally:
            self._streams -= 1

    async def _converse(self, line: Line) -> None:
        http = wire_http.HttpReader()
        stays = False
        while not (stays or http.is_done or line.is_closed):
            data = await self._receive(line)
            if not data:
                return
            async with self._turns["http"]:
                match http.packet(data):
                    case wire_http.Command(name, body):
                        faults = self._take_faults(name)
                        stays = await self._carry_out(line, name, body, wire_http.answer, faults)
                    case bytes(page):
                        await line.write(page)
        if stays:
            await line.hold()

    async def _receive(self, line: Line) -> bytes:
        """Read what is there; while the address is a black hole nothing arrives."""
        data = await line.read()
        while data and self._silent:
            data = await line.read()
        return data

    def _take_faults(self, command: str) -> Faults:
        """Return the faults that this one answer suffers, and count it."""
        faults = self._faults
        if not faults.touches(command):
            return Faults()
        if faults.times is not None:
            self._faults = replace(faults, times=faults.times - 1)
        return faults

    async def _carry_out(
        self,
        line: Line,
        command: str,
        body: bytes | None,
        frame: _Frame,
        faults: Faults,
    ) -> bool:
        """Do as told and answer as the faults allow; return whether to stay in silence."""
        if faults.html:
            answer = Answer()  # the device was never asked
        elif faults.result is not None:
            answer = Answer((b'{"r":%d}' % faults.result,))
        else:
            answer = self.device.answer(command, body)
        framed = ROUTER_PAGE if faults.html else frame(faults.spoil(answer.pieces))
        wait = self._wait_for(answer, faults)
        if wait:
            await self._sleep(wait)
        self.traffic.busy += time.perf_counter() - line.heard_at
        if faults.refused and faults.command is not None:
            self._refuse(faults)  # before the answer, or a quick client may slip in
        return await self._send(line, answer, framed, faults)

    async def _send(self, line: Line, answer: Answer, framed: bytes, faults: Faults) -> bool:
        if answer.leaves:
            self._departure = asyncio.create_task(self._depart())
            match faults.connect_answer:
                case "reset":
                    line.reset()
                    return False
                case "empty":
                    line.close()
                    return False
                case "hang":
                    self._hang()
                    return True
        if faults.reset:
            line.reset()
            return False
        lost = answer.leaves and self.connect_ap.answer_lost
        if faults.silent or lost or self._silent:
            return True
        await line.write(framed[: faults.drop_after_bytes])
        if faults.drop_after_bytes is not None:
            line.close()
        return False

    def _wait_for(self, answer: Answer, faults: Faults) -> float:
        wait = self._latency if faults.latency_ms is None else faults.latency_ms / 1000
        if answer.scanned:
            scan = faults.scan_latency_ms
            wait += self._scan_latency if scan is None else scan / 1000
        return wait

    def _hang(self) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._hung.add(task)

    async def _depart(self) -> None:
        await self._sleep(self.connect_ap.drop_after)
        if self.connect_ap.blackhole:
            self._silent = True
        else:
            await self.close(hung_too=False)
        self.state = CONNECTING
        self._left()


class _Port:
    """A port number that stays ours while nobody listens on it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._guard: socket.socket | None = None

    def bound(self) -> socket.socket:
        """Return a new socket that has the port and does not listen yet."""
        if self._guard is None and sys.platform == "linux":
            # Bound and deaf: connects are refused, yet the system gives the number to nobody
            # else. Other systems do not let a second socket listen beside it.
            self._guard = self._bind()
        return self._bind()

    def _bind(self) -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":  # there it would allow two listeners
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((_HOST, self.number))
        except OSError:
            bound.close()
            raise
        self.number = bound.getsockname()[1]
        return bound

    def release(self) -> None:
        if self._guard is not None:
            self._guard.close()


async def _serve(line: Line, handler: _Handler) -> None:
    try:
        await handler(line)
    except ConnectionError as error:
        log.debug("a client went away: %s", error)
    except asyncio.CancelledError:
        line.reset()
        raise
    finally:
        line.close()


def _tcp_request(received: bytes, *, ended: bool) -> wire_tcp.Request | None:
    return wire_tcp.read_request(received, ended=ended, with_body=COMMANDS_WITH_BODY)
