"""Journeys of people who sign in, by every way there is, through real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import keyring
import pytest

from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByAccount, ByCode, ByKey, Session, SignInWay
from setup_wizard.domain.wifi import Credentials
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Stage, Step
from setup_wizard.service.server import RunningService
from setup_wizard.service.sign_in_settings import AccountsSettings
from setup_wizard.sessions import KeyringSessions
from tests.journeys.traveller import QuickClock, Traveller, WatchedWorld
from tests.letter_box import code_sent_by
from tests.memory_keyring import MemoryKeyring
from tests.service.issuer import AUDIENCE, Issuer

pytestmark = pytest.mark.slow

JANE = "jane@example.com"


class Person(Traveller):
    """Travels as in the window: nobody is known before the backend was asked."""

    def __init__(
        self, world: WatchedWorld, *, account_token: Secret | None = None, backend_url: str = ""
    ) -> None:
        super().__init__(
            world,
            pace=10.0,
            customer="",
            installer_key=None,
            account_token=account_token,
            backend_url=backend_url or world.announce()["backend"]["url"],
        )

    def sign_in_by_code(self, customer: str = JANE) -> State:
        """From wherever the address is asked for."""
        code = code_sent_by(lambda: self.act(door.CodeWanted(customer)), self.world.mail, customer)
        return self.act(door.SignInPressed(ByCode(customer, Secret(code))))

    def go_on(self) -> State:
        """From the preparations to the end."""
        self.world.choose_device()
        self.act(m.ContinuePressed(), m.ListeningConfirmed(), m.ContinuePressed())
        return self.set_up()

    @property
    def session(self) -> Session:
        session = self.state.session
        assert session is not None
        self.world.told.append(("session token", session.token.reveal()))
        return session

    def end_session(self) -> None:
        """As when it was withdrawn, or its time is over."""
        other = HttpBackend(self.world.announce()["backend"]["url"])
        other.resume(self.session.token)
        other.sign_out(StopSwitch())


@pytest.fixture
def person(world: WatchedWorld) -> Person:
    return Person(world)


@pytest.fixture
def store() -> Iterator[MemoryKeyring]:
    """What the system's key store is in the meantime."""
    before = keyring.get_keyring()
    store = MemoryKeyring()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


def owner(world: WatchedWorld) -> str:
    return str(world.cloud.device(world.photon.device_id)["owner"])


# --- in, by every way -----------------------------------------------------------------------


def test_a_customer_signs_in_by_the_code_from_the_mail(person: Person, world: WatchedWorld) -> None:
    person.act(m.StartPressed())
    assert person.state.step is Step.SIGN_IN
    assert person.state.ways == (SignInWay.CODE, SignInWay.INSTALLER_KEY)

    person.sign_in_by_code("Jane@Example.com")

    assert person.state.customer == JANE
    assert person.go_on().step is Step.DONE
    assert owner(world) == JANE


def test_an_installer_signs_in_by_key_for_a_customer(person: Person, world: WatchedWorld) -> None:
    proof = ByKey(JANE, Secret(world.installer_key))

    person.act(m.StartPressed(), door.SignInPressed(proof))

    assert person.go_on().step is Step.DONE
    assert owner(world) == JANE


def at_a_backend_with_accounts(world: WatchedWorld, travel: Callable[[str, Issuer], None]) -> None:
    with Issuer() as issuer:
        accounts = AccountsSettings(issuer.url, AUDIENCE)
        settings = replace(world.service_settings, accounts=accounts)
        with RunningService(settings) as service:
            travel(service.url, issuer)


def test_a_customer_signs_in_by_the_makers_account(world: WatchedWorld) -> None:
    def travel(url: str, issuer: Issuer) -> None:
        person = Person(world, backend_url=url)
        person.act(m.StartPressed())
        assert SignInWay.ACCOUNT in person.state.ways

        person.act(door.SignInPressed(ByAccount(Secret(issuer.token()))))

        assert person.go_on().step is Step.DONE
        assert owner(world) == JANE

    at_a_backend_with_accounts(world, travel)


def test_a_program_that_was_handed_an_account_asks_nobody(world: WatchedWorld) -> None:
    def travel(url: str, issuer: Issuer) -> None:
        person = Person(world, backend_url=url, account_token=Secret(issuer.token()))

        person.act(m.StartPressed())

        assert person.state.provision is not None
        assert person.session.customer == JANE

    at_a_backend_with_accounts(world, travel)


