"""The simulated computer's Wi-Fi: it has one radio, so it is on one network at a time.

A `Gate` stands before each server of the world and lets connections through only while the
computer is on a network that reaches it: that is what makes the order of a set-up real.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any

from setup_wizard.simulators.control_server import ControlServer

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER of zero: the peer sees a reset
CHUNK = 65536


class ComputerWifi:
    """Which network the computer is on, and which access points it sees."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._network: str | None = home
        self._visible: set[str] = set()
        self._gates: list[Gate] = []
        self.present = True
        self.looked = threading.Event()
        """Set once somebody looked what is in the air since an access point left it."""

    @property
    def network(self) -> str | None:
        return self._network

    @property
    def online(self) -> bool:
        """Whether the network that the computer is on leads to the internet."""
        return self._network == self._home

    def appeared(self, ssid: str) -> None:
        with self._lock:
            self._visible.add(ssid)

    def vanished(self, ssid: str) -> None:
        """An access point left the air: a computer on it falls off."""
        with self._lock:
            self.looked.clear()
            self._visible.discard(ssid)
            if self._network == ssid:
                self._network = None
        self._check_gates()

    def join(self, ssid: str) -> bool:
        with self._lock:
            if ssid not in self._visible and ssid != self._home:
                return False
            self._network = ssid
        self._check_gates()
        return True

    def go_home(self) -> None:
        """What an operating system does by itself when its network is gone."""
        if self._network is None:
            self.join(self._home)

    def state(self) -> dict[str, Any]:
        with self._lock:
            self.looked.set()
            return {
                "present": self.present,
                "network": self._network,
                "visible": sorted(self._visible | {self._home}),
            }

    def watch(self, gate: Gate) -> None:
        self._gates.append(gate)

    def _check_gates(self) -> None:
        for gate in self._gates:
            gate.check()


class Gate:
    """A relay on its own port that is open only while `reachable()` says so."""

    def __init__(self, target: tuple[str, int], reachable: Callable[[], bool]) -> None:
        self._target = target
        self._reachable = reachable
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gate", daemon=True)
        self._relays: set[asyncio.Task[None]] = set()
        self._pairs: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._thread.start()
        self._run(self._listen())

    def stop(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> tuple[str, int]:
        if self._server is None:
            raise RuntimeError("the gate is not started")
        host, port = self._server.sockets[0].getsockname()
        return str(host), int(port)

    def check(self) -> None:
        """Cut what runs if the computer is no longer where it can run."""
        if not self._reachable():
            self._loop.call_soon_threadsafe(self._cut)

    def _run(self, task: Any) -> None:
        future: Future[None] = asyncio.run_coroutine_threadsafe(task, self._loop)
        future.result(timeout=5)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._cut()  # the relays end by themselves: their connections are gone
        await asyncio.gather(*self._relays, return_exceptions=True)

    def _cut(self) -> None:
        for writer in tuple(self._pairs):
            _reset(writer)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = asyncio.current_task()
        if relay is not None:
            self._relays.add(relay)
            relay.add_done_callback(self._relays.discard)
        self._pairs.add(writer)
        try:
            if not self._reachable():
                return
            there, back = await asyncio.open_connection(*self._target)
            self._pairs.add(back)
            try:
                ways = (_pump(reader, back), _pump(there, writer))
                await asyncio.gather(*ways)
            finally:
                self._pairs.discard(back)
                back.close()
        except OSError:
            pass  # nobody there: the reset below says so
        finally:
            self._pairs.discard(writer)
            if self._reachable():
                writer.close()
            else:
                _reset(writer)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()


def wifi_control(wifi: ComputerWifi) -> ControlServer:
    """`GET /wifi` tells the state; `POST /join` {"ssid"} is a person choosing in the menu."""

    def answer(method: str, path: str, sent: object) -> tuple[HTTPStatus, object]:
        match method, path, sent:
            case "GET", "/wifi", _:
                return HTTPStatus.OK, wifi.state()
            case "POST", "/join", {"ssid": str(ssid)}:
                is_there = wifi.join(ssid)
                return HTTPStatus.OK if is_there else HTTPStatus.NOT_FOUND, wifi.state()
            case "POST", "/join", _:
                raise ValueError('POST /join {"ssid": "…"} is all there is')
            case _:
                return HTTPStatus.NOT_FOUND, wifi.state()

    return ControlServer(answer)
