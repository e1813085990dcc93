"""What README says of the backend, as it stands there: its calls, its settings, its commands."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from itertools import pairwise
from pathlib import Path

import pytest

from setup_wizard.cli.options import build_parser
from setup_wizard.service import problems
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in_settings import MailEncryption, MailSettings
from tests.missing import missing
from tests.service.caller import JANE, Caller
from tests.service.fake_cloud import FakeCloud
from tests.service.mail_server import MailServer

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
DEVICE = "3a001b000447343138333038"
SAID_IN_README = "123456"


@pytest.fixture
def letters() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def settings(settings: ServiceSettings, letters: MailServer) -> ServiceSettings:
    sender = Address("Lumen", addr_spec="hello@northlight.example")
    posted = MailSettings("127.0.0.1", letters.port, MailEncryption.NONE, sender)
    return replace(settings, mail=posted)


def _section(heading: str) -> str:
    """From this heading to the next of its rank, or of a higher one."""
    rank = heading.partition(" ")[0]
    text = README.partition(f"\n{heading}\n")[2]
    assert text, heading
    return re.split(rf"\n#{{2,{len(rank)}}} ", text)[0]


def _calls() -> list[str]:
    found = re.search(r"```sh\n(.*?)```", _section("### Write your own backend"), re.DOTALL)
    assert found
    return found[1].splitlines()


def test_the_calls_in_the_readme_work_as_they_stand(
    caller: Caller, cloud: FakeCloud, letters: MailServer
):
    if shutil.which("curl") is None:
        missing("curl is not installed")
    cloud.devices[JANE] = [DEVICE]
    values = {"URL": caller.url}
    answers = []
    for line in _calls():
        if assigned := re.fullmatch(r"""([A-Z])=(['"])(.*)\2""", line):
            values[assigned[1]] = re.sub(r"\$([A-Z]+)", lambda m: values[m[1]], assigned[3])
        if not line.startswith("curl "):
            continue
        if SAID_IN_README in line:
            values["CODE"] = letters.code()
        words = [
            re.sub(r"\$([A-Z]+)", lambda m: values[m[1]], word)
            for word in shlex.split(line.replace(SAID_IN_README, "$CODE"), comments=True)
        ]
        done = subprocess.run(
            [*words, "-sS", "--noproxy", "*", "-w", "\n%{http_code}"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        body, _, status = done.stdout.rpartition("\n")
        answers.append((int(status), json.loads(body) if body else {}))
        if "session_token" in answers[-1][1]:
            values["SESSION"] = answers[-1][1]["session_token"]

    caller.session_tokens.append(values["SESSION"])
    assert [status for status, _ in answers] == [200, 200, 202, 201, 201, 201, 201, 204]
    assert answers[1][1]["sign_in"] == ["code", "installer_key"]
    assert answers[2][1] == {"expires_in": 600}
    assert set(answers[3][1]) == {"session_token", "customer", "expires_in"}
    assert set(answers[4][1]) == {
        "claim_code", "access_token", "expires_in", "cloud_url", "product", "device_ids",
    }  # fmt: skip
    assert set(answers[5][1]) == {"access_token", "expires_in", "cloud_url", "product"}
    assert answers[6][1]["device_id"] == DEVICE
    assert caller.provision(values["SESSION"]).status_code == 401


def test_the_settings_in_the_readme_are_settings(tmp_path: Path):
    for name in ("client", "metrics", "mail", "events"):
        (tmp_path / name).write_text(f"hush-{name}\n")
    (tmp_path / "database").write_text("postgresql://wizard:hush@localhost/wizard\n")
    tables = re.findall(r"```toml\n(.*?)```", _section("## Run the backend"), re.DOTALL)
    file = tmp_path / "shop.toml"
    file.write_text("\n".join(tables).replace("/run/secrets", str(tmp_path)), "utf-8")

    found = ServiceSettings.from_environment({}, file)

    assert found.missing == ()
    assert found.mail is not None
    assert (found.mail.host, found.mail.port) == ("smtp.northlight.example", 587)
    assert str(found.mail.sender) == "Lumen <hello@northlight.example>"
    assert found.accounts is not None
    assert found.accounts.audience == "setup-wizard"
    assert len(found.events_token)


def _commands() -> list[list[str]]:
    """Every `setup-wizard …` in a block of README, as the shell would give it."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", README, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    values = dict(re.findall(r'^([A-Z]+)="(.*)"$', "\n".join(lines), re.MULTILINE))
    return [
        shlex.split(re.sub(r"\$([A-Z]+)", lambda m: values[m[1]], line), comments=True)[1:]
        for line in lines
        if line.startswith("setup-wizard ")
    ]


@pytest.mark.parametrize("command", _commands(), ids=lambda command: " ".join(command[:3]))
def test_a_command_in_the_readme_can_be_typed(command: list[str]):
    build_parser().read(command)


def test_the_commands_in_the_readme_are_found():
    assert {command[0] for command in _commands()} >= {
        "simulate", "provision", "watch", "call", "read", "report", "staff", "serve", "customers",
    }  # fmt: skip


def test_every_refusal_in_the_readme_is_one():
    known = {
        problem.code: str(problem.status)
        for problem in vars(problems).values()
        if isinstance(problem, problems.Problem)
    }
    paragraph = _section("### Write your own backend").partition("A refusal is ")[2]
    _, *parts = re.split(r"\((?=\d{3}\))", "(000)" + paragraph)
    said = {
        code: following[:3]
        for part, following in pairwise(parts)
        for code in re.findall(r"`([a-z]+_[a-z_]+)`", part)
        if code != "tries_left"
    }

    assert said == {code: known.get(code) for code in said}
    assert len(said) >= 15
