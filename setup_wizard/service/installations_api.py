"""Installations over HTTP: customers see their own, the maker's staff put them together."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from pydantic import AfterValidator, BaseModel, Field

from setup_wizard.domain.device import LONGEST_NAME
from setup_wizard.service import problems
from setup_wizard.service.audit_api import doer_of
from setup_wizard.service.models import Role
from setup_wizard.service.provisioning import parse_address
from setup_wizard.service.store.installations import Group, Installations
from setup_wizard.service.store.staff import KeyHolder
from setup_wizard.service.wire import (
    BODY,
    STAFF,
    STORAGE,
    Body,
    DeviceIdText,
    WhoAsks,
    can_fail,
    printable,
    staff,
)

MOST_DEVICES = 500  # a large building; more would be written for longer than anybody waits


_Looker = Depends(staff(Role.ADMIN, Role.INSTALLER, Role.SUPPORT))
_Builder = Annotated[KeyHolder, Depends(staff(Role.ADMIN, Role.INSTALLER))]


class InstallationSet(Body):
    """What an installation shall be from now on; a device is in one of them at most."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(printable)]
    customer: str | None = None
    """Whose it is: an e-mail address."""
    device_ids: Annotated[list[DeviceIdText], Field(max_length=MOST_DEVICES)]


class InstallationShown(BaseModel):
    """A named group of devices that are handled together."""

    name: str
    device_ids: list[DeviceIdText]


class InstallationOf(InstallationShown):
    """The same for staff, who see whose it is."""

    customer: str | None


class InstallationList(BaseModel):
    """By name."""

    installations: list[InstallationShown]


class EveryInstallation(BaseModel):
    """By name."""

    installations: list[InstallationOf]


router = APIRouter(tags=["installations"])


@router.get("/v1/installations", responses=can_fail(problems.SESSION_EXPIRED, *STORAGE))
async def list_installations(request: Request, who: WhoAsks) -> InstallationList:
    """The customer's own."""
    groups = await _installations_of(request).groups(customer_id=who.customer_id)
    shown = [InstallationShown(name=each.name, device_ids=list(each.device_ids)) for each in groups]
    return InstallationList(installations=shown)


@router.get(
    "/v1/staff/installations",
    dependencies=[_Looker],
    responses=can_fail(*STAFF, *STORAGE),
)
async def list_all_installations(request: Request) -> EveryInstallation:
    """Everybody's; for admins, installers and support."""
    groups = await _installations_of(request).groups()
    return EveryInstallation(installations=[_shown(each) for each in groups])


@router.put(
    "/v1/staff/installations",
    responses=can_fail(
        *STAFF, problems.CUSTOMER_REFUSED, problems.DEVICE_NOT_IN_PRODUCT, *BODY, *STORAGE
    ),
)
async def set_installation(request: Request, body: InstallationSet, by: _Builder) -> InstallationOf:
    """Put one together, or change what is in it; for admins and installers.

    It is known by its customer and its name; devices that are in another one move here.
    """
    customer = None if body.customer is None else parse_address(body.customer)
    group = await _installations_of(request).define(
        body.name, customer=customer, device_ids=body.device_ids, by=doer_of(request, by)
    )
    return _shown(group)


def _installations_of(request: Request) -> Installations:
    return cast(Installations, request.app.state.installations)


def _shown(group: Group) -> InstallationOf:
    return InstallationOf(
        name=group.name, customer=group.customer, device_ids=list(group.device_ids)
    )
