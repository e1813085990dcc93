"""A customer signs in by a code from an e-mail: over real HTTP, and a real mail server."""

from __future__ import annotations

import dataclasses
import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from email.headerregistry import Address

import pytest

from setup_wizard.service import mail, throttle
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in_settings import MailEncryption, MailSettings
from setup_wizard.service.store import codes
from tests.service.caller import JANE, VAN_KEY, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud
from tests.service.mail_server import MailServer

MANY = 1000
FEW = 10
LONG_PAUSE = timedelta(minutes=9)


@pytest.fixture
def letters() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def settings(settings: ServiceSettings, letters: MailServer) -> ServiceSettings:
    sender = Address("Bright Lämp", addr_spec="hello@lamp.example")
    posted = MailSettings("127.0.0.1", letters.port, MailEncryption.NONE, sender)
    return dataclasses.replace(settings, mail=posted)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is refused for asking often."""
    for name in ("CODES_PER_ADDRESS", "CODES_PER_CLIENT", "WRONG_PER_CLIENT"):
        limit = dataclasses.replace(getattr(throttle, name), most=10_000)
        monkeypatch.setattr(f"setup_wizard.service.sign_in.{name}", limit)


@pytest.fixture
def brief(caplog: pytest.LogCaptureFixture) -> None:
    """The database's driver does not tell of each of thousands of equal statements."""
    caplog.set_level(logging.INFO, "aiosqlite")


def _ask_for_code(caller: Caller, customer: str = JANE) -> None:
    answer = caller.ask("POST", "/v1/sign-in-codes", body={"customer": customer})
    assert (answer.status_code, answer.json()) == (202, {"expires_in": 600})


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def _offer(caller: Caller, code: str, customer: str = JANE) -> tuple[int, str]:
    answer = caller.ask("POST", "/v1/sessions", body={"customer": customer, "code": code})
    if answer.status_code == 201:
        caller.session_tokens.append(answer.json()["session_token"])
    return answer.status_code, answer.json().get("code", "")


