"""The API user for the product's events: one kind of stream, and no other call."""

from __future__ import annotations

import json

import pytest

from setup_wizard.simulators.cloud.accounts import ACCESS_LIFETIME

DEVICE = "3a001b000447343138333038"
ALLOWED = ("/v1/products/{p}/events", "/v1/products/{p}/devices/{d}/events")
FORBIDDEN = (
    ("GET", "/v1/devices"),
    ("GET", "/v1/devices/events"),
    ("GET", "/v1/events/temp"),
    ("GET", "/v1/devices/{d}"),
    ("GET", "/v1/devices/{d}/temperature"),
    ("POST", "/v1/devices/{d}/led"),
    ("PUT", "/v1/devices/{d}"),
    ("GET", "/v1/products/{p}/devices"),
    ("GET", "/v1/products/{p}/devices/{d}"),
    ("POST", "/v1/products/{p}/devices/{d}/led"),
    ("DELETE", "/v1/products/{p}/devices/{d}"),
    ("GET", "/v1/products/{p}/customers"),
    ("POST", "/v1/products/{p}/customers"),
    ("DELETE", "/v1/products/{p}/customers/jane@example.com"),
    ("POST", "/v1/products/{p}/device_claims"),
    ("POST", "/v1/device_claims"),
    ("POST", "/v1/products/{p}/events"),
    ("POST", "/v1/devices/events"),
)


@pytest.fixture(autouse=True)
def device(cloud, jane):
    cloud.add_device(
        DEVICE,
        functions={"led": 1},
        variables={"temperature": 21.5},
        owner="jane@example.com",
        online=True,
    )


@pytest.mark.parametrize("path", ALLOWED)
def test_it_hears_what_the_product_s_devices_publish(cloud, open_stream, path):
    stream = open_stream(path.format(p=cloud.product, d=DEVICE), cloud.events_token)
    cloud.publish(DEVICE, "temperature", "21.5")

    told = stream.until(b"productID")
    data = json.loads(told.partition(b"data: ")[2].splitlines()[0])

    assert data["coreid"] == DEVICE
    assert list(data)[4:] == ["userid", "version", "public", "productID"]


def test_a_prefix_narrows_it(cloud, open_stream):
    path = f"/v1/products/{cloud.product}/events/temp"
    stream = open_stream(path, cloud.events_token)
    cloud.publish(DEVICE, "button", "pressed")
    cloud.publish(DEVICE, "temperature", "21.5")

    assert b"button" not in stream.until(b"productID")


@pytest.mark.parametrize(("method", "path"), FORBIDDEN, ids=lambda part: part)
def test_no_other_call_is_for_it(api, cloud, method, path):
    refused = api.ask(method, path.format(p=cloud.product, d=DEVICE), cloud.events_token)

    assert refused.status_code == 400
    assert refused.json() == {
        "error": "unauthorized",
        "error_description": "API users are not allowed to call this endpoint",
    }
    assert cloud.device(DEVICE)["owner"] == "jane@example.com"


def test_another_product_is_as_unknown_to_it_as_to_everybody(api, cloud):
    refused = api.ask("GET", "/v1/products/another/events", cloud.events_token)

    assert (refused.status_code, refused.json()["error"]) == (404, "Product not found.")


def test_its_token_does_not_end_by_itself_and_can_be_withdrawn(api, cloud, open_stream):
    api.pass_time(10 * ACCESS_LIFETIME)
    path = f"/v1/products/{cloud.product}/events"
    open_stream(path, cloud.events_token)

    api.ask("DELETE", f"/v1/access_tokens/{cloud.events_token}")

    assert api.ask("GET", path, cloud.events_token).status_code == 401


def test_where_a_cloud_is_says_what_its_token_is(cloud):
    assert cloud.announce()["cloud"]["events_token"] == cloud.events_token
    assert cloud.events_token not in str(cloud.summary())
