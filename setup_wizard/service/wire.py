"""What every router shares: strict bodies, secrets in JSON, who asks, and documented problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
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


_bearer = HTTPBearer(auto_error=False, description="The session token")
_key_header = APIKeyHeader(name="X-Installer-Key", auto_error=False)


# async: FastAPI would run a plain function in another thread, for each request anew.
async def _provisioning(request: Request) -> Provisioning:
    return cast(Provisioning, request.app.state.provisioning)


async def _settings(request: Request) -> ServiceSettings:
    return cast(ServiceSettings, request.app.state.settings)


TheProvisioning = Annotated[Provisioning, Depends(_provisioning)]
TheSettings = Annotated[ServiceSettings, Depends(_settings)]


async def _sign_in(request: Request) -> SignIn:
    return cast(SignIn, request.app.state.sign_in)


TheSignIn = Annotated[SignIn, Depends(_sign_in)]


async def _client(request: Request) -> str:
    return client_address(request)


TheClient = Annotated[str, Depends(_client)]


async def _session(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Secret:
    if credentials is None:
        raise SignInExpired
    return Secret(credentials.credentials)


TheSession = Annotated[Secret, Depends(_session)]


async def _signed_in(provisioning: TheProvisioning, token: TheSession) -> SignedIn:
    return await provisioning.signed_in(token)


WhoAsks = Annotated[SignedIn, Depends(_signed_in)]


def staff(*roles: Role) -> Callable[..., Awaitable[KeyHolder]]:
    """A dependency: the staff member whose key came along, with one of these roles."""

    async def holder(
        sign_in: TheSignIn,
        client: TheClient,
        installer_key: Annotated[str | None, Depends(_key_header)],
    ) -> KeyHolder:
        if installer_key is None:
            raise KeyRefused
        return await sign_in.staff(Secret(installer_key), roles=roles, client=client)

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
