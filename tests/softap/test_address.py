"""Addresses as a person writes them."""

from __future__ import annotations

import pytest

from setup_wizard.softap.address import DeviceAddresses, parse_address


def test_without_a_word_the_device_is_tried_at_its_own_two_doors():
    assert DeviceAddresses() == (("192.168.0.1", 5609), ("192.168.0.1", 80))


@pytest.mark.parametrize(
    ("text", "tcp", "http"),
    [
        ("127.0.0.1:8101", None, ("127.0.0.1", 8101)),
        ("http://127.0.0.1:8101", None, ("127.0.0.1", 8101)),
        ("http://127.0.0.1:8101/", None, ("127.0.0.1", 8101)),
        ("tcp://127.0.0.1:8102", ("127.0.0.1", 8102), None),
        ("localhost:8101", None, ("localhost", 8101)),
        ("tcp://LOCALHOST", ("localhost", 5609), None),
        ("192.168.0.1", None, ("192.168.0.1", 80)),
        ("tcp://192.168.0.1", ("192.168.0.1", 5609), None),
        (" 127.0.0.1:8101\n", None, ("127.0.0.1", 8101)),
    ],
)
def test_an_address_names_one_door(text, tcp, http):
    assert parse_address(text) == DeviceAddresses(tcp=tcp, http=http)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":80",
        "ftp://127.0.0.1:1",
        "https://127.0.0.1:1",
        "127.0.0.1:http",
        "127.0.0.1:99999",
        "127.0.0.1:0",
        "127.0.0.1:-1",
        "127.0.0.1:80/path",
        "http://name:word@127.0.0.1:80",
        "[::1]:80",
        "a..b:80",
        "two words:80",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_address(text)


@pytest.mark.parametrize("port", ["http", "99999", "0", "-1", "٣"])
def test_a_port_that_is_none_is_said_in_our_own_words(port):
    with pytest.raises(ValueError, match=f"^a port is a number from 1 to 65535: .*{port}$"):
        parse_address(f"tcp://127.0.0.1:{port}")


def test_brackets_without_an_end_are_said_in_our_own_words():
    with pytest.raises(ValueError, match="not an address of a device"):
        parse_address("http://[::1")


@pytest.mark.parametrize(
    "host", ["photon.example.com", "photon", "192.168.1", "0x7f.1", "256.0.0.1"]
)
def test_a_name_is_refused_because_looking_it_up_could_not_be_stopped(host):
    with pytest.raises(ValueError, match=f"is an IPv4 address or localhost, not {host}$"):
        parse_address(f"tcp://{host}:5609")
