"""The cloud as an object: announced, arranged from any thread, and gone without a trace."""

from __future__ import annotations

import threading
import time

import pytest
import requests

from setup_wizard.simulators.cloud import Cloud

DEVICE = "3a001b000447343138333038"


def test_announcement_names_everything_that_another_program_needs(cloud):
    told = cloud.announce()

    assert told["control"] == cloud.control_url
    assert (
        told["cloud"].items()
        >= {
            "url": cloud.url,
            "product": "demo-product",
            "client_id": cloud.client_id,
            "client_secret": cloud.client_secret,
            "team_token": cloud.team_token,
            "username": "team@example.com",
            "password": cloud.password,
        }.items()
    )


def test_given_names_and_secrets_are_used(api):
    with Cloud(product="lamp-7", client_id="lamp-1", client_secret="s" * 40) as cloud:
        api.cloud = cloud

        assert api.create("jane@example.com").status_code == 201
        assert cloud.announce()["cloud"]["client_id"] == "lamp-1"


def test_secrets_differ_from_cloud_to_cloud():
    first, second = Cloud(), Cloud()

    assert first.client_secret != second.client_secret
    assert first.team_token != second.team_token
    assert first.password != second.password


def test_cloud_can_be_arranged_before_it_starts_and_asked_after_it_stopped():
    cloud = Cloud()
    cloud.add_device(DEVICE, online=True)
    with cloud:
        listed = requests.get(
            f"{cloud.url}/v1/products/demo-product/devices",
            headers={"Authorization": f"Bearer {cloud.team_token}"},
            timeout=5,
        )

    assert [d["id"] for d in listed.json()["devices"]] == [DEVICE]
    assert cloud.device(DEVICE)["online"] is True
    with pytest.raises(KeyError):
        cloud.device("0" * 24)


def test_taken_port_is_told_and_leaves_nothing(cloud):
    port = int(cloud.url.rsplit(":", 1)[1])
    threads = threading.active_count()

    with pytest.raises(OSError, match="address already in use"):
        Cloud(control_port=port).start()
    assert threading.active_count() == threads


def test_cloud_can_start_again(cloud):
    cloud.stop()
    cloud.start()

    assert requests.get(cloud.control_url + "/state", timeout=5).status_code == 200


def test_stop_ends_within_a_second_whatever_is_open(api, cloud, jane, open_stream):
    cloud.add_device(DEVICE, owner="jane@example.com", online=True)
    reading = open_stream("/v1/devices/events", jane)
    open_stream("/v1/devices/events", jane)  # never read
    cloud.publish(DEVICE, "tick", "1", count=1_000_000)
    reading.until(b"event: tick", times=100)
    threads = threading.active_count()
    started = time.monotonic()

    cloud.stop()

    assert time.monotonic() - started < 1
    assert threading.active_count() == threads - 1
    reading.rest()
    cloud.stop()


def test_stream_of_a_client_that_left_is_forgotten(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane)
    assert cloud.summary()["streams"] == 1
    stream.close()
    deadline = time.monotonic() + 5
    while cloud.summary()["streams"] and time.monotonic() < deadline:
        pass

    assert cloud.summary()["streams"] == 0


def test_many_threads_may_publish_at_once(cloud, jane, open_stream):
    cloud.add_device(DEVICE, owner="jane@example.com", online=True)
    stream = open_stream("/v1/devices/events", jane)

    def publish() -> None:
        for _ in range(50):
            cloud.publish(DEVICE, "tick", "1")

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    stream.until(b"event: tick", times=200)
    for thread in threads:
        thread.join()

    assert cloud.summary()["published"] == 200
