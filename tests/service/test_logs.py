"""One JSON line for each request, and nobody's secrets or addresses in any."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from ipaddress import ip_network

import pytest

from setup_wizard.service.logs import JsonLines
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import JANE, SHOP_KEY, Caller
from tests.service.fake_cloud import FakeCloud
from tests.service.running import served

REQUEST = {"time", "level", "logger", "request_id", "method", "route", "status", "seconds"}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_line_is_json_and_every_request_has_one(
    settings: ServiceSettings, cloud: FakeCloud, workers: str
):
    with served(settings, "--workers", workers, verbose=True) as running:
        with Caller(running.url, settings.database_url) as caller:
            token = caller.sign_in()
            caller.provision(token)
            caller.record(token, "3a001b000447343138333038", name="kitchen of Jane")
            refused = caller.ask("GET", f"/v1/devices?who={JANE}", token="guess")
            caller.delete_customer("jane%40example.com")
        running.end()

    lines = [json.loads(line) for line in running.err.splitlines()]
    requests = [line for line in lines if line["logger"] == "setup_wizard.service.app"]
    answers = [line for line in requests if "status" in line]
    assert [line["status"] for line in answers] == [201, 201, 409, 401, 204]
    assert all(set(line) == REQUEST for line in answers)
    assert answers[3]["request_id"] == refused.headers["X-Request-Id"]
    hidden = [*cloud.secrets(), token, SHOP_KEY, JANE, "jane", "kitchen", "guess", "127.0.0.1"]
    assert [each for each in hidden if each in running.err] == []


def test_quiet_by_default(settings: ServiceSettings):
    with served(settings, "--workers", "2") as running:
        with Caller(running.url) as caller:
            caller.sign_in()
        status = running.end()

    assert (status, running.err) == (0, "")


def test_a_foreign_error_is_named_and_its_words_are_not_told():
    try:
        int("hush")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("library", logging.ERROR, "x.py", 1, "it %s", ("broke",), error)

    line = json.loads(JsonLines().format(record))

    assert (line["message"], line["error"]) == ("it broke", "ValueError")
    assert "test_logs.py" in line["places"]
    assert "invalid literal" not in json.dumps(line)


@pytest.mark.parametrize(("trusted", "kept"), [("127.0.0.1", True), ("10.0.0.1", False)])
def test_a_proxy_that_is_trusted_names_the_request(
    settings: ServiceSettings, trusted: str, kept: bool
):
    behind = dataclasses.replace(settings, trusted_proxies=(ip_network(trusted),))
    with RunningService(behind) as service, Caller(service.url) as caller:
        answer = caller.ask("GET", "/healthz", headers={"X-Request-Id": "from-outside-1"})

    assert (answer.headers["X-Request-Id"] == "from-outside-1") is kept
