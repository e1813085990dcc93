"""Every code of the catalogue is reached in the world, in the step that the catalogue names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from setup_wizard.flow.steps import Step
from setup_wizard.simulators.cloud import Cloud
from tests.catalogue import catalogue
from tests.distrusted import deaf_server
from tests.journeys.roads import ROADS, Explorer, shown
from tests.journeys.traveller import WatchedWorld

ENDS = ("SW-BACKEND-DOWN", "SW-CLOUD-DOWN", "SW-CLOUD-BUSY", "SW-TOKEN-REFUSED", "SW-ROLE-REFUSED")
"""These stop a server, need a backend that was never at the cloud or is not there again soon, or
hire somebody."""


@pytest.fixture(scope="module")
def other() -> Iterator[Cloud]:
    """A server that is not the maker's."""
    with Cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def distrusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with deaf_server(tmp_path_factory.mktemp("distrusted")) as url:
        yield url


@pytest.fixture
def fit_world(request: pytest.FixtureRequest, code: str) -> WatchedWorld:
    """The lasting one, unless another journey could not begin where this one ends."""
    world: WatchedWorld = request.getfixturevalue("own_world" if code in ENDS else "world")
    return world


@pytest.mark.slow
@pytest.mark.parametrize(("code", "step"), ROADS, ids=lambda part: getattr(part, "value", part))
def test_a_failure_is_reached_and_leads_where_the_catalogue_says(
    fit_world: WatchedWorld, other: Cloud, distrusted: str, code: str, step: Step
) -> None:
    state = ROADS[code, step](Explorer(fit_world, other, distrusted))

    error = shown(state)
    assert error is not None
    assert (error.code, state.step) == (code, step)
    assert not state.working


def test_there_is_a_road_to_every_failure_in_every_step_that_the_catalogue_names() -> None:
    named = {(entry.code, step) for entry in catalogue() for step in entry.steps}

    assert named - set(ROADS) == set(), "nobody has been there"
    assert set(ROADS) - named == set(), "the catalogue does not know of it"
