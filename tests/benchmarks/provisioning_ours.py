"""Sets a device up with our client, once for each line on standard input: a JSON object with
protocol, port, claimCode and network. Answers each with the milliseconds it took."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security
from setup_wizard.softap.client import SoftapLink


def set_up(wanted: dict[str, Any]) -> None:
    address, person = ("127.0.0.1", wanted["port"]), StopSwitch()
    ssid, channel = wanted["network"]["ssid"].encode(), wanted["network"]["channel"]
    credentials = Credentials(
        Network(ssid, Security.WPA2, channel=channel), Secret(wanted["network"]["password"])
    )
    over_tcp = wanted["protocol"] == "tcp"
    link = SoftapLink(tcp=address if over_tcp else None, http=None if over_tcp else address)
    assert link.look(person) == link.identify(person)
    assert ssid in {network.ssid for network in link.scan(person)}
    link.store_claim_code(Secret(wanted["claimCode"]), person)
    link.store_network(credentials, person)
    link.connect(person)


def main() -> None:
    for line in sys.stdin:
        wanted = json.loads(line)
        started = time.perf_counter()
        set_up(wanted)
        print(json.dumps({"ms": (time.perf_counter() - started) * 1000}), flush=True)


if __name__ == "__main__":
    main()
