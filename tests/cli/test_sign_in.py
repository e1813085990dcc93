"""Customers and installers sign in without a window: by a code, a key or an account."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.cli.command import ENDS, LIMIT, Answer, Running, ask, finish, glance, run, start
from tests.cli.world import HOME, HOME_PASSPHRASE, World
from tests.service.caller import JANE
from tests.service.issuer import AUDIENCE, Issuer

pytestmark = pytest.mark.slow

NUMBERS = count(1)
SESSION_TOKEN = re.compile(r"[\w-]{40,}")


class Person:
    """A customer whom nobody knows yet, at a command that reads what they type."""

    def __init__(self, world: World, process: subprocess.Popen[bytes], customer: str) -> None:
        self.customer = customer
        self.codes: list[str] = []
        self._world = world
        self._process = process

    def letter(self) -> str:
        """The code in the letter box, when it has come."""
        while not (found := self._letters()):
            glance(self._process)
        self.codes.append(found[0])
        return found[0]

    def type(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def hear(self, sentence: str) -> str:
        """The line on standard error that has this sentence."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if sentence.encode() in line:
                return line.decode()
        raise AssertionError(f"nobody said {sentence!r}")

    def stop(self, number: signal.Signals) -> Answer:
        """By a signal, while what they could type into is still open."""
        self._process.send_signal(number)
        self._process.wait(LIMIT)
        return self.finish()

    def finish(self) -> Answer:
        """To the end; what they had to keep to themselves is not in it."""
        answer = finish(self._process)
        said = answer.out + answer.err
        assert [code for code in self.codes if re.search(rf"\b{code}\b", said)] == []
        assert not SESSION_TOKEN.search(said), answer
        self._world.check_silence(answer)
        return answer

    def _letters(self) -> list[str]:
        messages = ask(self._world.told["mail"]["url"])["messages"]
        return [str(mail["code"]) for mail in messages if mail["to"] == self.customer]


@pytest.fixture
def house(world: World) -> Iterator[World]:
    """The world, whose device belongs to nobody before and after."""
    world.disown()
    yield world
    world.disown()


@pytest.fixture
def customer() -> str:
    """Somebody new each time: only so many codes are sent to one address."""
    return f"customer{next(NUMBERS)}@example.com"


def by_code(world: World, customer: str) -> list[str]:
    return ["--backend", world.told["backend"]["url"], "--customer", customer, "--code-stdin"]


@pytest.fixture
def provision(house: World, customer: str) -> Iterator[Person]:
    """`provision` on its way, with the passphrase typed already."""
    given = ("--ssid", HOME, "--passphrase-stdin", "--json", *by_code(house, customer))
    with house.start(*given) as process:
        person = Person(house, process, customer)
        person.type(HOME_PASSPHRASE)
        yield person


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


# --- the three ways -------------------------------------------------------------------------


def test_a_customer_signs_in_by_the_code_from_the_letter(house: World, provision: Person) -> None:
    code = provision.letter()
    asked = provision.hear("Type the code from your e-mail.")
    provision.type(code)
    answer = provision.finish()

    assert provision.customer in asked
    assert (answer.status, answer.json["result"]) == (0, "success"), answer
    assert house.at_the_cloud()["owner"] == provision.customer
    assert house.at_the_cloud()["online"] is True


def test_an_installer_signs_in_by_key(house: World, customer: str) -> None:
    given = ("--ssid", HOME, "--json", *house.backend(customer=customer))

    answer = house.provision(*given, passphrase=HOME_PASSPHRASE)

    assert (answer.status, answer.json["result"]) == (0, "success"), answer
    assert house.at_the_cloud()["owner"] == customer
    assert not SESSION_TOKEN.search(answer.out + answer.err)


def test_a_customer_signs_in_by_account(house: World, tmp_path: Path) -> None:
    with Issuer() as issuer, Running("serve", "--config", shop(house, issuer)) as serving:
        token = issuer.token()
        house.secrets.append(token)
        file = house.file("token", token)
        backend = ("--backend", serving.told["backend"]["url"], "--account-token-file", file)
        answer = house.provision("--ssid", HOME, "--json", *backend, passphrase=HOME_PASSPHRASE)

    assert (answer.status, answer.json["result"]) == (0, "success"), answer
    assert house.at_the_cloud()["owner"] == JANE
    assert not SESSION_TOKEN.search(answer.out + answer.err)


def shop(world: World, issuer: Issuer) -> str:
    """The settings of a backend that believes the maker's own accounts."""
    cloud = world.told["cloud"]
    world.file("client", cloud["client_secret"])
    return world.file(
        "shop.toml",
        f'[service]\ncloud_url = "{cloud["url"]}"\nproduct = "{cloud["product"]}"\n'
        f'client_id = "{cloud["client_id"]}"\nclient_secret_file = "client"\n'
        f'database_url = "sqlite:///{world.folder / "shop.sqlite"}"\n'
        f'oidc_issuer = "{issuer.url}"\noidc_audience = "{AUDIENCE}"\n',
    )


