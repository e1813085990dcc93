"""Every screen that a person can come to, each led there by the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from setup_wizard.domain import errors
from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.life import LifeTest
from setup_wizard.domain.sign_in import SignInWay
from setup_wizard.domain.wifi import Network, Security
from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.machine import advance
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import PREPARATION, SETUP, Stage
from tests.flow import roads
from tests.flow.roads import after, done, failed
from tests.flow.samples import (
    ACCESS,
    BUTTON,
    BY_KEY,
    BY_NAME,
    CAFE,
    DEVICE,
    DEVICE_ID,
    HOME,
    LED,
    OFFICE,
    OTHER_IDENTITY,
    PASSPHRASE,
    PROVISION,
    WRONG,
)

LONG = Network("Frühstückspension Sonnenblick".encode(), Security.WPA2, rssi=-60, channel=11)
NARROW = Network(b"W" * 32, Security.WPA2, rssi=-81, channel=3)
"""The widest name that a network can have, without one place to break it."""
STREET = tuple(
    Network(f"Neighbour {number}".encode(), Security.WPA2, rssi=-62 - 3 * number)
    for number in range(7)
)
AIR = (CAFE, HOME, LONG, NARROW, *STREET)


def with_sign_in() -> State:
    """Preparing for a customer who signed in, the way that has the most pages."""
    return roads.preparing_after_sign_in()


@cache
def prepare_running() -> State:
    first, second, _ = PREPARATION
    return after(with_sign_in(), *done(first), m.StageStarted(second))


@cache
def prepared() -> State:
    return after(with_sign_in(), *done(*PREPARATION), roads.PREPARED)


@cache
def found() -> State:
    return after(prepared(), m.ContinuePressed(), m.ListeningConfirmed(), roads.FOUND)


@cache
def choosing() -> State:
    return after(found(), m.NetworksFound(AIR), m.ContinuePressed())


def choosing_without_own() -> State:
    return after(found(), m.NetworksFound((CAFE, LONG, *STREET)), m.ContinuePressed())


def choosing_company() -> State:
    """The computer is at the office, so that network is chosen."""
    state = after(with_sign_in(), m.Prepared(PROVISION, OFFICE.ssid), m.ContinuePressed())
    state = after(state, m.ListeningConfirmed(), roads.FOUND)
    return after(state, m.NetworksFound((OFFICE, *AIR)), m.ContinuePressed())


def company_refused() -> State:
    state = after(choosing_company(), m.SetUpPressed(OFFICE, sign_in=BY_NAME))
    return after(state, *done(Stage.SAVE), m.LightBlinksAgain())


def setting_up(network: Network = HOME) -> State:
    return after(
        choosing(), m.SetUpPressed(network, PASSPHRASE), m.StageStarted(Stage.SAVE, budget=180.0)
    )


def join_needed() -> State:
    return after(setting_up(), m.JoinNeeded(300.0))


def saved(network: Network = HOME) -> State:
    return after(
        setting_up(network),
        m.StageDone(Stage.SAVE, 2.4),
        m.StageStarted(Stage.JOIN_NETWORK, 2, 180.0),
    )


def wrong_passphrase() -> State:
    return after(
        choosing(),
        m.SetUpPressed(HOME, WRONG),
        *done(Stage.SAVE),
        m.StageStarted(Stage.JOIN_NETWORK),
        failed(errors.WrongPassphrase(network="Home")),
    )


def wrong_passphrase_of_a_long_name() -> State:
    return after(saved(NARROW), failed(errors.WrongPassphrase(network=NARROW.name)))


def still_checking() -> State:
    return after(saved(), m.VerificationPending())


def late_news(report: m.Report) -> State:
    """The next device is at its network while the first one is heard of."""
    left = after(still_checking(), m.SetUpAnotherPressed())
    number = left.pending[0].work.number
    next_one = after(
        left,
        roads.PREPARED,
        m.ContinuePressed(),
        m.ListeningConfirmed(),
        m.DeviceFound(OTHER_IDENTITY),
        m.NetworksFound(AIR),
        m.ContinuePressed(),
    )
    return advance(next_one, m.Reported(number, report))[0]


def late_success() -> State:
    return late_news(m.SetupSucceeded(replace(DEVICE, online=True), ACCESS))


def late_cause() -> State:
    return late_news(failed(errors.WrongPassphrase(network=LONG.name)))


def updating() -> State:
    return after(
        saved(),
        m.StageDone(Stage.JOIN_NETWORK, 12.0),
        m.StageStarted(Stage.GO_ONLINE),
        m.DeviceUpdating(600.0),
    )


def too_weak() -> State:
    return after(saved(NARROW), failed(errors.NetworkTooWeak(network=NARROW.name)))


def done_offline() -> State:
    return after(setting_up(), *done(*SETUP), m.SetupSucceeded(DEVICE, ACCESS))


def done_online() -> State:
    return after(
        setting_up(), *done(*SETUP), m.SetupSucceeded(replace(DEVICE, online=True), ACCESS)
    )


def proving(test: LifeTest = BUTTON) -> State:
    """The same for a maker with a test, which runs."""
    state = replace(setting_up(), life_test=test)
    succeeded = m.SetupSucceeded(replace(DEVICE, online=True), ACCESS)
    listens = (life.Listening(), life.LifeAwaited(10.0, 70.0))
    return after(state, *done(*SETUP), succeeded, *listens)


def proof_silent() -> State:
    return after(proving(), life.LifeTimeOver(70.0))


def proof_refused() -> State:
    return after(proving(LED), life.LifeRefused(errors.DeviceOffline(), 40.0))


def proof_different() -> State:
    return after(proving(LED), life.LifeAnswered(-2147483648, 10.5))


def spoke(number: int) -> m.DeviceSpoke:
    time = f"2026-01-01T00:00:{number % 60:02d}Z"
    return m.DeviceSpoke((DeviceEvent("temperature", f"{20 + number / 10}", time, str(DEVICE_ID)),))


@cache
def done_alive() -> State:
    button = DeviceEvent("button", "pressed", "2026-01-01T00:01:00Z", str(DEVICE_ID))
    return after(
        proving(),
        *(spoke(number) for number in range(20)),
        m.DeviceSpoke((button,), 11.3),
    )


def done_after_a_refusal() -> State:
    return after(done_alive(), failed(errors.NotExposed(name="led")))


def offering(way: SignInWay) -> State:
    """A backend with this way in alone."""
    return after(roads.asking(), door.SignInOffered((way,)))


def by_key() -> State:
    return offering(SignInWay.INSTALLER_KEY)


def by_account() -> State:
    return offering(SignInWay.ACCOUNT)


def key_refused() -> State:
    return after(by_key(), door.SignInPressed(BY_KEY), failed(errors.KeyRefused()))


def code_wrong() -> State:
    return after(roads.trying_code(), failed(errors.CodeWrong(tries=4)))


def listening_as_customer() -> State:
    """With the link to sign out."""
    return after(roads.prepared_by_code(), m.ContinuePressed())


def sign_out_failed() -> State:
    return after(roads.signed_out(), failed(errors.BackendUnreachable()))


def backend_down() -> State:
    return after(prepare_running(), failed(errors.BackendUnreachable()))


def scan_failed() -> State:
    return after(found(), failed(errors.NoNetworksSeen()))


def network_unseen() -> State:
    return after(setting_up(LONG), failed(errors.NetworkUnseen(network=LONG.name)))


def save_failed() -> State:
    return after(setting_up(), failed(errors.DeviceGarbled(command="scan-ap")))


SCENES: dict[str, Callable[[], State]] = {
    "welcome": roads.welcome,
    "sign_in": roads.sign_in,
    "sign_in_by_key": by_key,
    "sign_in_by_account": by_account,
    "sign_in_refused": key_refused,
    "sign_in_code": roads.code,
    "sign_in_code_trying": roads.trying_code,
    "sign_in_code_wrong": code_wrong,
    "listening_as_customer": listening_as_customer,
    "signing_out": roads.signed_out,
    "sign_out_failed": sign_out_failed,
    "prepare": prepare_running,
    "prepare_failed": backend_down,
    "prepared": prepared,
    "listening": roads.listening,
    "join": roads.looking,
    "join_found": found,
    "join_failed": scan_failed,
    "network": choosing,
    "network_without_own": choosing_without_own,
    "network_failed": network_unseen,
    "network_company": choosing_company,
    "network_company_refused": company_refused,
    "setting_up": setting_up,
    "setting_up_rejoin": join_needed,
    "setting_up_saved": saved,
    "setting_up_failed": save_failed,
    "wrong_passphrase": wrong_passphrase,
    "wrong_passphrase_long": wrong_passphrase_of_a_long_name,
    "still_checking": still_checking,
    "setting_up_updating": updating,
    "network_too_weak": too_weak,
    "network_late_success": late_success,
    "network_late_cause": late_cause,
    "done_offline": done_offline,
    "done_online": done_online,
    "done_alive": done_alive,
    "done_proving": proving,
    "done_asking": lambda: proving(LED),
    "done_proof_silent": proof_silent,
    "done_proof_refused": proof_refused,
    "done_proof_different": proof_different,
    "done_failed": done_after_a_refusal,
}


def example(leaf: type[SetupError]) -> SetupError:
    """A failure with all the facts that any sentence asks for, at their longest."""
    return leaf(
        network=LONG.name,
        length=70,
        allowed="5, 10, 13, 26",
        status=503,
        seconds=60,
        name="led",
        command="configure-ap",
        result=-1,
        kind="ZeroDivisionError",
        tries=4,
    )


@cache
def works() -> dict[str, State]:
    """Before all the work that can fail; to go there again for each failure takes a while."""
    return {
        "sign_in": roads.signing_in(),
        "code": roads.trying_code(),
        "prepare": prepare_running(),
        "look": after(prepared(), m.ContinuePressed(), m.ListeningConfirmed()),
        "scan": found(),
        "rescan": after(choosing(), m.RescanPressed()),
        "save": setting_up(),
        "verify": saved(),
        "call": done_alive(),
    }


def where_it_shows(error: SetupError) -> dict[str, State]:
    """The screens on which a person can meet this failure, by the work that it ends."""
    working = works()
    if isinstance(error, errors.ChoiceError):
        working = {"save": setting_up()}
    elif isinstance(error, errors.JoinError):
        working = {"verify": saved()}
    elif isinstance(error, errors.DeviceError):
        working = {name: working[name] for name in ("look", "scan", "rescan", "save")}
    elif isinstance(error, errors.NoWifi | errors.KeyRefused | errors.CustomerRefused):
        working = {name: working[name] for name in ("sign_in", "prepare")}
    return {name: after(state, failed(error)) for name, state in working.items()}
