"""A simulated world, and `provision` in it with nothing secret shown."""

from __future__ import annotations

import subprocess
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

from tests.cli.command import Answer, Running, ask, finish, start
from tests.journeys.traveller import HastyWorld

HOME = "HomeNet"
HOME_PASSPHRASE = "correct horse battery"
WRONG_PASSPHRASE = "not the password"
CUSTOMER = "jane@example.com"


@dataclass(frozen=True)
class QuickWorld:
    """What `simulate world` runs, in this process instead, where a device is quicker."""

    told: dict[str, Any]


@contextmanager
def quick_world() -> Iterator[QuickWorld]:
    with HastyWorld(scan_seconds=0.0) as world:
        yield QuickWorld(world.announce())


class World:
    """One world for many journeys: `listen` brings its device back to where it began."""

    def __init__(self, running: Running | QuickWorld, folder: Path) -> None:
        self.told = running.told
        self.folder = folder
        self.secrets = [
            running.told["backend"]["installer_key"],
            running.told["cloud"]["client_secret"],
            running.told["cloud"]["team_token"],
            running.told["cloud"]["events_token"],
            WRONG_PASSPHRASE,
            *(n["passphrase"] for n in running.told["networks"] if n["passphrase"]),
        ]
        self.key_file = self.file("key", running.told["backend"]["installer_key"] + "\n")

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    @property
    def tcp(self) -> str:
        return f"tcp://{self.told['photon']['tcp']}"

    def listen(self) -> None:
        """The device is as new and listens."""
        control = self.told["control"]["photon"]
        ask(f"{control}/reset", {})
        ask(f"{control}/listen", {})

    def disown(self) -> None:
        """The device belongs to nobody, as when it left the factory."""
        device = {"device_id": self.told["photon"]["device_id"], "functions": {"led": 1}}
        ask(f"{self.told['control']['cloud']}/devices", device)

    def device(self) -> dict[str, Any]:
        """The device as its own control tells it."""
        return ask(f"{self.told['control']['photon']}/state")

    def at_the_cloud(self) -> dict[str, Any]:
        (device,) = ask(f"{self.told['control']['cloud']}/state")["devices"]
        assert isinstance(device, dict)
        return device

    def customer_token(self, customer: str) -> str:
        """What a maker's own sign-in would hand over: a customer's access token."""
        cloud = self.told["cloud"]
        client = b64encode(f"{cloud['client_id']}:{cloud['client_secret']}".encode()).decode()
        form = urllib.parse.urlencode({"email": customer, "no_password": "true"}).encode()
        request = urllib.request.Request(
            f"{cloud['url']}/v1/products/{cloud['product']}/customers",
            data=form,
            headers={"Authorization": f"Basic {client}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            token = str(loads(answer.read())["access_token"])
        self.secrets.append(token)
        return token

    def backend(self, *, url: str = "", key_file: str = "", customer: str = CUSTOMER) -> list[str]:
        return [
            *("--backend", url or self.told["backend"]["url"]),
            *("--installer-key-file", key_file or self.key_file),
            *("--customer", customer),
        ]

    def start(self, *arguments: str, device: str | None = None) -> subprocess.Popen[bytes]:
        """`provision` for the world's backend and device, still running."""
        device = self.tcp if device is None else device
        whole = arguments if "--device" in arguments else (*arguments, "--device", device)
        if not {"--backend", "--cloud"} & set(whole):
            whole = (*whole, *self.backend())
        return start("--verbose", "provision", *whole)

    def provision(self, *arguments: str, passphrase: str | bytes | None = None) -> Answer:
        """Run `provision` to its end, as chatty as it can be; its secrets stay its own."""
        typed = b""
        if passphrase is not None:
            arguments = (*arguments, "--passphrase-stdin")
            typed = passphrase.encode() if isinstance(passphrase, str) else passphrase
            typed += b"\n"
        with self.start(*arguments) as process:
            answer = finish(process, typed=typed)
        self.check_silence(answer)
        return answer

    def check_silence(self, answer: Answer) -> None:
        claim_code = self.device()["stored"]["claim_code"]
        secrets = [*self.secrets, *([claim_code] if claim_code else [])]
        said = answer.out + answer.err
        assert [s for s in secrets if s in said] == [], answer
        assert "Traceback" not in answer.err, answer