# --- over, in the middle of it --------------------------------------------------------------


def test_a_session_that_ends_after_saving_costs_a_sign_in_and_nothing_else(
    person: Person, world: WatchedWorld
) -> None:
    person.act(m.StartPressed())
    person.sign_in_by_code()
    world.choose_device()
    person.act(m.ContinuePressed(), m.ListeningConfirmed(), m.ContinuePressed())
    told = len(world.photon.stored["networks"])  # type: ignore[arg-type]

    def end_it(report: m.Report, _clock: QuickClock) -> None:
        if isinstance(report, m.StageStarted) and report.stage is Stage.MAKE_YOURS:
            person.end_session()
            person.on_report = lambda _report, _clock: None

    person.on_report = end_it
    home = person.network("HomeNet")
    passphrase = Secret(world.networks[0].passphrase)
    expired = person.act(m.SetUpPressed(home, passphrase, "Kitchen"))

    assert (expired.step, type(expired.error)) == (Step.SIGN_IN, SignInExpired)
    assert (expired.customer, expired.name) == (JANE, "Kitchen")
    assert expired.credentials == Credentials(home, passphrase)

    state = person.sign_in_by_code()

    assert state.step is Step.DONE
    assert state.device is not None
    assert state.device.name == "Kitchen"
    assert len(world.photon.stored["networks"]) == told + 1  # type: ignore[arg-type]


def test_a_session_that_ends_before_anything_is_sent_is_asked_for_again(
    person: Person, world: WatchedWorld
) -> None:
    """The claim code is too old by then, which is how a backend is asked at all."""
    person.act(m.StartPressed())
    person.sign_in_by_code()
    world.choose_device()
    person.act(m.ContinuePressed(), m.ListeningConfirmed(), m.ContinuePressed())
    began = person.state.prepared_at
    assert began is not None
    person.state = replace(person.state, prepared_at=began - 3600)
    person.end_session()

    too_old = person.set_up()
    assert (too_old.step, too_old.saved) == (Step.PREPARE, False)
    expired = person.act(m.RetryPressed())
    assert (expired.step, type(expired.error)) == (Step.SIGN_IN, SignInExpired)
    assert expired.credentials == too_old.credentials

    person.sign_in_by_code()

    assert person.go_on().step is Step.DONE


# --- kept, and out --------------------------------------------------------------------------


def remembering(world: WatchedWorld) -> Person:
    person = Person(world)
    sessions = KeyringSessions(world.announce()["backend"]["url"])
    person.outside = replace(person.outside, sessions=sessions)
    return person


def test_the_next_time_nobody_is_asked(world: WatchedWorld, store: MemoryKeyring) -> None:
    first = remembering(world)
    first.act(m.StartPressed())
    first.sign_in_by_code()
    assert len(store.kept) == 1

    second = remembering(world)
    state = second.act(m.StartPressed())

    assert (state.step, state.customer) == (Step.PREPARE, JANE)
    assert state.provision is not None
    assert second.session.token == first.session.token


def test_a_kept_session_that_was_withdrawn_leads_to_the_question(
    world: WatchedWorld, store: MemoryKeyring
) -> None:
    first = remembering(world)
    first.act(m.StartPressed())
    first.sign_in_by_code()
    first.end_session()

    second = remembering(world)
    state = second.act(m.StartPressed())

    assert (state.step, type(state.error), state.customer) == (Step.SIGN_IN, SignInExpired, JANE)
    assert store.kept == {}
    assert second.sign_in_by_code().provision is not None


def test_an_installers_session_is_not_kept(world: WatchedWorld, store: MemoryKeyring) -> None:
    person = remembering(world)

    person.act(m.StartPressed(), door.SignInPressed(ByKey(JANE, Secret(world.installer_key))))

    assert person.state.provision is not None
    assert store.kept == {}


def test_whoever_signs_out_is_forgotten_here_and_there(
    world: WatchedWorld, store: MemoryKeyring
) -> None:
    person = remembering(world)
    person.act(m.StartPressed())
    person.sign_in_by_code()
    session = person.session

    state = person.act(m.ContinuePressed(), door.SignOutPressed())

    assert (state.step, state.error, state.leaving) == (Step.WELCOME, None, None)
    assert store.kept == {}
    backend = HttpBackend(world.announce()["backend"]["url"])
    backend.resume(session.token)
    with pytest.raises(SignInExpired):
        backend.provision(StopSwitch())
    assert person.act(m.StartPressed()).step is Step.SIGN_IN
