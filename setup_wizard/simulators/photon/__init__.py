"""A simulated Photon: a second implementation of the device, sharing no code with the client."""

from setup_wizard.simulators.photon.credentials import StoredNetwork
from setup_wizard.simulators.photon.faults import Faults
from setup_wizard.simulators.photon.photon import Photon
from setup_wizard.simulators.photon.radio import ScanEntry, parse_scan
from setup_wizard.simulators.photon.setup import ConnectAp, Setup

__all__ = ["ConnectAp", "Faults", "Photon", "ScanEntry", "Setup", "StoredNetwork", "parse_scan"]
