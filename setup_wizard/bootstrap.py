"""The composition root: the only module that names both ports and adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from setup_wizard.brand import Brand, BrandError, load_brand
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.ports import Backend, Outside, SessionStore, WifiJoiner
from setup_wizard.settings import Settings, SettingsError
from setup_wizard.words import Words, WordsError

if TYPE_CHECKING:
    from setup_wizard.flow.journal import Journal


def open_outside(settings: Settings, *, remembers: bool = False) -> Outside:
    """All ports of one journey, as the settings ask. Raises SettingsError.

    One that remembers keeps a customer's session in the system's key store.

    Imports here are inside on purpose: the window's first paint must not wait for them.
    """
    from setup_wizard.certificates import CertificateFileReader
    from setup_wizard.particle.client import ParticleCloud
    from setup_wizard.softap.address import parse_addresses
    from setup_wizard.softap.client import SoftapLink

    try:
        addresses = parse_addresses(settings.device)
    except ValueError as error:
        raise SettingsError(f"--device: {error}") from error
    return Outside(
        link=SoftapLink(tcp=addresses.tcp, http=addresses.http),
        wifi=_wifi(settings),
        certificates=CertificateFileReader(),
        backend=_backend(settings),
        sessions=_sessions(settings, remembers=remembers),
        open_cloud=ParticleCloud,
    )


def _wifi(settings: Settings) -> WifiJoiner:
    from setup_wizard.wifi.manual import GivenAddress, ManualJoiner
    from setup_wizard.wifi.simulated import SimulatedWifi

    if settings.wifi_url:
        return SimulatedWifi(settings.wifi_url)
    return GivenAddress() if settings.device else ManualJoiner()


def _backend(settings: Settings) -> Backend:
    if settings.backend_url:
        from setup_wizard.backend import HttpBackend

        return HttpBackend(settings.backend_url, settings.installer_key)
    if settings.access_token is not None:
        from setup_wizard.particle.session import InjectedSession

        product = settings.product or None
        access = CloudAccess(settings.cloud_url, settings.access_token, product)
        return InjectedSession(access)
    raise SettingsError("no backend is set: --backend, or --cloud with --access-token-file")


def _sessions(settings: Settings, *, remembers: bool) -> SessionStore:
    from setup_wizard.sessions import KeyringSessions, NothingKept

    kept = remembers and settings.backend_url
    return KeyringSessions(settings.backend_url) if kept else NothingKept()


def open_journal(brand: Brand, *, front: str) -> Journal:
    """Where a journey is written down for support; `front` names who asks."""
    from setup_wizard.report.keeper import FileJournal

    return FileJournal(brand, front=front)


def open_brand(name: str) -> tuple[Brand, Words]:
    """A brand, checked, and its way to say things. Raises SettingsError."""
    try:
        brand = load_brand(name)
        return brand, words_of(brand)
    except BrandError as error:
        raise SettingsError(str(error)) from error


def words_of(brand: Brand) -> Words:
    """The brand's way to say things. Raises BrandError for a sentence that cannot be said."""
    device = brand.device
    facts = {
        "device": device.name,
        "maker": brand.maker.name,
        "mode_button": device.mode_button,
        "hold_seconds": f"{device.hold_seconds:g}",
        "ssid_prefix": device.ssid_prefix,
        "led_colour": device.listening.name,
        "update_colour": device.update.name,
        "online_colour": device.online.name,
    }
    words = Words(facts, replaced=brand.words)
    try:
        words.check()
        if brand.life_test is not None:
            words.check_fill("proof.sentence", brand.life_test.sentence)
    except WordsError as error:
        raise BrandError(brand.folder / "brand.toml", "words", str(error)) from error
    return words
