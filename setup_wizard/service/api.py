"""The HTTP interface: routes, and the strict shapes of what goes in and comes out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from setup_wizard.domain.device import LONGEST_NAME, DeviceId
from setup_wizard.service import problems
from setup_wizard.service.audit_api import doer_of, log_of
from setup_wizard.service.provisioning import parse_address
from setup_wizard.service.sign_in import DELETES_CUSTOMERS
from setup_wizard.service.store.database import StorageUnavailable
from setup_wizard.service.store.devices import RecordedDevice
from setup_wizard.service.store.staff import KeyHolder
from setup_wizard.service.wire import BODY as _BODY
from setup_wizard.service.wire import (
    DEVICE_ID_PATTERN,
    DeviceIdText,
    printable,
    provisioning_of,
    settings_of,
    staff,
)
from setup_wizard.service.wire import STAFF as _STAFF
from setup_wizard.service.wire import STORAGE as _STORAGE
from setup_wizard.service.wire import Body as _Body
from setup_wizard.service.wire import SecretText as _SecretText
from setup_wizard.service.wire import WhoAsks as _SignedIn
from setup_wizard.service.wire import can_fail as _can_fail

READY_TIMEOUT = 2.0  # seconds; a load balancer asks every few seconds


class Nothing(_Body):
    """An empty object."""


class NewDevice(_Body):
    """A device that was just set up."""

    device_id: DeviceIdText
    name: Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(printable)]


class Health(BaseModel):
    """A sign of life."""

    status: Literal["ok"] = "ok"


class TokenIssued(BaseModel):
    """A token for the customer's own devices, and where to use it."""

    access_token: _SecretText
    expires_in: int
    cloud_url: str
    product: str


class Provisioned(TokenIssued):
    """Everything that a set-up needs before the computer leaves the internet."""

    claim_code: _SecretText
    device_ids: list[DeviceIdText]


class DeviceRecorded(BaseModel):
    """A device as it is recorded for the customer."""

    device_id: DeviceIdText
    name: str
    recorded_at: datetime


class Eligible(BaseModel):
    """A device that may be set up for the customer; whether it is theirs already."""

    device_id: DeviceIdText
    is_yours: bool


class Devices(BaseModel):
    """What is recorded for the customer, oldest first."""

    devices: list[DeviceRecorded]


_CLOUD = (
    problems.CLOUD_UNREACHABLE,
    problems.CLOUD_REFUSED,
    problems.CLOUD_BROKEN,
    problems.CLOUD_BUSY,
)
_Deleter = Annotated[KeyHolder, Depends(staff(*DELETES_CUSTOMERS))]

router = APIRouter()


@router.get("/healthz", tags=["operation"])
async def is_alive() -> Health:
    """The process runs."""
    return Health()


@router.get(
    "/readyz",
    response_model=Health,
    tags=["operation"],
    responses=_can_fail(problems.NOT_READY),
)
async def is_ready(request: Request) -> Health | Response:
    """The database answers and no setting is missing."""
    settings, reason = settings_of(request), ""
    if request.app.state.ending:
        reason = "The backend is about to end."
    elif settings.missing:
        reason = f"Settings are missing: {', '.join(settings.missing)}."
    else:
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                await provisioning_of(request).check()
        except (StorageUnavailable, SQLAlchemyError, TimeoutError):
            reason = "The database does not answer."
    if not reason:
        return Health()
    problem = replace(problems.NOT_READY, detail=reason)
    return problems.answer(problem, request_id=request.state.request_id)


@router.post(
    "/v1/provisions",
    status_code=201,
    tags=["set-up"],
    responses=_can_fail(problems.SESSION_EXPIRED, *_BODY, *_CLOUD, *_STORAGE),
)
async def provision(request: Request, _body: Nothing, who: _SignedIn) -> Provisioned:
    """Everything for one set-up: a claim code, and a token to verify the device with."""
    settings = settings_of(request)
    made = await provisioning_of(request).provision(who)
    await log_of(request).write("claim_code.issued", who)
    return Provisioned(
        claim_code=made.claim.code,
        device_ids=list(made.claim.device_ids),
        access_token=made.access.token,
        expires_in=made.access.expires_in,
        cloud_url=settings.public_cloud_url or settings.cloud_url,
        product=settings.product,
    )


@router.post(
    "/v1/access-tokens",
    status_code=201,
    tags=["devices"],
    responses=_can_fail(problems.SESSION_EXPIRED, *_BODY, *_CLOUD, *_STORAGE),
)
async def issue_access_token(request: Request, _body: Nothing, who: _SignedIn) -> TokenIssued:
    """Another token for the customer's own devices, when the last one is about to end."""
    settings = settings_of(request)
    access = await provisioning_of(request).access_token(who)
    await log_of(request).write("access_token.issued", who)
    return TokenIssued(
        access_token=access.token,
        expires_in=access.expires_in,
        cloud_url=settings.public_cloud_url or settings.cloud_url,
        product=settings.product,
    )


@router.post(
    "/v1/devices",
    status_code=201,
    tags=["devices"],
    responses={
        200: {"model": DeviceRecorded, "description": "It was recorded before; renamed"},
        **_can_fail(
            problems.SESSION_EXPIRED, problems.DEVICE_NOT_VERIFIED, *_BODY, *_CLOUD, *_STORAGE
        ),
    },
)
async def record_device(
    request: Request, body: NewDevice, who: _SignedIn, response: Response
) -> DeviceRecorded:
    """Record a device for the customer, once the cloud says that it is theirs."""
    recorded, is_new = await provisioning_of(request).record_device(
        who, body.device_id, body.name, request_id=request.state.request_id
    )
    response.status_code = 201 if is_new else 200
    return _shown(recorded)


@router.post(
    "/v1/devices/{device_id}/eligibility",
    tags=["set-up"],
    responses=_can_fail(
        problems.SESSION_EXPIRED,
        problems.DEVICE_NOT_IN_PRODUCT,
        problems.DEVICE_OF_SOMEBODY_ELSE,
        *_BODY,
        *_CLOUD,
        *_STORAGE,
    ),
)
async def check_device(
    request: Request,
    device_id: Annotated[str, Path(pattern=DEVICE_ID_PATTERN)],
    _body: Nothing,
    who: _SignedIn,
) -> Eligible:
    """Whether a device may be set up for the customer, before it is told any secret."""
    parsed = DeviceId.parse(device_id)
    is_yours = await provisioning_of(request).is_theirs_already(who, parsed)
    return Eligible(device_id=parsed, is_yours=is_yours)


@router.get(
    "/v1/devices", tags=["devices"], responses=_can_fail(problems.SESSION_EXPIRED, *_STORAGE)
)
async def list_devices(request: Request, who: _SignedIn) -> Devices:
    """What is recorded for the customer."""
    return Devices(
        devices=[_shown(device) for device in await provisioning_of(request).devices(who)]
    )


@router.delete(
    "/v1/customers/{email:path}",  # path: an address may contain a slash
    status_code=204,
    tags=["customers"],
    responses=_can_fail(*_STAFF, problems.CUSTOMER_REFUSED, *_CLOUD, *_STORAGE),
)
async def delete_customer(request: Request, email: str, by: _Deleter) -> None:
    """Remove a customer at the cloud and here, with sessions and device records."""
    await provisioning_of(request).forget_customer(parse_address(email), by=doer_of(request, by))


def _shown(device: RecordedDevice) -> DeviceRecorded:
    return DeviceRecorded(
        device_id=device.device_id, name=device.name, recorded_at=device.recorded_at
    )