# --- slips ----------------------------------------------------------------------------------


def test_a_wrong_code_is_said_and_the_next_line_is_tried(provision: Person) -> None:
    code = provision.letter()
    provision.type(wrong(code))
    said = provision.hear("This is not the code that we sent.")
    provision.type("")
    provision.type(f" {code[:3]} {code[3:]} \r")
    answer = provision.finish()

    assert "Tries left: 4." in said
    assert (answer.status, answer.json["result"]) == (0, "success"), answer


def test_a_wrong_code_and_no_other_is_a_failure(house: World, provision: Person) -> None:
    provision.type(wrong(provision.letter()))
    answer = provision.finish()

    error = answer.json["error"]
    assert (answer.status, answer.json["result"]) == (1, "failed")
    assert (error["code"], error["step"]) == ("SW-CODE-WRONG", "sign_in_code")
    assert "Tries left: 4." in error["advice"]
    assert house.device()["stored"]["networks"] == []


def test_no_code_at_all_is_a_failure(house: World, provision: Person) -> None:
    provision.letter()
    answer = provision.finish()

    error = answer.json["error"]
    assert (answer.status, error["code"], error["step"]) == (1, "SW-NO-CODE", "sign_in_code")


def test_a_code_that_was_tried_too_often_is_tried_no_more(provision: Person) -> None:
    code = provision.letter()
    for _ in range(5):
        provision.type(wrong(code))
    provision.type(code)
    answer = provision.finish()

    assert (answer.status, answer.json["error"]["code"]) == (1, "SW-CODE-SPENT")


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_ends_the_wait_for_a_code(provision: Person, number: signal.Signals) -> None:
    provision.letter()
    provision.hear("Type the code from your e-mail.")
    answer = provision.stop(number)

    assert (answer.status, answer.json["error"]["code"]) == (130, "SW-CANCELLED")


def test_the_time_limit_ends_the_wait_for_a_code(house: World, customer: str) -> None:
    given = ("--ssid", "Guests", "--timeout", "5", "--json", *by_code(house, customer))
    with house.start(*given) as process:
        process.wait(LIMIT)
        answer = finish(process)

    assert answer.json["error"]["code"] == "SW-TIMEOUT"


def test_a_backend_without_mail_says_that_it_sends_no_codes(house: World, customer: str) -> None:
    with Issuer() as issuer, Running("serve", "--config", shop(house, issuer)) as serving:
        backend = ("--backend", serving.told["backend"]["url"], "--customer", customer)
        with house.start("--ssid", "Guests", "--json", *backend, "--code-stdin") as process:
            process.wait(LIMIT)
            answer = finish(process)

    error = answer.json["error"]
    assert (answer.status, error["code"]) == (1, "SW-SIGN-IN-NOT-OFFERED")


# --- a living device ------------------------------------------------------------------------


@pytest.fixture
def reading(house: World, customer: str) -> Iterator[Person]:
    """`read` on its way, by somebody who owns the device."""
    made = {
        "device_id": house.told["photon"]["device_id"],
        "variables": {"temperature": 21.5},
        "owner": customer,
        "online": True,
    }
    ask(f"{house.told['control']['cloud']}/devices", made)
    device = ("read", made["device_id"], "temperature")
    with start("--verbose", *map(str, device), *by_code(house, customer)) as process:
        yield Person(house, process, customer)


def test_a_variable_is_read_after_the_right_code(reading: Person) -> None:
    code = reading.letter()
    reading.type(wrong(code))
    reading.hear("Tries left: 4.")
    reading.type(code)
    answer = reading.finish()

    assert answer.status == 0, answer
    assert answer.json["type"] == "double"


def test_nothing_is_read_without_the_right_code(reading: Person) -> None:
    reading.type(wrong(reading.letter()))
    answer = reading.finish()

    error = answer.json["error"]
    assert (answer.status, error["code"]) == (1, "SW-CODE-WRONG")
    assert set(error) == {"code", "message", "advice"}


def test_nobody_types_anything(reading: Person) -> None:
    reading.letter()
    answer = reading.finish()

    assert (answer.status, answer.json["error"]["code"]) == (1, "SW-NO-CODE")


def test_ctrl_c_ends_the_wait_for_a_code_of_read(reading: Person) -> None:
    reading.letter()
    reading.hear("Type the code from your e-mail.")
    answer = reading.stop(signal.SIGINT)

    assert (answer.status, answer.out) == (130, "")


def test_a_program_of_its_own_reads_its_own_input(house: World, customer: str) -> None:
    """Started afresh, as people do; nobody types a code."""
    arguments = ("watch", "--all", *by_code(house, customer))

    answer = run(*arguments, afresh=True, typed="\n")

    assert (answer.status, answer.json["error"]["code"]) == (1, "SW-NO-CODE")
    assert answer.err.startswith("Type the code from your e-mail.")
