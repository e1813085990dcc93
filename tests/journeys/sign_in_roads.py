"""Where a sign-in can break: by a code, by an account, by a key, and on the way out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from setup_wizard.backend import HttpBackend
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByAccount, ByCode
from setup_wizard.flow import messages as m
from setup_wizard.flow import sign_in_messages as door
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.service.models import Role
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in_settings import AccountsSettings
from setup_wizard.service.store import open_store
from setup_wizard.service.store.codes import CODE_TRIES
from setup_wizard.service.throttle import CODES_PER_CLIENT
from tests.journeys.traveller import CUSTOMER

if TYPE_CHECKING:
    from tests.journeys.roads import Explorer

CODES_PER_HOUR = CODES_PER_CLIENT.most  # of one address only the first is sent meanwhile
Fault = Callable[["Explorer"], None]
Road = Callable[["Explorer"], State]


def ask_for_code(explorer: Explorer) -> State:
    return explorer.act(m.StartPressed(), door.CodeWanted(CUSTOMER))


def type_wrong(explorer: Explorer, times: int = 1) -> State:
    """Not what is in the mail."""
    right = explorer.world.mail.code_for(CUSTOMER.lower(), timeout=10.0) or ""
    wrong = "000000" if right != "000000" else "000001"
    proof = ByCode(CUSTOMER, Secret(wrong))
    return explorer.act(*[door.SignInPressed(proof)] * times)


def wrong_codes(times: int) -> Road:
    def travel(explorer: Explorer) -> State:
        ask_for_code(explorer)
        return type_wrong(explorer, times)

    return travel


def too_late(explorer: Explorer) -> State:
    """No longer good, and the time that was told for it is over."""
    wrong_codes(CODE_TRIES)(explorer)
    assert explorer.state.code is not None
    explorer.state = replace(explorer.state, code=replace(explorer.state.code, until=0.0))
    return type_wrong(explorer)


def code_after_code(explorer: Explorer) -> State:
    explorer.act(m.StartPressed())
    return explorer.act(*[door.CodeWanted(CUSTOMER)] * (CODES_PER_HOUR + 1))


def code_after_code_from_the_start(explorer: Explorer) -> State:
    code_after_code(explorer)
    return explorer.act(m.BackPressed(), door.CodeWanted(CUSTOMER))


def while_asking_for_a_code(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        explorer.act(m.StartPressed())
        fault(explorer)
        return explorer.act(door.CodeWanted(CUSTOMER))

    return travel


def while_typing_it(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        ask_for_code(explorer)
        fault(explorer)
        return explorer.act(door.SignInPressed(ByCode(CUSTOMER, Secret("123456"))))

    return travel


def while_signing_out(fault: Fault) -> Road:
    def travel(explorer: Explorer) -> State:
        explorer.sign_in()
        explorer.act(m.ContinuePressed())
        fault(explorer)
        return explorer.act(door.SignOutPressed())

    return travel


def with_token(token: str) -> Road:
    return lambda explorer: explorer.act(
        m.StartPressed(), door.SignInPressed(ByAccount(Secret(token)))
    )


def with_accounts(token: Callable[[], str]) -> Road:
    """At a backend that knows the maker's accounts, whose server is not there."""

    def travel(explorer: Explorer) -> State:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and never listens
            issuer = f"http://127.0.0.1:{taken.getsockname()[1]}"
            settings = replace(
                explorer.world.service_settings, accounts=AccountsSettings(issuer, "lamp")
            )
            with RunningService(settings) as service:
                backend = HttpBackend(service.url)
                explorer.outside = replace(explorer.outside, backend=backend)
                return with_token(token())(explorer)

    return travel


def signed_by_somebody() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode({"sub": "jane"}, key, "ES256", headers={"kid": "new"})


def key_of_the_support(explorer: Explorer) -> State:
    key = asyncio.run(_support_key(explorer.world.service_settings))
    return explorer.sign_in(key=key.reveal())


async def _support_key(settings: ServiceSettings) -> Secret:
    async with open_store(settings.database_url, product=settings.product) as store:
        _, key = await store.staff.add("support", Role.SUPPORT)
    return key


SIGN_IN_ROADS: dict[tuple[str, Step], Road] = {
    ("SW-CODE-WRONG", Step.SIGN_IN_CODE): wrong_codes(1),
    ("SW-CODE-SPENT", Step.SIGN_IN_CODE): wrong_codes(CODE_TRIES),
    ("SW-CODE-REFUSED", Step.SIGN_IN_CODE): wrong_codes(CODE_TRIES + 1),
    ("SW-CODE-EXPIRED", Step.SIGN_IN_CODE): too_late,
    ("SW-TOO-MANY-TRIES", Step.SIGN_IN_CODE): code_after_code,
    ("SW-TOO-MANY-TRIES", Step.SIGN_IN): code_after_code_from_the_start,
    ("SW-SIGN-IN-NOT-OFFERED", Step.SIGN_IN): with_token("token"),
    ("SW-ACCOUNT-REFUSED", Step.SIGN_IN): with_accounts(lambda: "no token"),
    ("SW-ACCOUNTS-DOWN", Step.SIGN_IN): with_accounts(signed_by_somebody),
    ("SW-ROLE-REFUSED", Step.SIGN_IN): key_of_the_support,
}