@pytest.fixture
def long_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """For computers whose clock jumps."""
    monkeypatch.setattr(codes, "CODE_PAUSE", LONG_PAUSE)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter after the other."""
    monkeypatch.setattr(codes, "CODE_PAUSE", timedelta(0))


def test_the_first_question_tells_that_codes_are_sent(caller: Caller):
    assert caller.ask("GET", "/v1/").json()["sign_in"] == ["code", "installer_key"]


@both
def test_a_code_from_the_letter_box_opens_a_session_for_everything(
    caller: Caller, cloud: FakeCloud, letters: MailServer
):
    _ask_for_code(caller, "Jane@Example.com")
    body = {"customer": JANE, "code": letters.code()}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert (answer.status_code, answer.json()["customer"]) == (201, JANE)
    assert caller.provision(answer.json()["session_token"]).status_code == 201
    assert cloud.customers == {JANE}


def test_the_letter_is_in_plain_words_with_the_code_and_how_long_it_lasts(
    caller: Caller, letters: MailServer
):
    _ask_for_code(caller)

    code = letters.code()
    letter = letters.messages[0]
    assert letter["Subject"] == f"{code} is your code for Bright Lämp"
    assert letter["From"].addresses[0].display_name == "Bright Lämp"
    assert letter["From"].addresses[0].addr_spec == "hello@lamp.example"
    assert letter["To"] == JANE
    assert "within 10 minutes" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"


def test_blanks_that_were_copied_along_do_no_harm(caller: Caller, letters: MailServer):
    _ask_for_code(caller)
    code = letters.code()

    assert _offer(caller, f" {code[:3]} {code[3:]}\n")[0] == 201


def test_a_known_and_an_unknown_address_are_told_the_same(caller: Caller, letters: MailServer):
    caller.sign_in(JANE)
    known = caller.ask("POST", "/v1/sign-in-codes", body={"customer": JANE})
    unknown = caller.ask("POST", "/v1/sign-in-codes", body={"customer": "new@example.com"})

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.headers.keys() == unknown.headers.keys()
    wrong = [_offer(caller, "none", who) for who in (JANE, "new@example.com", "no@example.com")]
    assert set(wrong) == {(401, "code_refused")}
    assert len(letters.wait_for(2)) == 2


def test_the_answer_does_not_wait_for_the_mail_server(
    caller: Caller, letters: MailServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "RETRY_PAUSES", (0.01, 0.01))
    letters.answers = ["451 later"] * 2

    _ask_for_code(caller)

    assert _offer(caller, letters.code())[0] == 201


@pytest.mark.parametrize(
    "customer",
    ["jane", "jane@example.com\nBcc: joe@example.com", "=?utf-8?q?jane?=@example.com"],
)
def test_an_address_that_is_none_gets_no_code(caller: Caller, customer: str):
    answer = caller.ask("POST", "/v1/sign-in-codes", body={"customer": customer})

    assert (answer.status_code, code_of(answer)) == (422, "customer_refused")


@both
@pytest.mark.usefixtures("long_pause")
@pytest.mark.parametrize("known", [True, False])
def test_who_asks_again_at_once_has_one_letter_and_used_up_one_of_the_five(
    caller: Caller, letters: MailServer, database: FreshDatabase, known: bool
):
    if known:
        caller.sign_in(JANE)
    _ask_for_code(caller)
    for _ in range(6):
        _ask_for_code(caller)

    assert _offer(caller, letters.code())[0] == 201
    _ask_for_code(caller)  # one that was used up is waited for by nobody
    assert len(letters.wait_for(2)) == 2


@pytest.mark.usefixtures("no_pause")
def test_the_sixth_code_within_an_hour_is_refused_for_this_address_only(
    caller: Caller, letters: MailServer
):
    for _ in range(5):
        _ask_for_code(caller)

    answer = caller.ask("POST", "/v1/sign-in-codes", body={"customer": JANE.upper()})

    assert (answer.status_code, code_of(answer)) == (429, "too_many_tries")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    _ask_for_code(caller, "joe@example.com")
    assert len(letters.wait_for(6)) == 6


def test_one_client_cannot_have_mails_sent_to_everybody(caller: Caller):
    for number in range(30):
        _ask_for_code(caller, f"{number}@example.com")

    answer = caller.ask("POST", "/v1/sign-in-codes", body={"customer": JANE})

    assert (answer.status_code, code_of(answer)) == (429, "too_many_tries")


def test_who_guesses_often_is_not_listened_to_even_with_the_right_key(caller: Caller):
    answers = Counter(_offer(caller, "none") for _ in range(51))

    assert answers == {(401, "code_refused"): 50, (429, "too_many_tries"): 1}
    right = caller.ask("POST", "/v1/sessions", body={"customer": JANE, "installer_key": VAN_KEY})
    assert (right.status_code, code_of(right)) == (429, "too_many_tries")


@both
def test_many_right_sign_ins_are_never_refused(caller: Caller):
    for _ in range(60):
        caller.sign_in()


@both
def test_a_wrong_code_tells_how_many_tries_are_left(caller: Caller, letters: MailServer):
    _ask_for_code(caller)
    wrong = {"customer": JANE, "code": _wrong(letters.code())}

    told = [caller.ask("POST", "/v1/sessions", body=wrong).json() for _ in range(6)]

    assert [problem.get("tries_left") for problem in told] == [4, 3, 2, 1, 0, None]


@both
@pytest.mark.slow
@pytest.mark.timeout(180)  # two cores may be busy with other tests
@pytest.mark.usefixtures("patient", "brief")
def test_a_thousand_wrong_codes_at_once_are_refused_and_use_the_code_up(
    caller: Caller, letters: MailServer, database: FreshDatabase
):
    # SQLite's own thousand are at the store, in test_store_races.py.
    many = MANY if database.is_postgresql else MANY // 5
    _ask_for_code(caller)
    code = letters.code()

    def guess(_: int) -> Counter[tuple[int, str]]:
        with Caller(caller.url) as another:
            return Counter(_offer(another, _wrong(code)) for _ in range(many // 50))

    with ThreadPoolExecutor(50) as threads:
        answers = sum(threads.map(guess, range(50)), Counter())

    assert answers == {(401, "code_refused"): many}
    assert _offer(caller, code) == (401, "code_refused")
    assert database.sql("SELECT tries_left FROM sign_in_code") == [(0,)]
    assert database.sql("SELECT count(*) FROM customer_session") == [(0,)]


@pytest.mark.slow
def test_many_wrong_codes_at_once_from_one_place_are_cut_off(caller: Caller, letters: MailServer):
    _ask_for_code(caller)
    code = letters.code()

    def guess(_: int) -> Counter[tuple[int, str]]:
        with Caller(caller.url) as another:
            return Counter(_offer(another, _wrong(code)) for _ in range(4))

    with ThreadPoolExecutor(50) as threads:
        answers = sum(threads.map(guess, range(50)), Counter())

    assert answers == {(401, "code_refused"): 50, (429, "too_many_tries"): 150}


@both
def test_two_backends_that_are_offered_one_code_let_one_in(
    caller: Caller, settings: ServiceSettings, letters: MailServer
):
    with ExitStack() as stack:
        other = stack.enter_context(RunningService(settings))
        _ask_for_code(caller)
        code = letters.code()
        callers = [
            stack.enter_context(Caller(url)) for url in (caller.url, other.url) for _ in range(FEW)
        ]
        with ThreadPoolExecutor(len(callers)) as threads:
            answers = Counter(threads.map(lambda one: _offer(one, code), callers))

    assert answers == {(201, ""): 1, (401, "code_refused"): 2 * FEW - 1}


@pytest.mark.usefixtures("no_pause")
def test_no_log_line_of_ours_names_the_code_or_the_address(
    caller: Caller, letters: MailServer, log: io.StringIO, caplog: pytest.LogCaptureFixture
):
    letters.answers = ["550 5.1.1 <jane@example.com> unknown"]
    _ask_for_code(caller)
    letters.wait_for_refusals(1)
    _ask_for_code(caller)
    code = letters.code()
    _offer(caller, code)

    lines = log.getvalue()
    assert not re.search(rf"(?<![0-9a-f]){code}(?![0-9a-f])", lines)
    assert JANE not in "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("setup_wizard")
    )
    assert "SMTPDataError_550" in lines


def test_a_backend_without_a_mail_server_offers_no_codes(settings: ServiceSettings):
    without = dataclasses.replace(settings, mail=None)

    with RunningService(without) as service, Caller(service.url) as caller:
        asked = caller.ask("POST", "/v1/sign-in-codes", body={"customer": JANE})

        assert caller.ask("GET", "/v1/").json()["sign_in"] == ["installer_key"]
        assert (asked.status_code, code_of(asked)) == (422, "sign_in_not_offered")
        assert _offer(caller, "123456") == (422, "sign_in_not_offered")


def test_a_letter_that_finds_no_room_is_not_told_as_sent(
    caller: Caller, letters: MailServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "MOST_WAITING", 0)
    refused = [
        caller.ask("POST", "/v1/sign-in-codes", body={"customer": JANE}).status_code
        for _ in range(2)
    ]
    monkeypatch.setattr(mail, "MOST_WAITING", 200)
    _ask_for_code(caller)

    assert refused == [503, 503]
    assert _offer(caller, letters.code())[0] == 201


@pytest.mark.usefixtures("long_pause")
def test_many_who_ask_at_once_use_up_one_of_the_five(caller: Caller, letters: MailServer):
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(_ask_for_code, caller) for _ in range(8)]
        for each in asked:
            each.result()

    assert _offer(caller, letters.code())[0] == 201
    for number in range(2, 6):
        _ask_for_code(caller)
        assert _offer(caller, letters.code(number))[0] == 201
    again = caller.ask("POST", "/v1/sign-in-codes", body={"customer": JANE})
    assert code_of(again) == "too_many_tries"
