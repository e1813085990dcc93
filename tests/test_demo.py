"""The demo's world in its own process, and the hands that act in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
import requests

from setup_wizard.demo import DemoWorld

pytestmark = pytest.mark.slow
LIMIT = 15.0  # seconds; a loaded machine starts the world well within


def wait_for(condition: Callable[[], bool]) -> None:
    """Ask the world again and again; each question is a round trip."""
    for _ in range(2000):
        if condition():
            return
    raise AssertionError("it did not happen")


def test_the_world_is_lived_in_and_closed() -> None:
    """All in one: to start a world takes longer than everything that is done in it."""
    demo = DemoWorld()
    demo.begin()
    try:
        check_it_tells_where_it_is_and_what_the_person_knows(demo)
        check_the_letter_box_is_open(demo)
        check_hands_hold_the_button_and_choose_the_network(demo)
        check_closing_ends_it_and_twice_is_harmless(demo)
    finally:
        demo.close()


def check_it_tells_where_it_is_and_what_the_person_knows(demo: DemoWorld) -> None:
    settings = demo.settings()

    assert requests.get(f"{settings.backend_url}/healthz", timeout=LIMIT).json()["status"] == "ok"
    assert settings.installer_key is None, "the demo's customer signs in by a code"
    assert demo.installer_key == demo.told()["backend"]["installer_key"]
    assert demo.passphrase("HomeNet") == "correct horse battery"
    assert demo.passphrase("Nowhere") == ""
    assert demo.access_point == "Photon-AB12CD"


def check_hands_hold_the_button_and_choose_the_network(demo: DemoWorld) -> None:
    told = demo.told()

    def network() -> str:
        return str(requests.get(f"{told['wifi']['url']}/wifi", timeout=LIMIT).json()["network"])

    def listening() -> bool:
        state = requests.get(f"{told['control']['photon']}/state", timeout=LIMIT).json()
        return bool(state["state"] == "listening")

    assert not listening()
    demo.hold_button()
    wait_for(listening)
    demo.join_access_point()
    wait_for(lambda: network() == "Photon-AB12CD")


def check_the_letter_box_is_open(demo: DemoWorld) -> None:
    url = demo.settings().backend_url
    assert demo.code("jane@example.com") == ""

    asked = {"customer": "jane@example.com"}
    assert requests.post(f"{url}/v1/sign-in-codes", json=asked, timeout=LIMIT).status_code == 202

    def arrived() -> bool:
        requests.get(f"{url}/healthz", timeout=LIMIT)
        return demo.code("jane@example.com") != ""

    wait_for(arrived)

    assert len(demo.code("jane@example.com")) == 6


def check_closing_ends_it_and_twice_is_harmless(demo: DemoWorld) -> None:
    url = f"{demo.told()['wifi']['url']}/wifi"  # is heard wherever the computer is
    assert requests.get(url, timeout=LIMIT).ok

    demo.close()
    demo.close()

    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=LIMIT)


def test_hands_without_a_world_do_nothing() -> None:
    world = DemoWorld()

    world.hold_button()

    assert world.access_point == ""
    assert world.passphrase("HomeNet") == ""


def test_the_world_ends_when_whoever_started_it_is_killed() -> None:
    """Killed, a program closes nothing itself; the system closes its end of the pipe."""
    starter = (
        "import sys; from setup_wizard.demo import DemoWorld\n"
        "world = DemoWorld(); world.begin(); told = world.told()\n"
        "print(told['backend']['url'], flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", starter],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        process.kill()

        def gone() -> bool:
            try:
                requests.get(f"{url}/healthz", timeout=LIMIT)
            except requests.ConnectionError:
                return True
            return False

        wait_for(gone)
