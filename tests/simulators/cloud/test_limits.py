"""The token endpoint makes the hasty wait, and locks out who fails again and again."""

from __future__ import annotations

import pytest

from setup_wizard.simulators.cloud import Cloud
from setup_wizard.simulators.cloud.limits import StreamLimit, TokenLimit
from setup_wizard.simulators.cloud.refusals import Refusal


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_hundred_requests_in_five_minutes_are_enough():
    clock = Clock()
    limit = TokenLimit(clock)
    for _ in range(100):
        limit.admit("192.0.2.1")

    with pytest.raises(Refusal) as refused:
        limit.admit("192.0.2.1")
    assert refused.value.status == 429
    assert refused.value.headers == {"Retry-After": "300"}
    limit.admit("192.0.2.2")
    clock.now += 300
    limit.admit("192.0.2.1")


def test_ten_failures_in_a_row_lock_an_address_out_for_half_an_hour():
    clock = Clock()
    limit = TokenLimit(clock)
    for _ in range(10):
        limit.admit("192.0.2.1")
        limit.failed("192.0.2.1")

    clock.now += 1799
    with pytest.raises(Refusal):
        limit.admit("192.0.2.1")
    clock.now += 1
    limit.admit("192.0.2.1")


def test_success_forgives_earlier_failures():
    limit = TokenLimit(Clock())
    for _ in range(9):
        limit.failed("192.0.2.1")
    limit.succeeded("192.0.2.1")
    limit.failed("192.0.2.1")

    limit.admit("192.0.2.1")


def test_cloud_enforces_the_limit_on_tokens_only(api):
    answers = [api.token(grant_type="magic").status_code for _ in range(11)]
    right = api.token(grant_type="client_credentials")

    assert answers == [400] * 10 + [429]
    assert right.status_code == 429
    assert right.headers["Retry-After"] == "1800"
    assert api.create("jane@example.com").status_code == 201


def test_cloud_without_a_limit_answers_everybody(api):
    with Cloud(limits=False) as cloud:
        api.cloud = cloud
        answers = {api.token(grant_type="magic").status_code for _ in range(12)}

    assert answers == {400}


def test_streams_are_opened_a_hundred_times_in_five_minutes_and_no_more():
    clock = Clock()
    limit = StreamLimit(clock)
    for _ in range(100):
        limit.admit("1.2.3.4", streams=0)

    limit.admit("5.6.7.8", streams=0)
    with pytest.raises(Refusal) as refused:
        limit.admit("1.2.3.4", streams=0)
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "300"})
    clock.now += 300
    limit.admit("1.2.3.4", streams=99)


def test_a_hundred_streams_are_open_at_once_and_no_more():
    limit = StreamLimit(Clock())

    with pytest.raises(Refusal):
        limit.admit("1.2.3.4", streams=100)
