"""Faults on purpose: each is what was asked for, for whom and as often as asked."""

from __future__ import annotations

import time

import pytest

from setup_wizard.simulators.cloud import Faults

DEVICE = "3a001b000447343138333038"


def test_status_hits_the_chosen_path_so_many_times(api, cloud, jane):
    cloud.faults = Faults(status=503, path_prefix="/v1/devices", times=2)

    statuses = [api.ask("GET", "/v1/devices", jane).status_code for _ in range(3)]
    elsewhere = api.ask("GET", "/v1/access_tokens/current", jane).status_code

    assert statuses == [503, 503, 200]
    assert elsewhere == 200


def test_status_stays_until_cleared(api, cloud, jane):
    cloud.faults = Faults(status=500)
    sick = {api.ask("GET", "/v1/devices", jane).status_code for _ in range(3)}
    cloud.faults = Faults()
    well = api.ask("GET", "/v1/devices", jane).status_code

    assert (sick, well) == ({500}, 200)


def test_too_many_requests_says_when_to_come_back(api, cloud, jane):
    cloud.faults = Faults(status=429, retry_after=7)

    reply = api.ask("GET", "/v1/devices", jane)

    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "7")


def test_unauthorised_looks_like_a_refused_token(api, cloud, jane):
    cloud.faults = Faults(status=401)

    assert api.ask("GET", "/v1/devices", jane).json()["error"] == "invalid_token"


def test_garbage_is_the_page_of_a_router(api, cloud, jane):
    cloud.faults = Faults(garbage=True)

    reply = api.ask("GET", "/v1/devices", jane)

    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.text.startswith("<!DOCTYPE html>")


def test_delay_is_added_to_a_good_answer(api, cloud, jane):
    cloud.faults = Faults(delay_ms=120)
    started = time.monotonic()

    assert api.ask("GET", "/v1/devices", jane).status_code == 200
    assert time.monotonic() - started >= 0.12


@pytest.mark.parametrize(
    ("drop", "is_proper"), [(True, False), ("cut", False), ("end", True)], ids=str
)
def test_open_streams_are_cut_or_ended(api, cloud, jane, open_stream, caplog, drop, is_proper):
    cloud.add_device(DEVICE, owner="jane@example.com", online=True)
    stream = open_stream("/v1/devices/events", jane)
    cloud.faults = Faults(drop_streams=drop)
    if is_proper:
        stream.until(b"0\r\n\r\n")
    else:
        assert b"0\r\n\r\n" not in stream.rest()

    # The next one is let in.
    later = open_stream("/v1/devices/events", jane)
    cloud.publish(DEVICE, "after", "1")
    later.until(b"event: after")
    assert not caplog.records


@pytest.mark.parametrize(
    "given",
    [
        {"staus": 500},
        {"status": "500"},
        {"status": True},
        {"times": 1.5},
        {"path_prefix": 1},
        {"drop_streams": "maybe"},
        {"crlf": 1},
        {"keepalive_s": "soon"},
        {"delay_ms": -1},
    ],
    ids=str,
)
def test_what_is_no_fault_is_refused(given):
    with pytest.raises(ValueError, match="no"):
        Faults.from_json(given)
