"""Event streams: exact bytes, who sees what, and readers of any speed."""

from __future__ import annotations

import threading
import time

import pytest

from setup_wizard.simulators.cloud import Faults
from setup_wizard.simulators.cloud.hub import LONGEST_BACKLOG

DEVICE = "3a001b000447343138333038"
OTHER = "3a001b000447343138333039"
EVENT = (
    b"event: temperature\n"
    b'data: {"data":"21.5","ttl":60,"published_at":"2027-01-15T08:00:00.250Z",'
    b'"coreid":"3a001b000447343138333038"}\n\n'
)


@pytest.fixture(autouse=True)
def devices(cloud, jane):
    cloud.add_device(DEVICE, name="gongbot", owner="jane@example.com", online=True)
    cloud.add_device(OTHER, online=True)


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def test_stream_opens_with_ok_and_sends_one_chunk_for_each_event(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane)
    cloud.publish(DEVICE, "temperature", "21.5", count=2)
    head, _, body = stream.until(b"\n\n\r\n", times=3).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Type: text/event-stream\r\n" in head
    assert b"\r\nAccess-Control-Allow-Origin: *" in head
    assert body == chunk(b":ok\n\n") + chunk(EVENT) * 2


def test_client_of_the_old_protocol_gets_the_same_without_chunks(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane, version="1.0")
    cloud.publish(DEVICE, "temperature", "21.5")
    body = stream.until(b"\n\n", times=2).partition(b"\r\n\r\n")[2]

    assert body == b":ok\n\n" + EVENT


def test_lines_can_end_in_crlf(cloud, jane, open_stream):
    cloud.faults = Faults(crlf=True)
    stream = open_stream("/v1/devices/events", jane)
    cloud.publish(DEVICE, "temperature", "21.5")

    stream.until(chunk(b":ok\r\n\r\n") + chunk(EVENT.replace(b"\n", b"\r\n")))


def test_streams_can_come_without_chunks(cloud, jane, open_stream):
    cloud.faults = Faults(unchunked=True)
    stream = open_stream("/v1/devices/events", jane)
    cloud.publish(DEVICE, "temperature", "21.5")
    head, _, body = stream.until(b"\n\n", times=2).partition(b"\r\n\r\n")

    assert b"chunked" not in head
    assert b"\r\nConnection: close" in head
    assert body == b":ok\n\n" + EVENT


def test_the_old_stream_of_everything_wants_a_prefix(cloud, jane, open_stream, api):
    for path in ("/v1/events", "/v1/events/"):
        refused = api.ask("GET", path, jane)
        assert refused.status_code == 400
        assert refused.json() == {"ok": False, "error": "event prefix filter is required"}

    stream = open_stream("/v1/events/temp", jane)
    cloud.publish(DEVICE, "temperature", "21.5")
    stream.until(chunk(EVENT))


def test_silence_is_filled_with_bare_newlines(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane)
    cloud.faults = Faults(keepalive_s=0.02)  # reaches the stream that is already open

    stream.until(chunk(b"\n") * 3)


def test_event_without_data_and_with_any_characters(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane)
    cloud.publish(DEVICE, "button", None)
    cloud.publish(DEVICE, "text", 'ö "quoted"\n\ud800')
    body = stream.until(b"event:", times=2) + stream.until(b"\n\n\r\n", times=3)

    assert b'data: {"data":null,"ttl":60,' in body
    assert 'data: {"data":"ö \\"quoted\\"\\n?",'.encode() in body


@pytest.mark.parametrize(
    "path",
    [
        "/v1/devices/events/spark%2Fstatus",
        "/v1/devices/events/spark/status",
        "/v1/devices/events/spark?nonce=0.5&other=1",
        f"/v1/devices/{DEVICE}/events/spark%2F",
        "/v1/devices/gongbot/events/spark/st",
    ],
)
def test_prefix_chooses_the_events(cloud, jane, open_stream, path):
    stream = open_stream(path, jane)
    cloud.publish(DEVICE, "temperature", "1")
    cloud.set_online(DEVICE, False)
    received = stream.until(b"event:") + stream.until(b"coreid")

    assert b"event: spark/status\n" in received
    assert b'{"data":"offline"' in received
    assert b"temperature" not in received


@pytest.mark.parametrize(
    "path", ["/v1/devices/events", "/v1/devices/events/", f"/v1/devices/{DEVICE}/events/"]
)
def test_customer_sees_the_own_devices_only(cloud, jane, open_stream, path):
    stream = open_stream(path, jane)
    cloud.publish(OTHER, "secret", "1")
    cloud.publish(DEVICE, "last", "2")

    assert b"secret" not in stream.until(b"event: last")


