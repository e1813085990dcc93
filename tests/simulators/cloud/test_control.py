"""The remote control: every arrangement by HTTP, and the state to assert on."""

from __future__ import annotations

import pytest
import requests

DEVICE = "3a001b000447343138333038"


@pytest.fixture
def post(cloud):
    def send(path, body):
        return requests.post(cloud.control_url + path, json=body, timeout=5)

    return send


def test_device_is_added_brought_online_and_heard(api, cloud, jane, post, open_stream):
    device = {
        "device_id": DEVICE.upper(),
        "name": "gongbot",
        "functions": {"led": 1},
        "variables": {"temperature": 21.5},
        "owner": "jane@example.com",
        "online": True,
    }
    added = post("/devices", device)
    stream = open_stream("/v1/devices/events", jane)
    post("/publish", {"device_id": DEVICE, "name": "tick", "data": "x", "count": 3, "rate": 500})
    stream.until(b"event: tick", times=3)
    post("/online", {"device_id": DEVICE, "online": False})
    stream.until(b'"data":"offline"')

    assert (added.status_code, added.json()) == (200, {"ok": True})
    assert requests.get(cloud.control_url + "/state", timeout=5).json() == {
        "product": "demo-product",
        "devices": [
            {
                "device_id": DEVICE,
                "name": "gongbot",
                "owner": "jane@example.com",
                "online": False,
                "signaling": False,
                "functions": {"led": 1},
                "variables": {"temperature": 21.5},
            }
        ],
        "customers": ["jane@example.com"],
        "open_claim_codes": 0,
        "streams": 1,
        "streams_opened": 1,
        "published": 4,
    }


def test_device_comes_online_with_a_claim_code(api, cloud, jane, post):
    code = api.ask("POST", "/v1/device_claims", jane).json()["claim_code"]
    post("/devices", {"device_id": DEVICE})
    post("/online", {"device_id": DEVICE, "online": True, "claim_code": code})

    assert [d["id"] for d in api.ask("GET", "/v1/devices", jane).json()] == [DEVICE]


def test_faults_are_set_and_cleared(api, jane, post):
    post("/faults", {"status": 503, "times": 5})
    sick = api.ask("GET", "/v1/devices", jane).status_code
    post("/faults", {})
    well = api.ask("GET", "/v1/devices", jane).status_code

    assert (sick, well) == (503, 200)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/devices", {"device_id": "short"}, 400),
        ("/devices", {"device_id": DEVICE, "functions": ["led"]}, 400),
        ("/devices", [], 400),
        ("/publish", {"device_id": DEVICE, "name": "x"}, 404),
        ("/online", {"device_id": DEVICE, "online": True}, 404),
        ("/faults", {"nonsense": 1}, 400),
        ("/nowhere", {}, 404),
    ],
)
def test_what_cannot_be_is_refused(post, path, body, status):
    reply = post(path, body)

    assert reply.status_code == status
    assert reply.json()["error"]


@pytest.mark.parametrize("more", [{"name": "a\nb"}, {"count": 0}, {"rate": -1}, {"rate": "fast"}])
def test_series_that_cannot_be_is_refused_at_once(cloud, post, more):
    cloud.add_device(DEVICE)

    assert post("/publish", {"device_id": DEVICE, "name": "x"} | more).status_code == 400


def test_a_body_is_json_whatever_it_calls_itself(cloud):
    body = f'{{"device_id": "{DEVICE}", "name": "gongbot"}}'
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    added = requests.post(cloud.control_url + "/devices", data=body, headers=form, timeout=5)

    assert added.json() == {"ok": True}
    assert cloud.device(DEVICE)["name"] == "gongbot"


def test_a_device_renews_its_firmware(api, jane, post, open_stream):
    post("/devices", {"device_id": DEVICE, "owner": "jane@example.com", "online": True})
    stream = open_stream("/v1/devices/events/spark", jane)

    post("/update", {"device_id": DEVICE, "state": "started"})
    stream.until(b"event: spark/flash/status")
    silent = api.ask("PUT", f"/v1/devices/{DEVICE}/ping", jane).json()
    post("/update", {"device_id": DEVICE, "state": "success"})
    stream.until(b'"data":"offline"')
    post("/online", {"device_id": DEVICE, "online": True})
    stream.until(b'"data":"online"')
    back = api.ask("PUT", f"/v1/devices/{DEVICE}/ping", jane).json()

    assert (silent["online"], back["online"]) == (False, True)


@pytest.mark.parametrize(("state", "online"), [("half", True), ("started", False)])
def test_an_update_that_cannot_be_is_refused(post, state, online):
    post("/devices", {"device_id": DEVICE, "online": online})

    assert post("/update", {"device_id": DEVICE, "state": state}).status_code == 400
