"""Everything that a cloud can do wrong, at every route that needs it: always one clear problem."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from setup_wizard.service import cloud as cloud_module
from tests.service.caller import JANE, Caller, code_of
from tests.service.fake_cloud import FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
HALF = '{"access_token": "ab'

Ask = Callable[[Caller, str], requests.Response]

ROUTES: dict[str, tuple[str, Ask]] = {
    "provision": ("claim_code", lambda caller, token: caller.provision(token)),
    "renew": (
        "token",
        lambda caller, token: caller.ask("POST", "/v1/access-tokens", body={}, token=token),
    ),
    "check": ("find_device", lambda caller, token: caller.check_device(token, DEVICE)),
    "record": ("list_devices", lambda caller, token: caller.record(token, DEVICE)),
    "delete": ("delete_customer", lambda caller, _: caller.delete_customer("jane%40example.com")),
}
FAULTS = {
    "revoked": (Scripted(401, {"error": "invalid_client"}), 502, "cloud_refused"),
    "busy": (Scripted(429), 503, "cloud_busy"),
    "overloaded": (Scripted(529, text="<html>"), 503, "cloud_busy"),
    "failing": (Scripted(500, {"ok": False}), 502, "cloud_broken"),
    "half": (Scripted(200, text=HALF), 502, "cloud_broken"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("route", ROUTES)
def test_a_fault_of_the_cloud_is_a_clear_problem_and_then_it_goes_on(
    caller: Caller, cloud: FakeCloud, token: str, route: str, fault: str
):
    call, ask = ROUTES[route]
    scripted, status, code = FAULTS[fault]
    cloud.devices = {JANE: [DEVICE]}
    cloud.script(call, scripted)

    answer = ask(caller, token)
    cloud.unscript(call)
    again = ask(caller, token)

    if (route, fault) == ("delete", "half"):
        assert answer.status_code == 204  # the status said that it is done
        return
    assert (answer.status_code, code_of(answer)) == (status, code)
    if code == "cloud_busy":
        assert code_of(again) == "cloud_busy"  # it asked for time
        assert 0 < int(again.headers["Retry-After"]) <= int(answer.headers["Retry-After"]) == 60
    else:
        assert again.ok


@pytest.mark.parametrize("route", ROUTES)
def test_a_cloud_that_is_down_is_a_clear_problem(
    caller: Caller, cloud: FakeCloud, token: str, route: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cloud_module, "LONGEST_RETRY_PAUSE", 0.0)
    monkeypatch.setattr(cloud_module, "SHORTEST_RETRY_PAUSE", 0.0)
    _, ask = ROUTES[route]
    cloud.stop()

    answers = [ask(caller, token) for _ in range(8)]

    assert {(a.status_code, code_of(a)) for a in answers} == {(502, "cloud_unreachable")}
    assert caller.ask("GET", "/v1/devices", token=token).status_code == 200