@pytest.mark.parametrize("suffix", ["/events", "/events/temp", f"/devices/{DEVICE}/events/temp"])
def test_product_stream_tells_more_and_is_for_the_team(api, cloud, jane, open_stream, suffix):
    path = f"/v1/products/{cloud.product}{suffix}"
    stream = open_stream(path, cloud.team_token)
    cloud.publish(DEVICE, "temperature", "21.5")
    body = stream.until(b"}\n\n")

    assert b'"coreid":"3a001b000447343138333038","userid":"' in body
    assert b'","version":1,"public":false,"productID":12345}\n\n' in body
    assert api.ask("GET", path, jane).status_code == 403


def test_product_stream_of_one_device_leaves_the_others_out(cloud, open_stream):
    path = f"/v1/products/{cloud.product}/devices/{OTHER}/events"
    stream = open_stream(path, cloud.team_token)
    cloud.publish(DEVICE, "secret", "1")
    cloud.publish(OTHER, "last", "2")

    assert b"secret" not in stream.until(b"event: last")


def test_refused_stream_is_an_ordinary_answer(api, jane):
    assert api.ask("GET", "/v1/devices/events").status_code == 400
    assert api.ask("GET", "/v1/devices/events", "0" * 40).status_code == 401
    assert api.ask("GET", f"/v1/devices/{OTHER}/events", jane).status_code == 403


def test_first_owner_never_sees_the_online_event_of_the_claim(api, cloud, jane, open_stream):
    code = api.ask("POST", "/v1/device_claims", jane).json()["claim_code"]
    own = open_stream("/v1/devices/events", jane)
    product = open_stream(f"/v1/products/{cloud.product}/events", cloud.team_token)
    cloud.set_online(OTHER, False)
    cloud.set_online(OTHER, True, claim_code=code)
    cloud.publish(OTHER, "hello", None)

    assert b"online" not in own.until(b"event: hello")
    everything = product.until(b"event: hello")
    assert everything.index(b'"data":"offline"') < everything.index(b'"data":"online"')


def test_end_that_nobody_noticed_is_told_before_the_next_online(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane)
    cloud.set_online(DEVICE, True)
    received = stream.until(b'"data":"online"')

    assert received.index(b'"data":"offline"') < received.index(b'"data":"online"')


def test_program_publishes_to_its_own_streams(api, cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events/", jane)
    product = open_stream(f"/v1/products/{cloud.product}/events", cloud.team_token)
    form = {"name": "hello", "data": "x", "private": "true", "ttl": "30"}
    reply = api.ask("POST", "/v1/devices/events", jane, data=form)
    path = f"/v1/products/{cloud.product}/events"
    for_team = api.ask("POST", path, cloud.team_token, json={"name": "fleet"})

    assert reply.json() == for_team.json() == {"ok": True}
    assert b'{"data":"x","ttl":30,' in stream.until(b'"coreid":"api"}')
    assert b"event: fleet\n" in product.until(b'"coreid":"api"', times=2)


@pytest.mark.parametrize(
    "form", [{}, {"name": "two\nlines"}, {"name": "x" * 65}, {"name": "x", "ttl": "y"}]
)
def test_event_that_cannot_be_is_refused(api, jane, form):
    assert api.ask("POST", "/v1/devices/events", jane, data=form).status_code == 400


def test_rate_is_kept(cloud, jane, open_stream):
    stream = open_stream("/v1/devices/events", jane)
    elapsed = threading.Event()
    timer = threading.Timer(0.2, elapsed.set)
    timer.start()
    cloud.publish(DEVICE, "tick", "1", count=31, rate=100)
    stream.until(b"event: tick", times=31)

    assert elapsed.is_set()  # 30 pauses of 10 ms
    timer.join()


def test_series_waits_for_a_reader_that_does_not_read(cloud, jane, open_stream):
    count = 200_000
    stream = open_stream("/v1/devices/events", jane)
    cloud.publish(DEVICE, "tick", "1", count=count)
    # While nobody reads, the rest of the cloud goes on, and only the sockets fill.
    before = cloud.summary()["published"]
    stream.count(b"event: tick", count)

    assert isinstance(before, int)
    assert before < count
    assert cloud.summary()["published"] == count


def test_series_reaches_every_stream_in_full(cloud, jane, open_stream):
    paths = ("/v1/devices/events", f"/v1/devices/{DEVICE}/events/tick")
    streams = [open_stream(path, jane) for path in paths]
    cloud.publish(DEVICE, "tick", "1", count=20_000)
    readers = [
        threading.Thread(target=stream.count, args=(b"event: tick", 20_000)) for stream in streams
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(10)

    assert not any(reader.is_alive() for reader in readers)


def test_single_events_never_wait_and_the_hopeless_reader_is_cut(cloud, jane, open_stream, caplog):
    open_stream("/v1/devices/events", jane)  # never read
    large = "x" * (LONGEST_BACKLOG // 8)
    for _ in range(24):  # three times the limit: more than the sockets can hide
        cloud.publish(DEVICE, "large", large)
    deadline = time.monotonic() + 5
    while cloud.summary()["streams"] and time.monotonic() < deadline:
        pass

    assert cloud.summary()["streams"] == 0
    assert not caplog.records
