"""Which hosts are this computer itself."""

from __future__ import annotations

import pytest

from setup_wizard.domain.host import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1", "::1"])
def test_what_is_sent_here_stays_here(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "::", "192.168.0.1", "localhost.example.com", "127.0.0.1.nip.io", "home"],
)
def test_what_is_sent_there_may_leave(host: str) -> None:
    assert not is_loopback(host)
