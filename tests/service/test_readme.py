"""The five calls in README, as they stand there, against a running backend."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

from tests.service.caller import JANE, SHOP_KEY, Caller
from tests.service.fake_cloud import FakeCloud

README = Path(__file__).parents[2] / "README.md"
DEVICE = "3a001b000447343138333038"


def _block() -> list[str]:
    section = README.read_text("utf-8").partition("### Write your own backend")[2]
    found = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1].splitlines()


def test_the_calls_in_the_readme_work_as_they_stand(caller: Caller, cloud: FakeCloud):
    cloud.devices[JANE] = [DEVICE]
    values = {"URL": caller.url}
    answers = []
    for line in _block():
        if assigned := re.fullmatch(r"""([A-Z])=(['"])(.*)\2""", line):
            values[assigned[1]] = re.sub(r"\$([A-Z]+)", lambda m: values[m[1]], assigned[3])
        if not line.startswith("curl "):
            continue
        words = [
            re.sub(r"\$([A-Z]+)", lambda m: values[m[1]], word)
            for word in shlex.split(line.replace("…", SHOP_KEY), comments=True)
        ]
        done = subprocess.run(
            [*words, "-sS", "--noproxy", "*", "-w", "\n%{http_code}"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        body, _, status = done.stdout.rpartition("\n")
        answers.append((int(status), json.loads(body)))
        if "session_token" in answers[-1][1]:
            values["SESSION"] = answers[-1][1]["session_token"]

    caller.session_tokens.append(values["SESSION"])
    assert [status for status, _ in answers] == [200, 201, 201, 201, 201]
    assert set(answers[2][1]) == {
        "claim_code", "access_token", "expires_in", "cloud_url", "product", "device_ids",
    }  # fmt: skip
    assert set(answers[3][1]) == {"access_token", "expires_in", "cloud_url", "product"}
    assert answers[4][1]["device_id"] == DEVICE
