"""Why a device came back from its network: what the scans show, for the device does not say."""

from __future__ import annotations

from setup_wizard.domain.errors import JoinError, NetworkTooWeak
from setup_wizard.domain.wifi import Credentials, Network, SecurityKind, join_failure

# dBm. The radio of such a device hears beacons, sent at 1 Mbit/s, down to about -95, but a
# handshake needs both directions and frames that are sent faster: below -80 it is a matter of luck.
WEAK_SIGNAL = -80


def cause_of_return(credentials: Credentials, heard: tuple[Network, ...] = ()) -> JoinError:
    """Its range, where the scans say so; else the passphrase, if there is one.

    `heard` is what it hears now; nothing at all says nothing, for the radio has just come up.
    """
    network = credentials.network
    if network.security.kind is not SecurityKind.OPEN and _is_weak(network, heard):
        return NetworkTooWeak(network=network.name)
    return join_failure(credentials)


def _is_weak(network: Network, heard: tuple[Network, ...]) -> bool:
    if not heard:
        return network.rssi is not None and network.rssi <= WEAK_SIGNAL
    signals = [n.rssi for n in heard if n.ssid == network.ssid and n.rssi is not None]
    if not signals:
        # A network that was typed in may hide: that it is not heard is no news.
        return network.rssi is not None
    return max(signals) <= WEAK_SIGNAL
