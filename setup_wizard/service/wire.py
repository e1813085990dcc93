"""What every router shares: strict bodies, secrets in JSON, who asks, and documented problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security import APIKeyHeader
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import KeyRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service import problems
from setup_wizard.service.clients import client_address
from setup_wizard.service.models import Role
from setup_wizard.service.problems import Problem
from setup_wizard.service.provisioning import Provisioning
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in import SignIn
from setup_wizard.service.store.sessions import SignedIn
from setup_wizard.service.store.staff import KeyHolder

STAFF = (problems.KEY_REFUSED, problems.ROLE_REFUSED, problems.TOO_MANY_TRIES)
BODY = (
    problems.REQUEST_REFUSED,
    problems.NOT_JSON,
    problems.BODY_TOO_LARGE,
    problems.BODY_TOO_SLOW,
)
DEVICE_ID_PATTERN = "^[0-9a-fA-F]{24}$"
STORAGE = (problems.STORAGE_FULL, problems.STORAGE_UNAVAILABLE)


def _secret(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if isinstance(value, str):
        return Secret(value)
    raise ValueError("must be a text")


SecretText = Annotated[
    Secret,
    PlainValidator(_secret),
    PlainSerializer(Secret.reveal, return_type=str),
    WithJsonSchema({"type": "string"}),
]


def _device_id(value: object) -> DeviceId:
    if isinstance(value, DeviceId):
        return value
    if isinstance(value, str):
        return DeviceId.parse(value)
    raise ValueError("must be a text")


def printable(value: str) -> str:
    """For a validator: a text of one line, without what steers a terminal."""
    if not value.isprintable():
        raise ValueError("must be printable")
    return value


DeviceIdText = Annotated[
    DeviceId,
    PlainValidator(_device_id),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DEVICE_ID_PATTERN}),
]


class Body(BaseModel):
    """A JSON object with exactly the fields that it shall have."""

    model_config = ConfigDict(strict=True, extra="forbid")


_key_header = APIKeyHeader(name="X-Installer-Key", auto_error=False)


# Plain functions, where the framework would have them declared as dependencies: each of those
# takes a tenth of a look-up in the database, and the usual request needs five.
def provisioning_of(request: Request) -> Provisioning:
    """The work behind the set-up's calls."""
    return cast(Provisioning, request.app.state.provisioning)


def settings_of(request: Request) -> ServiceSettings:
    """What this backend was told."""
    return cast(ServiceSettings, request.app.state.settings)


def sign_in_of(request: Request) -> SignIn:
    """The work behind signing in."""
    return cast(SignIn, request.app.state.sign_in)


class _Bearer(SecurityBase):
    """How the session token comes along."""

    model = HTTPBearerModel(description="The session token")
    scheme_name = "HTTPBearer"


class _Session(_Bearer):
    """The token itself."""

    async def __call__(self, request: Request) -> Secret:
        return _session_token(request)


class _SessionIfAny(_Bearer):
    """The same where something else will do instead."""

    async def __call__(self, request: Request) -> Secret | None:
        return _token_of(request)


class _SignedIn(_Bearer):
    """Whose session it is."""

    async def __call__(self, request: Request) -> SignedIn:
        return await provisioning_of(request).signed_in(_session_token(request))


TheSession = Annotated[Secret, Depends(_Session())]
WhoAsks = Annotated[SignedIn, Depends(_SignedIn())]


def _session_token(request: Request) -> Secret:
    """Raises SignInExpired."""
    token = _token_of(request)
    if token is None:
        raise SignInExpired
    return token


def _token_of(request: Request) -> Secret | None:
    scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    return Secret(token) if scheme.lower() == "bearer" and token else None


def staff(*roles: Role) -> Callable[..., Awaitable[KeyHolder]]:
    """A dependency: the staff member whose key came along, with one of these roles."""

    async def holder(
        request: Request, installer_key: Annotated[str | None, Depends(_key_header)]
    ) -> KeyHolder:
        if installer_key is None:
            raise KeyRefused
        client = client_address(request)
        return await sign_in_of(request).staff(Secret(installer_key), roles=roles, client=client)

    return holder


def staff_or_session(*roles: Role) -> Callable[..., Awaitable[KeyHolder]]:
    """The same, or the one who signed in for a customer; a customer has none of the roles."""
    by_key = staff(*roles)

    async def holder(
        request: Request,
        installer_key: Annotated[str | None, Depends(_key_header)],
        token: Annotated[Secret | None, Depends(_SessionIfAny())],
    ) -> KeyHolder:
        if installer_key is not None or token is None:
            return await by_key(request, installer_key)
        return await sign_in_of(request).staff_behind(token, roles=roles)

    return holder


def can_fail(*kinds: Problem) -> dict[int | str, dict[str, object]]:
    """The documentation of the problems that a route answers with."""
    documented: dict[int | str, dict[str, object]] = {}
    for status in sorted({kind.status for kind in kinds}):
        codes = " or ".join(f"`{kind.code}`" for kind in kinds if kind.status == status)
        schema = {"$ref": "#/components/schemas/ProblemBody"}
        documented[status] = {
            "description": f"Problem: {codes}",
            "content": {problems.MEDIA_TYPE: {"schema": schema}},
        }
    return documented
