"""A report at the end of a journey: what support needs is in it, and no secret of the world is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from setup_wizard.brand import load_brand
from setup_wizard.domain.secret import Secret
from setup_wizard.flow import messages as m
from setup_wizard.flow.steps import Step
from setup_wizard.report.keeper import FileJournal
from tests.journeys.conftest import secrets_of
from tests.journeys.traveller import (
    CUSTOMER,
    WRONG_PASSPHRASE,
    QuickClock,
    Traveller,
    WatchedWorld,
)

pytestmark = pytest.mark.slow

CAFE = "Café ☕ d'Ani & Co <2.4>"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[FileJournal]:
    made = FileJournal(load_brand("default"), front="test", folder=tmp_path / "journal")
    yield made
    made.close()


@pytest.fixture
def report(journal: FileJournal, tmp_path: Path) -> Callable[[], dict[str, bytes]]:
    """Makes the report, and unpacks it."""

    def make() -> dict[str, bytes]:
        file = tmp_path / "report.zip"
        journal.save(file)
        with zipfile.ZipFile(file) as archive:
            return {"": file.read_bytes(), **{n: archive.read(n) for n in archive.namelist()}}

    return make


def kept_on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*.jsonl"))


def hidden_in(world: WatchedWorld) -> list[tuple[str, str]]:
    """Everything of this world that no report may tell: secrets, people, places."""
    (stored,) = world.photon.networks[:1] or [None]
    return [
        *secrets_of(world),
        *(("ssid", network.ssid) for network in world.networks),
        ("the device's own network", str(world.announce()["photon"]["ssid"])),
        ("client id", world.cloud.client_id),
        ("team token", str(world.announce()["cloud"]["team_token"])),
        ("customer", CUSTOMER),
        ("customer as the cloud writes it", CUSTOMER.lower()),
        ("stored passphrase", (stored.passphrase or b"").decode() if stored else ""),
        ("name", "Kitchen"),
        ("addresses", "http://"),
    ]


def found_in(parts: bytes, world: WatchedWorld) -> list[str]:
    """What was found of it, as it is and as JSON or a dump would write it."""
    found = []
    for kind, text in hidden_in(world):
        raw = text.encode()
        shapes = {
            raw,
            raw.hex().encode(),
            json.dumps(text)[1:-1].encode(),
            repr(text)[1:-1].encode(),
        }
        if text and any(shape in parts for shape in shapes):
            found.append(kind)
    return found


def test_no_secret_of_a_journey_with_detours_is_in_its_report(
    laptop: WatchedWorld,
    journal: FileJournal,
    report: Callable[[], dict[str, bytes]],
    tmp_path: Path,
) -> None:
    traveller = Traveller(laptop)
    traveller.journal = journal
    refused = traveller.set_up(CAFE, passphrase=WRONG_PASSPHRASE)
    assert refused.step is Step.WRONG_PASSPHRASE

    def rejoin(happened: m.Report, _clock: QuickClock) -> None:
        if isinstance(happened, m.JoinNeeded):
            laptop.join_access_point()

    traveller.on_report = rejoin
    traveller.act(m.SendAgainPressed(Secret("cappuccino-2024")))
    traveller.act(m.NamePressed("Kitchen"))
    assert traveller.state.step is Step.DONE

    parts = report()

    assert len(hidden_in(laptop)) > 15
    assert {kind for kind, text in hidden_in(laptop) if text} >= {
        *("passphrase", "claim code", "access token", "ssid", "installer key", "client secret"),
        *("team token", "stored passphrase"),
    }
    assert found_in(b"\n".join(parts.values()), laptop) == []
    assert found_in(kept_on_disk(tmp_path / "journal"), laptop) == []


def test_the_report_tells_what_happened_and_what_was_said_to_the_device(
    world: WatchedWorld, journal: FileJournal, report: Callable[[], dict[str, bytes]]
) -> None:
    traveller = Traveller(world)
    traveller.journal = journal
    traveller.set_up(CAFE, passphrase=WRONG_PASSPHRASE)

    parts = report()

    told = [json.loads(line) for line in parts["timeline.jsonl"].splitlines()]
    names = [(line["kind"], line["name"]) for line in told]
    for expected in (
        ("event", "StartPressed"),
        ("command", "SetUp"),
        ("event", "StageDone"),
        ("state", "wrong_passphrase"),
        *(("connection", command) for command in ("device-id", "scan-ap", "set", "public-key")),
        *(("connection", command) for command in ("configure-ap", "connect-ap")),
    ):
        assert expected in names
    chosen = next(line for line in told if line["name"] == "SetUpPressed")["facts"]["network"]
    failed = next(line for line in told if line["name"] == "SetupFailed")["facts"]["error"]
    assert chosen["ssid"] == failed["network"]
    assert (chosen["ssid"]["bytes"], chosen["ssid"]["ascii"]) == (len(CAFE.encode()), False)
    assert failed["code"] == "SW-WRONG-PASSPHRASE"
    scan = next(line["facts"] for line in told if line["name"] == "scan-ap")
    assert scan["sent"] > 0
    assert scan["received"] > 100
    assert world.photon.device_id.encode() in parts["timeline.txt"]
