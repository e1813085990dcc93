"""What holds in every state that can be reached at all, found by walking through all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.machine import EVENTS_KEPT, advance, start
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.words import SENTENCES
from tests.flow import roads
from tests.flow.everything import (
    ACTIONS,
    ALONGSIDE,
    AT_WORK,
    END,
    EVERY_REPORT,
    ON_AND_ON,
    REJOINING,
    REPORTS,
    UPDATING,
    WITH_DEVICE,
)
from tests.flow.samples import (
    HIDDEN,
)

BEFORE = (Step.WELCOME, Step.SIGN_IN, Step.SIGN_IN_CODE, Step.PREPARE)


def test_the_table_has_every_action_and_every_report() -> None:
    assert {type(action) for action in ACTIONS} == set(m.Action.__args__)
    assert {type(report) for report in EVERY_REPORT} == set(m.Report.__args__)
    assert set(REPORTS) == set(m.Work.__args__)


@pytest.mark.parametrize("at", roads.EVERYWHERE)
def test_every_action_in_every_step_gives_a_state(at) -> None:
    for action in ACTIONS:
        state, command = advance(at(), action)

        assert isinstance(state, State), action
        assert command is None or isinstance(command, m.Command), action


# Back is a way and not a request: pressed twice it leads back twice. One name given
# twice is the same name.
@pytest.mark.parametrize("at", roads.EVERYWHERE)
def test_a_double_press_is_a_single_press(at) -> None:
    for action in ACTIONS:
        if isinstance(action, m.BackPressed | m.NamePressed):
            continue
        once, _ = advance(at(), action)
        twice, command = advance(once, action)

        assert command is None, action
        assert _without_error(twice) == _without_error(once), action


def _without_error(state: State) -> State:
    """A refused choice is refused again with an equal error, and errors are not values."""
    return replace(state, error=None)


# --- every reachable state ------------------------------------------------------------------


@dataclass(frozen=True)
class Situation:
    """A state, with the work that is under way beside it."""

    state: State
    work: tuple[m.Work, ...] = ()

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What makes two situations different kinds of situation."""
        state = self.state
        return (
            state.step,
            state.working,
            self._who,
            state.provision is None,
            state.identity is None,
            state.credentials and state.credentials.network.ssid,
            state.saved,
            state.join_needed,
            state.device is None,
            tuple(sorted(type(work).__name__ for work in self.work)),
            tuple((each.device is None, each.error is None) for each in state.pending),
        )

    @property
    def _who(self) -> tuple[object, ...]:
        """Who is signed in, and what went wrong.

        The door is its own story: how somebody came in is told apart there and not everywhere, and
        each failure there is told apart for who has not begun yet. Otherwise each of its hundreds
        of situations would stand beside each of what comes after it.
        """
        state = self.state
        failure = None if state.error is None else state.error.code
        if state.step not in BEFORE:
            return (state.needs_sign_in, state.proof is None and state.session is None, failure)
        if state.pending or state.credentials:
            return (state.needs_sign_in, state.session is None, failure is None)
        proof, code, leaving = type(state.proof), state.code is None, state.leaving is None
        return (state.needs_sign_in, state.session is None, proof, code, leaving, failure)

    def following(self) -> Iterator[Way]:
        for action in ACTIONS:
            yield self._then(action, self.work, self.state.run)
        for work in self.work:
            rest = tuple(other for other in self.work if other is not work)
            for report in (*REPORTS[type(work)], m.Stopped()):
                beside = isinstance(work, m.KeepChecking)
                if (
                    self.state.join_needed
                    and not beside
                    and not isinstance(report, m.Rejoined | END)
                ):
                    continue  # nothing goes on before the computer is back
                ended = isinstance(report, END) or _is_result(work, report)
                number = work.number if isinstance(work, m.KeepChecking) else self.state.run
                yield self._then(report, rest if ended else self.work, number)

    def _then(self, happened: m.Action | m.Report, work: tuple[m.Work, ...], number: int) -> Way:
        action = happened if isinstance(happened, m.Action) else m.Reported(number, happened)
        state, command = advance(self.state, action)
        if state is self.state and command is None and work is self.work:
            return Way(self, happened, self, command)  # most of them: nothing to press here
        if state.run != self.state.run:
            work = tuple(w for w in work if isinstance(w, m.KeepChecking))
        work = tuple(
            w for w in work if not isinstance(w, m.KeepChecking) or w.number in state.at_work
        )
        if isinstance(command, m.KeepChecking):
            work = (*work, command)
        elif command is not None and not isinstance(command, m.Stop):
            work = (*(w for w in work if type(w) is not type(command)), command)
        return Way(self, happened, Situation(state, work), command)


