"""What can be arranged in the simulated cloud, by a program or by its remote control."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from setup_wizard.simulators.cloud.events import Event
from setup_wizard.simulators.cloud.faults import FaultBox, Faults
from setup_wizard.simulators.cloud.hub import Hub
from setup_wizard.simulators.cloud.state import Device, State, parse_device_id

UPDATE_STATES = ("started", "success", "failed")


class Core:
    """The state, the streams and the faults. For one thread at a time.

    An unknown device is a KeyError, anything else that cannot be a ValueError.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.hub = Hub()
        self.faults = FaultBox()

    def add_device(
        self,
        device_id: str,
        *,
        name: str,
        functions: Mapping[str, int],
        variables: Mapping[str, object],
        owner: str | None,
        online: bool,
    ) -> None:
        self.state.add_device(
            device_id,
            name=name,
            functions=functions,
            variables=variables,
            owner=owner,
            online=online,
        )

    def set_online(self, device_id: str, *, online: bool, claim_code: str | None) -> None:
        """Connect or disconnect a device, and tell whoever may know.

        The event comes before the claim, as in the real cloud: a first owner never sees it.
        """
        device = self._device(device_id)
        if device.online:
            # A cloud that missed the end of a connection tells it right before the next one.
            device.online = False
            self._publish_status(device, "offline")
        if not online:
            return
        self.state.connect(device)
        self._publish_status(device, "online")
        if claim_code is not None:
            self.state.use_claim_code(device, claim_code)

    def update(self, device_id: str, state: str) -> None:
        """Let a device that is online renew its firmware: `started`, then `success` or `failed`.

        After a success it restarts: whoever does this brings it online again.
        """
        device = self._device(device_id)
        if state not in UPDATE_STATES or not device.online:
            raise ValueError(f"an update is one of {', '.join(UPDATE_STATES)}, of an online device")
        if state == "started":
            self._publish_status(device, "auto-update")
        device.updating = state == "started"
        self.hub.publish(self._maker(device, "spark/flash/status", state)())
        if state == "success":
            self.set_online(device_id, online=False, claim_code=None)

    def publish(
        self, device_id: str, name: str, data: str | None, *, count: int, rate: float
    ) -> None:
        """One event at once; a series in the background of the running loop."""
        device = self._device(device_id)
        if count < 1 or rate < 0:
            raise ValueError("count begins at 1 and rate at 0")
        device.last_heard = self.state.clock()
        make = self._maker(device, name, data)
        if count == 1:
            self.hub.publish(make())
        else:
            self.hub.publish_series(make, count, rate=rate)

    def set_faults(self, faults: Faults) -> None:
        self.faults.faults = faults
        if faults.drop_streams:
            self.hub.end_streams(cut=faults.drop_streams != "end")
        self.hub.stir()

    def device_view(self, device_id: str) -> dict[str, object]:
        device = self._device(device_id)
        return {
            "device_id": device.device_id,
            "name": device.name,
            "owner": device.owner,
            "online": device.online,
            "signaling": device.signaling,
            "functions": dict(device.functions),
            "variables": dict(device.variables),
        }

    def summary(self) -> dict[str, object]:
        """Everything worth asserting on, and nothing secret."""
        return {
            "product": self.state.product,
            "devices": [self.device_view(device_id) for device_id in self.state.devices],
            "customers": sorted(self.state.accounts.customers),
            "open_claim_codes": self.state.open_claim_codes,
            "streams": len(self.hub.subscribers),
            "streams_opened": self.hub.opened,
            "published": self.hub.published,
        }

    def _device(self, device_id: str) -> Device:
        return self.state.devices[parse_device_id(device_id)]

    def _publish_status(self, device: Device, status: str) -> None:
        self.hub.publish(self._maker(device, "spark/status", status)())

    def _maker(self, device: Device, name: str, data: str | None) -> Callable[[], Event]:
        def make() -> Event:
            return Event(
                name=name,
                data=data,
                device_id=device.device_id,
                owner=device.owner,
                published_at=self.state.clock(),
            )

        make()  # refuses a bad name here, not in the background
        return make
