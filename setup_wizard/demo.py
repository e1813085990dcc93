"""The demo: the simulated world in a process of its own, and the hands that act in it.

A process of its own, so that the window's thread never waits for the world's Python. It ends
when its standard input closes, which the system does for us even when this program is killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from setup_wizard.settings import Settings

END_SECONDS = 5.0  # the world stops within one; longer means that it hangs


class DemoFailed(RuntimeError):
    """The simulated world did not start; the text is for people."""


class DemoWorld:
    """Starts the world; `settings()` waits for it, the hands only write a line."""

    customer = "jane@example.com"

    def __init__(self, ssid_prefix: str = "Photon") -> None:
        self._ssid_prefix = ssid_prefix
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._told: Mapping[str, Any] | None = None
        self._codes: dict[str, str] = {}
        """The newest, by the address that it was sent to."""
        self._reader: threading.Thread | None = None

    def begin(self) -> None:
        """Start the world's process; it needs about a second, and nobody waits for it here."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [
                    *(sys.executable, "-m", "setup_wizard", "simulate", "world", "--attended"),
                    f"--ssid-prefix={self._ssid_prefix}",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )

    def told(self) -> Mapping[str, Any]:
        """The world's addresses; waits until it runs. Raises DemoFailed."""
        with self._lock:
            if self._told is None:
                output = self._process.stdout if self._process else None
                line = output.readline() if output else ""
                if output is None or not line:
                    raise DemoFailed("the simulated world did not start; see the log above")
                self._told = json.loads(line)
                self._reader = threading.Thread(
                    target=self._read_mails, args=(output,), name="letter box", daemon=True
                )
                self._reader.start()
            return self._told

    def settings(self) -> Settings:
        told = self.told()
        return Settings(
            backend_url=told["backend"]["url"],
            device=f"tcp://{told['photon']['tcp']},http://{told['photon']['http']}",
            wifi_url=told["wifi"]["url"],
        )

    def _read_mails(self, output: Iterable[str]) -> None:
        """Until the world ends."""
        for line in output:
            mail = json.loads(line)["mail"]
            self._codes[mail["to"]] = mail["code"] or ""

    # --- a person's hands -----------------------------------------------------------------------

    def hold_button(self) -> None:
        self._do("hold")

    def join_access_point(self) -> None:
        self._do("join")

    def press_button(self) -> None:
        self._do("press")

    def passphrase(self, ssid: str) -> str:
        """What the simulated house's owner knows."""
        return self._known(ssid, "passphrase")

    def user_name(self, ssid: str) -> str:
        return self._known(ssid, "user_name")

    @property
    def installer_key(self) -> str:
        return str(self._told["backend"]["installer_key"]) if self._told else ""

    def code(self, customer: str) -> str:
        """In the letter box, as the world told of each mail."""
        return self._codes.get(customer, "")

    def _known(self, ssid: str, what: str) -> str:
        networks = self._told["networks"] if self._told else []
        return next((n[what] for n in networks if n["ssid"] == ssid), "")

    @property
    def access_point(self) -> str:
        return str(self._told["photon"]["ssid"]) if self._told else ""

    def _do(self, deed: str) -> None:
        process = self._process
        if process is not None and process.stdin is not None and process.poll() is None:
            process.stdin.write(deed + "\n")
            process.stdin.flush()

    def close(self) -> None:
        """End the world. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._reader is not None:
            self._reader.join()
        if process.stdout is not None:
            process.stdout.close()