class Way(NamedTuple):
    """One step of the machine."""

    before: Situation
    happened: m.Action | m.Report
    then: Situation
    command: m.Command | None


def _is_result(work: m.Work, report: m.Report) -> bool:
    progress = (m.StageStarted, m.StageDone, m.StageUnproved, *map(type, (*REJOINING, *UPDATING)))
    if isinstance(work, m.Prepare) and isinstance(report, door.SignedIn):
        return False
    if isinstance(report, life.LifeAwaited):
        return False
    return not isinstance(work, m.Watch) and not isinstance(report, progress)


@cache
def ways() -> tuple[Way, ...]:
    """Every step from every kind of situation that can be reached."""
    queue = deque(Situation(start(needs_sign_in=needed)) for needed in (False, True))
    seen = {situation.key for situation in queue}
    found: list[Way] = []
    while queue:
        for way in queue.popleft().following():
            found.append(way)
            if way.then.key not in seen:
                seen.add(way.then.key)
                queue.append(way.then)
    return tuple(found)


@cache
def reachable() -> tuple[Situation, ...]:
    return tuple({id(way.before): way.before for way in ways()}.values())


@pytest.mark.slow
def test_what_holds_in_every_situation(subtests: pytest.Subtests) -> None:
    """One for all: to find the situations takes seconds, and workers do not share them."""
    for check in (
        check_every_step_can_be_reached,
        check_only_a_step_with_work_is_working,
        check_a_step_has_what_it_needs,
        check_whoever_is_asked_to_join_again_is_setting_up,
        check_no_state_tells_a_secret,
        check_a_new_command_has_a_new_number_unless_it_runs_beside,
        check_a_move_that_the_person_makes_leaves_the_error_behind,
        check_work_that_stops_for_another_reason_can_be_started_again,
        check_from_everywhere_there_is_a_way_to_the_end,
        check_the_one_button_of_an_error_does_something,
    ):
        with subtests.test(check.__name__):
            check()


def check_every_step_can_be_reached() -> None:
    assert {situation.state.step for situation in reachable()} == set(Step)


def check_only_a_step_with_work_is_working() -> None:
    for situation in reachable():
        state = situation.state
        blocking = [w for w in situation.work if not isinstance(w, (*ON_AND_ON, *ALONGSIDE))]
        assert state.working == bool(blocking), situation.key
        assert not state.working or state.step in AT_WORK, situation.key


def check_a_step_has_what_it_needs() -> None:
    for situation in reachable():
        state = situation.state
        if state.step in WITH_DEVICE:
            assert state.provision, situation.key
            assert state.identity, situation.key
        if state.step in {Step.WRONG_PASSPHRASE, Step.STILL_CHECKING, Step.SETTING_UP}:
            assert state.credentials, situation.key
        if state.step is Step.DONE:
            assert state.device, situation.key
            assert state.credentials is None, situation.key


def check_whoever_is_asked_to_join_again_is_setting_up() -> None:
    for situation in reachable():
        assert not situation.state.join_needed or situation.state.working, situation.key


