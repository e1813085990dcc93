"""What a program without permissions can tell about this computer's Wi-Fi."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup_wizard.ports import WifiState
from setup_wizard.wifi.manual import ManualJoiner


def interface(root: Path, name: str, operstate: str, *, radio: str | None = "wireless") -> None:
    (root / name).mkdir()
    (root / name / "operstate").write_text(operstate + "\n")
    if radio is not None:
        (root / name / radio).mkdir()


@pytest.mark.parametrize("radio", ["wireless", "phy80211"])
@pytest.mark.parametrize(
    ("operstate", "present"), [("up", True), ("dormant", True), ("down", None), ("unknown", None)]
)
def test_a_wifi_in_use_is_present_and_another_may_be_off(
    tmp_path: Path, radio: str, operstate: str, present: bool | None
) -> None:
    interface(tmp_path, "eth0", "up", radio=None)
    interface(tmp_path, "wlan0", operstate, radio=radio)

    assert ManualJoiner(tmp_path).state() == WifiState(present=present, network=None)


def test_one_wifi_in_use_is_enough(tmp_path: Path) -> None:
    interface(tmp_path, "wlan0", "down")
    interface(tmp_path, "wlan1", "up")

    assert ManualJoiner(tmp_path).state().present is True


def test_only_cables_mean_no_wifi(tmp_path: Path) -> None:
    interface(tmp_path, "eth0", "up", radio=None)

    assert ManualJoiner(tmp_path).state() == WifiState(present=False)


def test_a_system_without_such_a_folder_does_not_tell(tmp_path: Path) -> None:
    assert ManualJoiner(tmp_path / "missing").state() == WifiState()


def test_an_interface_unplugged_while_looking_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "wlan0" / "wireless").mkdir(parents=True)

    assert ManualJoiner(tmp_path).state() == WifiState()


def test_the_air_is_never_looked_at(tmp_path: Path) -> None:
    assert ManualJoiner(tmp_path).sees(b"Photon-AB12CD") is None


def test_this_computer_gives_some_answer() -> None:
    assert ManualJoiner().state().network is None
