"""A simulated Photon for tests and the simulated world: start it, talk to it, make it fail."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self, TypeVar

from setup_wizard.simulators.control_server import ControlServer
from setup_wizard.simulators.photon import radio
from setup_wizard.simulators.photon.air import Air, Sleep
from setup_wizard.simulators.photon.control import Control
from setup_wizard.simulators.photon.credentials import StoredNetwork
from setup_wizard.simulators.photon.crypto import DeviceKey
from setup_wizard.simulators.photon.device import Device
from setup_wizard.simulators.photon.faults import Faults
from setup_wizard.simulators.photon.line import Traffic
from setup_wizard.simulators.photon.radio import NEIGHBOURHOOD, ScanEntry
from setup_wizard.simulators.photon.setup import ConnectAp, Setup

_CALL_TIMEOUT = 10.0  # everything asked of the event loop takes milliseconds
_LONGEST_PREFIX = 25  # bytes, so that the name of the access point fits in 32

_T = TypeVar("_T")


class Photon:
    """A device in listening mode on loopback, over TCP and HTTP, with a control port."""

    def __init__(
        self,
        *,
        http_port: int = 0,
        tcp_port: int = 0,
        control_port: int = 0,
        device_id: str = "3a001b000447343138333038",
        prefix: str = "Photon",
        suffix: str = "AB12CD",
        key: bytes | None = None,
        claimed: bool = False,
        scan: Sequence[ScanEntry] | None = None,
        latency: float = 0.0,
        scan_latency: float = 0.0,
        on_connect: Callable[[], None] | None = None,
    ) -> None:
        if len(prefix.encode()) > _LONGEST_PREFIX:
            raise ValueError(f"the prefix of the access point has at most {_LONGEST_PREFIX} bytes")
        self.ssid = f"{prefix}-{suffix}"
        self._device = Device(
            device_id=device_id.lower(),
            key=DeviceKey(key),
            claimed=claimed,
            scan=NEIGHBOURHOOD if scan is None else scan,
        )
        self.sleep: Sleep = asyncio.sleep
        """How the device lets time pass; tests may have a clock of their own."""
        self._on_connect = on_connect
        self._http_port, self._tcp_port, self._control_port = http_port, tcp_port, control_port
        self._latency, self._scan_latency = latency, scan_latency

    def start(self) -> Self:
        """Come on the air. A photon is started once."""
        self._loop = asyncio.SelectorEventLoop()  # on Windows too: the air waits for readiness
        thread = threading.Thread(target=self._loop.run_forever, name=f"photon {self.ssid}")
        thread.start()
        with ExitStack() as undo:
            undo.callback(self._end, thread)
            self._air = self._call(self._come_alive())
            undo.callback(lambda: self._call(self._air.shut_down()))
            self._control = ControlServer(Control(self).answer, port=self._control_port)
            self._control.start()
            undo.callback(self._control.stop)
            self._undo = undo.pop_all()
        return self

    def stop(self) -> None:
        self._undo.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def http_address(self) -> str:
        return self._air.addresses["http"]

    @property
    def tcp_address(self) -> str:
        return self._air.addresses["tcp"]

    @property
    def control_url(self) -> str:
        return self._control.url

    @property
    def device_id(self) -> str:
        return self._device.device_id

    @property
    def state(self) -> str:
        return self._air.state

    @property
    def networks(self) -> tuple[StoredNetwork, ...]:
        """What is stored, newest first."""
        return self._device.networks

    def user_name_for(self, network: StoredNetwork) -> bytes:
        """With which the device signs in there; empty for a network that wants none."""
        enterprise = self._device.enterprise
        if enterprise is None or not network.security & radio.ENTERPRISE:
            return b""
        return enterprise.inner_identity

    @property
    def claim_code(self) -> str | None:
        """The claim code that was set, for the cloud to compare; None without one."""
        return self._device.claim_code.decode("utf-8", "replace") or None

    @property
    def stored(self) -> dict[str, object]:
        return self._device.stored

    @property
    def commands(self) -> int:
        """How many commands were carried out since the start."""
        return self._device.commands

    @property
    def traffic(self) -> Traffic:
        """What went over both ports since the start."""
        return replace(self._air.traffic)

    @property
    def faults(self) -> Faults:
        return self._air.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._call(self._air.suffer(faults))

    def announce(self) -> dict[str, object]:
        """What the command prints when the simulator is ready."""
        photon = {"http": self.http_address, "tcp": self.tcp_address}
        photon |= {"device_id": self.device_id, "ssid": self.ssid}
        return {"photon": photon, "control": self.control_url}

    def listen(self) -> None:
        """Come back on the air, on the same ports; the first connect after this succeeds."""
        self._call(self._air.open())

    def leave(self) -> None:
        """Go off the air; when this returns connects are refused."""
        self._call(self._air.close())

    def set_state(self, state: str) -> None:
        """Say what has become of the device, for example that it is online."""

        async def change() -> None:
            self._air.state = state

        self._call(change())

    def set_scan(self, scan: Sequence[ScanEntry]) -> None:
        """Give the device other neighbours."""
        self.set_up(Setup(scan=tuple(scan)))

    def reset(self) -> None:
        """Be as new and on the air: nothing stored, no faults; only the key stays."""
        self.set_up(Setup(reset=True))

    def set_up(self, setup: Setup) -> None:
        """Prepare for a recorded case."""
        self._call(self._apply(setup))

    async def _apply(self, setup: Setup) -> None:
        if setup.reset:
            self._device.reset()
            self._air.connect_ap = ConnectAp()
            await self._air.suffer(Faults())
            await self._air.open()
        if setup.device_id is not None:
            self._device.device_id = setup.device_id.lower()
        if setup.claimed is not None:
            self._device.claimed = setup.claimed
        if setup.scan is not None:
            self._device.scan = setup.scan
        if setup.connect_ap is not None:
            self._air.connect_ap = setup.connect_ap

    async def _come_alive(self) -> Air:
        air = Air(
            self._device,
            http_port=self._http_port,
            tcp_port=self._tcp_port,
            latency=self._latency,
            scan_latency=self._scan_latency,
            left=self._left,
            sleep=self._let_pass,
        )
        try:
            await air.open()
        except OSError:
            await air.shut_down()
            raise
        return air

    async def _let_pass(self, seconds: float) -> None:
        await self.sleep(seconds)

    def _left(self) -> None:
        # In a thread of its own: whoever is told may want the device back on the air at once.
        if self._on_connect is not None:
            self._loop.run_in_executor(None, self._on_connect)

    def _call(self, work: Coroutine[None, None, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_CALL_TIMEOUT)

    def _end(self, thread: threading.Thread) -> None:
        self._call(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join()
        self._loop.close()