def check_no_state_tells_a_secret() -> None:
    for situation in reachable():
        assert HIDDEN not in repr(situation), situation.key


def check_a_new_command_has_a_new_number_unless_it_runs_beside() -> None:
    for way in ways():
        grown = way.then.state.run - way.before.state.run
        beside = isinstance(way.command, ALONGSIDE) or (
            isinstance(way.command, m.KeepChecking)
            and way.command.number in way.before.state.at_work
        )
        expected = 0 if way.command is None or beside else 1
        assert grown == expected, (way.before.key, way.happened)


def check_a_move_that_the_person_makes_leaves_the_error_behind() -> None:
    # Two exceptions by design: what the light shows is an error, and "no networks" is still
    # true on the page where a network can be typed.
    for way in ways():
        moved = way.then.state.step is not way.before.state.step
        excepted = isinstance(way.happened, m.LightBlinksAgain | m.ContinuePressed)
        if moved and not excepted and isinstance(way.happened, m.Action):
            assert way.then.state.error is None, (way.before.key, way.happened)


def check_work_that_stops_for_another_reason_can_be_started_again() -> None:
    for situation in reachable():
        state = situation.state
        if state.step in {Step.SETTING_UP, Step.STILL_CHECKING} and not state.working:
            _, command = advance(state, m.RetryPressed())
            assert isinstance(command, m.SetUp | m.Verify), situation.key


def check_from_everywhere_there_is_a_way_to_the_end() -> None:
    origins: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
    for way in ways():
        origins.setdefault(way.then.key, set()).add(way.before.key)
    reaches = {s.key for s in reachable() if s.state.step is Step.DONE}
    queue = deque(reaches)
    while queue:
        for key in origins.get(queue.popleft(), set()) - reaches:
            reaches.add(key)
            queue.append(key)

    assert reaches == {situation.key for situation in reachable()}


def check_the_one_button_of_an_error_does_something() -> None:
    for step in Step:
        assert _dead_buttons(step) == set(), step


def _dead_buttons(step: Step) -> set[str]:
    """Codes whose button is shown in this step, and presses into nothing."""
    return {
        situation.state.error.code
        for situation in reachable()
        if situation.state.step is step
        and situation.state.error is not None
        and f"{situation.state.error.code}.action" in SENTENCES
        and advance(situation.state, m.RetryPressed()) == (situation.state, None)
    }


# --- at random ------------------------------------------------------------------------------

anything = st.lists(st.sampled_from(ACTIONS + EVERY_REPORT), max_size=30)


@given(st.booleans(), anything)
def test_whatever_happens_in_whatever_order_is_survived(
    needs_sign_in: bool, happened: list[m.Action | m.Report]
) -> None:
    state = start(needs_sign_in=needs_sign_in)
    for one in happened:
        run = state.run
        state, command = roads.play(state, one)

        assert command is None or isinstance(command, m.Command)
        assert state.run >= run
        assert HIDDEN not in repr(state)
        assert HIDDEN not in repr(command)
        assert len(state.spoken) <= EVENTS_KEPT
        assert state.step is not Step.DONE or state.credentials is None


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_a_random_walk_along_real_roads_keeps_its_word(choices: list[int]) -> None:
    situation = Situation(start(needs_sign_in=True))
    for choice in choices:
        open_ways = list(situation.following())
        way = open_ways[choice % len(open_ways)]
        situation, state = way.then, way.then.state
        blocking = [w for w in situation.work if not isinstance(w, (*ON_AND_ON, *ALONGSIDE))]

        assert state.working == bool(blocking), way.happened
        assert not state.working or state.error is None or state.step is Step.NETWORK


@given(st.sampled_from(roads.EVERYWHERE), st.sampled_from(EVERY_REPORT), st.integers(1, 5))
def test_a_report_of_another_command_never_counts(at, report: m.Report, age: int) -> None:
    state = at()

    assert advance(state, m.Reported(state.run - age, report)) == (state, None)
