"""Measures a set-up of the simulated photon by our client and by the official one; one JSON line.

    python tests/benchmarks/provisioning.py [ROUNDS]

Both do seven commands, in turn within each round, on the same photon; each of the three is a
process of its own that stays, so that only its work counts. Ours: device-id for the look
and again for the introduction, as in every journey, scan-ap, set, public-key, configure-ap and
connect-ap. The official one: version, device-id, scan-ap, set, public-key, configure-ap and
connect-ap, and over TCP one more to warm up. Overhead is the time above what the device itself
took for the commands, by its own account; of each client the lower quartile of its rounds
counts, for whatever else runs on this computer only ever adds. A first connection that is held
stays open until its client goes: whoever reads to the end of the stream never comes to one.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
ROUNDS = 30
LATENCY_MS, SCAN_MS = 30, 250  # of the photon, where it takes time at all
CLAIM_CODE = "Y2xhaW0+/w=="
SSID = "Maple Street 12"
NETWORK = {
    "ssid": SSID, "security": "wpa2_aes", "password": "correct horse battery", "channel": 6
}  # fmt: skip
GOAL = 0.5
PROTOCOLS = ("tcp", "http")
OURS = [sys.executable, "-m", "tests.benchmarks.provisioning_ours"]
OFFICIAL = ["node", "--no-deprecation", "tests/benchmarks/provisioning_official.js"]

SCENES: Mapping[str, tuple[list[str], dict[str, object]]] = {
    "latency_0": ([], {}),
    "latency_30": (["--latency", str(LATENCY_MS), "--scan-latency", str(SCAN_MS)], {}),
    "first_connection_held": ([], {"hold_first_connection": True}),
}


class Photon:
    """The simulated photon in its own process, asked by its control port."""

    def __init__(self, announced: Mapping[str, Any]) -> None:
        self._control = announced["control"]
        self.ports = {p: int(announced["photon"][p].rpartition(":")[2]) for p in PROTOCOLS}
        self._session = requests.Session()

    def renew(self, faults: Mapping[str, object]) -> None:
        self._post("/reset", {})
        self._post("/faults", faults)

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._session.get(f"{self._control}/state", timeout=5).json()
        return state

    def _post(self, path: str, value: object) -> None:
        self._session.post(self._control + path, json=value, timeout=5).raise_for_status()


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def answer_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def ask(process: subprocess.Popen[str], wanted: Mapping[str, object]) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps(wanted) + "\n")
    process.stdin.flush()
    return answer_of(process)


def measure_once(
    photon: Photon,
    client: subprocess.Popen[str],
    protocol: str,
    faults: Mapping[str, object],
) -> dict[str, float]:
    photon.renew(faults)
    before = photon.state()
    wanted = {"protocol": protocol, "port": photon.ports[protocol]}
    passed = ask(client, {**wanted, "claimCode": CLAIM_CODE, "network": NETWORK})["ms"]
    after = photon.state()
    assert [network["ssid_hex"] for network in after["stored"]["networks"]] == [SSID.encode().hex()]
    assert after["stored"]["claim_code"] == CLAIM_CODE
    traffic = {name: after["traffic"][name] - before["traffic"][name] for name in after["traffic"]}
    busy = traffic.pop("busy") * 1000
    commands = after["commands"] - before["commands"]
    return {"overhead_ms": passed - busy, "total_ms": passed, "commands": commands, **traffic}


def measure(scene: str, rounds: int) -> dict[str, Any]:
    options, faults = SCENES[scene]
    runs: dict[str, list[dict[str, float]]] = {}
    command = [sys.executable, "-m", "setup_wizard", "simulate", "photon", *options]
    with running(command) as device, running(OURS) as ours, running(OFFICIAL) as official:
        photon = Photon(answer_of(device))
        for _ in range(rounds + 1):
            for protocol in PROTOCOLS:
                for name, client in (("ours", ours), ("official", official)):
                    once = measure_once(photon, client, protocol, faults)
                    runs.setdefault(f"{name}_{protocol}", []).append(once)
    # The first run of each client, in cold caches, does not count.
    result: dict[str, Any] = {name: quartiles(taken[1:]) for name, taken in runs.items()}
    for protocol in PROTOCOLS:
        mine, theirs = result[f"ours_{protocol}"], result[f"official_{protocol}"]
        result[f"ratio_{protocol}"] = round(mine["overhead_ms"] / theirs["overhead_ms"], 3)
    return result


def quartiles(runs: list[dict[str, float]]) -> dict[str, float]:
    return {
        name: round(statistics.quantiles((run[name] for run in runs), n=4)[0], 2)
        for name in runs[0]
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    scenes = {scene: measure(scene, rounds) for scene in SCENES}
    ratio = scenes["latency_0"]["ratio_tcp"]
    goal = {"ratio": ratio, "goal": GOAL, "met": ratio <= GOAL}
    print(json.dumps({"benchmark": "provisioning", "rounds": rounds, **scenes, **goal}))


if __name__ == "__main__":
    main()
