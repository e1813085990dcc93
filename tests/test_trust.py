"""A certificate that is turned down is not the same as nobody being there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from setup_wizard.backend import HttpBackend
from setup_wizard.bootstrap import words_of
from setup_wizard.brand import load_brand
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import (
    BackendUnreachable,
    BackendUntrusted,
    CloudUnreachable,
    CloudUntrusted,
    SetupError,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.particle.client import ParticleCloud
from tests.distrusted import deaf_server


def ask_backend(url: str) -> None:
    HttpBackend(url).reach(StopSwitch())


def ask_cloud(url: str) -> None:
    ParticleCloud(CloudAccess(url, Secret("a-token"), "demo-product")).devices(StopSwitch())


@pytest.mark.parametrize(
    ("ask", "failure"), [(ask_backend, BackendUntrusted), (ask_cloud, CloudUntrusted)]
)
def test_a_certificate_that_was_turned_down_is_a_failure_of_its_own(
    ask: Callable[[str], None], failure: type[SetupError], tmp_path: Path
) -> None:
    with deaf_server(tmp_path) as url, pytest.raises(failure) as caught:
        ask(url)

    said = words_of(load_brand()).error(caught.value)
    assert said.sentence.endswith("is not safe.")
    assert "date and time" in said.advice
    assert said.action == "Try again"


@pytest.mark.parametrize(
    ("ask", "failure"), [(ask_backend, BackendUnreachable), (ask_cloud, CloudUnreachable)]
)
def test_whoever_speaks_no_tls_is_not_there(
    ask: Callable[[str], None], failure: type[SetupError], tmp_path: Path
) -> None:
    with deaf_server(tmp_path, tls=False) as url, pytest.raises(failure) as caught:
        ask(url)

    assert type(caught.value) is failure
