"""What Prometheus is told, by one process and by several, and that strangers are told nothing."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import Caller, code_of
from tests.service.fake_cloud import WAIT, FakeCloud, Scripted
from tests.service.running import served

TOKEN = "prometheus-0b9c1d"
Numbers = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def watched(settings: ServiceSettings) -> Iterator[Caller]:
    with_token = dataclasses.replace(settings, metrics_token=Secret(TOKEN))
    with (
        RunningService(with_token) as service,
        Caller(service.url, settings.database_url) as caller,
    ):
        yield caller


def _numbers(caller: Caller) -> Numbers:
    answer = caller.ask("GET", "/metrics", token=TOKEN)
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def _number(caller: Caller, name: str, **labels: str) -> float:
    return _numbers(caller).get((f"setup_wizard_{name}", frozenset(labels.items())), 0.0)


def test_requests_are_counted_by_route_method_and_status(watched: Caller):
    for _ in range(3):
        watched.ask("GET", "/healthz")
    watched.delete_customer("jane%40example.com", key="wrong")
    watched.ask("MKCOL", "/coffee")

    requests = "requests_total"
    assert _number(watched, requests, route="/healthz", method="GET", status="200") == 3
    route = "/v1/customers/{email:path}"
    assert _number(watched, requests, route=route, method="DELETE", status="401") == 1
    assert _number(watched, requests, route="none", method="other", status="404") == 1
    assert (
        _number(watched, "request_seconds_bucket", route="/healthz", method="GET", le="+Inf") == 3
    )


def test_calls_to_the_cloud_are_counted_by_kind_and_outcome(watched: Caller, cloud: FakeCloud):
    token = watched.sign_in()
    watched.provision(token)
    cloud.script("claim_code", Scripted(429))
    watched.provision(token)

    calls = "cloud_calls_total"
    assert _number(watched, calls, call="claim_code", outcome="200") == 1
    assert _number(watched, calls, call="claim_code", outcome="SW-CLOUD-BUSY") == 1
    assert _number(watched, calls, call="create_customer", outcome="201") == 1  # known by now


def test_a_provision_is_under_way_until_it_is_answered(watched: Caller, cloud: FakeCloud):
    token = watched.sign_in()
    held = cloud.hold("claim_code")
    with Caller(watched.url) as other, ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(other.provision, token)
        assert held.arrived.wait(WAIT)
        during = _number(watched, "provisions_under_way")
        held.let_go.set()
        under_way.result(WAIT)

    assert (during, _number(watched, "provisions_under_way")) == (1, 0)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guess"}])
def test_a_stranger_is_told_nothing(watched: Caller, headers: dict[str, str]):
    answer = watched.ask("GET", "/metrics", headers=headers)

    assert (answer.status_code, code_of(answer)) == (401, "metrics_refused")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}])
def test_without_a_token_in_the_settings_nobody_is_told_anything(
    caller: Caller, headers: dict[str, str]
):
    assert caller.ask("GET", "/metrics", headers=headers).status_code == 401


def test_nothing_personal_or_secret_is_counted(watched: Caller, cloud: FakeCloud):
    watched.provision(watched.sign_in())
    watched.ask("GET", "/v1/customers/jane%40example.com")

    text = watched.ask("GET", "/metrics", token=TOKEN).text

    assert "jane" not in text
    assert not [secret for secret in cloud.secrets() if secret in text]


def test_any_of_several_workers_tells_of_all(cloud: FakeCloud, settings: ServiceSettings):
    with served(settings, "--workers", "2", SETUP_WIZARD_METRICS_TOKEN=TOKEN) as running:
        # Every connection may reach another worker.
        for _ in range(12):
            with Caller(running.url) as caller:
                caller.ask("GET", "/healthz")
        with Caller(running.url) as caller:
            counted = _number(
                caller, "requests_total", route="/healthz", method="GET", status="200"
            )

    assert counted == 12


def test_what_a_killed_worker_had_under_way_is_forgotten(
    cloud: FakeCloud, settings: ServiceSettings
):
    held = cloud.hold("claim_code")
    with (
        served(settings, "--workers", "2", SETUP_WIZARD_METRICS_TOKEN=TOKEN) as running,
        ThreadPoolExecutor(1) as threads,
    ):
        with Caller(running.url) as caller:
            token = caller.sign_in()
        with Caller(running.url) as other:
            lost = threads.submit(other.provision, token)
            assert held.arrived.wait(WAIT)
            under_way = _anew(running.url)
            running.kill_workers()
            with pytest.raises(OSError, match="Connection"):
                lost.result(WAIT)
        pause = threading.Event()
        for _ in range(100):
            if _anew(running.url) == 0:
                break
            pause.wait(0.1)
        after = _anew(running.url)

    assert (under_way, after) == (1, 0)


def _anew(url: str) -> float:
    with Caller(url) as caller:
        return _number(caller, "provisions_under_way")
