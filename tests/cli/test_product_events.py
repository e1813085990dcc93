"""`watch --product-events`: the maker's staff hear the whole product, and nobody else does."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Answer, ask, finish, refuses, run, start
from tests.cli.test_live import until_it_listens
from tests.cli.world import CUSTOMER, QuickWorld, World, quick_world

FOREIGN = "3a001b000447343138333099"
JOE = "joe@example.com"

pytestmark = pytest.mark.slow


class Maker(World):
    """The maker's side: a backend with its cloud, where somebody else's device is, too."""

    def __init__(self, running: QuickWorld, folder: Path) -> None:
        super().__init__(running, folder)
        self.control = running.told["control"]["cloud"]
        device = {"device_id": FOREIGN, "name": "cellar", "owner": JOE, "online": True}
        ask(f"{self.control}/devices", device)

    @property
    def key(self) -> list[str]:
        return ["--backend", self.told["backend"]["url"], "--installer-key-file", self.key_file]

    @property
    def token(self) -> list[str]:
        """Without a backend: an API user's token, as an operator has it."""
        cloud = self.told["cloud"]
        token = self.file("events", cloud["events_token"])
        return ["--cloud", cloud["url"], "--access-token-file", token]

    def hear(self, *arguments: str) -> Answer:
        """One event of the foreign device, and what was made of it."""
        with start("watch", "--product-events", "--count", "1", *arguments) as process:
            until_it_listens(self, process)  # type: ignore[arg-type]
            ask(
                f"{self.control}/publish",
                {"device_id": FOREIGN, "name": "strange", "data": "<b>ü</b>"},
            )
            return self.quiet(finish(process))

    def quiet(self, answer: Answer) -> Answer:
        """Nothing secret was said."""
        said = answer.out + answer.err
        assert [secret for secret in self.secrets if secret in said] == []
        assert "Traceback" not in answer.err, answer
        return answer


@pytest.fixture(scope="module")
def own_world() -> Iterator[QuickWorld]:
    """Of its own: in the shared one there are other streams and another device's events."""
    with quick_world() as running:
        yield running


@pytest.fixture
def maker(own_world: QuickWorld, tmp_path: Path) -> Maker:
    return Maker(own_world, tmp_path)


def test_staff_hear_a_device_that_is_nobody_s_they_know(maker: Maker) -> None:
    answer = maker.hear("--json", *maker.key)

    seen = json.loads(answer.out)
    assert answer.status == 0
    assert (seen["name"], seen["data"], seen["device_id"]) == ("strange", "<b>ü</b>", FOREIGN)
    assert list(seen) == ["name", "data", "published_at", "device_id", "ttl", "received_at"]


def test_an_operator_hears_it_by_the_token_itself(maker: Maker) -> None:
    product = maker.told["cloud"]["product"]

    answer = maker.hear(*maker.token, "--product", product)

    assert answer.status == 0
    assert f"{FOREIGN}  strange" in answer.out


def test_only_names_that_begin_so(maker: Maker) -> None:
    with start("watch", "--product-events", "--prefix", "b", "--json", *maker.key) as process:
        assert process.stdout is not None
        until_it_listens(maker, process)  # type: ignore[arg-type]
        for name in ("temperature", "button"):
            ask(f"{maker.control}/publish", {"device_id": FOREIGN, "name": name, "data": "1"})
        seen = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        answer = finish(process)

    assert seen["name"] == "button"
    assert (answer.status, answer.out) == (130, "")


def test_a_customer_s_token_opens_no_product(maker: Maker) -> None:
    token = maker.file("customer", maker.customer_token(CUSTOMER))
    product = maker.told["cloud"]["product"]
    cloud = ["--cloud", maker.told["cloud"]["url"], "--access-token-file", token]

    answer = run("watch", "--product-events", "--seconds", "9", *cloud, "--product", product)

    assert (answer.status, answer.json["error"]["code"]) == (1, "SW-TOKEN-REFUSED")


def test_a_product_that_the_cloud_does_not_know_is_said(maker: Maker) -> None:
    answer = maker.quiet(
        run("watch", "--product-events", *maker.token, "--product", "nope", "--seconds", "20")
    )

    assert (answer.status, answer.json["error"]["code"]) == (1, "SW-NO-PRODUCT-EVENTS")
    assert "nope" in answer.json["error"]["advice"]


def test_the_token_for_events_opens_nothing_else(maker: Maker) -> None:
    for command in (("watch", "--all"), ("call", FOREIGN, "led")):
        answer = maker.quiet(run(*command, *maker.token))

        assert (answer.status, answer.json["error"]["code"]) == (1, "SW-TOKEN-REFUSED")


def test_a_wrong_key_is_said(maker: Maker) -> None:
    key = maker.file("wrong", "not the key")

    answer = run(
        "watch", "--product-events", "--backend", maker.told["backend"]["url"],
        "--installer-key-file", key,
    )  # fmt: skip

    assert answer.json["error"]["code"] == "SW-KEY-REFUSED"


def test_a_token_that_is_withdrawn_ends_it_with_a_sentence(tmp_path: Path) -> None:
    with quick_world() as running:
        maker = Maker(running, tmp_path)
        cloud = running.told["cloud"]
        with start("watch", "--product-events", *maker.key) as process:
            until_it_listens(maker, process)  # type: ignore[arg-type]
            gone = f"{cloud['url']}/v1/access_tokens/{cloud['events_token']}"
            urllib.request.urlopen(urllib.request.Request(gone, method="DELETE"), timeout=10)
            ask(f"{maker.control}/faults", {"drop_streams": "cut"})
            answer = maker.quiet(finish(process))

    assert answer.status == 1
    assert json.loads(answer.out.splitlines()[-1])["error"]["code"] == "SW-TOKEN-REFUSED"


@pytest.mark.parametrize(
    "more",
    [
        ["--all"],
        ["kitchen"],
        ["--backend", "http://127.0.0.1:1"],
        ["--backend", "http://127.0.0.1:1", "--customer", CUSTOMER, "--code-stdin"],
        ["--prefix", "a\x1b[2J"],
        ["--prefix", b"\xff"],
        ["--product", "lamp\n"],
        ["--product", b"\xff"],
    ],
)
def test_wrong_usage_is_one_sentence(more: list[str | bytes]) -> None:
    refuses(run("watch", "--product-events", *map(os.fsdecode, more)))


def test_with_nothing_configured_a_backend_or_a_cloud_is_asked_for() -> None:
    sentence = refuses(run("watch", "--product-events"))

    assert "--backend" in sentence
    assert "--cloud" in sentence


@pytest.mark.parametrize("way", ["key", "token"])
@pytest.mark.parametrize(
    "more", [["--customer", CUSTOMER], ["--code-stdin"], ["--account-token-file", "nowhere"]]
)
def test_staff_are_nobody_s_account(maker: Maker, way: str, more: list[str]) -> None:
    access = maker.key if way == "key" else [*maker.token, "--product", "demo-product"]

    assert more[0] in refuses(run("watch", "--product-events", *access, *more))


def test_at_a_cloud_the_product_has_to_be_named(maker: Maker) -> None:
    assert "--product SLUG" in refuses(run("watch", "--product-events", *maker.token))
