"""Signing in and out over HTTP: by a code, an account of the maker's, or an installer key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Discriminator, Field, Tag

from setup_wizard.service import problems
from setup_wizard.service.audit_api import log_of
from setup_wizard.service.clients import client_address
from setup_wizard.service.models import SignInMethod
from setup_wizard.service.sign_in import OpenSession
from setup_wizard.service.store.codes import CODE_LIFETIME
from setup_wizard.service.wire import (
    BODY,
    STORAGE,
    Body,
    SecretText,
    TheSession,
    WhoAsks,
    can_fail,
    settings_of,
    sign_in_of,
)

_Address = Annotated[str, Field(examples=["jane@example.com"])]


class NewCode(Body):
    """Who wants a code by e-mail."""

    customer: _Address


class WithCode(Body):
    """A customer, with the code from the e-mail."""

    customer: _Address
    code: SecretText


class WithKey(Body):
    """A staff member, who signs in for a customer."""

    customer: _Address
    installer_key: SecretText


class WithAccount(Body):
    """A customer with an account of the maker's, by its OpenID Connect token."""

    id_token: SecretText


def _way_in(body: object) -> str:
    """By the fields: each way has one of its own."""
    fields = body if isinstance(body, dict) else ()
    if "id_token" in fields:
        return "account"
    return "code" if "code" in fields else "key"


NewSession = Annotated[
    Annotated[WithKey, Tag("key")]
    | Annotated[WithCode, Tag("code")]
    | Annotated[WithAccount, Tag("account")],
    Discriminator(_way_in),
]


class Welcome(BaseModel):
    """What the desktop program asks first."""

    product: str
    sign_in: list[SignInMethod]
    """The ways that are offered, the customers' own first."""


class CodeSent(BaseModel):
    """The seconds for which the code is good, if it arrives."""

    expires_in: int


class SessionOpened(BaseModel):
    """The session, its customer in lower case, and the seconds that it lasts."""

    session_token: SecretText
    customer: str
    expires_in: int
    watches_product: bool = False
    """Of staff who may ask for the token for the product's events; else it is left out."""


router = APIRouter(tags=["sign-in"])


@router.get("/v1/")
async def welcome(request: Request) -> Welcome:
    """Which product this backend is for, and how to sign in."""
    return Welcome(product=settings_of(request).product, sign_in=list(sign_in_of(request).offered))


@router.post(
    "/v1/sign-in-codes",
    status_code=202,
    responses=can_fail(
        problems.CUSTOMER_REFUSED,
        problems.SIGN_IN_NOT_OFFERED,
        problems.TOO_MANY_TRIES,
        problems.MAIL_BUSY,
        *BODY,
        *STORAGE,
    ),
)
async def send_code(request: Request, body: NewCode) -> CodeSent:
    """Send a code to this address. The answer is the same for an address that nobody has."""
    await sign_in_of(request).send_code(body.customer, client=client_address(request))
    return CodeSent(expires_in=int(CODE_LIFETIME.total_seconds()))


@router.post(
    "/v1/sessions",
    status_code=201,
    response_model_exclude_defaults=True,
    responses=can_fail(
        problems.KEY_REFUSED,
        problems.ROLE_REFUSED,
        problems.CODE_REFUSED,
        problems.ACCOUNT_REFUSED,
        problems.ACCOUNTS_UNREACHABLE,
        problems.CUSTOMER_REFUSED,
        problems.SIGN_IN_NOT_OFFERED,
        problems.TOO_MANY_TRIES,
        *BODY,
        *STORAGE,
    ),
)
async def open_session(request: Request, body: NewSession) -> SessionOpened:
    """Sign a customer in: by the code from the e-mail, an account's token, or an installer key."""
    sign_in, client = sign_in_of(request), client_address(request)
    match body:
        case WithCode(customer=customer, code=code):
            opened = await sign_in.by_code(customer, code, client=client)
        case WithAccount(id_token=id_token):
            opened = await sign_in.by_account(id_token, client=client)
        case WithKey(customer=customer, installer_key=key):
            opened = await sign_in.by_key(customer, key, client=client)
    await log_of(request).write("session.opened", opened.who)
    return _shown(opened)


@router.delete(
    "/v1/sessions/current",
    status_code=204,
    responses=can_fail(problems.SESSION_EXPIRED, *STORAGE),
)
async def close_session(request: Request, who: WhoAsks, token: TheSession) -> None:
    """Sign out: the session that asks is over at once, for whoever else had its token too."""
    await sign_in_of(request).out(token)
    await log_of(request).write("session.closed", who)


def _shown(opened: OpenSession) -> SessionOpened:
    return SessionOpened(
        session_token=opened.token,
        customer=opened.who.customer,
        expires_in=opened.expires_in,
        watches_product=opened.watches_product,
    )
