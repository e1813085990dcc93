"""Where a sign-in can break: by a code, by an account, and by a key that is for something else."""

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
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Cancellation
from setup_wizard.service.models import Role
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in_settings import AccountsSettings
from setup_wizard.service.store import open_store
from tests.journeys.traveller import CUSTOMER

if TYPE_CHECKING:
    from tests.journeys.roads import Explorer

CODES_PER_HOUR = 5
SignIn = Callable[[HttpBackend, Cancellation], object]


class OtherWay(HttpBackend):
    """A desktop whose person signs in in another way than by a key."""

    def __init__(self, url: str, way: SignIn) -> None:
        super().__init__(url)
        self._way = way

    def sign_in(self, customer: str, installer_key: Secret | None, cancel: Cancellation) -> None:
        self._way(self, cancel)


def by(explorer: Explorer, way: SignIn, *, url: str = "") -> State:
    there = url or explorer.world.announce()["backend"]["url"]
    explorer.outside = replace(explorer.outside, backend=OtherWay(there, way))
    return explorer.sign_in()


def wrong_code(backend: HttpBackend, cancel: Cancellation) -> None:
    backend.sign_in_by_code(CUSTOMER, Secret("no code"), cancel)


def code_after_code(backend: HttpBackend, cancel: Cancellation) -> None:
    for _ in range(CODES_PER_HOUR + 1):
        backend.send_code(CUSTOMER, cancel)


def with_token(token: str) -> SignIn:
    return lambda backend, cancel: backend.sign_in_by_account(Secret(token), cancel)


def with_accounts(token: Callable[[], str]) -> Callable[[Explorer], State]:
    """At a backend that knows the maker's accounts, whose server is not there."""

    def travel(explorer: Explorer) -> State:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and never listens
            issuer = f"http://127.0.0.1:{taken.getsockname()[1]}"
            settings = replace(
                explorer.world.service_settings, accounts=AccountsSettings(issuer, "lamp")
            )
            with RunningService(settings) as service:
                return by(explorer, with_token(token()), url=service.url)

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


SIGN_IN_ROADS: dict[tuple[str, Step], Callable[[Explorer], State]] = {
    ("SW-CODE-REFUSED", Step.SIGN_IN): lambda e: by(e, wrong_code),
    ("SW-TOO-MANY-TRIES", Step.SIGN_IN): lambda e: by(e, code_after_code),
    ("SW-SIGN-IN-NOT-OFFERED", Step.SIGN_IN): lambda e: by(e, with_token("token")),
    ("SW-ACCOUNT-REFUSED", Step.SIGN_IN): with_accounts(lambda: "no token"),
    ("SW-ACCOUNTS-DOWN", Step.PREPARE): with_accounts(signed_by_somebody),
    ("SW-ROLE-REFUSED", Step.SIGN_IN): key_of_the_support,
}
