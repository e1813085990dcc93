"""Requests as the device takes them, answers as it and its neighbours write them."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from setup_wizard.domain.errors import DeviceGarbled, DeviceVanished, SetupError
from setup_wizard.softap.codec import Command
from setup_wizard.softap.framing import HttpFraming, TcpFraming
from tests.softap.recorded import RECORDED
from tests.softap.test_codec import mutated

TCP = TcpFraming()
HTTP = HttpFraming(("192.168.0.1", 80))
FRAMINGS = (TCP, HTTP)
HTML = b"<html><body>Your router: sign in</body></html>"

TCP_CASES = [
    (Command.DEVICE_ID, "tcp-device-id"),
    (Command.PUBLIC_KEY, "tcp-public-key"),
    (Command.SCAN, "tcp-scan-default"),
    (Command.SCAN, "tcp-scan-quotes"),
    (Command.SET, "tcp-set-claim"),
    (Command.CONFIGURE, "tcp-ssid-utf8"),
    (Command.CONNECT, "tcp-connect"),
]
HTTP_CASES = [
    (Command.DEVICE_ID, "http-device-id"),
    (Command.PUBLIC_KEY, "http-public-key"),
    (Command.SCAN, "http-scan-default"),
    (Command.SET, "http-set-claim"),
    (Command.CONFIGURE, "http-configure-wpa2"),
    (Command.CONNECT, "http-connect"),
]


def page(head: str, body: bytes = HTML) -> bytes:
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


# --- TCP


@pytest.mark.parametrize(("command", "case"), TCP_CASES)
def test_tcp_request_is_the_recorded_one(command, case):
    recorded = RECORDED[case]

    assert TCP.request(command, recorded.request_body) == recorded.request


def test_tcp_length_counts_bytes():
    assert TCP.request(Command.SET, "Café".encode()) == b"set\n5\n\nCaf\xc3\xa9"


@pytest.mark.parametrize(("command", "case"), TCP_CASES)
def test_tcp_answer_is_complete_with_its_json_though_the_stream_stays_open(command, case):
    data = RECORDED[case].answer

    assert TCP.is_complete(command, data, ended=False)
    assert not any(TCP.is_complete(command, data[:n], ended=False) for n in range(len(data)))
    assert TCP.body(command, data) == RECORDED[case].json


@pytest.mark.parametrize("data", [b"", b"\n", b'\n\n{"r":', b'\n\n{"scans":[{"ssid":"a"'])
def test_tcp_half_an_answer_stays_half_when_the_stream_ends(data):
    assert not TCP.is_complete(Command.SCAN, data, ended=True)


def test_tcp_two_line_feeds_and_the_end_say_that_the_request_did_not_parse():
    data = RECORDED["tcp-ssid-number"].answer

    assert not TCP.is_complete(Command.CONFIGURE, data, ended=False)
    assert TCP.is_complete(Command.CONFIGURE, data, ended=True)
    assert TCP.body(Command.CONFIGURE, data) == b""


def test_tcp_anything_else_is_known_for_garbage_at_once():
    assert TCP.is_complete(Command.DEVICE_ID, HTML, ended=False)
    with pytest.raises(DeviceGarbled):
        TCP.body(Command.DEVICE_ID, HTML)


# --- HTTP


def test_http_request_with_a_body_is_spelt_as_the_device_compares():
    request = HttpFraming(("127.0.0.1", 8101)).request(Command.SET, b'{"k":"cc","v":"\xc3\xa9"}')

    assert request == (
        b"POST /set HTTP/1.1\r\n"
        b"Host: 127.0.0.1:8101\r\n"
        b"Connection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 19\r\n"
        b"\r\n"
        b'{"k":"cc","v":"\xc3\xa9"}'
    )


def test_http_request_without_a_body_asks_by_get():
    request = HTTP.request(Command.DEVICE_ID, b"")

    assert request == (
        b"GET /device-id HTTP/1.1\r\nHost: 192.168.0.1:80\r\nConnection: close\r\n\r\n"
    )


def test_http_head_fits_into_one_segment():
    head = HTTP.request(Command.CONFIGURE, b"x" * 5000).partition(b"\r\n\r\n")[0]

    assert len(head) < 536


@pytest.mark.parametrize(("command", "case"), HTTP_CASES)
def test_http_answer_is_complete_before_the_stream_ends(command, case):
    data = RECORDED[case].answer
    lengths = [*range(0, len(data), 7), len(data)]
    complete = [n for n in lengths if HTTP.is_complete(command, data[:n], ended=False)]

    assert complete[-1] == len(data)
    # The chunk that ends the answer may be missing, nothing else.
    assert HTTP.body(command, data[: complete[0]]) == HTTP.body(command, data)


@pytest.mark.parametrize(
    ("over_http", "over_tcp"),
    [
        ("http-device-id", "tcp-device-id"),
        ("http-public-key", "tcp-public-key"),
        ("http-scan-default", "tcp-scan-default"),
        ("http-set-claim", "tcp-set-claim"),
    ],
)
def test_both_ways_give_the_same_json(over_http, over_tcp):
    data = RECORDED[over_http].answer

    assert HTTP.body(Command.SCAN, data) == RECORDED[over_tcp].json


def test_http_answer_by_content_length_is_read():
    data = page("HTTP/1.1 200 OK\ncontent-LENGTH:7", b'{"r":0}')

    assert HTTP.is_complete(Command.SET, data, ended=False)
    assert HTTP.body(Command.SET, data) == b'{"r":0}'


def test_http_answer_without_a_length_is_read():
    data = page("HTTP/1.1 200 OK", b'{"scans":[] }')

    assert not HTTP.is_complete(Command.SCAN, data[:-3], ended=False)
    assert HTTP.is_complete(Command.SCAN, data, ended=True)
    assert HTTP.body(Command.SCAN, data) == b'{"scans":[] }'


@pytest.mark.parametrize(
    "data",
    [
        page("HTTP/1.1 200 OK", b'{"r":0}'),
        page("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b'7\r\n{"r":0}\r\n'),
    ],
)
def test_http_whole_json_is_enough_whatever_the_framing_still_owes(data):
    assert HTTP.is_complete(Command.SET, data, ended=False)
    assert HTTP.body(Command.SET, data) == b'{"r":0}'


def test_http_empty_success_says_that_the_request_did_not_parse():
    data = RECORDED["http-get-set"].answer

    assert HTTP.is_complete(Command.SET, data, ended=False)
    assert HTTP.body(Command.SET, data) == b""


@pytest.mark.parametrize(
    "data",
    [
        RECORDED["http-ct-json"].answer,
        RECORDED["http-unknown-path"].answer,
        RECORDED["http-root"].answer,
        page("HTTP/1.1 401 Unauthorized\nContent-Type: text/html\nContent-Length: 999"),
        page("HTTP/1.1 302 Found\nLocation: /login.html"),
        page("HTTP/1.1 two hundred"),
        page("HTTP/1.1 200 OK\nContent-Length: many"),
        page("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"not a size\r\n"),
        page("HTTP/2 200"),
        HTML,
        b"SSH-2.0-dropbear\r\n",
    ],
)
def test_a_router_is_known_at_once(data):
    assert HTTP.is_complete(Command.DEVICE_ID, data, ended=False)
    with pytest.raises(DeviceGarbled):
        HTTP.body(Command.DEVICE_ID, data)


def test_http_too_many_connections_is_worth_another_try():
    data = page("HTTP/1.1 503 Service Unavailable\nRetry-After: 1\nContent-Length: 0", b"")

    assert HTTP.is_complete(Command.SET, data, ended=False)
    with pytest.raises(DeviceVanished) as error:
        HTTP.body(Command.SET, data)
    assert error.value.retryable


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        page("HTTP/1.1 200 OK\nContent-Length: 7", b'{"r":'),
        page("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"7\r\n{"),
        page("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"1"),
    ],
)
def test_http_half_an_answer_stays_half_when_the_stream_ends(data):
    assert not HTTP.is_complete(Command.SET, data, ended=True)


# --- whatever comes


def test_spoilt_answers_raise_nothing_but_errors_that_have_a_name():
    chance = random.Random(80)
    answers = [recorded.answer for recorded in RECORDED.values()] + [page("HTTP/1.1 200 OK")]
    for _ in range(1500):
        data = mutated(chance.choice(answers), chance)
        for framing in FRAMINGS:
            for ended in (False, True):
                framing.is_complete(Command.SCAN, data, ended=ended)
            with suppress(SetupError):
                framing.body(Command.SCAN, data)
