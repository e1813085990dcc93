"""The whole world on loopback: one device, its house, the cloud, the maker's backend, a letter box.

In this world a device that gets the right passphrase leaves the air, comes online, is claimed
by its claim code and publishes like a real product; one that gets a wrong one comes back as an
access point, as the real one does.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from email.headerregistry import Address
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in_settings import MailEncryption, MailSettings
from setup_wizard.service.store import open_store
from setup_wizard.simulators.cloud import Cloud
from setup_wizard.simulators.house import (
    NETWORKS,
    SECURITY_NAMES,
    HouseNetwork,
    Product,
    scan_list,
)
from setup_wizard.simulators.mail import MailServer, mail_control
from setup_wizard.simulators.photon import Photon, parse_scan
from setup_wizard.simulators.wifi import ComputerWifi, Gate, wifi_control

STAFF = "demo"
JOIN_SECONDS = 0.6  # a real device takes several; a demo need not
RETURN_SECONDS = 1.2  # a real device tries for about 60
LOOK_SECONDS = 2.0  # for a computer that looks now and then to see that the device is away
MAIL_SENDER = Address("Setup Wizard demo", addr_spec="hello@maker.example")
HOME_SECONDS = 0.4  # until the computer's system goes back to its own network by itself


class World:
    """Everything outside, started together and stopped together.

    With `single_radio` the computer is on one network at a time, as a laptop is: the device
    answers only on its access point, the internet only at home. Without it the computer reaches
    both, as with a cable and Wi-Fi.
    """

    def __init__(
        self,
        *,
        single_radio: bool = False,
        asleep: bool = False,
        ssid_prefix: str = "Photon",
        networks: tuple[HouseNetwork, ...] = NETWORKS,
        scan_seconds: float = 0.4,
        update_seconds: float = 0.0,
        pace: float = 1.0,
    ) -> None:
        self.networks = networks
        self.installer_key = secrets.token_urlsafe(24)
        """Somebody's who may do everything."""
        self.wifi = ComputerWifi(home=networks[0].ssid)
        self.cloud = Cloud()
        self.photon = Photon(
            prefix=ssid_prefix,
            scan=parse_scan(scan_list()),
            scan_latency=scan_seconds,
            on_connect=self._device_left,
        )
        self.mail = MailServer()
        self.product = Product(self._publish)
        self._single_radio = single_radio
        self._asleep = asleep
        self._update_seconds = update_seconds
        """How long the device renews its firmware when it first comes online."""
        self._pace = pace
        self._stack = ExitStack()
        self._timers: list[threading.Timer] = []
        self._deeds = 0
        """What the device set out to do so far: only the last counts."""
        self._gates: dict[str, Gate] = {}
        self._control = wifi_control(self.wifi)
        self._mail_control = mail_control(self.mail)
        self._stopped = threading.Event()
        self._backend_stack = ExitStack()
        self._service: RunningService | None = None
        self.stay_offline = False
        """The device joins and then never reports, as behind a strict firewall."""

    # --- start and stop -----------------------------------------------------------------------

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._end_timers()
        self._stack.close()

    def _start(self) -> None:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="setup-wizard-"))
        self._stack.enter_context(self.cloud)
        self._stack.enter_context(self.photon)
        self._stack.callback(self.product.stop)
        self.cloud.on_call = self._call
        self.cloud.on_read = self._read
        self.register(self.photon.device_id)
        self._control.start()
        self._stack.callback(self._control.stop)
        self._gate("http", self.photon.http_address, self._on_access_point)
        self._gate("tcp", self.photon.tcp_address, self._on_access_point)
        self._gate("cloud", self.cloud.url, self._on_the_internet)
        self._stack.enter_context(self.mail)
        self._mail_control.start()
        self._stack.callback(self._mail_control.stop)
        self.service_settings = self._service_settings(folder)
        asyncio.run(self._hire())
        self._service = self._backend_stack.enter_context(RunningService(self.service_settings))
        self._gate("backend", self._service.url, self._on_the_internet)
        self._stack.callback(self._backend_stack.close)
        if self._asleep:
            self.photon.leave()
        else:
            self.wifi.appeared(self.photon.ssid)

    async def _hire(self) -> None:
        """Make an admin of the one who gets the settings' key, whom it would make an installer."""
        settings = self.service_settings
        async with open_store(settings.database_url, product=settings.product) as store:
            await store.staff.add(STAFF, Role.ADMIN)

    def stop_backend(self) -> None:
        """The maker's backend goes down, and stays down."""
        self._backend_stack.close()

    def _service_settings(self, folder: str) -> ServiceSettings:
        return ServiceSettings(
            cloud_url=self.cloud.url,
            public_cloud_url=self._through("cloud", self.cloud.url),
            product=self.cloud.product,
            client_id=self.cloud.client_id,
            client_secret=Secret(self.cloud.client_secret),
            installer_keys=((STAFF, Secret(self.installer_key)),),
            database_url=f"sqlite:///{Path(folder, 'backend.sqlite')}",
            events_token=Secret(self.cloud.events_token),
            mail=MailSettings("127.0.0.1", self.mail.port, MailEncryption.NONE, MAIL_SENDER),
        )

    def _gate(self, name: str, address: str, reachable: Callable[[], bool]) -> None:
        """Put a gate before a server, if the computer has only one radio."""
        if not self._single_radio:
            return
        host, port = address.removeprefix("http://").rsplit(":", 1)
        gate = Gate((host, int(port)), reachable)
        gate.start()
        self._stack.callback(gate.stop)
        self.wifi.watch(gate)
        self._gates[name] = gate

    def _on_the_internet(self) -> bool:
        return self.wifi.online

    def _on_access_point(self) -> bool:
        return self.wifi.network == self.photon.ssid

    # --- where everything is ------------------------------------------------------------------

    def announce(self) -> dict[str, Any]:
        """One object with every address, as the commands' contract has it."""
        if self._service is None:
            raise RuntimeError("a world that is not started has no addresses")
        photon, cloud = self.photon.announce(), self.cloud.announce()
        told: dict[str, Any] = {
            **photon,
            **cloud,
            "backend": {
                "url": self._through("backend", self._service.url),
                "installer_key": self.installer_key,
            },
            "wifi": {"url": self._control.url},
            "mail": {
                "smtp": f"127.0.0.1:{self.mail.port}",
                "url": f"{self._mail_control.url}/messages",
            },
            "networks": [
                {
                    "ssid": network.ssid,
                    "passphrase": network.passphrase,
                    "security": SECURITY_NAMES[network.security],
                    "user_name": network.user_name,
                }
                for network in self.networks
            ],
            "control": {
                "photon": photon["control"],
                "cloud": cloud["control"],
                "wifi": self._control.url,
            },
        }
        told["photon"] |= {
            "http": self._through("http", self.photon.http_address),
            "tcp": self._through("tcp", self.photon.tcp_address),
        }
        told["cloud"] |= {"url": self._through("cloud", self.cloud.url)}
        return told

    def _through(self, name: str, address: str) -> str:
        gate = self._gates.get(name)
        if gate is None:
            return address
        scheme = "http://" if address.startswith("http://") else ""
        host, port = gate.address
        return f"{scheme}{host}:{port}"

    # --- what people do -----------------------------------------------------------------------

    def hold_button(self) -> None:
        """Hold the mode button: the device listens, its access point is in the air."""
        self._deeds += 1
        self._leave_cloud()
        self.photon.listen()
        self.wifi.appeared(self.photon.ssid)

    def join_access_point(self) -> bool:
        """Choose the device's network in the computer's Wi-Fi menu."""
        return self.wifi.join(self.photon.ssid)

    def choose_device(self) -> None:
        """The same for somebody in a hurry, who forgot to hold the button first."""
        if not self.join_access_point() and self.photon.state != "online":
            self.hold_button()
            self.join_access_point()

    # --- what the device does -----------------------------------------------------------------

    def _device_left(self) -> None:
        """The device took connect-ap: it left the air and tries its networks, newest first."""
        self.wifi.vanished(self.photon.ssid)
        self._leave_cloud()  # it may have come to listen without anybody's hand: by its control
        self._later(HOME_SECONDS, self.wifi.go_home)
        known = any(
            network.accepts(stored.ssid, stored.passphrase, self.photon.user_name_for(stored))
            for stored in self.photon.networks
            for network in self.networks
        )
        if known and not self.stay_offline:
            self._set_out(JOIN_SECONDS, self.come_online)
        elif known:
            self.photon.set_state("connecting")
        else:
            self._set_out(RETURN_SECONDS, self._come_back)

    def _set_out(self, seconds: float, act: Callable[[], None]) -> None:
        """What the device will do, unless something else becomes of it until then."""
        self._deeds += 1
        self._later(seconds, partial(self._go_on, self._deeds, act))

    def _go_on(self, deed: int, act: Callable[[], None]) -> None:
        if deed == self._deeds and not self._stopped.is_set():
            act()

    def _come_back(self) -> None:
        """Away for a minute nobody overlooks it; away for a moment it waits until it is missed."""
        deed = self._deeds
        self.wifi.looked.wait(LOOK_SECONDS)
        self._go_on(deed, self.hold_button)

    def come_online(self) -> None:
        """The device reaches the cloud, and tells it the claim code that it was given."""
        device_id = self.photon.device_id
        if not self._is_registered(device_id):
            self.register(device_id)
        self.photon.set_state("online")
        self.cloud.set_online(device_id, True, claim_code=self.photon.claim_code or None)
        if self._update_seconds:
            self.cloud.update(device_id, "started")
            self._set_out(self._update_seconds, self._restart)
            self._update_seconds = 0.0
        else:
            self.product.start()

    def _restart(self) -> None:
        """The new firmware is there: the device goes, and comes back with it."""
        self.cloud.update(self.photon.device_id, "success")
        self._set_out(JOIN_SECONDS, self.come_online)

    def _leave_cloud(self) -> None:
        """A device that listens is nowhere else: it does not answer, it publishes nothing."""
        self.product.stop()
        if self._is_registered(self.photon.device_id):
            self.cloud.set_online(self.photon.device_id, False)

    def register(self, device_id: str) -> None:
        """Make it one of the product's, as its maker did before it was shipped."""
        self.cloud.add_device(
            device_id,
            functions=dict.fromkeys(Product.FUNCTIONS, 1),
            variables=self.product.variables(),
        )

    def _is_registered(self, device_id: str) -> bool:
        """A device that was online before has its name and its owner at the cloud."""
        try:
            self.cloud.device(device_id)
        except KeyError:
            return False
        return True

    def _call(self, _device_id: str, function: str, argument: str) -> int:
        return self.product.call(function, argument)

    def _read(self, _device_id: str, variable: str) -> object:
        return self.product.variables().get(variable)

    def _publish(self, name: str, data: str) -> None:
        self.cloud.publish(self.photon.device_id, name, data)

    def _later(self, seconds: float, act: Callable[[], object]) -> None:
        if self._stopped.is_set():
            return
        timer = threading.Timer(seconds * self._pace, act)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def _end_timers(self) -> None:
        self.wifi.looked.set()  # nobody will look any more
        for timer in self._timers:
            timer.cancel()
            timer.join()
